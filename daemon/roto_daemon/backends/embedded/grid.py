"""The working grid: every frame is segmented at about 480p, whatever the plate's size.

Plate and grid share the continuous coordinates of ``base``, scaled: pixel centres at half integers on both, so that
points scale by a plain factor and ``cv2.resize`` (which aligns pixel corners) agrees with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from roto_daemon.backends.base import Box, Image, Mask, Point

GRID_PIXELS = 854 * 480
"""The working area in pixels (DAVIS 480p): more detail than the network resolves, and quick on one core."""

Window = tuple[int, int, int, int]
"""Whole grid pixels (x0, y0, x1, y1), never empty and always inside the grid."""


@dataclass(frozen=True)
class Grid:
    """The plate's and the grid's (height, width) in pixels; a plate smaller than the grid is not enlarged."""

    plate: tuple[int, int]
    shape: tuple[int, int]

    @classmethod
    def for_plate(cls, height: int, width: int) -> Grid:
        scale = min(1.0, math.sqrt(GRID_PIXELS / (height * width)))
        return cls((height, width), (max(1, round(height * scale)), max(1, round(width * scale))))

    @property
    def scales(self) -> tuple[float, float]:
        """Grid pixels per plate pixel along x and y."""
        return self.shape[1] / self.plate[1], self.shape[0] / self.plate[0]

    def shrink_image(self, image: Image) -> Image:
        """Bring a plate-sized image to the grid."""
        return resize_image(image, self.shape)

    def shrink_mask(self, mask: Mask) -> Mask:
        """Bring a plate-sized mask to the grid."""
        return resize_mask(mask.astype(np.float32), self.shape)

    def enlarge_mask(self, mask: Mask) -> Mask:
        """Bring a grid-sized mask to the plate, smoothly."""
        return resize_mask(mask, self.plate)

    def pixel(self, point: Point) -> tuple[int, int]:
        """The (row, column) of the grid pixel that a plate point falls in, moved inside the picture."""
        scale_x, scale_y = self.scales
        row = int(np.clip(math.floor(point[1] * scale_y), 0, self.shape[0] - 1))
        column = int(np.clip(math.floor(point[0] * scale_x), 0, self.shape[1] - 1))
        return row, column

    def box(self, box: Box) -> Box:
        """A plate box in grid coordinates, its corners in order."""
        scale_x, scale_y = self.scales
        x0, x1 = sorted((box[0] * scale_x, box[2] * scale_x))
        y0, y1 = sorted((box[1] * scale_y, box[3] * scale_y))
        return x0, y0, x1, y1


def resize_image(image: Image, shape: tuple[int, int]) -> Image:
    """Resize to (height, width), averaging where it shrinks."""
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=_interpolation(image.shape, shape)), dtype=np.uint8)


def resize_mask(mask: Mask, shape: tuple[int, int]) -> Mask:
    """Resize to (height, width), averaging where it shrinks."""
    return np.asarray(cv2.resize(mask, shape[::-1], interpolation=_interpolation(mask.shape, shape)), dtype=np.float32)


def _interpolation(old: tuple[int, ...], new: tuple[int, int]) -> int:
    shrinks = old[0] * old[1] > new[0] * new[1]
    return cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR


def grow(box: Box, share: float) -> Box:
    """Move each side of ``box`` out by ``share`` of its width or height."""
    x0, y0, x1, y1 = box
    dx, dy = (x1 - x0) * share, (y1 - y0) * share
    return x0 - dx, y0 - dy, x1 + dx, y1 + dy


def pad(box: Box, margin_px: float) -> Box:
    """Move each side of ``box`` out by ``margin_px``."""
    return box[0] - margin_px, box[1] - margin_px, box[2] + margin_px, box[3] + margin_px


def window(box: Box, shape: tuple[int, int]) -> Window:
    """The whole pixels that ``box`` touches, inside a picture of ``shape``; at least one pixel."""
    height, width = shape
    x0 = int(np.clip(math.floor(box[0]), 0, width - 1))
    y0 = int(np.clip(math.floor(box[1]), 0, height - 1))
    x1 = int(np.clip(math.ceil(box[2]), x0 + 1, width))
    y1 = int(np.clip(math.ceil(box[3]), y0 + 1, height))
    return x0, y0, x1, y1


def slices(seen: Window) -> tuple[slice, slice]:
    """The rows and columns of a window."""
    x0, y0, x1, y1 = seen
    return slice(y0, y1), slice(x0, x1)


def square_around(row: float, column: float, side: float) -> Box:
    """The square of ``side`` grid pixels centred on a grid position."""
    half = side / 2
    return column - half, row - half, column + half, row + half


def bounds(mask: Mask, threshold: float = 0.5) -> Box | None:
    """The box around the pixels of ``mask`` at or above ``threshold``, or None where there are none."""
    inside = mask >= threshold
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if not len(columns):
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)
