"""Into how many shapes an outline's life is cut, and with which knots.

One set of knots must serve all frames of a shape, so a limb that comes or goes costs knots on every frame. A shape has
its price; the cheapest division is found by dynamic programming over possible cuts: those frames between which the
contour's length changes, those of the greatest change first, and none closer than a few frames to another. A start is
given up once a cut is no dearer than going on from it (PELT: Killick, Fearnhead and Eckley 2012), so a long shot takes
little longer a frame than a short one. What comes out within a shape gets knots of its own only then: so an outline
that changes that much is cut first, where this pays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.follow.correspondence import Carrier, carry_samples, fill_gaps

from .knots import MeasuredContour, choose_knots, possible_places

SAMPLE_PX = 3.0
FEWEST_SAMPLES, MOST_SAMPLES = 16, 256
JUDGED_FRAMES = 8
CUT_EVERY = 5
LEAST_CHANGE = 0.01
"""Of the length, from one frame to the next. On true masks the least change at which a cut paid was .018."""


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
    measured = [MeasuredContour(contour) for contour in contours]
    cuts = _possible_cuts(contours)
    total, best = [0.0], [list[Span]()]
    starts = [0]
    for index in range(1, len(cuts)):
        spans = [_span(measured, carriers, cuts[start], cuts[index], knot_price) for start in starts]
        costs = [total[start] + span.cost for start, span in zip(starts, spans, strict=True)]
        cheapest = int(np.argmin(costs))
        total.append(costs[cheapest] + shape_price * knot_price)
        best.append([*best[starts[cheapest]], spans[cheapest]])
        starts = [start for start, cost in zip(starts, costs, strict=True) if cost <= total[index]] + [index]
    return [_filled(measured, carriers, span, knot_price) for span in best[-1]]


def _possible_cuts(contours: Sequence[Contour]) -> list[int]:
    """Ends of life, and between them the places of the greatest change, at least ``CUT_EVERY`` frames apart."""
    change = np.abs(np.diff(np.log([contour.length for contour in contours])))
    cuts = [0, len(contours)]
    for place in np.argsort(-change) + 1:
        if change[place - 1] < LEAST_CHANGE:
            break
        if min(abs(int(place) - cut) for cut in cuts) >= CUT_EVERY:
            cuts.append(int(place))
    return sorted(cuts)


def _span(
    measured: Sequence[MeasuredContour], carriers: Sequence[Carrier], start: int, stop: int, knot_price: float
) -> Span:
    samples = _samples([item.contour for item in measured[start:stop]], carriers[start : stop - 1])
    return _knotted(measured, samples, start, stop, knot_price)


def _filled(measured: Sequence[MeasuredContour], carriers: Sequence[Carrier], span: Span, knot_price: float) -> Span:
    """The span, with knots on what comes out within it too."""
    contours, inner = [item.contour for item in measured[span.start : span.stop]], carriers[span.start : span.stop - 1]
    samples = _samples(contours, inner)
    filled = fill_gaps(samples, contours, inner)
    return span if filled is samples else _knotted(measured, filled, span.start, span.stop, knot_price)


def _samples(contours: Sequence[Contour], carriers: Sequence[Carrier]) -> Array:
    """Positions (frames, samples) on all contours of samples spread over the longest one, one on every corner."""
    reference = _longest(contours)
    count = int(np.clip(contours[reference].length / SAMPLE_PX, FEWEST_SAMPLES, MOST_SAMPLES))
    return carry_samples(carriers, reference, possible_places(contours[reference], count))


def _knotted(measured: Sequence[MeasuredContour], samples: Array, start: int, stop: int, knot_price: float) -> Span:
    """The span with the cheapest knots among the samples."""
    judgeable = measured[start:stop]
    judged = _judged(stop - start, _longest([item.contour for item in judgeable]))
    knots, cost = choose_knots([judgeable[i] for i in judged], samples[judged], knot_price)
    return Span(start, stop, samples[:, knots], cost * (stop - start))


def _longest(contours: Sequence[Contour]) -> int:
    return int(np.argmax([contour.length for contour in contours]))


def _judged(count: int, longest: int) -> NDArray[np.int64]:
    """Frames on which knots are judged: evenly spread, and that of the longest contour."""
    return np.union1d(np.linspace(0, count - 1, min(count, JUDGED_FRAMES)).astype(int), longest)
