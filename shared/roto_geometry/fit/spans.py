"""Into how many shapes an outline's life is cut, and with which knots.

One set of knots must serve all frames of a shape, so a limb that comes or goes costs knots on every frame. A shape has
its price; the cheapest division is found by dynamic programming over possible cuts: those frames between which the
contour's length changes most, and none closer than a few frames unless the outline is short-lived.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.follow.correspondence import Carrier, carry_samples

from .knots import MeasuredContour, choose_knots, measure

SAMPLE_PX = 3.0
FEWEST_SAMPLES, MOST_SAMPLES = 16, 256
JUDGED_FRAMES = 8
MOST_CUTS = 14
CUT_EVERY = 5


@dataclass(frozen=True, eq=False)
class Span:
    """Frames ``start`` up to ``stop`` (not included) of an outline with the places (frames, n) of its knots."""

    start: int
    stop: int
    positions: Array
    cost: float


def choose_spans(
    contours: Sequence[Contour], carriers: Sequence[Carrier], knot_price: float, shape_price: float
) -> list[Span]:
    """The cheapest division. ``knot_price`` in px² a frame; ``shape_price`` in knots times frames."""
    measured = [measure(contour) for contour in contours]
    cuts = _possible_cuts(contours)
    total = [0.0]
    best: list[list[Span]] = [[]]
    for index in range(1, len(cuts)):
        options = []
        for before in range(index):
            span = _span(measured, carriers, cuts[before], cuts[index], knot_price)
            options.append((total[before] + span.cost + shape_price * knot_price, before, span))
        cost, before, span = min(options, key=lambda option: option[0])
        total.append(cost)
        best.append([*best[before], span])
    return best[-1]


def _possible_cuts(contours: Sequence[Contour]) -> list[int]:
    """Ends of life, and between them the places of the greatest change, at least ``CUT_EVERY`` frames apart."""
    count = len(contours)
    lengths = np.log([contour.length for contour in contours])
    change = np.abs(np.diff(lengths))
    cuts = [0, count]
    for place in np.argsort(-change) + 1:
        if len(cuts) >= MOST_CUTS + 2:
            break
        if min(abs(int(place) - cut) for cut in cuts) >= CUT_EVERY:
            cuts.append(int(place))
    return sorted(cuts)


def _span(
    measured: Sequence[MeasuredContour], carriers: Sequence[Carrier], start: int, stop: int, knot_price: float
) -> Span:
    judgeable = measured[start:stop]
    inner = [item.contour for item in judgeable]
    reference = int(np.argmax([contour.length for contour in inner]))
    count = int(np.clip(inner[reference].length / SAMPLE_PX, FEWEST_SAMPLES, MOST_SAMPLES))
    positions = carry_samples(inner, carriers[start : stop - 1], reference, count)
    judged = _judged(len(inner), reference)
    knots, cost = choose_knots([judgeable[i] for i in judged], positions[judged], knot_price)
    return Span(start, stop, positions[:, knots], cost * (stop - start))


def _judged(count: int, reference: int) -> NDArray[np.int64]:
    """Frames on which knots are judged: evenly spread, and the reference."""
    return np.union1d(np.linspace(0, count - 1, min(count, JUDGED_FRAMES)).astype(int), reference)
