"""Following objects through a shot, a frame at a time and in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Mask, TrackedMask, TrackState
from roto_daemon.backends.embedded.appearance import ColourIndex, ColourModel, colour_index
from roto_daemon.backends.embedded.geodesic import to_logit, to_probability
from roto_daemon.backends.embedded.grid import Grid, bounds, grow, window
from roto_daemon.backends.embedded.motion import Flow, flow_between, pull_back
from roto_daemon.backends.embedded.network import SaliencyNetwork

LOOK_SIZE = 160
LOOK_MARGIN = 0.25
RECENT_FRAMES = 15
LOST_SHARE = 0.4
"""An object whose area falls below this share of its recent median counts as lost."""

LEARNING_RATE = 0.05
WARP_WEIGHT, LOOK_WEIGHT, COLOUR_WEIGHT = 0.6, 0.6, 0.3


class TrackedObject:
    """What is known of one object: where it was last, its colours, and how large it has been."""

    def __init__(self, picture: Image, mask: Mask) -> None:
        self.mask = mask
        self.colours = ColourModel(colour_index(picture), mask)
        self.areas: deque[float] = deque([float(mask.sum())], maxlen=RECENT_FRAMES)

    def correct(self, picture: Image, mask: Mask) -> None:
        """Take ``mask`` as the truth on a keyframe."""
        self.mask = mask
        self.colours.learn(colour_index(picture), mask, 0.5)
        self.areas.clear()
        self.areas.append(float(mask.sum()))

    def follow(self, network: SaliencyNetwork, picture: Image, colours: ColourIndex, flow: Flow) -> Mask:
        """The object's probability on the next frame."""
        warped = pull_back(self.mask, flow)
        box = bounds(warped)
        if box is None:
            return warped
        view = grow(box, LOOK_MARGIN)
        seen = network.look(picture, view, LOOK_SIZE)
        x0, y0, x1, y1 = window(view, warped.shape)
        near = np.zeros(warped.shape, dtype=np.bool_)
        near[y0:y1, x0:x1] = True
        logit = (
            WARP_WEIGHT * to_logit(warped)
            + LOOK_WEIGHT * to_logit(seen)
            + COLOUR_WEIGHT * self.colours.evidence(colours)
        )
        return np.where(near, to_probability(logit), 0).astype(np.float32)

    def accept(self, colours: ColourIndex, mask: Mask) -> TrackState:
        """Take ``mask`` as the object on this frame unless it shows that the object is lost."""
        area = float(mask.sum())
        if area < LOST_SHARE * float(np.median(self.areas)):
            return TrackState.NEEDS_CLICK
        self.mask = mask
        self.areas.append(area)
        self.colours.learn(colours, mask, LEARNING_RATE)
        return TrackState.TRACKED


class EmbeddedTracking:
    """A running track over one or several objects."""

    def __init__(self, network: SaliencyNetwork) -> None:
        self._network = network
        self._objects: dict[str, TrackedObject] = {}
        self._last: Image | None = None

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:  # noqa: ARG002 - unneeded
        grid = Grid.for_plate(*image.shape[:2])
        picture = grid.shrink_image(image)
        for name, mask in masks.items():
            small = grid.shrink_mask(mask)
            if name in self._objects:
                self._objects[name].correct(picture, small)
            else:
                self._objects[name] = TrackedObject(picture, small)
        self._last = picture

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:  # noqa: ARG002 - unneeded
        grid = Grid.for_plate(*image.shape[:2])
        picture = grid.shrink_image(image)
        colours = colour_index(picture)
        flow = flow_between(picture, picture if self._last is None else self._last)
        names = list(self._objects)
        masks = [self._objects[name].follow(self._network, picture, colours, flow) for name in names]
        self._last = picture
        tracked: dict[str, TrackedMask] = {}
        for name, mask in zip(names, without_overlap(masks), strict=True):
            refined = guided_filter(picture, mask)
            state = self._objects[name].accept(colours, refined)
            shown = self._objects[name].mask
            confidence = float(np.abs(2 * shown[shown > 0.1] - 1).mean()) if (shown > 0.1).any() else 0.0
            tracked[name] = TrackedMask(grid.enlarge_mask(shown), confidence, state)
        return tracked


def without_overlap(masks: list[Mask]) -> list[Mask]:
    """Share each pixel out: an object keeps what it claims only where no other claims more."""
    if len(masks) < 2:
        return masks
    stack = np.stack(masks)
    best = stack.argmax(axis=0)
    return [np.where(best == index, mask, np.minimum(mask, 1 - stack.max(axis=0))) for index, mask in enumerate(masks)]


def guided_filter(picture: Image, mask: Mask, radius: int = 4, regularity: float = 1e-4) -> Mask:
    """Move the mask's edge onto the picture's (He, Sun and Tang, "Guided image filtering", ECCV 2010)."""
    guide = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    size = (2 * radius + 1, 2 * radius + 1)
    mean_guide, mean_mask = cv2.blur(guide, size), cv2.blur(mask, size)
    slope = (cv2.blur(guide * mask, size) - mean_guide * mean_mask) / (
        cv2.blur(guide * guide, size) - mean_guide**2 + regularity
    )
    offset = mean_mask - slope * mean_guide
    filtered = cv2.blur(slope, size) * guide + cv2.blur(offset, size)
    return np.clip(filtered, 0, 1).astype(np.float32)
