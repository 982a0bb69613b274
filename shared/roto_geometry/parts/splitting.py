"""Over which frames an outline is drawn in parts: where they leave no more to edit at about the same agreement.

Spans are sought greedily: the frame on which the outline is most spread out is cut, the parts are followed as far as
they explain enough of the mask, brought onto its edge, and what they leave is drawn beside them. Where that is not
close enough, parts have to explain more, on fewer frames. Then what is left of the life is sought through again.
Guarantee: as :mod:`.judging` says.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.fitted import FittedShape
from roto_geometry.follow.correspondence import Carrier, link_contours
from roto_geometry.follow.outlines import OutlineTrack
from roto_geometry.keys.motion import cheapest_keys
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.settings import FitSettings

from .fitting import fit_parts
from .judging import Rival
from .lives import PartLife, exposures, polygons_on
from .matching import Goal, beyond_border
from .refitting import refit_parts
from .remainder import remainder
from .snapping import snapped
from .tracking import PartsTrack, track_parts

LEAST_FRAMES = 8
LEAST_AREA_PX2 = 800.0
SPARSE_RATIO = 0.25
"""An outline that keeps fewer keys than this share of its frames moves by itself simply enough."""
AGREEMENTS = (0.65, 0.8, 0.9)
"""How much of the mask parts explain alone, tried in this order."""
SLACKS = (1.0, 0.8, 0.6, 0.45)
"""How many tolerances keys may err by before the refit against the masks brings them closer, loosest first."""
FARTHEST = 2.0
"""How many tolerances edges may lie off: 95 of 100 errors that have the tolerance for their root mean square do not."""


@dataclass(frozen=True, eq=False)
class PartsSpan:
    """Frames ``start`` up to ``stop``, not included, of an outline, drawn in parts."""

    start: int
    stop: int
    shapes: tuple[FittedShape, ...]


@dataclass(frozen=True, eq=False)
class Subject:
    """An outline that may be drawn in parts.

    ``holes`` are those in each frame's mask, ``carriers`` link the outline's contours, ``whole`` are the shapes that
    draw it whole, ``knot_price`` is in px² a frame, ``tolerance_px`` that of its keys, ``size`` the picture's in px.
    """

    track: OutlineTrack
    holes: Sequence[Sequence[Contour]]
    carriers: Sequence[Carrier]
    whole: Sequence[FittedShape]
    knot_price: float
    tolerance_px: float
    settings: FitSettings
    size: tuple[int, int]


def split_into_parts(subject: Subject) -> Generator[float, None, list[PartsSpan]]:
    """The spans on which parts are used, in order; none where the outline is simple.

    Yields the share of its frames that has been sought through, 0 to 1.
    """
    if not _may_pay(subject):
        return []
    contours = subject.track.contours
    outlines = [beyond_border(contour, subject.size) for contour in contours]
    goals = [Goal(outline, inside, subject.size) for outline, inside in zip(outlines, subject.holes, strict=True)]
    changed = [extended is not contour for extended, contour in zip(outlines, contours, strict=True)]
    links = [
        link_contours(outlines[i], outlines[i + 1]) if changed[i] or changed[i + 1] else carrier
        for i, carrier in enumerate(subject.carriers)
    ]
    spans = yield from _spans(subject, goals, links)
    return sorted(spans, key=lambda span: span.start)


def _may_pay(subject: Subject) -> bool:
    settings, track, whole = subject.settings, subject.track, subject.whole
    if not (settings.parts and settings.track) or track.hole or len(track.frames) < LEAST_FRAMES:
        return False
    keyed = sum(shape.to_edit for shape in whole)
    lived = sum(len(shape.frames) * shape.drawn.shape[1] for shape in whole)
    area = float(np.mean([contour.area for contour in track.contours]))
    return settings.most_parts > 1 and area >= LEAST_AREA_PX2 and keyed > SPARSE_RATIO * lived


def _spans(
    subject: Subject, goals: Sequence[Goal], links: Sequence[Carrier]
) -> Generator[float, None, list[PartsSpan]]:
    """Spans that do not overlap, the most spread out frames first."""
    spans = []
    spread = np.array([goal.contour.length / np.sqrt(goal.contour.area) for goal in goals])
    left = [(run.start, run.stop) for run in subject.track.runs]
    while left:
        first, last = left.pop()
        yield 1 - (last - first + sum(stop - start for start, stop in left)) / len(goals)
        tried = None
        for parts in _tracks(subject, goals, links, first + int(np.argmax(spread[first:last])), (first, last)):
            tried = parts
            if shapes := _drawn(subject, goals, parts):
                spans.append(PartsSpan(parts.start, parts.stop, shapes))
                break
        if tried:
            left += [gap for gap in ((first, tried.start), (tried.stop, last)) if gap[1] - gap[0] >= LEAST_FRAMES]
    return spans


def _tracks(
    subject: Subject, goals: Sequence[Goal], links: Sequence[Carrier], reference: int, within: tuple[int, int]
) -> Iterator[PartsTrack]:
    """Parts cut on frame ``reference``, which explain more and more on fewer and fewer frames, down to too few."""
    frames = len(goals) + 1
    for agreement in AGREEMENTS:
        found = track_parts(goals, links, reference, within, subject.settings.most_parts, agreement)
        if found and found.stop - found.start < frames:
            yield found
            frames = found.stop - found.start
        if not found or frames < LEAST_FRAMES:
            break


def _drawn(subject: Subject, goals: Sequence[Goal], parts: PartsTrack) -> tuple[FittedShape, ...] | None:
    """The parts as shapes, with what they leave of the outline; None where they are no better, or live too short."""
    if parts.stop - parts.start < LEAST_FRAMES:
        return None
    span, settings, size = slice(parts.start, parts.stop), subject.settings, subject.size
    track, contours = subject.track, subject.track.contours[span]
    near_px = FARTHEST * settings.tolerance_px
    rival = Rival(subject.whole, track.part(parts.start, parts.stop), subject.holes[span], near_px, size)
    lives = snapped(parts.parts, parts.start, contours, size)
    lives += remainder(lives, parts.start, contours, settings, size)
    if not rival.is_met([polygons_on(lives, frame) for frame in range(parts.start, parts.stop)]):
        return None
    exposed = exposures(lives, goals[span], parts.start)
    wanted = fit_parts(lives, exposed, track.frames, subject.knot_price, subject.tolerance_px, settings, size)
    for slack in SLACKS:
        keyed = [cheapest_keys(replace(goal, tolerance_px=slack * goal.limit_px), may_place=True) for goal in wanted]
        refined = refit_parts(keyed, [life.frames for life in lives], track.frames, goals)
        shapes = _shapes(refined, lives, track)
        if rival.is_beaten(shapes):
            return shapes
        if not rival.is_dearer(shapes):
            return None
    return None


def _shapes(keyed: Sequence[PlacedKeys], lives: Sequence[PartLife], track: OutlineTrack) -> tuple[FittedShape, ...]:
    shapes = []
    for keys, life in zip(keyed, lives, strict=True):
        frames = track.frames[life.frames.start : life.frames.stop]
        drawn = keys.drawn(np.asarray(frames, dtype=np.float64))
        shapes.append(FittedShape(False, frames, drawn, keys, part=life.name))
    return tuple(shapes)
