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

from .contour import soft_mask, trace


def trace_bridged(mask: NDArray[Any], reach_px: float, speck_px2: float) -> list[Array]:
    """Outlines of a mask as :func:`trace` gives them, with gaps up to ``reach_px`` between its pieces bridged.

    Bridged gaps come as holes of their own. Pieces below ``speck_px2`` are not reached for.
    """
    values = soft_mask(mask)
    inside = values >= 0.5
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return []
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    joining = _gaps(inside[window], reach_px / 2, speck_px2)
    if joining is None:
        return trace(values)
    joined, between = values.copy(), np.zeros_like(values)
    joined[window] = np.maximum(values[window], joining)
    between[window] = np.minimum(joining, 1 - values[window])
    return trace(joined) + [outline[::-1] for outline in trace(between)]


def _gaps(inside: NDArray[np.bool_], radius: float, speck_px2: float) -> NDArray[np.float32] | None:
    """1 where a gap joins two pieces, None where there is nothing to join."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=8)
    large = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] >= speck_px2)
    large = large[large > 0]
    if len(large) < 2 or radius <= 0:
        return None
    kept = np.zeros(count, dtype=np.int32)
    kept[large] = large
    pieces = kept[np.asarray(labels, dtype=np.intp)]
    gaps = _closed(pieces > 0, radius) & ~inside
    joining = _joining(gaps, pieces)
    return joining.astype(np.float32) if joining.any() else None


def _closed(inside: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """Closing by a disk, through two distance transforms; the picture's border counts as outside for neither."""
    margin = int(np.ceil(radius)) + 2
    padded = np.pad(inside, margin)
    grown = _distance(~padded) <= radius
    return (_distance(grown) > radius)[margin:-margin, margin:-margin]


def _distance(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5), dtype=np.float32)


def _joining(gaps: NDArray[np.bool_], pieces: NDArray[np.int32]) -> NDArray[np.bool_]:
    """The connected gaps that touch more than one piece."""
    labels = np.asarray(cv2.connectedComponents(gaps.astype(np.uint8), connectivity=4)[1], dtype=np.intp)
    rows, columns = np.nonzero(gaps)
    gap, padded = labels[rows, columns], np.pad(pieces, 1)
    around = [padded[rows + down, columns + right] for down in range(3) for right in range(3)]
    piece = np.concatenate(around)
    count = int(pieces.max()) + 1
    touching = np.unique((np.tile(gap, len(around)) * count + piece)[piece > 0]) // count
    joining = np.zeros_like(gaps)
    joining[rows, columns] = np.bincount(touching, minlength=int(labels.max()) + 1)[gap] > 1
    return joining
