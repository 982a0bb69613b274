"""How single points of an object move between two pictures: patches followed by their texture.

Pyramidal Lucas and Kanade (Bouguet 2000), started from a guess, so that a limb which moves far is found again; there
and back, and what does not come home is not trusted. Pictures are followed at ``HEIGHT`` px at most: patches then are
the same share of the subject, and a large plate costs no more than a small one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image
from roto_geometry.bezier import Array
from roto_shared.errors import PlateError

HEIGHT = 540
PATCH_PX, LEVELS = 9, 1
DEPTH_PX = 6.0
"""How far inside of an edge a patch has its middle, at ``HEIGHT``: what stands behind the edge would hold it back.

Patches of 15 px, 5 px inside, fell behind by a quarter of the motion over a ground that stands; these by a twentieth.
"""
HOME_PX = 1.5
"""A point that comes back so far beside its start counts exp(-1) as much as one that comes home."""
LIKENESS = 16.0
"""Patches whose greys (steps of 8 bits, on the mean) differ so much count exp(-1) as much as the same ones."""
ROOM_PX = PATCH_PX << LEVELS


@dataclass(frozen=True, eq=False)
class _Grey:
    """A picture in grey, (height, width) uint8, and its size as a share of the plate's."""

    picture: NDArray[np.uint8]
    scale: float

    @classmethod
    def of(cls, image: Image) -> _Grey:
        scale = min(1.0, HEIGHT / image.shape[0])
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        return cls(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8), scale)


class PlateMotion:
    """A plate's pictures as :class:`roto_geometry.follow.seeing.PictureMotion`; ``read`` gives RGB of a frame.

    Keeps the last two frames. A frame that cannot be read (PlateError) says nothing of motion.
    """

    def __init__(self, read: Callable[[int], Image]) -> None:
        self._read = read
        self._kept: dict[int, _Grey | None] = {}

    def between(self, frame: int, following: int) -> PatchMotion | None:
        """How points move from ``frame`` to ``following``; None where one of them cannot be read."""
        self._kept = {wanted: self._grey(wanted) for wanted in (frame, following)}
        before, after = self._kept[frame], self._kept[following]
        return PatchMotion(before, after) if before and after else None

    def _grey(self, frame: int) -> _Grey | None:
        if frame in self._kept:
            return self._kept[frame]
        try:
            return _Grey.of(self._read(frame))
        except PlateError:
            return None


class PatchMotion:
    """How points move from one picture to another of the same size."""

    def __init__(self, before: _Grey, after: _Grey) -> None:
        self._before, self._after, self._scale = before.picture, after.picture, before.scale
        self.depth_px = DEPTH_PX / self._scale

    def follow(self, points: Array, guess: Array) -> tuple[Array, Array]:
        """Where ``points`` (n, 2) plate px lie on the other picture, near ``guess``, and how surely (n,) 0..1."""
        start, near = (each * self._scale - 0.5 for each in (points, guess))  # pixel centres are whole numbers here
        corner, window = self._window(start, near)
        before, after = self._before[window], self._after[window]
        if min(before.shape) <= PATCH_PX:
            return guess, np.zeros(len(points))
        moved, unlike = _followed(before, after, start - corner, near - corner)
        home, _ = _followed(after, before, moved, start - corner)
        missed = np.linalg.norm(home - (start - corner), axis=1) / HOME_PX
        return (moved + corner + 0.5) / self._scale, np.exp(-(missed**2) - (unlike / LIKENESS) ** 2)

    def _window(self, *places: Array) -> tuple[Array, tuple[slice, slice]]:
        """The part of the pictures that patches at these places can see, and its upper left corner."""
        every = np.concatenate(places)
        size = self._before.shape[::-1]
        low = np.clip(np.floor(every.min(axis=0)).astype(int) - ROOM_PX, 0, size)
        high = np.clip(np.ceil(every.max(axis=0)).astype(int) + ROOM_PX, 0, size)
        return low.astype(np.float64), (slice(low[1], high[1]), slice(low[0], high[0]))


def _followed(before: NDArray[np.uint8], after: NDArray[np.uint8], start: Array, near: Array) -> tuple[Array, Array]:
    """Places (n, 2) after the move, the guess where lost, and how unlike their patches are, in steps of grey."""
    first, guess = (each.astype(np.float32).reshape(-1, 1, 2) for each in (start, near))
    size, flags = (PATCH_PX, PATCH_PX), cv2.OPTFLOW_USE_INITIAL_FLOW
    moved, found, unlike = cv2.calcOpticalFlowPyrLK(
        before, after, first, guess.copy(), winSize=size, maxLevel=LEVELS, flags=flags
    )
    lost = np.asarray(found).ravel() == 0  # OpenCV leaves what it lost as it finds the memory
    places, away = np.asarray(moved).reshape(-1, 2), np.asarray(unlike).ravel()
    places[lost], away[lost] = near[lost], np.inf
    return places.astype(np.float64), away.astype(np.float64)
