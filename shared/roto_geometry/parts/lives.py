"""Parts over their lives, and which of them live together on a frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array

from .loops import Loops
from .matching import Goal


@dataclass(frozen=True, eq=False)
class PartLife:
    """A part from frame number ``start`` of its outline on: ``points`` (frames, samples, 2) px, clockwise.

    ``joint`` (samples,) are those that were drawn inside of a neighbour.
    """

    name: str
    start: int
    points: Array
    joint: NDArray[np.bool_]

    @property
    def frames(self) -> range:
        """The numbers of the frames that it lives on."""
        return range(self.start, self.start + len(self.points))


def living(parts: Sequence[PartLife], frame: int) -> tuple[list[int], Loops, Array]:
    """Which parts live on a frame, their loops, and the points (samples, 2) of these."""
    alive = [index for index, part in enumerate(parts) if frame in part.frames]
    loops = Loops(
        tuple(len(parts[index].joint) for index in alive), np.concatenate([parts[index].joint for index in alive])
    )
    return alive, loops, np.vstack([parts[index].points[frame - parts[index].start] for index in alive])


def exposures(parts: Sequence[PartLife], goals: Sequence[Goal], start: int) -> list[NDArray[np.bool_]]:
    """For each part which of its samples (frames, samples) nothing hides; ``goals`` are those from ``start`` on."""
    shown = [np.zeros(part.points.shape[:2], dtype=bool) for part in parts]
    for frame, goal in enumerate(goals, start):
        alive, loops, points = living(parts, frame)
        free = exposed(goal, loops, points)
        for index, part in zip(alive, loops.slices, strict=True):
            shown[index][frame - parts[index].start] = free[part]
    return shown


def exposed(goal: Goal, loops: Loops, points: Array) -> NDArray[np.bool_]:
    """Which samples lie in the picture and inside of no other loop."""
    return ~goal.hidden(loops, points, loops.outward(points)) & ~loops.joint & goal.holds(points)


def polygons_on(parts: Iterable[PartLife], frame: int) -> list[Array]:
    """The outlines (samples, 2) of the parts that live on a frame."""
    return [part.points[frame - part.start] for part in parts if frame in part.frames]
