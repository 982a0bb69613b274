"""The small change of form that brings placed parts onto the mask, and moves that never fold an outline.

Each sample moves by a field that is smooth along its outline (first and second differences are priced) and follows its
match; rounds go from stiff to soft. What is hidden rides along. Guarantee: an outline that does not cross itself and is
clockwise stays so; where a move would fold it, that stretch moves less.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from roto_geometry.bezier import Array, polygon_area
from roto_geometry.guards import crossing_edges

from .loops import Loops
from .matching import Goal, match

ROUNDS = ((8.0, 10.0), (1.0, 5.0), (0.2, 4.0), (0.05, 4.0))
"""Stiffness, and the distance px from which a sample loses its say."""
SLOPE_SHARE = 0.3
HOLD = 0.02
TRIES = 6
LESS = 0.4


def bend(goal: Goal, loops: Loops, points: Array) -> Array:
    """The loops through ``points`` (samples, 2) bent onto the goal."""
    stiffness = _stiffness(loops)
    for stiff, reach in ROUNDS:
        found = match(goal, loops, points, reach)
        system = stiff * stiffness + sparse.diags(found.weight + HOLD)
        points = moved(loops, points, splu(system.tocsc()).solve(found.weight[:, None] * found.move))
    return points


def moved(loops: Loops, points: Array, move: Array) -> Array:
    """Points with as much of the move (samples, 2) as folds no loop."""
    result = points.copy()
    for part in loops.slices:
        share = np.ones(part.stop - part.start)
        for turn in range(TRIES):
            tried = points[part] + share[:, None] * move[part]
            bad = crossing_edges(tried).ravel()
            if not len(bad) and polygon_area(tried) > 0:
                result[part] = tried
                break
            share *= _less_around(bad, len(share), 2 + 2 * turn)
    return result


def _less_around(bad: NDArray[np.int64], count: int, reach: int) -> Array:
    """Shares that fall near the crossing edges, smoothly."""
    near = np.zeros(count)
    for shift in range(-reach, reach + 2):
        near[(bad + shift) % count] = 1.0
    share = 1 - (1 - LESS) * (near if len(bad) else 1.0)
    return (np.roll(share, 1) + 2 * share + np.roll(share, -1)) / 4


def _stiffness(loops: Loops) -> sparse.csr_matrix:
    count = len(loops.loop)
    index = np.arange(count)
    difference = sparse.csr_matrix((np.ones(count), (index, loops.after)), (count, count)) - sparse.eye(count)
    slope = difference.T @ difference
    return SLOPE_SHARE * slope + slope @ slope
