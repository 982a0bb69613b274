"""Where masks are others than those that a document was fitted to.

There alone shapes are wrong: what is drawn otherwise than the mask of now shows, on a pixel that changed, is what the
mask was before. So an artist's own doing is never taken for an error.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import ShapeDocument

from .keying import PEAK
from .settings import EditSettings
from .sites import Span
from .targets import SAY, Masks, distance_to

Region = NDArray[np.bool_]
"""Pixels (height, width)."""


@dataclass(frozen=True)
class MaskChange:
    """Masks of ``now``, and what a document was fitted to: masks of the frames ``known``.

    ``frames`` are those whose masks are others now, or new. ``before`` answers the mask that a frame had, None where
    that was not kept: any pixel may have changed there.
    """

    now: Masks
    frames: Collection[int]
    known: Collection[int]
    before: Callable[[int], NDArray[Any] | None]

    @property
    def span(self) -> Span:
        """The first and the last frame that the document was fitted to."""
        return min(self.known), max(self.known)

    @property
    def doubted(self) -> list[int]:
        """Frames within that span on which shapes may be wrong, ascending."""
        first, last = self.span
        return [frame for frame in self.now.frames if first <= frame <= last and frame in self.frames]

    @property
    def beyond(self) -> Masks:
        """The masks of now on frames before and after that span."""
        first, last = self.span
        return Masks([frame for frame in self.now.frames if not first <= frame <= last], self.now.read)

    def region(self, document: ShapeDocument, frame: int, settings: EditSettings) -> Region:
        """Where the mask of ``frame`` changed by more than shapes may stray, and the edge around that."""
        had = self.shown_before(document, frame)
        if had is None:
            return np.ones((document.height, document.width), dtype=bool)
        return grown(difference(had, self.shown(document, frame), settings), settings)

    def shown(self, document: ShapeDocument, frame: int) -> Region:
        """What the mask of now shows."""
        return self.now.soft(frame, document) >= SAY

    def shown_before(self, document: ShapeDocument, frame: int) -> Region | None:
        """What the mask showed that the frame had; None where that was not kept, or has another size."""
        was = self.before(frame)
        if was is None or was.shape != (document.height, document.width):
            return None
        return Masks([frame], lambda _: was).soft(frame, document) >= SAY

    def errors(self, was: ShapeDocument, document: ShapeDocument, frame: int, settings: EditSettings) -> Region:
        """What ``document`` draws otherwise than the mask of now shows, by more than shapes may stray.

        Only where the mask changed, or what ``was`` drawn did.
        """
        drawn = rasterise(document, frame) >= SAY
        wrong = difference(drawn, self.shown(document, frame), settings)
        if not wrong.any():
            return wrong
        return wrong & (self.region(document, frame, settings) | ((rasterise(was, frame) >= SAY) != drawn))


def difference(one: Region, other: Region, settings: EditSettings) -> Region:
    """Where two masks differ by more than shapes may stray: a thin thing counts where the other has nothing near."""
    differs = (one != other).astype(np.uint8)
    if not differs.any():
        return differs.astype(bool)
    thick = cv2.morphologyEx(differs, cv2.MORPH_OPEN, _disc(settings)).astype(bool)
    far = [inside & (distance_to(around) > _across(settings)) for inside, around in ((one, other), (other, one))]
    return thick | far[0] | far[1]


def grown(pixels: Region, settings: EditSettings) -> Region:
    """Pixels and their surroundings, as far as shapes may stray."""
    return cv2.dilate(pixels.astype(np.uint8), _disc(settings)).astype(bool)


def _disc(settings: EditSettings) -> NDArray[np.uint8]:
    size = (_across(settings), _across(settings))
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size).astype(np.uint8)


def _across(settings: EditSettings) -> int:
    return ceil(PEAK * settings.fit.key_tolerance_px)
