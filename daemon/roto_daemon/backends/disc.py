"""The ``disc`` engine: flat-coloured regions, by a rule exact enough to compute in a test. It needs no weights.

The rule. A pixel is *like* a colour when its largest channel difference from it is at most ``TOLERANCE``. The *region*
of a pixel is the 4-connected set of pixels that are like its colour and contain it.

- A positive click selects the region of the pixel it falls in; several clicks select the union.
- A negative click removes the region of the pixel it falls in.
- A box selects the pixels inside it that are unlike the box's top left pixel. Without
  such a pixel it selects the whole box.
- A supplied mask is taken as it is, and clicks add to it and remove from it. Without any of these the previous mask
  is the start.
- Tracking keeps each object's mean colour. On a new frame an object is the 4-connected set of pixels like that colour
  which overlaps the last mask most; if none overlaps, the one whose centroid is nearest to the last one's, and the
  object is uncertain; if there is none, the object needs a click, and its last mask is kept. Where two objects claim
  a pixel, the first in alphabetical order has it.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import (
    Box,
    Image,
    Mask,
    Point,
    Prompt,
    Segmentation,
    TrackedMask,
    TrackState,
)
from roto_daemon.backends.table import Model, Place

TOLERANCE = 24
CONFIDENCES = {TrackState.TRACKED: 1.0, TrackState.UNCERTAIN: 0.5, TrackState.NEEDS_CLICK: 0.0}

Region = NDArray[np.bool_]


class DiscBackend:
    """The engine for exact tests."""

    name = "disc"

    def embed(self, image: Image) -> DiscEmbedding:
        return DiscEmbedding(image)

    def start_tracking(self) -> DiscTracking:
        return DiscTracking()

    def unload(self) -> None:
        """It holds nothing."""


class DiscEmbedding:
    """A frame, as it is."""

    def __init__(self, image: Image) -> None:
        self._image = image

    def segment(self, prompt: Prompt, previous: Mask | None = None) -> Segmentation:
        selected = self._start(prompt, previous)
        for point in prompt.positive:
            selected = selected | region_of(self._image, point)
        for point in prompt.negative:
            selected = selected & ~region_of(self._image, point)
        return Segmentation(selected.astype(np.float32), 1.0)

    def _start(self, prompt: Prompt, previous: Mask | None) -> Region:
        if prompt.mask is not None:
            return prompt.mask >= 0.5
        if prompt.box is not None:
            return region_in_box(self._image, prompt.box)
        if previous is not None and not prompt.positive:
            return previous >= 0.5
        return np.zeros(self._image.shape[:2], dtype=np.bool_)


class DiscTracking:
    """Follows each object by its colour."""

    def __init__(self) -> None:
        self._masks: dict[str, Region] = {}
        self._colours: dict[str, NDArray[np.float64]] = {}

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:  # noqa: ARG002 - unneeded
        for name, mask in masks.items():
            self._masks[name] = mask >= 0.5
            if self._masks[name].any():
                self._colours[name] = image[self._masks[name]].mean(axis=0)

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:  # noqa: ARG002 - unneeded
        self._masks.update({name: mask >= 0.5 for name, mask in masks.items()})

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:  # noqa: ARG002 - unneeded
        taken = np.zeros(image.shape[:2], dtype=np.bool_)
        tracked: dict[str, TrackedMask] = {}
        for name in sorted(self._masks):
            found, state = self._find(name, image)
            mask = found & ~taken
            taken |= mask
            self._masks[name] = mask
            tracked[name] = TrackedMask(mask.astype(np.float32), CONFIDENCES[state], state)
        return tracked

    def _find(self, name: str, image: Image) -> tuple[Region, TrackState]:
        last = self._masks[name]
        if name not in self._colours:
            return last, TrackState.NEEDS_CLICK
        count, labels, _stats, centroids = cv2.connectedComponentsWithStats(
            alike(image, self._colours[name]).astype(np.uint8), connectivity=4
        )
        if count == 1:
            return last, TrackState.NEEDS_CLICK
        overlaps = np.bincount(labels[last], minlength=count)[1:]
        if overlaps.any():
            return labels == 1 + int(overlaps.argmax()), TrackState.TRACKED
        rows, columns = np.nonzero(last)
        centre = (columns.mean(), rows.mean()) if len(rows) else (0.0, 0.0)
        nearest = int(np.linalg.norm(centroids[1:] - np.array(centre), axis=1).argmin())
        return labels == 1 + nearest, TrackState.UNCERTAIN


def alike(image: Image, colour: NDArray[np.float64]) -> Region:
    """The pixels whose largest channel difference from ``colour`` is at most ``TOLERANCE``."""
    return np.abs(image.astype(np.float64) - colour).max(axis=2) <= TOLERANCE


def region_of(image: Image, point: Point) -> Region:
    """The region of the pixel that ``point`` falls in; a point outside the picture is moved to its edge."""
    height, width = image.shape[:2]
    column = int(np.clip(np.floor(point[0]), 0, width - 1))
    row = int(np.clip(np.floor(point[1]), 0, height - 1))
    like = alike(image, image[row, column].astype(np.float64))
    _count, labels = cv2.connectedComponents(like.astype(np.uint8), connectivity=4)
    return labels == labels[row, column]


def region_in_box(image: Image, box: Box) -> Region:
    """The pixels of ``box`` unlike its top left pixel, or all of it where there are none."""
    height, width = image.shape[:2]
    left, right = (int(np.clip(np.rint(x), 0, width)) for x in (box[0], box[2]))
    top, bottom = (int(np.clip(np.rint(y), 0, height)) for y in (box[1], box[3]))
    inside = np.zeros((height, width), dtype=np.bool_)
    inside[top:bottom, left:right] = True
    if not inside.any():
        return inside
    unlike = inside & ~alike(image, image[top, left].astype(np.float64))
    return unlike if unlike.any() else inside


def load(_model: Model, _place: Place) -> DiscBackend:
    """Build the engine; it needs no weights."""
    return DiscBackend()
