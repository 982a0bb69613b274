"""All parts of a frame placed on its mask at once, each by one affine map.

Gauss and Newton's method on the distances of their matches (:mod:`.matching`), from far-reaching to close, pulled a
little towards the start, towards turns with even scale, and towards joints that hold together. Units: px.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array

from .loops import Loops
from .matching import Goal, Match, match
from .placing import at

ROUNDS = ((12.0, 0.3), (8.0, 0.1), (5.0, 0.05), (3.0, 0.02), (3.0, 0.02), (2.0, 0.02))
"""The distance px from which a sample loses its say, and the pull towards the start."""
SETTLED_PX = 0.05
JOINT_PULL = 0.05
EVEN_PULL = 0.05

Joints = Sequence[tuple[int, int, Array]]
"""Two parts, by their numbers, and the place (2,) at which they hold together in the form they were cut in."""


def registered_parts(form: Array, loops: Loops, joints: Joints, start: Array, goal: Goal) -> Array:
    """Placements (parts, 2, 3) of the form (samples, 2) of all loops on the goal, sought from ``start``."""
    counts = np.array(loops.counts)
    middle = loops.totals(form) / counts[:, None]
    local = form - middle[loops.loop]
    size = np.sqrt(loops.totals((local * local).sum(axis=1)) / (2 * counts)) + 1e-6
    basis = np.column_stack([local / size[loops.loop, None], np.ones(len(form))])
    places = [(a, b, _on(place, middle[a], size[a]), _on(place, middle[b], size[b])) for a, b, place in joints]
    first = np.concatenate([start[:, :, :2] * size[:, None, None], at(start, middle)[:, :, None]], axis=2)
    now = first.copy()
    for reach, pull in ROUNDS:
        points = np.einsum("sij,sj->si", now[loops.loop], basis)
        normal, right = _normal_equations(basis, loops, match(goal, loops, points, reach))
        _add_pulls(normal, right, now, first, counts, pull)
        change = _solved(normal, right, now, places, counts)
        now = now + change
        if np.abs(change).max() < SETTLED_PX:
            break
    linear = now[:, :, :2] / size[:, None, None]
    shift = now[:, :, 2] - np.einsum("kij,kj->ki", linear, middle)
    return np.concatenate([linear, shift[:, :, None]], axis=2, dtype=np.float64)


def _on(place: Array, middle: Array, size: float) -> Array:
    """A place in a part's own measure."""
    return np.append((place - middle) / size, 1.0)


def _normal_equations(basis: Array, loops: Loops, found: Match) -> tuple[Array, Array]:
    row = (found.across[:, :, None] * basis[:, None, :]).reshape(-1, 6)
    weighted = row * found.weight[:, None]
    off = np.einsum("ij,ij->i", found.move, found.across)
    return loops.totals(weighted[:, :, None] * row[:, None, :]), loops.totals(weighted * off[:, None])


def _add_pulls(normal: Array, right: Array, now: Array, first: Array, counts: NDArray[np.int64], pull: float) -> None:
    """Towards the start, and towards turns with even scale."""
    normal += (pull * counts)[:, None, None] * np.eye(6)
    right += (pull * counts)[:, None] * (first - now).reshape(-1, 6)
    for uneven in (np.array([1.0, 0, 0, 0, -1, 0]), np.array([0.0, 1, 0, 1, 0, 0])):
        normal += (EVEN_PULL * counts)[:, None, None] * np.outer(uneven, uneven)
        right -= (EVEN_PULL * counts * (now.reshape(-1, 6) @ uneven))[:, None] * uneven


def _solved(
    normal: Array, right: Array, now: Array, places: Sequence[tuple[int, int, Array, Array]], counts: NDArray[np.int64]
) -> Array:
    """The change (parts, 2, 3) of all parts at once; joints tie them together."""
    parts = len(normal)
    system = np.zeros((parts, 6, parts, 6))
    system[np.arange(parts), :, np.arange(parts)] = normal
    side = right.copy()
    for a, b, at_a, at_b in places:
        pull = JOINT_PULL * (counts[a] + counts[b])
        apart = now[a] @ at_a - now[b] @ at_b
        for axis in (0, 1):
            row = np.zeros((parts, 6))
            row[a, 3 * axis : 3 * axis + 3] += at_a
            row[b, 3 * axis : 3 * axis + 3] -= at_b
            system += pull * row[:, :, None, None] * row
            side -= pull * apart[axis] * row
    change = np.linalg.solve(system.reshape(6 * parts, 6 * parts), side.ravel())
    return np.asarray(change, dtype=np.float64).reshape(parts, 2, 3)
