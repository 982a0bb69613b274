"""Mattes that hold still: what the frame before said, moved along with the picture, goes into each frame's matte.

The past counts only where the flow there and back
agree and the moved picture looks like the present one, so that an edge which uncovers ground takes nothing along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.mattes.trimap import is_unknown
from roto_daemon.motion.flow import SMALLEST_SIDE_PX, dense_flow, flow_trust, read_at, window_around

MOST = 0.85
"""The part of the past at a steadiness of 1: the matte settles within some ten frames."""

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
    place = window_around(unknown, MARGIN_PX)
    if min(opacity[place].shape) < SMALLEST_SIDE_PX:
        return opacity
    now, before = image[place], past.image[place]
    back, forth = dense_flow(now, before), dense_flow(before, now)
    moved = np.clip(read_at(past.opacity[place], back), 0, 1)
    trust = weight * flow_trust(now, before, back, forth)
    steadied = opacity.copy()
    part = steadied[place]
    part[unknown[place]] += (trust * (moved - part))[unknown[place]]
    return steadied
