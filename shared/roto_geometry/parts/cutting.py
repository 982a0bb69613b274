"""Where a silhouette is cut into the parts that an artist would draw.

The short-cut rule (Singh, Seyranian and Hoffman 1999; Luo et al. 2015): a cut runs inside of the outline from a concave
place to another place, is short beside the outline that it cuts off, and thinner than the body is thick. The best cuts
that do not cross are taken, best first, each judged on what the ones before have left. Guarantee: parts are simple
polygons that together cover the silhouette; they overlap at joints by a cap that stays inside of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from roto_geometry.arclength import Contour, open_length
from roto_geometry.bezier import Array, polygon_area
from roto_geometry.filled import filled

STEP_PX = 3.0
FEWEST, MOST = 60, 320
PICTURE_PX = 200.0
TURN_REACH = 0.05
"""Share of the square root of the area over which concavity is felt."""
CONCAVE_DEGREES = 25.0
THINNER = 0.75
"""A cut is at most this share of the greatest thickness long: a limb, not half of the body."""
LONGER = 2.0
"""The outline cut off is at least this many times as long as the cut."""
LEAST_SHARE = 0.012
LEAST_WORTH = 0.25
ONE_SIDED = 0.7
CAP_DEPTH, ROOT_DEPTH = 0.3, 0.15

Polygon = list[int]
Chord = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Part:
    """A polygon (m, 2) in plate px; ``joint`` (m,) says which of its edges lie inside of a neighbour."""

    points: Array
    joint: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cutting:
    """The parts of a silhouette, and its joints: two parts and the place (2,) at which they hold together."""

    parts: tuple[Part, ...]
    joints: tuple[tuple[int, int, Array], ...]


@dataclass(frozen=True, eq=False)
class _Sampled:
    """The silhouette at even steps, with how concave each place is, degrees."""

    contour: Contour
    positions: Array

    @cached_property
    def points(self) -> Array:
        return self.contour.at(self.positions)

    @cached_property
    def reach(self) -> int:
        """How many samples concavity is felt over."""
        return max(1, round(self._reach_px / self.step))

    @property
    def step(self) -> float:
        return self.contour.length / len(self.positions)

    @property
    def _reach_px(self) -> float:
        return max(4.0, TURN_REACH * float(np.sqrt(abs(self.contour.area))))

    @cached_property
    def concave(self) -> NDArray[np.bool_]:
        """Places of the sharpest inward turn around."""
        here = self.points
        before = here - self.contour.at(self.positions - self._reach_px)
        after = self.contour.at(self.positions + self._reach_px) - here
        cross = after[:, 0] * before[:, 1] - after[:, 1] * before[:, 0]
        turn = np.degrees(np.arctan2(cross, np.einsum("ij,ij->i", before, after)))
        return (turn >= maximum_filter1d(turn, 2 * self.reach + 1, mode="wrap")) & (turn > CONCAVE_DEGREES)


def cut_at_necks(contour: Contour, most: int) -> Cutting:
    """At most ``most`` parts of a clockwise silhouette; one where it has no neck."""
    places = contour.spread(STEP_PX, FEWEST, MOST)
    sampled = _Sampled(contour, places)
    polygons: list[Polygon] = [list(range(len(places)))]
    cuts: list[Chord] = []
    possible = _possible_cuts(sampled)
    while len(polygons) < most:
        found = _best_cut(sampled, polygons, possible)
        if found is None:
            break
        cut, which, halves = found
        polygons[which : which + 1] = halves
        cuts.append(cut)
    return _cutting(sampled, polygons, cuts)


def _possible_cuts(sampled: _Sampled) -> list[tuple[Chord, float, bool]]:
    """Chords with their length and whether both of their ends are concave."""
    points, count, reach = sampled.points, len(sampled.points), sampled.reach
    picture, low, scale = _picture(points)
    depth = np.asarray(cv2.distanceTransform(np.pad(picture, 1), cv2.DIST_L2, cv2.DIST_MASK_5))
    longest = THINNER * 2 * float(depth.max()) / scale
    near_concave = maximum_filter1d(sampled.concave.astype(np.uint8), 2 * reach + 1, mode="wrap") > 0
    found: dict[Chord, tuple[Chord, float, bool]] = {}
    for start in np.flatnonzero(sampled.concave).tolist():
        length = np.hypot(*(points - points[start]).T)
        steps = (np.arange(count) - start) % count
        arc = np.minimum(steps, count - steps) * sampled.step
        fits = (arc > 3 * sampled.step) & (LONGER * length < arc) & (length < longest)
        fits &= _runs_inside(points[start], points, picture, low, scale)
        open_length = np.where(fits, length, np.inf)
        least = open_length <= minimum_filter1d(open_length, 2 * reach + 1, mode="wrap")
        for end in np.flatnonzero(fits & least).tolist():
            chord = (min(start, end), max(start, end))
            found[chord] = (chord, float(length[end]), bool(near_concave[end]))
    return list(found.values())


def _picture(points: Array) -> tuple[NDArray[np.uint8], Array, float]:
    """The filled silhouette, its upper left corner in plate px, and pixels a px."""
    low = points.min(axis=0) - 2
    extent = points.max(axis=0) + 2 - low
    scale = min(1.0, PICTURE_PX / float(extent.max()))
    columns, rows = np.ceil(extent * scale).astype(int) + 1
    return filled((points - low) * scale, (rows, columns)), low, scale


def _runs_inside(start: Array, ends: Array, picture: NDArray[np.uint8], low: Array, scale: float) -> NDArray[np.bool_]:
    share = np.linspace(0.08, 0.92, 21)[:, None]
    line = (start + (ends[:, None] - start) * share - low) * scale
    row, column = (np.clip(line[..., 1 - axis].astype(int), 0, picture.shape[axis] - 1) for axis in (0, 1))
    return np.asarray(picture[row, column].all(axis=1))


def _best_cut(
    sampled: _Sampled, polygons: Sequence[Polygon], possible: Sequence[tuple[Chord, float, bool]]
) -> tuple[Chord, int, tuple[Polygon, Polygon]] | None:
    """The cut of the greatest worth, the number of the polygon that it halves, and the halves."""
    best, worth = None, LEAST_WORTH
    for (start, end), length, both in possible:
        for which, polygon in enumerate(polygons):
            if start not in polygon or end not in polygon:
                continue
            halves = _halves(polygon, start, end)
            small = min(abs(polygon_area(sampled.points[half])) for half in halves) / sampled.contour.area
            longer = min(open_length(sampled.points[half]) for half in halves) / max(length, 1e-6)
            if small < LEAST_SHARE or longer < LONGER:
                continue
            value = float(np.log(longer / (np.pi / 2)) * small**0.3) * (1.0 if both else ONE_SIDED)
            if value > worth:
                best, worth = ((start, end), which, halves), value
    return best


def _halves(polygon: Polygon, start: int, end: int) -> tuple[Polygon, Polygon]:
    first, second = sorted((polygon.index(start), polygon.index(end)))
    return polygon[first : second + 1], polygon[second:] + polygon[: first + 1]


def _cutting(sampled: _Sampled, polygons: Sequence[Polygon], cuts: Sequence[Chord]) -> Cutting:
    """Polygons with their caps; a cut's smaller side reaches deeper into the larger one."""
    limbs = {cut: _smaller_side(sampled, cut) for cut in cuts}
    parts = tuple(_with_caps(sampled, polygon, limbs) for polygon in polygons)
    joints = []
    for start, end in cuts:
        sides = [index for index, polygon in enumerate(polygons) if _has_edge(polygon, start, end)]
        joints.append((sides[0], sides[1], sampled.points[[start, end]].mean(axis=0)))
    return Cutting(parts, tuple(joints))


def _smaller_side(sampled: _Sampled, cut: Chord) -> frozenset[int]:
    start, end = cut
    count = len(sampled.points)
    inner = range(start, end + 1)
    is_smaller = 2 * abs(polygon_area(sampled.points[start : end + 1])) < sampled.contour.area
    return frozenset(inner) if is_smaller else frozenset(range(count)) - frozenset(inner) | {start, end}


def _edges(polygon: Polygon) -> Iterator[Chord]:
    return zip(polygon, polygon[1:] + polygon[:1], strict=True)


def _has_edge(polygon: Polygon, start: int, end: int) -> bool:
    return any({first, second} == {start, end} for first, second in _edges(polygon))


def _with_caps(sampled: _Sampled, polygon: Polygon, limbs: dict[Chord, frozenset[int]]) -> Part:
    pieces, joint = [], []
    for first, second in _edges(polygon):
        chord = (min(first, second), max(first, second))
        if chord in limbs:
            depth = CAP_DEPTH if limbs[chord].issuperset(polygon) else ROOT_DEPTH
            piece = _cap(sampled, sampled.points[first], sampled.points[second], depth)
        else:
            span = (sampled.positions[second] - sampled.positions[first]) % sampled.contour.length
            count = max(1, round(span / (STEP_PX / 2)))
            piece = sampled.contour.at(sampled.positions[first] + np.arange(count) * (span / count))
        pieces.append(piece)
        joint.append(np.full(len(piece), chord in limbs))
    return Part(np.vstack(pieces), np.concatenate(joint))


def _cap(sampled: _Sampled, start: Array, end: Array, depth: float) -> Array:
    """An arc from ``start`` up to ``end`` that bulges outwards, made flatter until it stays inside the silhouette."""
    picture, low, scale = _picture(sampled.points)
    across = np.array([end[1] - start[1], start[0] - end[0]])
    angle = np.linspace(0, np.pi, max(4, int(np.hypot(*across) / STEP_PX)) + 1)[:-1, None]
    while True:
        arc = (start + end) / 2 - np.cos(angle) * (end - start) / 2 + np.sin(angle) * across * depth
        column, row = ((arc[1:] - low) * scale).astype(int).T
        if depth < 0.01 or picture[row.clip(0, len(picture) - 1), column.clip(0, picture.shape[1] - 1)].all():
            return arc
        depth *= 0.7
