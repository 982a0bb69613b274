"""Where the knots of a shape go, chosen once for all of its frames.

A knot count is paid for: the cheapest closed chain of cubics over the carried samples, where a cubic costs its squared
distance to the contour, averaged over the frames, plus a price. Exact minimum over the samples (dynamic programming),
given its first knot, which is the sharpest persistent corner. The distance of a stretch is that of the best cubic
polynomial in arc length (orthogonal polynomials), an upper bound of what a free Bézier fit reaches.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .arclength import Contour
from .bezier import Array

GRID = 512
CORNER_REACH_PX = 6.0
CORNER_DEGREES = 50.0
FEWEST = 4


def choose_knots(contours: Sequence[Contour], positions: Array, price: float, farthest: int = 72) -> NDArray[np.int64]:
    """Indices of the samples that become knots, ascending.

    ``positions`` (frames, samples) as carried; ``price`` of a knot in px³ (squared px along a px of contour).
    """
    count = positions.shape[1]
    farthest = min(farthest, max(1, count // FEWEST))
    cost = np.mean([_stretch_costs(c, p, farthest) for c, p in zip(contours, positions, strict=True)], axis=0) + price
    first = int(np.argmax(np.abs(corner_angles(contours, positions))))
    return np.sort((_cheapest_chain(np.roll(cost, -first, axis=0)) + first) % count)


def corner_angles(contours: Sequence[Contour], positions: Array) -> Array:
    """Turning angle at every sample, degrees, signed and averaged over the frames: (samples,)."""
    angles = []
    for contour, places in zip(contours, positions, strict=True):
        here = contour.at(places)
        before = here - contour.at(places - CORNER_REACH_PX)
        after = contour.at(places + CORNER_REACH_PX) - here
        cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        angles.append(np.degrees(np.arctan2(cross, np.einsum("ij,ij->i", before, after))))
    return np.mean(angles, axis=0)


def _cheapest_chain(cost: Array) -> NDArray[np.int64]:
    """Stops of the cheapest chain from sample 0 once round; cost[i, k] is that of the step from i to i + 1 + k."""
    count, farthest = cost.shape
    total = np.full(count + 1, np.inf)
    total[0] = 0.0
    came = np.zeros(count + 1, dtype=np.int64)
    for end in range(1, count + 1):
        starts = np.arange(max(0, end - farthest), end)
        options = total[starts] + cost[starts, end - starts - 1]
        best = int(np.argmin(options))
        total[end], came[end] = options[best], starts[best]
    stops, at = [], count
    while at:
        at = int(came[at])
        stops.append(at)
    return np.array(stops[::-1])


def _stretch_costs(contour: Contour, positions: Array, farthest: int) -> Array:
    """Squared distance integral, px³, of the best cubic from sample i on, 1 … ``farthest`` steps long."""
    cell = contour.length / GRID
    lengths, table = _residuals(contour, cell)
    around = np.concatenate([positions, positions + contour.length])
    index = np.arange(len(positions))[:, None]
    span = (around[np.minimum(index + 1 + np.arange(farthest), len(around) - 1)] - positions[:, None]) / cell
    start = np.rint(positions / cell).astype(int)[:, None] % GRID
    rung = np.interp(span, lengths, np.arange(len(lengths)))
    low = np.minimum(rung.astype(int), len(lengths) - 2)
    share = rung - low
    return (table[low, start] * (1 - share) + table[low + 1, start] * share) * cell


def _residuals(contour: Contour, cell: float) -> tuple[NDArray[np.int64], Array]:
    """Window lengths in cells and the summed squared residual of a cubic over each window start: (lengths, GRID)."""
    points = contour.at(np.arange(GRID, dtype=np.float64) * cell)
    points = points - points.mean(axis=0)
    lengths = np.unique(np.rint(np.geomspace(3, GRID * 0.45, 28)).astype(int))
    wrapped = np.vstack([points, points])
    table = np.empty((len(lengths), GRID))
    for rung, length in enumerate(lengths):
        basis = np.linalg.qr(np.vander(np.linspace(-1, 1, length + 1), 4, increasing=True))[0]
        windows = np.lib.stride_tricks.sliding_window_view(wrapped, length + 1, axis=0)[:GRID]
        middle = windows[:, :, length // 2]
        local = windows - middle[:, :, None]
        kept = local @ basis
        table[rung] = np.einsum("gxl,gxl->g", local, local) - np.einsum("gxk,gxk->g", kept, kept)
    return lengths, np.maximum(table, 0.0)
