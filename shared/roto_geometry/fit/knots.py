"""Where the knots of a shape go, chosen once for all of its frames.

A knot count is paid for: the cheapest closed chain of cubics over the carried samples, where a cubic costs the area
between it and the contour, averaged over the frames, plus a price. Area is what agreement loses. Exact minimum over the
samples (dynamic programming), given its first knot, which is the sharpest persistent corner. The area beside a stretch
is its length times the root mean square distance (no less, by Cauchy and Schwarz) of the best cubic polynomial in arc
length (orthogonal polynomials): an upper bound of what a free Bézier fit reaches. It is known exactly for some lengths;
for one between them it is no less than of what lies within, and no more than of what lies around: so a straight line up
to a corner costs nothing, however long it is (decision 0010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

GRID = 512
CORNER_REACH_PX = 6.0
CORNER_DEGREES = 30.0
FEWEST_KNOTS = 3
LONGEST = 0.45
"""The share of the contour that one cubic may be: so three are the fewest."""
GROWTH = 3.0
"""With which power of its length a squared distance grows between two lengths for which it is known. Noise alone would
have 1, a smooth curve 9; from 1 to 6 the knots are as good."""
WHOLE = 1e-6
"""Room for rounding where cells are counted."""

_LENGTHS = np.unique(np.rint(np.geomspace(3, GRID * LONGEST, 28)).astype(int))


@dataclass(frozen=True, eq=False)
class MeasuredContour:
    """A contour, and how far off the best cubic over any stretch of it lies, which is found out when it is asked."""

    contour: Contour

    @cached_property
    def residual(self) -> NDArray[np.float32]:
        """Squared distance, px², of a cubic polynomial in arc length, for a ladder of stretch lengths: (lengths, GRID).

        Summed over that many cells from each of ``GRID`` cells on.
        """
        points = self.contour.at(np.arange(GRID, dtype=np.float64) * (self.contour.length / GRID))
        points = points - points.mean(axis=0)
        energy = np.concatenate([[0.0], np.cumsum(np.tile((points * points).sum(axis=1), 2))])
        start = np.arange(GRID)
        whole = np.array([energy[start + length + 1] - energy[start] for length in _LENGTHS])
        spectrum = np.fft.rfft(points.T)
        kept = np.fft.irfft(spectrum * _bases()[:, :, None], GRID)
        return np.maximum(whole - np.einsum("lkxg,lkxg->lg", kept, kept), 0.0).astype(np.float32)


@cache
def _bases() -> NDArray[np.complex128]:
    """Spectra (lengths, 4, GRID / 2 + 1) that correlate with orthonormal cubics of each stretch length."""
    padded = np.zeros((len(_LENGTHS), 4, GRID))
    for rung, length in enumerate(_LENGTHS):
        cubics = np.vander(np.linspace(-1, 1, length + 1), 4, increasing=True)
        padded[rung, :, : length + 1] = np.linalg.qr(cubics)[0].T
    return np.conj(np.fft.rfft(padded))


def choose_knots(
    measured: Sequence[MeasuredContour],
    positions: Array,
    price: float,
    weight: Array | None = None,
) -> tuple[NDArray[np.int64], float]:
    """Indices of the samples that become knots, ascending, and what they cost in all: mean area plus prices, px².

    ``positions`` (frames, samples) as carried; ``price`` of a knot in px².
    ``weight`` (frames, samples) in 0..1 says how much the contour matters there; None is 1 throughout.
    """
    count = positions.shape[1]
    farthest = max(1, int(count * LONGEST))
    costs = [_stretch_costs(m, p, farthest) for m, p in zip(measured, positions, strict=True)]
    sharpness = np.abs(corner_angles([m.contour for m in measured], positions))
    if weight is not None:
        costs = [each * _stretch_weights(w, farthest) for each, w in zip(costs, weight, strict=True)]
        sharpness = sharpness * weight.mean(axis=0)
    cost = np.mean(costs, axis=0) + price
    first = int(np.argmax(sharpness))
    stops, total = _cheapest_chain(np.roll(cost, -first, axis=0))
    return np.sort((stops + first) % count), total


def possible_places(contour: Contour, count: int) -> Array:
    """Positions (count,) among which knots are chosen, ascending over one turn: even, but for those on corners."""
    step = contour.length / count
    places = np.arange(count, dtype=np.float64) * step
    corners, sharpness = _corners(contour)
    for corner in corners[np.argsort(sharpness)]:
        places[round(corner / step) % count] = corner
    return np.sort(places)


def _corners(contour: Contour) -> tuple[Array, Array]:
    """Where the contour has corners, to the px, and their turning angles, degrees."""
    grid = np.arange(0.0, contour.length, 1.0)
    angle = np.abs(corner_angles([contour], grid[None]))
    sharpest = maximum_filter1d(angle, 2 * int(CORNER_REACH_PX) + 1, mode="wrap")
    found = (angle > CORNER_DEGREES) & (angle == sharpest)
    return grid[found], angle[found]


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


def _cheapest_chain(cost: Array) -> tuple[NDArray[np.int64], float]:
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
    return np.array(stops[::-1]), float(total[count])


def _stretch_weights(weight: Array, farthest: int) -> Array:
    """Mean weight of the samples from i on, 1 … ``farthest`` steps long, both ends included."""
    total = np.concatenate([[0.0], np.cumsum(np.concatenate([weight, weight]))])
    start = np.arange(len(weight))[:, None]
    samples = np.arange(2, farthest + 2)
    return (total[np.minimum(start + samples, len(total) - 1)] - total[start]) / samples


def _stretch_costs(measured: MeasuredContour, positions: Array, farthest: int) -> Array:
    """Area, px², beside the best cubic from sample i on, 1 … ``farthest`` steps long."""
    count, cell = len(positions), measured.contour.length / GRID
    around = np.concatenate([positions, positions + measured.contour.length]) / cell
    last = np.minimum(np.arange(count)[:, None] + 1 + np.arange(farthest), 2 * count - 1)
    # Whole cells within the stretch: with a part of the next one it would turn round the corner that it ends on.
    start = np.ceil(around[:count] - WHOLE).astype(int)[:, None]
    stop = np.floor(around + WHOLE).astype(int)[last]
    length = np.maximum(stop - start, 1)
    rung = np.clip(np.searchsorted(_LENGTHS, length, side="right") - 1, 0, len(_LENGTHS) - 2)
    shorter, longer = _LENGTHS[rung], _LENGTHS[rung + 1]
    table = measured.residual
    within = np.maximum(table[rung, start % GRID], table[rung, (stop - shorter) % GRID])
    beyond = np.minimum(table[rung + 1, start % GRID], table[rung + 1, (stop - longer) % GRID])
    squared = np.minimum(within * (length / shorter) ** GROWTH, np.maximum(beyond, within))
    return np.sqrt(squared * length) * cell
