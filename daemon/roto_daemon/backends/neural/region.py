"""The part of a large plate that a network should look at once more, because the whole plate shrinks too much for it.

A network of 1024 px sees a 4K plate at a quarter: an edge is known to 16 px. Moving such edges onto the picture by a
guided filter was tried on seven sequences with perfect masks at that grid, and lost (IoU .924 without, .919 with it at
its best radius); a second look at the object's surroundings is what brings detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Mask, Point, Prompt
from roto_daemon.backends.embedded.grid import bounds

P = TypeVar("P", Image, Mask)

MARGIN = 0.25
"""Of the object's size, kept around it on each side."""

LARGE = 2.0
"""A plate is large when its longer side is more than so many times the network's input."""

GAIN = 1.5
"""A second look is worth its time when it enlarges at least so much."""

AGREEMENT = 0.7
"""The least intersection over union of both looks; below it, the closer one has mistaken a part for the whole."""


@dataclass(frozen=True)
class Region:
    """A square of the plate, whole pixels; it may reach beyond the border."""

    left: int
    top: int
    side: int

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.side, self.side

    def holds(self, other: Region) -> bool:
        """Whether ``other``'s centre half lies inside, and this one is not far too large for it."""
        quarter = other.side // 4
        return (
            self.left <= other.left + quarter
            and self.top <= other.top + quarter
            and self.left + self.side >= other.left + other.side - quarter
            and self.top + self.side >= other.top + other.side - quarter
            and self.side <= 1.5 * other.side
        )

    def crop(self, plate: P) -> P:
        """This part of a picture or mask; beyond the border the last pixels go on."""
        height, width = plate.shape[:2]
        x0, y0, x1, y1 = self._inside(height, width)
        beyond = (y0 - self.top, self.top + self.side - y1, x0 - self.left, self.left + self.side - x1)
        return cast(P, cv2.copyMakeBorder(plate[y0:y1, x0:x1], *beyond, cv2.BORDER_REPLICATE))

    def paste(self, part: Mask, plate: Mask) -> Mask:
        """``plate`` with this part of it replaced."""
        height, width = plate.shape
        x0, y0, x1, y1 = self._inside(height, width)
        pasted = plate.copy()
        pasted[y0:y1, x0:x1] = part[y0 - self.top : y1 - self.top, x0 - self.left : x1 - self.left]
        return pasted

    def prompt(self, prompt: Prompt) -> Prompt:
        """The prompt in the region's own pixels; negative points outside of it go, for they say nothing there."""
        box = prompt.box and (*self._place(prompt.box[:2]), *self._place(prompt.box[2:]))
        outside = (self._place(point) for point in prompt.negative)
        negative = tuple(point for point in outside if all(0 <= value <= self.side for value in point))
        return Prompt(tuple(map(self._place, prompt.positive)), negative, box)

    def _place(self, point: tuple[float, ...]) -> Point:
        return point[0] - self.left, point[1] - self.top

    def _inside(self, height: int, width: int) -> tuple[int, int, int, int]:
        x0, y0 = max(self.left, 0), max(self.top, 0)
        return x0, y0, min(self.left + self.side, width), min(self.top + self.side, height)


def closer_look(mask: Mask, prompt: Prompt, input_size: int) -> Region | None:
    """Where a network of ``input_size`` should look again for the object of ``mask``; None where it need not.

    All positive points and the box must lie inside, or the first look has found something else than was meant.
    """
    longer = max(mask.shape)
    found = bounds(mask)
    if found is None or longer <= LARGE * input_size:
        return None
    box = _joined(found, prompt)
    side = round(max(box[2] - box[0], box[3] - box[1]) * (1 + 2 * MARGIN))
    if longer < GAIN * max(side, input_size // 2):
        return None
    side = max(side, input_size // 2)
    return Region(round((box[0] + box[2] - side) / 2), round((box[1] + box[3] - side) / 2), side)


def agree(one: Mask, other: Mask) -> bool:
    """Whether two looks show the same thing."""
    first, second = one >= 0.5, other >= 0.5
    return bool(np.count_nonzero(first & second) >= AGREEMENT * np.count_nonzero(first | second))


def _joined(box: tuple[float, ...], prompt: Prompt) -> tuple[float, float, float, float]:
    corners = np.array([box[:2], box[2:], *prompt.positive, *((prompt.box[:2], prompt.box[2:]) if prompt.box else ())])
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
