"""Tracked parts brought onto the mask's own edge, so that together they draw it.

On every frame a part keeps what of it lies in the mask, and takes what no part covers within :data:`GROWTH_SHARE` of
it. Its samples go to the outline of that, in their order. Guarantee: parts cover nothing outside of the mask, and what
they leave of it lies farther than that from all of them, or was in a piece that is not the largest of its part.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.follow.correspondence import link_as_they_lie
from roto_geometry.measure.coverage import coverage, window
from roto_geometry.trace.contour import trace

from .lives import PartLife, polygons_on

GROWTH_SHARE = 0.06
"""Of the square root of the outline's area."""
EVEN_SHARE = 0.3
"""How far samples are drawn towards even steps, so that some reach into a notch that the part did not have before."""
ROOM_PX = 3


def snapped(
    parts: Sequence[PartLife], start: int, contours: Sequence[Contour], size: tuple[int, int]
) -> list[PartLife]:
    """The parts on the edges of ``contours``, the outline from frame ``start`` on; ``size`` is the picture's, in px."""
    points = [part.points.copy() for part in parts]
    for frame, contour in enumerate(contours, start):
        corner, room = window([contour.points], *size, ROOM_PX)
        whole = coverage([contour.points - corner], *room)
        growth_px = round(GROWTH_SHARE * float(np.sqrt(contour.area)))
        polygons = [polygon - corner for polygon in polygons_on(parts, frame)]
        inside = [(coverage([polygon], *room) >= 0.5) & (whole >= 0.5) for polygon in polygons]
        bare = (whole >= 0.5) & ~np.logical_or.reduce(inside)
        alive = (index for index, part in enumerate(parts) if frame in part.frames)
        for index, polygon, own in zip(alive, polygons, inside, strict=True):
            points[index][frame - parts[index].start] = _on_edge(polygon, whole, own, bare, growth_px) + corner
    return [PartLife(part.name, part.start, at, part.joint) for part, at in zip(parts, points, strict=True)]


def _on_edge(
    points: Array, whole: NDArray[np.float32], own: NDArray[np.bool_], bare: NDArray[np.bool_], growth_px: int
) -> Array:
    """A part's samples on the outline of the largest piece of what it takes; as they were where that is nothing."""
    left, top, width, height = cv2.boundingRect(own.astype(np.uint8))
    room = growth_px + ROOM_PX
    rows, columns = (slice(max(0, low - room), low + extent + room) for low, extent in ((top, height), (left, width)))
    region = _grown(own[rows, columns], bare[rows, columns], growth_px)
    outlines = trace(whole[rows, columns] * cv2.dilate(region, np.ones((3, 3), np.uint8)))
    if not outlines:
        return points
    before, after = Contour(points), Contour(outlines[0] + (columns.start, rows.start))
    places = link_as_they_lie(before, after).carry(before.arc[:-1])
    even = places[0] + np.arange(len(places)) * (after.length / len(places))
    return after.at(places + EVEN_SHARE * (even - places))


def _grown(own: NDArray[np.bool_], bare: NDArray[np.bool_], growth_px: int) -> NDArray[np.uint8]:
    """A part's pixels, and the bare ones that can be reached from it."""
    grown, allowed = own.astype(np.uint8), (own | bare).astype(np.uint8)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    for _ in range(growth_px):
        grown = np.asarray(cv2.dilate(grown, cross), np.uint8) & allowed
    return grown
