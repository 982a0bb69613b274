"""Three frames of a moving object over another shot's picture, as a shutter of known length saw it.

Objects of sequences with true masks, whose colours go on beyond their edge. They move, or turn as they move, and every
frame is the mean of many moments while the shutter was open: so its alpha is known exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.benchmarks.curves.footage import TRUE, Footage
from roto_daemon.benchmarks.mattes.composites import colours_beyond, grained, middle_picture, tracked_mask

SPEEDS_PX = (8.0, 24.0)
SHUTTERS = (0.25, 0.5, 1.0)
TURN_DEG = 6.0
"""A frame, for the composites that turn."""

MOMENTS = 33

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class BlurredComposite:
    """The middle one of three ``images``, its true alpha, and a tracker's mask of it."""

    name: str
    speed_px: float
    shutter: float
    images: tuple[Image, Image, Image]
    alpha: Mask
    mask: Mask


def moving_objects(footage: Sequence[Footage]) -> Iterator[BlurredComposite]:
    """Every sequence's object at every speed and shutter, every other one turning. Raises InputError."""
    for number, shot in enumerate(footage):
        ground = middle_picture(footage[(number + 1) % len(footage)]).astype(np.float32)
        frame, mask = next((f, m) for f, m in _middle_first(shot) if m.any() and shot.has_picture(f))
        colours = colours_beyond(shot.picture(frame), mask)
        opacity = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7), np.float32)
        behind = cv2.resize(ground, (mask.shape[1], mask.shape[0])).astype(np.float32)
        for index, (speed, shutter) in enumerate((v, s) for v in SPEEDS_PX for s in SHUTTERS):
            turn = TURN_DEG * (index % 2)
            heading = np.radians(35 + 70 * number + 25 * index)
            motion = _Motion(speed * np.cos(heading), speed * np.sin(heading), turn, _middle_of(mask))
            seen = [_expose(colours, opacity, behind, motion, at, shutter, number) for at in (-1, 0, 1)]
            images = (seen[0][0], seen[1][0], seen[2][0])
            name = f"{shot.name} {speed:g} px{', turning' if turn else ''}, shutter {shutter:g}"
            yield BlurredComposite(name, speed, shutter, images, seen[1][1], tracked_mask(seen[1][1], number))


@dataclass(frozen=True)
class _Motion:
    right_px: float
    down_px: float
    turn_deg: float
    centre: tuple[float, float]

    def at(self, time: float) -> Floats:
        matrix = cv2.getRotationMatrix2D(self.centre, self.turn_deg * time, 1.0)
        matrix[:, 2] += (self.right_px * time, self.down_px * time)
        return matrix.astype(np.float32)


def _expose(
    colours: Floats, opacity: Mask, behind: Floats, motion: _Motion, at: float, shutter: float, seed: int
) -> tuple[Image, Mask]:
    size = (opacity.shape[1], opacity.shape[0])
    light, alpha = np.zeros_like(colours), np.zeros_like(opacity)
    for moment in (np.arange(MOMENTS) + 0.5) / MOMENTS - 0.5:
        matrix = motion.at(at + moment * shutter)
        there = cv2.warpAffine(opacity, matrix, size)
        seen = cv2.warpAffine(colours, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        light += there[..., None] * seen / MOMENTS
        alpha += there / MOMENTS
    return grained(light + (1 - alpha[..., None]) * behind, seed), alpha


def _middle_first(shot: Footage) -> list[tuple[int, NDArray[np.bool_]]]:
    masks = list(shot.masks(TRUE))
    return sorted(masks, key=lambda entry: abs(entry[0] - masks[len(masks) // 2][0]))


def _middle_of(mask: NDArray[np.bool_]) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(columns.mean()), float(rows.mean())
