"""The outlines of several parts as one stack of samples, so that all parts are worked on at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

from .cutting import Part

SPACING_PX = 2.5
FEWEST, MOST = 24, 112


@dataclass(frozen=True, eq=False)
class Loops:
    """Closed loops of ``counts`` samples each, one after the other; ``joint`` (samples,) lie inside of a neighbour."""

    counts: tuple[int, ...]
    joint: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each loop begins in the stack."""
        return np.cumsum((0, *self.counts[:-1]))

    @cached_property
    def slices(self) -> list[slice]:
        """Each loop's samples in the stack."""
        return [slice(start, start + count) for start, count in zip(self.starts.tolist(), self.counts, strict=True)]

    @cached_property
    def loop(self) -> NDArray[np.int64]:
        """The loop that each sample belongs to."""
        return np.repeat(np.arange(len(self)), self.counts)

    @cached_property
    def before(self) -> NDArray[np.int64]:
        """The sample before each one on its loop."""
        return np.concatenate([np.roll(np.arange(part.start, part.stop), 1) for part in self.slices])

    @cached_property
    def after(self) -> NDArray[np.int64]:
        """The sample after each one on its loop."""
        return np.concatenate([np.roll(np.arange(part.start, part.stop), -1) for part in self.slices])

    def only(self, kept: Sequence[int]) -> tuple["Loops", NDArray[np.int64]]:
        """Some of the loops, by their numbers, and where the samples of these lie in this stack."""
        samples = np.concatenate([np.arange(part.start, part.stop) for part in (self.slices[index] for index in kept)])
        return Loops(tuple(self.counts[index] for index in kept), self.joint[samples]), samples

    def outward(self, points: Array) -> Array:
        """Unit normals of clockwise loops through ``points`` (samples, 2)."""
        along = points[self.after] - points[self.before]
        along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        return np.column_stack([along[:, 1], -along[:, 0]])

    def totals(self, values: Array) -> Array:
        """Sums of the samples' values (samples, …) over each loop."""
        return np.add.reduceat(values, self.starts, axis=0)


def samples_along(contour: Contour) -> int:
    """How many samples a part's outline has."""
    return int(np.clip(contour.length / SPACING_PX, FEWEST, MOST))


def sample_parts(parts: Sequence[Part]) -> tuple[Loops, Array]:
    """The parts' outlines at even steps, and their points (samples, 2)."""
    points, joint = [], []
    for part in parts:
        contour = Contour(part.points)
        count = samples_along(contour)
        places = np.arange(count, dtype=np.float64) * (contour.length / count)
        points.append(contour.at(places))
        joint.append(part.joint[np.searchsorted(contour.arc, places, side="right") - 1])
    return Loops(tuple(map(len, points)), np.concatenate(joint)), np.vstack(points)
