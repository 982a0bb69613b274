"""From contours on single frames to outlines that live over a span of frames.

Contours of matter and of holes are followed apart, each to the one that covers the same place on the next frame
(optimal assignment on overlap). The one that is most of a frame's matter is followed wherever it goes: a mask is of one
object. A shape has its price: an outline that adds less to the agreement with the masks over
its life is left out, and what is left out on a frame is said in px². Every outline is clockwise on screen, holes too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import linear_sum_assignment

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, polygon_area
from roto_geometry.filled import filled

SAME_OVERLAP = 0.25
WAY_PRICE = 0.15


@dataclass
class OutlineTrack:
    """One outline over consecutive frames; ``hole`` says that it takes away."""

    hole: bool
    frames: list[int] = field(default_factory=list)
    contours: list[Contour] = field(default_factory=list)

    def part(self, start: int, stop: int) -> "OutlineTrack":
        """The outline over frames number ``start`` up to ``stop``, not included."""
        return OutlineTrack(self.hole, self.frames[start:stop], self.contours[start:stop])


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
        ends = _extend(frame, kept, ends, tracks)
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


def of_kind(contours: Sequence[Contour], hole: bool) -> list[Contour]:
    """The holes among traced contours, or the others, clockwise."""
    return [Contour(contour.points[::-1]) if hole else contour for contour in contours if (contour.area < 0) == hole]


def continued(before: Sequence[Contour], after: Sequence[Contour]) -> dict[int, int]:
    """For contours of ``after`` that continue one of ``before``: its index there. All are clockwise."""
    if not before or not after:
        return {}
    overlap = _overlaps(before, after)
    rows, columns = linear_sum_assignment(-overlap)
    same = {int(b): int(a) for a, b in zip(rows, columns, strict=True) if overlap[a, b] >= SAME_OVERLAP}
    left = product(_mains(before) - set(same.values()), _mains(after) - set(same))
    far = {b: a for a, b in left if _overlap(before[a], after[b], 0.0) >= SAME_OVERLAP}
    return same | far


def _mains(contours: Sequence[Contour]) -> set[int]:
    """The index of the contour that covers more than all others together, if there is one."""
    areas = [abs(contour.area) for contour in contours]
    return {index for index, area in enumerate(areas) if 2 * area > sum(areas)}


def _overlaps(before: Sequence[Contour], after: Sequence[Contour]) -> Array:
    """Overlap of all pairs; 0 where their centres lie farther apart than the larger one is wide."""
    (centre, size), (next_centre, next_size) = _places(before), _places(after)
    way = np.hypot(*(next_centre - centre[:, None]).transpose(2, 0, 1)) / np.maximum(size[:, None], next_size)
    overlap = np.zeros(way.shape)
    for a, b in np.argwhere(way <= 1):
        overlap[a, b] = _overlap(before[a], after[b], way[a, b])
    return overlap


def _places(contours: Sequence[Contour]) -> tuple[Array, Array]:
    """Centres (n, 2) of contours and their larger sides (n,)."""
    sides = [high - low for low, high in (contour.box for contour in contours)]
    return np.array([contour.centre for contour in contours]), np.max(sides, axis=1)


def _overlap(a: Contour, b: Contour, way: float) -> float:
    """Intersection over union of two filled contours as they lie or, for a price, with one centre on the other.

    The price is for the ``way`` there, in sizes. 0 where one is far smaller than the other.
    """
    if min(a.area, b.area) < SAME_OVERLAP * max(a.area, b.area):
        return 0.0
    shifted = a.points + (b.centre - a.centre)
    return max(_filled_overlap(a.points, b.points), _filled_overlap(shifted, b.points) - WAY_PRICE * way)


def _filled_overlap(a: Array, b: Array) -> float:
    low = np.floor(np.minimum(a.min(axis=0), b.min(axis=0))) - 1
    high = np.ceil(np.maximum(a.max(axis=0), b.max(axis=0))) + 1
    scale = min(1.0, 160.0 / float((high - low).max())) if (high - low).max() > 0 else 1.0
    columns, rows = np.ceil((high - low) * scale).astype(int) + 1
    fills = [filled((points - low) * scale, (rows, columns)) for points in (a, b)]
    union = np.count_nonzero(fills[0] | fills[1])
    return np.count_nonzero(fills[0] & fills[1]) / union if union else 0.0
