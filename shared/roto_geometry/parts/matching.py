"""What draws the parts' outlines onto a mask: how far, which way and how surely for every sample.

A sample that no other part hides goes to the nearest contour that faces the same way (an iterated closest point in
place and direction). One that is hidden goes nowhere, unless it sticks out of the mask. A contour place that nothing
explains draws the nearest sample that faces as it does. Distances count across the contour only. A hole's edge may be
taken but need not be: holes are shapes of their own. What lies outside of the picture counts nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.filled import filled

from .loops import Loops

STEP_PX = 2.0
FEWEST, MOST = 60, 700
FACING_PX = 8.0
"""Facing the other way counts as twice this far off."""
PICTURE_PX = 200.0
MARGIN_PX = 12.0
HIDDEN_PX = 2.0
SAME_WAY = 0.3
FAR_PX = 28.0
UNEXPLAINED = 0.6
STICKING_OUT = 0.4
BEYOND_SHARE = 0.02


def beyond_border(contour: Contour, size: tuple[int, int]) -> Contour:
    """The contour continued outside of the picture by a share of its size, so that what comes in has a length."""
    if (contour.box[0] >= 0).all() and (contour.box[1] <= size).all():
        return contour
    points, reach = contour.points.copy(), BEYOND_SHARE * max(size)
    points[points < 0] -= reach
    for axis in (0, 1):
        points[points[:, axis] > size[axis], axis] += reach
    return Contour(points)


class Goal:
    """A frame's outline and the holes in it, ready to be matched; ``size`` is the picture's in px."""

    def __init__(self, contour: Contour, holes: Sequence[Contour], size: tuple[int, int]) -> None:
        self.contour = contour
        self.size = np.array(size, dtype=np.float64)
        places = [_places(item) for item in (contour, *holes)]
        self.positions = places[0]
        edges = [(item.at(at), item.directions(at, 3.0)) for item, at in zip((contour, *holes), places, strict=True)]
        self.points, along = (np.vstack(columns) for columns in zip(*edges, strict=True))
        self.outward = np.column_stack([along[:, 1], -along[:, 0]])
        self.seen = self.holds(self.points, 0.5)
        self.must = np.flatnonzero(self.seen[: len(self.positions)])
        self._tree = KDTree(_faced(self.points, self.outward))
        self._low = contour.box[0] - MARGIN_PX
        extent = contour.box[1] + MARGIN_PX - self._low
        self._scale = min(1.0, PICTURE_PX / float(extent.max()))
        columns, rows = np.ceil(extent * self._scale).astype(int) + 1
        self._shape = (int(rows), int(columns))
        self.mask = self.fill(contour.points)
        self.judged = self._inside_picture()
        for hole in holes:
            self.judged &= self.fill(hole.points) == 0
        away = cv2.distanceTransform(1 - self.mask, cv2.DIST_L2, cv2.DIST_MASK_5)
        self._away = np.asarray(away, dtype=np.float32) / np.float32(self._scale)
        self._slope = [np.asarray(cv2.Sobel(self._away, cv2.CV_32F, *axis)) for axis in ((1, 0), (0, 1))]

    def holds(self, points: Array, margin: float = 0.0) -> NDArray[np.bool_]:
        """Which points lie in the picture."""
        return np.asarray(((points > margin) & (points < self.size - margin)).all(axis=1))

    def nearest(self, points: Array, outward: Array) -> tuple[Array, NDArray[np.int64]]:
        """Distance to the nearest edge that faces the same way, and its number among ``points``."""
        distance, index = self._tree.query(_faced(points, outward))
        return np.asarray(distance), np.asarray(index)

    def fill(self, polygon: Array) -> NDArray[np.uint8]:
        """The polygon as a small picture."""
        return filled((polygon - self._low) * self._scale, self._shape)

    def hidden(self, loops: Loops, points: Array, outward: Array) -> NDArray[np.bool_]:
        """Which samples have another loop's inside just outside of them."""
        fills = np.stack([self.fill(points[part]) for part in loops.slices])
        row, column = self._pixels(points + max(HIDDEN_PX, 1.5 / self._scale) * outward)
        return fills.sum(axis=0, dtype=np.uint8)[row, column] > fills[loops.loop, row, column]

    def sticking_out(self, points: Array) -> tuple[Array, Array]:
        """How far points lie outside of the mask, px, and the unit way further out."""
        row, column = self._pixels(points)
        slope = np.column_stack([axis[row, column] for axis in self._slope]).astype(np.float64)
        return self._away[row, column].astype(np.float64), slope / np.maximum(np.hypot(*slope.T), 1e-6)[:, None]

    def agreement(self, loops: Loops, points: Array) -> float:
        """Intersection over union of the loops together and the mask, in the picture and outside of holes."""
        union = np.zeros(self._shape, np.uint8)
        for part in loops.slices:
            union |= self.fill(points[part])
        both = np.count_nonzero(union & self.mask & self.judged)
        return both / max(1, np.count_nonzero((union | self.mask) & self.judged))

    def spill(self, polygon: Array) -> float:
        """Which share of a polygon, of what lies in the picture and outside of holes, lies outside of the mask."""
        own = self.fill(polygon) & self.judged
        return np.count_nonzero(own & (1 - self.mask)) / max(1, np.count_nonzero(own))

    def _pixels(self, points: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        at = ((points - self._low) * self._scale).astype(np.int64)
        return at[:, 1].clip(0, self._shape[0] - 1), at[:, 0].clip(0, self._shape[1] - 1)

    def _inside_picture(self) -> NDArray[np.uint8]:
        corners = np.array([(0, 0), (self.size[0], 0), self.size, (0, self.size[1])])
        return self.fill(corners)


@dataclass(frozen=True, eq=False)
class Match:
    """For every sample: the way to go (samples, 2) px, the unit way that counts, the weight, and what is exposed."""

    move: Array
    across: Array
    weight: Array
    exposed: NDArray[np.bool_]


def match(goal: Goal, loops: Loops, points: Array, reach_px: float) -> Match:
    """Match the loops through ``points``; beyond ``reach_px`` a sample loses its say (Geman and McClure's weight)."""
    outward = loops.outward(points)
    seen = goal.holds(points)
    hidden = goal.hidden(loops, points, outward) | loops.joint
    distance, nearest = goal.nearest(points, outward)
    edge = goal.outward[nearest]
    off = np.einsum("ij,ij->i", goal.points[nearest] - points, edge)
    same_way = np.einsum("ij,ij->i", edge, outward) > SAME_WAY
    weight = (~hidden & seen & same_way & goal.seen[nearest]) / (1 + (distance / reach_px) ** 2) ** 2
    away, out = goal.sticking_out(points)
    sticks = hidden & seen & (away > 0.5)
    edge[sticks], off[sticks], weight[sticks] = out[sticks], -away[sticks], STICKING_OUT
    drawn = _unexplained(goal, points, outward, np.flatnonzero(seen & ~loops.joint), reach_px)
    moment = weight[:, None] * edge * off[:, None] + drawn[:, :2]
    facing = weight[:, None] * edge + drawn[:, 2:4]
    total = weight + drawn[:, 4]
    across = np.where(total[:, None] > 1e-6, facing, outward)
    across /= np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    return Match(moment / np.maximum(total, 1e-9)[:, None], across, np.minimum(total, 1.5), ~hidden & seen)


def _unexplained(goal: Goal, points: Array, outward: Array, able: NDArray[np.int64], reach_px: float) -> Array:
    """Weighted way (samples, 2), weighted direction (samples, 2) and weight (samples, 1) from the contour's places."""
    pulled = np.zeros((len(points), 5))
    if not len(able) or not len(goal.must):
        return pulled
    places, edge = goal.points[goal.must], goal.outward[goal.must]
    distance, index = KDTree(_faced(points[able], outward[able])).query(_faced(places, edge))
    sample = able[np.asarray(index)]
    weight = np.where(np.asarray(distance) < FAR_PX, UNEXPLAINED, 0.0) * reach_px / (reach_px + np.asarray(distance))
    way = edge * np.einsum("ij,ij->i", places - points[sample], edge)[:, None]
    columns = np.column_stack([way * weight[:, None], edge * weight[:, None], weight])
    for axis in range(5):
        pulled[:, axis] = np.bincount(sample, columns[:, axis], len(points))
    return pulled


def _places(contour: Contour) -> Array:
    return contour.spread(STEP_PX, FEWEST, MOST)


def _faced(points: Array, outward: Array) -> Array:
    return np.hstack([points, FACING_PX * outward])
