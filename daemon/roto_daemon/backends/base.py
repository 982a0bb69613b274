"""The four tasks that models fulfil, and the data they exchange: prompt, track, matte and detect.

Images are ``uint8`` RGB arrays of shape (height, width, 3), display-referred sRGB. Masks are ``float32`` coverage
arrays of shape (height, width) in 0..1 where 0.5 is the edge. Points and boxes are plate pixels from the top left, y
down; pixel (0, 0) covers [0, 1]², so its centre is (0.5, 0.5). A backend keeps no state between calls outside the
objects it hands out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]
Trimap = NDArray[np.uint8]
"""(height, width): 0 is outside, 255 inside, and anything between is not known."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Prompt:
    """What the artist said about one object on one frame; at least one of the four is given.

    ``positive`` and ``negative`` points are in the order they were clicked; ``box`` is (x0, y0, x1, y1);
    ``mask`` is a mask the artist supplied, taken as it is.
    """

    positive: tuple[Point, ...] = ()
    negative: tuple[Point, ...] = ()
    box: Box | None = None
    mask: Mask | None = None


@dataclass(frozen=True)
class Segmentation:
    """One object's mask on one frame and how sure the engine is of it (0..1).

    ``alternatives`` are other masks that the same prompt may mean, surest first: a first click on a sleeve may mean the
    person.
    """

    mask: Mask
    confidence: float
    alternatives: tuple[Mask, ...] = ()


class Embedding(Protocol):
    """A frame prepared once for prompting: a second click costs only the decoder."""

    def segment(self, prompt: Prompt, previous: Mask | None = None) -> Segmentation:
        """Give the object that the whole ``prompt`` describes; ``previous`` is the mask before the latest click."""
        ...


class TrackState(StrEnum):
    """How a tracked frame stands. A lost object is said to be lost, never silently empty."""

    TRACKED = "tracked"
    UNCERTAIN = "uncertain"
    NEEDS_CLICK = "needs_click"


@dataclass(frozen=True)
class TrackedMask:
    """One object's mask on one tracked frame, with its confidence (0..1) and state."""

    mask: Mask
    confidence: float
    state: TrackState


class Tracking(Protocol):
    """A running track in one direction of time over one or several objects.

    Frames come in the order of travel, one call each. Keyframes may be added at any time; they say
    what the objects look like on that frame and correct what the track believed.
    """

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        """Take ``masks`` (object id → mask) as the truth on ``frame``; objects may be new."""
        ...

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        """Stand on ``frame`` with ``masks`` that an earlier run of this track stored: believed, but not the truth."""
        ...

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        """Follow every object onto ``frame``, the next one in the direction of travel."""
        ...


class Prompter(Protocol):
    """A model for prompts on a frame."""

    @property
    def name(self) -> str:
        """As in the table of models."""
        ...

    def embed(self, image: Image) -> Embedding:
        """Prepare a frame for prompting."""
        ...

    def unload(self) -> None:
        """Give back the memory its networks hold; the next call loads them again."""
        ...


class Tracker(Protocol):
    """A model that follows objects through a shot."""

    @property
    def name(self) -> str:
        """As in the table of models."""
        ...

    def start_tracking(self) -> Tracking:
        """Begin a track; it knows nothing until its first keyframe."""
        ...

    def unload(self) -> None:
        """Give back the memory its networks hold; the next call loads them again."""
        ...


class Backend(Prompter, Tracker, Protocol):
    """An engine: prompts on a frame, and tracking through a shot."""


class Matter(Protocol):
    """A model for the soft edges of an object whose inside and outside are known."""

    @property
    def name(self) -> str:
        """As in the table of models."""
        ...

    def matte(self, image: Image, trimap: Trimap) -> Mask:
        """Opacity, float32 (height, width) in 0..1; exactly 0 and 1 where the trimap says so."""
        ...

    def unload(self) -> None:
        """Give back the memory its networks hold; the next call loads them again."""
        ...


@dataclass(frozen=True)
class Candidate:
    """Something on a frame that fits a text: ``label`` are the text's words for it, ``confidence`` is 0..1.

    ``mask`` is there where the model draws one by itself; else the box is a prompt for one.
    """

    label: str
    box: Box
    confidence: float
    mask: Mask | None = None


class Detector(Protocol):
    """A model that finds what a text describes."""

    @property
    def name(self) -> str:
        """As in the table of models."""
        ...

    def detect(self, image: Image, text: str) -> tuple[Candidate, ...]:
        """Everything that fits ``text``, surest first. Several classes are set apart by commas or full stops."""
        ...

    def unload(self) -> None:
        """Give back the memory its networks hold; the next call loads them again."""
        ...
