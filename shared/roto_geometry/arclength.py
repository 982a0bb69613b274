"""A traced contour measured along its length, so that any place on it has a number."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .bezier import Array, polygon_area


@dataclass(frozen=True, eq=False)
class Contour:
    """A closed polygon (m, 2) in plate px; positions on it are px from its first point and wrap round."""

    points: Array

    @cached_property
    def arc(self) -> Array:
        """Position of every point, and the length at last: (m + 1,)."""
        steps = np.hypot(*(np.roll(self.points, -1, axis=0) - self.points).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @cached_property
    def length(self) -> float:
        """Length all round, px."""
        return float(self.arc[-1])

    @cached_property
    def area(self) -> float:
        """Signed area, px²: positive for matter, negative for holes."""
        return polygon_area(self.points)

    @cached_property
    def centre(self) -> Array:
        """Centre of the enclosed area; the mean of the points where there is none."""
        after = np.roll(self.points, -1, axis=0)
        cross = self.points[:, 0] * after[:, 1] - after[:, 0] * self.points[:, 1]
        if abs(cross.sum()) < 1e-9:
            return self.points.mean(axis=0)
        return ((self.points + after) * cross[:, None]).sum(axis=0) / (3 * cross.sum())

    @cached_property
    def box(self) -> tuple[Array, Array]:
        """Upper left and lower right corner."""
        return self.points.min(axis=0), self.points.max(axis=0)

    @cached_property
    def _sides(self) -> Array:
        """x and y of all points and of the first one again, (2, m + 1): rows, since interpolation wants them whole."""
        return np.ascontiguousarray(np.vstack([self.points, self.points[:1]]).T)

    def spread(self, step_px: float, fewest: int, most: int) -> Array:
        """Even positions all round from its first point on, about ``step_px`` apart."""
        count = int(np.clip(self.length / step_px, fewest, most))
        return np.arange(count, dtype=np.float64) * (self.length / count)

    def at(self, positions: Array) -> Array:
        """Points at positions of any shape, (..., 2)."""
        wrapped = np.mod(positions, self.length)
        return np.stack([np.interp(wrapped, self.arc, side) for side in self._sides], axis=-1)

    def directions(self, positions: Array, reach_px: float = 2.0) -> Array:
        """Unit tangents at positions, (..., 2), from chords ``reach_px`` to both sides."""
        chord = self.at(positions + reach_px) - self.at(positions - reach_px)
        return chord / np.maximum(np.linalg.norm(chord, axis=-1, keepdims=True), 1e-9)


def open_length(path: Array) -> float:
    """Length of an open path (m, 2) in px."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum())
