"""The contour that one shape of a document has to follow on a frame, cut out of the mask of all of them.

Where the other shapes already decide what is drawn, a shape's own outline stands; elsewhere it answers for that part of
the mask that lies nearer to it than to what the others draw. Which blends and layers are at work makes no difference:
the document is drawn once with the shape empty and once with it full, and where both agree the shape has no say. All
shapes count as opaque.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, flatten, polygon_area, reversed_outline
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.raster import Matte, rasterise
from roto_geometry.settings import FitSettings
from roto_geometry.trace.bridges import trace_bridged
from roto_geometry.trace.contour import soft_mask
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, KeyedShape, Knot, Lifetime, ShapeDocument, ShapeKey, opacity_at
from roto_shared.sites import with_elements

from .follow import Pin
from .sites import Site, sites

SAY = 0.5
"""Least difference that a shape makes to a pixel for which it answers."""
OUTSIDE_PX = 1.5
"""How far outside of an edge one looks for what hides it: beyond the pixels that the edge itself half covers."""


@dataclass(frozen=True)
class Masks:
    """Masks by frame: which frames there are, ascending, and how one is read, (height, width)."""

    frames: Sequence[int]
    read: Callable[[int], NDArray[Any]]

    def soft(self, frame: int, document: ShapeDocument) -> Matte:
        """The mask of a frame, 0..1. Raises InputError where its size is not the document's."""
        mask = soft_mask(self.read(frame))
        if mask.shape != (document.height, document.width):
            raise InputError(
                f"The mask of frame {frame} is {mask.shape[1]}×{mask.shape[0]}, "
                f"the shapes were drawn over {document.width}×{document.height}.",
                "Give masks of the plate's size.",
            )
        return mask


@dataclass(frozen=True)
class MaskedShape:
    """A shape of a document beside the masks; outlines are clockwise plate px, whichever way the artist drew."""

    document: ShapeDocument
    site: Site
    masks: Masks
    fit: FitSettings

    @cached_property
    def is_reversed(self) -> bool:
        """Whether the artist drew counter-clockwise."""
        return polygon_area(flatten(self.site.outline(self.site.shape.keys[0].frame))) < 0

    def outline(self, frame: float) -> Array:
        """What is drawn on ``frame``, (n, 6)."""
        return self.as_drawn(self.site.outline(frame))

    def as_drawn(self, outline: Array) -> Array:
        """A clockwise outline the way round that the artist drew it, and back."""
        return reversed_outline(outline) if self.is_reversed else outline

    def contour(self, frame: float) -> Contour | None:
        """The contour to follow on ``frame``; None where there is no mask, or nothing in it for the shape."""
        if frame not in self.masks.frames:
            return None
        mask = self.masks.soft(int(frame), self.document)
        target = find_target(self.document, self.site, frame, self.outline(frame), mask, self.fit)
        return target and target.contour

    def pin(self, frame: float) -> Pin:
        """What is drawn on ``frame``, held; without a mask it stands for itself."""
        drawn = self.outline(frame)
        return Pin(frame, drawn, self.contour(frame) or Contour(flatten(drawn)))


@dataclass(frozen=True, eq=False)
class Target:
    """The contour that a shape has to follow, clockwise on screen; ``has_say`` (height, width) where it is seen."""

    contour: Contour
    has_say: NDArray[np.bool_]

    def exposed(self, positions: Array) -> NDArray[np.bool_]:
        """Whether the contour is an edge of the matte at positions on it, not hidden by other shapes or the frame."""
        way = self.contour.directions(positions)
        outside = self.contour.at(positions) + OUTSIDE_PX * np.stack([way[..., 1], -way[..., 0]], axis=-1)
        column, row = np.floor(outside).astype(int).T
        height, width = self.has_say.shape
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        return inside & self.has_say[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]


def find_target(
    document: ShapeDocument, site: Site, frame: float, outline: Array, mask: Matte, fit: FitSettings
) -> Target | None:
    """What a shape has to follow; None where the mask has nothing for it.

    ``outline`` (n, 6) is about where it lies, in plate px. Of the matter that is not drawn by others it gets the one
    piece that it lies on most; what ``fit`` would bridge is one piece.
    """
    shape = site.shape
    own = coverage([flatten(outline)], document.width, document.height)
    empty, full = (
        rasterise_opaque(with_elements(document, {site.path: _speck(shape, inverted)}), frame)
        for inverted in (shape.inverted, not shape.inverted)
    )
    has_say = np.abs(full - empty) >= SAY
    wish = np.clip((mask - empty) / np.where(has_say, full - empty, 1), 0, 1)
    mine = np.where(_is_nearer(own, ~has_say), wish, 0)
    contour = _most_on(np.where(has_say, mine, own).astype(np.float32), own, fit)
    return None if contour is None else Target(contour, has_say)


def _speck(shape: KeyedShape, inverted: bool) -> KeyedShape:
    """The shape with an outline that covers nothing, so that it is empty or, inverted, full; and shown."""
    keys = (ShapeKey(0.0, (Knot(0.0, 0.0),) * 3),)
    empty = replace(shape, keys=keys, feather_px=0.0, closed=True, lifetime=Lifetime())
    return replace(empty, inverted=inverted, visible=True, opacity=())


def rasterise_opaque(document: ShapeDocument, frame: float) -> Matte:
    """Whose matter is where, (height, width) 0..1: what is drawn if all shapes that show at all are opaque.

    How much shows through a shape is how it is used; which part of the mask it stands for does not hang on that.
    """
    faint = [site for site in sites(document) if site.shape.opacity and opacity_at(site.shape, frame) > 0]
    return rasterise(with_elements(document, {s.path: replace(s.shape, opacity=()) for s in faint}), frame)


def said(document: ShapeDocument, frame: float, own: Collection[str] = ()) -> NDArray[np.bool_]:
    """Where closed shapes lie whose keys an artist edited on ``frame``, (height, width): right, whatever masks show.

    Shapes of the whole names ``own`` do not count.
    """
    where = np.zeros((document.height, document.width), dtype=bool)
    for site in sites(document):
        shape = site.shape
        if frame in shape.edited and shape.closed and site.is_drawn(frame) and site.name not in own:
            where |= inside(site, frame)
    return where


def inside(site: Site, frame: float) -> NDArray[np.bool_]:
    """What a shape covers on ``frame``, (height, width), whether it is drawn or not."""
    return coverage([flatten(site.outline(frame))], *site.size) >= SAY


def meant(site: Site, shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What of a mask, (height, width), the shape is there to draw: of a hole, what the mask does not show."""
    return ~shown if site.shape.blend is Blend.SUBTRACT else shown


def _is_nearer(own: Matte, others: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels no nearer to ``others`` than to ``own``."""
    return distance_to(own >= SAY) <= distance_to(others)


def distance_to(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance of every pixel to the nearest one inside, px; infinite where there is none."""
    if not inside.any():
        return np.full(inside.shape, np.inf, np.float32)
    outside = np.logical_not(inside).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_5), dtype=np.float32)


def _most_on(target: Matte, own: Matte, fit: FitSettings) -> Contour | None:
    """The outer contour of the piece of ``target`` that lies on most of ``own``; near ones are bridged as in a fit."""
    best, most = None, 0.0
    for outline in trace_bridged(target, fit.bridge_px(target.shape), fit.speck_px2):
        shared = float((coverage([outline], *own.shape[::-1]) * own).sum()) if polygon_area(outline) > most else 0.0
        if shared > most:
            best, most = outline, shared
    return None if best is None else Contour(best)
