"""Pieces of one object seen on both sides of something thin: one outline, and what lies between taken away.

A dog that runs behind a pole stays one shape, and the pole is a subtractive one, as an artist draws it: fewer shapes,
and both live longer. Only gaps that join pieces are bridged (a morphological closing decides which); everything else
keeps the mask's own outline.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array

from .contour import matter_window, soft_mask, trace

Ways = tuple[list[Array], ...]
"""The ways in which one mask can be drawn, each as outlines."""


def trace_ways(mask: NDArray[Any], reach_px: float, speck_px2: float) -> Ways:
    """The ways in which a mask can be drawn, each as outlines as :func:`trace` gives them.

    First with gaps up to ``reach_px`` between its pieces bridged, and the gaps as holes of their own; then in pieces.
    Only one where nothing is to be bridged. Pieces below ``speck_px2`` are not reached for.
    """
    window = matter_window(mask)
    if window is None:
        return ([],)
    values = soft_mask(mask[window])
    joining = _gaps(values >= 0.5, reach_px / 2, speck_px2)
    ways = [trace(values)]
    if joining is not None:
        gaps = [outline[::-1] for outline in trace(np.minimum(joining, 1 - values))]
        ways.insert(0, trace(np.maximum(values, joining)) + gaps)
    corner = np.array([window[1].start, window[0].start])
    return tuple([outline + corner for outline in way] for way in ways)


def trace_bridged(mask: NDArray[Any], reach_px: float, speck_px2: float) -> list[Array]:
    """The first of :func:`trace_ways`: what can be bridged is."""
    return trace_ways(mask, reach_px, speck_px2)[0]


def _gaps(inside: NDArray[np.bool_], radius: float, speck_px2: float) -> NDArray[np.float32] | None:
    """1 where a gap joins two pieces, None where there is nothing to join."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    is_piece = stats[:, cv2.CC_STAT_AREA] >= speck_px2
    is_piece[0] = False
    if np.count_nonzero(is_piece) < 2 or radius <= 0:
        return None
    pieces = np.asarray(labels, dtype=np.int32)
    gaps = _closed(np.take(is_piece, pieces), radius) & ~inside
    joining = _joining(gaps, pieces, is_piece)
    return joining.astype(np.float32) if joining.any() else None


def _closed(inside: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """Closing by a disk, through two distance transforms; the picture's border counts as outside for neither."""
    margin = int(np.ceil(radius)) + 2
    padded = np.pad(inside, margin)
    grown = _distance(~padded) <= radius
    return (_distance(grown) > radius)[margin:-margin, margin:-margin]


def _distance(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5), dtype=np.float32)


def _joining(gaps: NDArray[np.bool_], labels: NDArray[np.int32], is_piece: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The connected gaps that touch more than one piece, which are those ``labels`` for which ``is_piece`` says so."""
    gap_labels = np.asarray(cv2.connectedComponents(gaps.astype(np.uint8), connectivity=4)[1], dtype=np.int32)
    rows, columns = np.nonzero(gaps)
    gap, padded = gap_labels[rows, columns].astype(np.int64), np.pad(labels, 1)
    around = [padded[rows + down, columns + right] for down in range(3) for right in range(3)]
    piece = np.concatenate(around)
    touching = np.unique((np.tile(gap, len(around)) * len(is_piece) + piece)[is_piece[piece]]) // len(is_piece)
    joining = np.zeros_like(gaps)
    joining[rows, columns] = np.bincount(touching, minlength=int(gap.max(initial=0)) + 1)[gap] > 1
    return joining
