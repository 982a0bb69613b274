"""Dense motion between two pictures, and how far it can be trusted (DIS optical flow, Kroeger et al., ECCV 2016)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image

Floats = NDArray[np.float32]

AGREEMENT_PX = 0.5
"""Flows that miss each other by so much count exp(-1) as much as those that meet."""

LIKENESS = 10.0
"""Colours (steps of 8 bits, root mean square) that differ so much count exp(-1) as much as the same ones."""

SMALLEST_SIDE_PX = 32
"""In a smaller picture the flow's patches do not fit, and nothing counts as moved."""


def dense_flow(start: Image, end: Image) -> Floats:
    """Where each pixel of ``start`` lies on ``end``, relative to itself: (height, width, 2), px, x then y."""
    first, second = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (start, end))
    empty = np.zeros((*first.shape, 2), np.float32)
    if min(first.shape) < SMALLEST_SIDE_PX:
        return empty
    return np.asarray(
        cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(first, second, empty), np.float32
    )


def flow_trust(now: Image, other: Image, there: Floats, back: Floats) -> Floats:
    """0..1 for each pixel of ``now``: whether ``there`` leads to the same thing on ``other``; ``back`` leads home.

    Zero where the flows do not meet or the moved picture looks different, so where something is uncovered or leaves.
    """
    missed = np.linalg.norm(there + read_at(back, there), axis=2) / AGREEMENT_PX
    change = read_at(other.astype(np.float32), there) - cv2.GaussianBlur(now, (0, 0), 0.7).astype(np.float32)
    squared = np.mean(cv2.blur(change**2, (3, 3)), axis=2)
    unlike = np.sqrt(np.maximum(squared, 0)) / LIKENESS  # a running mean ends below nought at times
    return np.exp(-(missed**2) - unlike**2).astype(np.float32)


def read_at(values: Floats, flow: Floats, interpolation: int = cv2.INTER_CUBIC) -> Floats:
    """``values`` (height, width, …) where ``flow`` points; beyond the border the last pixels go on."""
    height, width = flow.shape[:2]
    columns = flow[..., 0] + np.arange(width, dtype=np.float32)
    rows = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    moved = cv2.remap(values, columns, rows, interpolation, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def window_around(wanted: NDArray[np.bool_], margin_px: int) -> tuple[slice, slice]:
    """The pixels that are ``wanted`` and a margin around them, as slices of an array; empty where none are."""
    left, top, width, height = cv2.boundingRect(wanted.astype(np.uint8))
    if not width:
        return slice(0, 0), slice(0, 0)
    return (
        slice(max(top - margin_px, 0), top + height + margin_px),
        slice(max(left - margin_px, 0), left + width + margin_px),
    )
