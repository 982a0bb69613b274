"""Mattes that hold still: what the frame before said, moved along with the picture, goes into each frame's matte.

The motion is dense (DIS optical flow, Kroeger et al., ECCV 2016). The past counts only where the flow there and back
agree and the moved picture looks like the present one, so that an edge which uncovers ground takes nothing along.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.mattes.trimap import is_unknown

Floats = NDArray[np.float32]

MOST = 0.85
"""The part of the past at a steadiness of 1: the matte settles within some ten frames."""

AGREEMENT_PX = 0.5
"""Flows that miss each other by so much count exp(-1) as much as those that meet."""

LIKENESS = 10.0
"""Colours (steps of 8 bits, root mean square) that differ so much count exp(-1) as much as the same ones."""

SMALLEST_SIDE_PX = 32
"""In a smaller picture the flow's patches do not fit, and nothing counts as moved."""

MARGIN_PX = 32
"""What the flow sees around the unknown band."""


@dataclass(frozen=True)
class Past:
    """The frame before in the order of travel, and its steadied matte."""

    image: Image
    opacity: Mask


class Deflicker:
    """Steadies the mattes of one object, frame after frame in one direction of time."""

    def __init__(self, steadiness: float) -> None:
        """``steadiness`` 0..1 as in :class:`.trimap.MatteSettings`; 0 leaves every matte as it is."""
        self._weight = MOST * steadiness
        self._past: Past | None = None

    def steady(self, image: Image, opacity: Mask, trimap: Trimap) -> Mask:
        """The frame's matte with the past in it: float32 (height, width), changed in the unknown band only.

        The first frame, and one of another size than the last, comes back as it is.
        """
        past = self._past
        if past is not None and past.opacity.shape == opacity.shape and self._weight:
            opacity = _blend(past, image, opacity, is_unknown(trimap), self._weight)
        self._past = Past(image, opacity)
        return opacity


def _blend(past: Past, image: Image, opacity: Mask, unknown: NDArray[np.bool_], weight: float) -> Mask:
    place = _window(unknown)
    if min(opacity[place].shape) < SMALLEST_SIDE_PX:
        return opacity
    now, before = image[place], past.image[place]
    back, forth = _flow(now, before), _flow(before, now)
    moved = np.clip(read_at(past.opacity[place], back), 0, 1)
    trust = weight * _trust(now, before, back, forth)
    steadied = opacity.copy()
    part = steadied[place]
    part[unknown[place]] += (trust * (moved - part))[unknown[place]]
    return steadied


def _trust(now: Image, before: Image, back: Floats, forth: Floats) -> Floats:
    """0..1: whether ``back`` leads from ``now`` to the same thing on ``before``."""
    missed = np.linalg.norm(back + read_at(forth, back), axis=2) / AGREEMENT_PX
    change = read_at(before.astype(np.float32), back) - cv2.GaussianBlur(now, (0, 0), 0.7).astype(np.float32)
    unlike = np.sqrt(np.mean(cv2.blur(change**2, (3, 3)), axis=2)) / LIKENESS
    return np.exp(-(missed**2) - unlike**2).astype(np.float32)


def _flow(start: Image, end: Image) -> Floats:
    """Where each pixel of ``start`` lies on ``end``, relative to itself: (height, width, 2), px, x then y."""
    first, second = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in (start, end))
    empty = np.zeros((*first.shape, 2), np.float32)
    return np.asarray(
        cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(first, second, empty), np.float32
    )


def read_at(values: Floats, flow: Floats) -> Floats:
    """``values`` (height, width, …) where ``flow`` points; beyond the border the last pixels go on."""
    height, width = flow.shape[:2]
    columns = flow[..., 0] + np.arange(width, dtype=np.float32)
    rows = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    moved = cv2.remap(values, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _window(unknown: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The unknown pixels and what is around them, as slices of an array."""
    left, top, width, height = cv2.boundingRect(unknown.astype(np.uint8))
    return (
        slice(max(top - MARGIN_PX, 0), top + height + MARGIN_PX),
        slice(max(left - MARGIN_PX, 0), left + width + MARGIN_PX),
    )
