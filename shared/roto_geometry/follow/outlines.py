"""From contours on single frames to outlines that live over a span of frames.

Contours of matter and of holes are followed apart, each to the one that continues it on the next frame that shows
anything (:mod:`.continuing`). What comes back to where it was, or to where the object took it, is the outline that
went away: behind every pole an artist would keep the shape, and its knots. A shape has its price: an outline that adds
less to the agreement with the masks over its life is left out, and what is left out on a frame is said in px². Every
outline is clockwise on screen, holes too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, polygon_area

from .continuing import continued, continued_in_place, of_kind


@dataclass
class OutlineTrack:
    """One outline on the frames that show it; ``hole`` says that it takes away.

    ``returns`` are those of its frames on which it comes back: on the frame before it was away.
    """

    hole: bool
    frames: list[int] = field(default_factory=list)
    contours: list[Contour] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)

    def part(self, start: int, stop: int) -> "OutlineTrack":
        """The outline over frames number ``start`` up to ``stop``, not included."""
        frames = self.frames[start:stop]
        returns = [frame for frame in self.returns if frame in frames[1:]]
        return OutlineTrack(self.hole, frames, self.contours[start:stop], returns)

    @property
    def runs(self) -> list[slice]:
        """The numbers of the frames between which it is never away."""
        breaks = [self.frames.index(frame) for frame in self.returns]
        return [slice(start, stop) for start, stop in pairwise([0, *breaks, len(self.frames)])]


@dataclass(frozen=True)
class Tracking:
    """The outlines kept, largest first, and the area left out on each frame, px²."""

    tracks: tuple[OutlineTrack, ...]
    dropped_px2: Mapping[int, float]


def follow_outlines(traced: Mapping[int, Sequence[Array]], speck_px2: float, price: float) -> Tracking:
    """Link the traced outlines of all frames, given in ascending order.

    ``speck_px2``: smaller contours are left out. ``price``: what a shape must add, as
    shares of the frames' areas summed over its life.
    """
    dropped = dict.fromkeys(traced, 0.0)
    tracks: list[OutlineTrack] = []
    ends: list[OutlineTrack] = []
    for frame, outlines in traced.items():
        contours = [Contour(points) for points in outlines]
        kept = [contour for contour in contours if abs(contour.area) >= speck_px2]
        dropped[frame] += sum(abs(contour.area) for contour in contours if abs(contour.area) < speck_px2)
        ends = _extend(frame, kept, ends, tracks) if kept else ends
    tracks = _rejoined(tracks, list(traced))
    matter = {frame: matter_px2(outlines) for frame, outlines in traced.items()}
    worth = [_worth(track, matter) for track in tracks]
    for track, value in zip(tracks, worth, strict=True):
        if value < price:
            for frame, contour in zip(track.frames, track.contours, strict=True):
                dropped[frame] += abs(contour.area)
    order = sorted(range(len(tracks)), key=lambda index: -worth[index])
    return Tracking(tuple(tracks[index] for index in order if worth[index] >= price), dropped)


def matter_px2(outlines: Sequence[Array]) -> float:
    """The area that the outlines of a frame cover, holes taken away, px²; at least one, so that shares can be taken."""
    return max(1.0, sum(map(polygon_area, outlines)))


def _worth(track: OutlineTrack, matter: Mapping[int, float]) -> float:
    """What an outline adds to the agreement with the masks: its share of each frame's area, summed over frames."""
    return sum(abs(c.area) / matter[frame] for frame, c in zip(track.frames, track.contours, strict=True))


def _extend(
    frame: int, contours: Sequence[Contour], ends: Sequence[OutlineTrack], tracks: list[OutlineTrack]
) -> list[OutlineTrack]:
    """Hang the frame's contours onto the outlines of the frame before; the rest begin new ones."""
    alive = []
    for hole in (False, True):
        mine = of_kind(contours, hole)
        before = [track for track in ends if track.hole == hole]
        partners = continued([track.contours[-1] for track in before], mine)
        for index, contour in enumerate(mine):
            track = before[partners[index]] if index in partners else OutlineTrack(hole)
            if not track.frames:
                tracks.append(track)
            track.frames.append(frame)
            track.contours.append(contour)
            alive.append(track)
    return alive


def _rejoined(tracks: Sequence[OutlineTrack], frames: Sequence[int]) -> list[OutlineTrack]:
    """The tracks, each with those that begin later where it ended, or where what is seen all along went meanwhile.

    ``frames`` are all that were given, ascending.
    """
    seen = [dict(zip(track.frames, track.contours, strict=True)) for track in tracks]
    shown = sorted({frame for track in tracks for frame in track.frames})
    last_shown = dict(zip(shown, [*shown[:1], *shown], strict=False))
    joined: list[OutlineTrack] = []
    for (begin, hole), group in groupby(sorted(tracks, key=_begin), key=_begin):
        begun = list(group)
        gone = [track for track in joined if track.hole == hole and track.frames[-1] < last_shown[begin]]
        there = [each for each in seen if begin in each]
        carried = np.array([_way(there, track.frames[-1], begin) for track in gone])
        ends, begins = [track.contours[-1] for track in gone], [track.contours[0] for track in begun]
        partners = continued_in_place(ends, begins, carried)
        for index, track in enumerate(begun):
            if index in partners:
                gone[partners[index]].frames += track.frames
                gone[partners[index]].contours += track.contours
            else:
                joined.append(track)
    together = set(pairwise(frames))
    for track in joined:
        track.returns = [following for frame, following in pairwise(track.frames) if (frame, following) not in together]
    return joined


def _way(there: Sequence[Mapping[int, Contour]], before: int, after: int) -> Array:
    """How far (2,) the largest outline went that is seen from frame ``before`` to ``after``, px; 0 without any."""
    steady = [contours for contours in there if before in contours]
    if not steady:
        return np.zeros(2)
    largest = max(steady, key=lambda contours: contours[before].area)
    return largest[after].centre - largest[before].centre


def _begin(track: OutlineTrack) -> tuple[int, bool]:
    return track.frames[0], track.hole
