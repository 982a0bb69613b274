"""What no part covers, as parts of its own: a limb that comes out from behind the body, or was lost.

What is left of the mask on each frame is cleared of slivers, grown under its neighbours so that it overlaps them, and
followed like any outline. A piece that covers too little over its life is left out.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.follow.correspondence import Carrier, carry_samples, link_tracks
from roto_geometry.follow.outlines import OutlineTrack, follow_outlines
from roto_geometry.measure.coverage import coverage, window
from roto_geometry.settings import FitSettings
from roto_geometry.steps import outcome
from roto_geometry.trace.contour import trace

from .lives import PartLife, polygons_on
from .loops import samples_along
from .naming import placed_name

SLIVER_SHARE, OVERLAP_SHARE = 0.01, 0.03
"""Half of the width of what is too thin to be drawn, and how far a piece reaches under its neighbours, as shares of the
square root of the outline's area."""
MARGIN_PX = 3


def remainder(
    parts: Sequence[PartLife],
    start: int,
    contours: Sequence[Contour],
    settings: FitSettings,
    size: tuple[int, int],
) -> list[PartLife]:
    """Parts for what ``parts``, the first of which is the body, leave of the ``contours`` from frame ``start`` on.

    ``size`` is the picture's (width, height) in px.
    """
    left = {
        frame: list(_left(polygons_on(parts, frame), contour, size)) for frame, contour in enumerate(contours, start)
    }
    followed = [track for track in follow_outlines(left, settings.speck_px2, 0.0).tracks if not track.hole]
    tracks = [track.part(run.start, run.stop) for track in followed for run in track.runs]
    share = [
        sum(
            piece.area / contours[frame - start].area for frame, piece in zip(track.frames, track.contours, strict=True)
        )
        for track in tracks
    ]
    worthy = [track for track, worth in zip(tracks, share, strict=True) if worth >= settings.shape_price]
    links = outcome(link_tracks(worthy, None))
    return [_life(track, carriers, parts[0]) for track, carriers in zip(worthy, links, strict=True)]


def _left(polygons: Sequence[Array], contour: Contour, size: tuple[int, int]) -> Iterator[Array]:
    """Outlines of what the polygons leave of the contour."""
    corner, room = window([contour.points], *size, MARGIN_PX)
    whole = coverage([contour.points - corner], *room)
    covered = np.maximum.reduce([coverage([polygon - corner], *room) for polygon in polygons])
    bare = (whole - covered > 0.5).astype(np.uint8)
    unit = float(np.sqrt(contour.area))
    bare = cv2.morphologyEx(bare, cv2.MORPH_OPEN, _disc(SLIVER_SHARE * unit))
    count, pieces = cv2.connectedComponents(bare)
    for piece in range(1, count):
        grown = cv2.dilate((pieces == piece).astype(np.uint8), _disc(OVERLAP_SHARE * unit))
        yield from (outline + corner for outline in trace(whole * grown)[:1])


def _disc(radius_px: float) -> NDArray[np.uint8]:
    radius = max(1, round(radius_px))
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)


def _life(track: OutlineTrack, carriers: Sequence[Carrier], body: PartLife) -> PartLife:
    longest = int(np.argmax([contour.length for contour in track.contours]))
    count = samples_along(track.contours[longest])
    even = np.linspace(0, track.contours[longest].length, count, endpoint=False)
    positions = carry_samples(carriers, longest, even)
    points = np.array([contour.at(places) for contour, places in zip(track.contours, positions, strict=True)])
    seen = track.frames[longest]
    name = placed_name(Contour(body.points[seen - body.start]), track.contours[longest], "piece")
    return PartLife(name, track.frames[0], points, np.zeros(count, dtype=bool))
