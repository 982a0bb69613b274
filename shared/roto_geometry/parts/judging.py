"""Over which frames an outline is drawn in parts: where there is clearly less to edit at about the same agreement.

Spans are sought greedily: the frame on which the outline is most spread out is cut, the parts are followed as far as
they agree with the mask, and what is left of the life is sought through again. Guarantee: parts agree with the masks
by at most ``MOST_LOSS`` less than the outline drawn whole, on the span's average, and their edges lie at most a fifth
farther off, as a host draws both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, flatten
from roto_geometry.fitted import FittedShape
from roto_geometry.follow.correspondence import Carrier, link_contours
from roto_geometry.follow.outlines import OutlineTrack
from roto_geometry.keys.reduction import PlacedKeys
from roto_geometry.measure.agreement import boundary_distances
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.settings import FitSettings

from .keying import key_parts
from .matching import Goal, beyond_border
from .naming import part_names
from .refitting import refit_parts
from .tracking import PartsTrack, track_parts

LEAST_FRAMES = 8
LEAST_AREA_PX2 = 800.0
SPARSE_RATIO = 0.35
"""An outline that keeps fewer keys than this share of its frames moves by itself simply enough."""
LEAST_AGREEMENT = 0.96
MOST_LOSS = 0.008
MOST_FARTHER = 1.2
"""How many times as far as the whole outline's may the edge of the parts lie off the mask's, at the 95th percentile."""
WORTH = 0.9
SLACKS = (1.5, 1.0)
"""How many tolerances keys may err by before the refit against the masks brings them closer, loosest first."""
DRAWN_PX = 0.1


@dataclass(frozen=True, eq=False)
class PartsSpan:
    """Frames ``start`` up to ``stop``, not included, of an outline, drawn in parts."""

    start: int
    stop: int
    shapes: tuple[FittedShape, ...]


def split_into_parts(
    track: OutlineTrack,
    holes: Sequence[Sequence[Contour]],
    carriers: Sequence[Carrier],
    whole: Sequence[FittedShape],
    prices: tuple[float, float],
    settings: FitSettings,
    size: tuple[int, int],
) -> list[PartsSpan]:
    """The spans on which parts pay, in order; none where the outline is simple.

    ``holes`` are those in each frame's mask, ``carriers`` link the outline's contours, ``whole`` are the shapes that
    draw it whole, ``prices`` that of a knot in px² and the tolerance of its keys in px.
    """
    if not _may_pay(track, whole, settings):
        return []
    outlines = [beyond_border(contour, size) for contour in track.contours]
    goals = [Goal(outline, inside, size) for outline, inside in zip(outlines, holes, strict=True)]
    changed = [extended is not contour for extended, contour in zip(outlines, track.contours, strict=True)]
    links = [
        link_contours(outlines[i], outlines[i + 1]) if changed[i] or changed[i + 1] else carrier
        for i, carrier in enumerate(carriers)
    ]
    spans = []
    for parts in _tracks(goals, links, settings.most_parts):
        span = slice(parts.start, parts.stop)
        rival = _Rival(whole, track.part(parts.start, parts.stop), holes[span], size)
        if not rival.is_met([[points[part] for part in parts.loops.slices] for points in parts.points]):
            continue
        for slack in SLACKS:
            keyed = key_parts(parts, rival.frames, prices[0], slack * prices[1], settings, size)
            shapes = _shapes(refit_parts(keyed, rival.frames, goals[span]), rival.frames, parts)
            if rival.is_beaten(shapes):
                spans.append(PartsSpan(parts.start, parts.stop, shapes))
                break
            if not rival.is_dearer(shapes):
                break
    return sorted(spans, key=lambda span: span.start)


def _shapes(keyed: Sequence[PlacedKeys], frames: list[int], parts: PartsTrack) -> tuple[FittedShape, ...]:
    times = np.asarray(frames, dtype=np.float64)
    named = zip(keyed, part_names(parts.cutting), strict=True)
    return tuple(FittedShape(False, frames, keys.drawn(times), keys, part=name) for keys, name in named)


def _may_pay(track: OutlineTrack, whole: Sequence[FittedShape], settings: FitSettings) -> bool:
    if not (settings.parts and settings.track) or track.hole or len(track.frames) < LEAST_FRAMES:
        return False
    keyed = sum(shape.to_edit for shape in whole)
    lived = sum(len(shape.frames) * shape.drawn.shape[1] for shape in whole)
    area = float(np.mean([contour.area for contour in track.contours]))
    return settings.most_parts > 1 and area >= LEAST_AREA_PX2 and keyed > SPARSE_RATIO * lived


def _tracks(goals: Sequence[Goal], carriers: Sequence[Carrier], most: int) -> Iterator[PartsTrack]:
    """Parts on spans that do not overlap, the most spread out frames first."""
    spread = np.array([goal.contour.length / np.sqrt(goal.contour.area) for goal in goals])
    left = [(0, len(goals))]
    while left:
        first, last = left.pop()
        if last - first < LEAST_FRAMES:
            continue
        reference = first + int(np.argmax(spread[first:last]))
        found = track_parts(goals, carriers, reference, (first, last), most, LEAST_AGREEMENT)
        if found is None or found.stop - found.start < LEAST_FRAMES:
            continue
        yield found
        left += [(first, found.start), (found.stop, last)]


class _Rival:
    """The outline drawn whole on the frames of a span, and how well it agrees with the masks there."""

    def __init__(
        self,
        whole: Sequence[FittedShape],
        track: OutlineTrack,
        holes: Sequence[Sequence[Contour]],
        size: tuple[int, int],
    ) -> None:
        self.frames = track.frames
        self._size = size
        self._judged = [coverage([hole.points for hole in inside], *size) < 0.5 for inside in holes]
        self._filled = [coverage([contour.points], *size) for contour in track.contours]
        self._masks = [(filled >= 0.5) & judged for filled, judged in zip(self._filled, self._judged, strict=True)]
        self._to_edit = sum(shape.to_edit * _share(shape, self.frames) for shape in whole)
        drawn = self._drawn(whole)
        self._agreement, self._farthest = self._agrees(drawn), self._lies_off(drawn)

    def is_beaten(self, parts: Sequence[FittedShape]) -> bool:
        """Whether parts leave clearly less to edit and agree about as well."""
        return self.is_dearer(parts) and self.is_met(self._drawn(parts))

    def is_dearer(self, parts: Sequence[FittedShape]) -> bool:
        """Whether it leaves clearly more to edit than parts do."""
        return sum(part.to_edit for part in parts) <= WORTH * self._to_edit

    def is_met(self, drawn: Sequence[Sequence[Array]]) -> bool:
        """Whether polygons of every frame agree with the masks about as well."""
        if self._agreement - self._agrees(drawn) > MOST_LOSS:
            return False
        return self._lies_off(drawn) <= MOST_FARTHER * self._farthest

    def _drawn(self, shapes: Sequence[FittedShape]) -> list[list[Array]]:
        return [
            [flatten(shape.drawn[shape.frames.index(frame)], DRAWN_PX) for shape in shapes if frame in shape.frames]
            for frame in self.frames
        ]

    def _lies_off(self, drawn: Sequence[Sequence[Array]]) -> float:
        """The 95th percentile of the distances between both edges, px; holes are filled on both sides."""
        distances = [
            boundary_distances(np.maximum.reduce([coverage([p], *self._size) for p in polygons]), mask)
            for polygons, mask in zip(drawn, self._filled, strict=True)
        ]
        return float(np.quantile(np.concatenate(distances), 0.95))

    def _agrees(self, drawn: Sequence[Sequence[Array]]) -> float:
        """Mean intersection over union with the masks, outside of holes."""
        unions = [np.logical_or.reduce([coverage([p], *self._size) >= 0.5 for p in polygons]) for polygons in drawn]
        every = zip(unions, self._judged, self._masks, strict=True)
        return float(np.mean([jaccard(union & judged, mask) for union, judged, mask in every]))


def _share(shape: FittedShape, frames: Sequence[int]) -> float:
    """Which share of a shape's life falls on the frames."""
    return len(set(frames).intersection(shape.frames)) / len(shape.frames)
