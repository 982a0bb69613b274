"""Where the knots of a shape go, chosen once for all of its frames.

A knot count is paid for: the cheapest closed chain of cubics over the carried samples, where a cubic costs the area
between it and the contour, averaged over the frames, plus a price. Area is what agreement loses. Exact minimum over the
samples (dynamic programming), given its first knot, which is the sharpest persistent corner. The area beside a stretch
is its length times the root mean square distance (no less, by Cauchy and Schwarz) of the best cubic polynomial in arc
length (orthogonal polynomials): an upper bound of what a free Bézier fit reaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

GRID = 512
CORNER_REACH_PX = 6.0
CORNER_DEGREES = 30.0
FEWEST_KNOTS = 3

_LENGTHS = np.unique(np.rint(np.geomspace(3, GRID * 0.45, 28)).astype(int))


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
    farthest: int = 72,
    weight: Array | None = None,
) -> tuple[NDArray[np.int64], float]:
    """Indices of the samples that become knots, ascending, and what they cost in all: mean area plus prices, px².

    ``positions`` (frames, samples) as carried; ``price`` of a knot in px².
    ``weight`` (frames, samples) in 0..1 says how much the contour matters there; None is 1 throughout.
    """
    count = positions.shape[1]
    farthest = min(farthest, max(1, count // FEWEST_KNOTS))
    costs = [_stretch_costs(m, p, farthest) for m, p in zip(measured, positions, strict=True)]
    sharpness = np.abs(corner_angles([m.contour for m in measured], positions))
    if weight is not None:
        costs = [each * _stretch_weights(w, farthest) for each, w in zip(costs, weight, strict=True)]
        sharpness = sharpness * weight.mean(axis=0)
    cost = np.mean(costs, axis=0) + price
    first = int(np.argmax(sharpness))
    stops, total = _cheapest_chain(np.roll(cost, -first, axis=0))
    return np.sort((stops + first) % count), total


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
    cell = measured.contour.length / GRID
    around = np.concatenate([positions, positions + measured.contour.length])
    index = np.arange(len(positions))[:, None]
    span = (around[np.minimum(index + 1 + np.arange(farthest), len(around) - 1)] - positions[:, None]) / cell
    start = np.rint(positions / cell).astype(int)[:, None] % GRID
    rung = np.interp(span, _LENGTHS, np.arange(len(_LENGTHS)))
    low = np.minimum(rung.astype(int), len(_LENGTHS) - 2)
    share = rung - low
    table = measured.residual
    squared = table[low, start] * (1 - share) + table[low + 1, start] * share
    return np.sqrt(squared * np.maximum(span, 0.0)) * cell
