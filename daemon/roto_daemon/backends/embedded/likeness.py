"""What an object looked like when it was last seen whole, to know it again after something hid it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.backends.embedded.grid import bounds, slices, window

SCALES = (1.0, 0.87, 1.15)
"""Sizes that it may have come back in."""

ALIKE = 0.82
"""The correlation from which on it is taken to be the same: on real footage other things reached .72, and a wrong find
leads a track astray for longer than none."""

SMALLEST_PX = 8
"""A smaller picture is like anything."""

WORKING_PIXELS = 60_000
"""The frame is searched at this size: it is looked at only while the object is lost, and must not cost more than the
rest of a frame."""


@dataclass(frozen=True)
class Likeness:
    """The object's picture, uint8 RGB (height, width, 3), and its mask, both cut to its box on the grid."""

    picture: Image
    mask: Mask

    @classmethod
    def of(cls, picture: Image, mask: Mask) -> Likeness | None:
        """The object as it is on a frame; None where there is nothing to remember."""
        box = bounds(mask)
        if box is None:
            return None
        place = slices(window(box, mask.shape))
        return cls(picture[place].copy(), mask[place].copy())

    def find(self, picture: Image) -> Mask | None:
        """The object's mask on another frame, in that frame's shape; None where nothing looks like it."""
        shrink = min(1.0, float(np.sqrt(WORKING_PIXELS / (picture.shape[0] * picture.shape[1]))))
        ground = _resized(picture, shrink)
        found = [(self._correlate(ground, shrink * scale), scale) for scale in SCALES]
        (score, corner), scale = max(found, key=lambda entry: entry[0][0])
        if score < ALIKE:
            return None
        left, top = (round(value / shrink) for value in corner)
        return _placed(_resized(self.mask, scale), left, top, picture.shape[:2])

    def _correlate(self, ground: Image, scale: float) -> tuple[float, tuple[int, int]]:
        """How alike the most alike place is, 0..1, and its corner."""
        wanted, inside = _resized(self.picture, scale), (_resized(self.mask, scale) >= 0.5).astype(np.uint8)
        height, width = inside.shape
        if min(height, width) < SMALLEST_PX or height > ground.shape[0] or width > ground.shape[1] or not inside.any():
            return 0.0, (0, 0)
        scores = cv2.matchTemplate(ground, wanted, cv2.TM_CCOEFF_NORMED, mask=inside)
        scores = np.where(np.isfinite(scores) & (scores <= 1.01), scores, 0)
        best = np.unravel_index(int(scores.argmax()), scores.shape)
        return float(scores[best]), (int(best[1]), int(best[0]))


def _resized(values: NDArray, scale: float) -> NDArray:
    height, width = (max(1, round(side * scale)) for side in values.shape[:2])
    return cv2.resize(values, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def _placed(mask: Mask, left: int, top: int, shape: tuple[int, int]) -> Mask:
    whole = np.zeros(shape, np.float32)
    part = mask[: max(0, shape[0] - top), : max(0, shape[1] - left)]
    whole[top : top + part.shape[0], left : left + part.shape[1]] = part
    return whole
