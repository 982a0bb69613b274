"""Into how many shapes an outline's life is cut."""

from itertools import pairwise

import numpy as np
import pytest
from pictures import disc, superellipse

from roto_geometry.arclength import Contour
from roto_geometry.fit.spans import CUT_EVERY, choose_spans
from roto_geometry.follow.correspondence import link_contours
from roto_geometry.trace.contour import trace
from roto_geometry.trackfit import LEAST_CLOSENESS, closeness

SIZE = (200, 80)
KNOT_PRICE = 15.0


def armed(*sides: int) -> Contour:
    """A disc with arms to the left (-1), to the right (1), or both."""
    arms = [superellipse(SIZE, (100 + 45 * side, 40), (45, 6), 8) for side in sides]
    return Contour(trace(np.max([disc(SIZE, (100, 40), 24), *arms], axis=0))[0])


def spans(contours: list[Contour], shape_price: float):
    carriers = [link_contours(a, b) for a, b in pairwise(contours)]
    return choose_spans(contours, carriers, KNOT_PRICE, shape_price)


def test_an_outline_is_cut_where_its_arm_goes_if_that_saves_what_a_shape_costs():
    contours = [armed(-1)] * 7 + [armed()] * 8
    one, two = spans(contours, shape_price=300.0), spans(contours, shape_price=5.0)
    assert [(span.start, span.stop) for span in one] == [(0, 15)]
    assert [(span.start, span.stop) for span in two] == [(0, 7), (7, 15)]
    assert [len(span.positions) for span in two] == [7, 8]
    assert two[1].positions.shape[1] < two[0].positions.shape[1] == one[0].positions.shape[1]


def test_no_shape_lives_for_less_than_a_few_frames_though_it_costs_nothing():
    contours = [armed(-1) if frame % 2 else armed() for frame in range(2 * CUT_EVERY + 1)]
    found = spans(contours, shape_price=0.0)
    assert len(found) == 2
    assert min(span.stop - span.start for span in found) >= CUT_EVERY


def test_a_long_outline_is_cut_wherever_its_arm_comes_and_goes():
    contours = ([armed(-1)] * 6 + [armed()] * 6) * 15
    found = spans(contours, shape_price=5.0)
    assert [span.start for span in found] == list(range(0, 180, 6))
    assert {span.positions.shape[1] for span in found[::2]} == {found[0].positions.shape[1]}


def test_nothing_is_cut_where_an_outline_stays_as_it_is():
    (span,) = spans([armed(-1)] * 40, shape_price=0.0)
    assert (span.start, span.stop) == (0, 40)


def test_what_comes_out_within_a_shape_has_knots():
    contours = [armed(-1), armed(), armed(1)]
    (span,) = spans(contours, shape_price=300.0)
    assert contours[0].at(span.positions[0])[:, 0].min() < 20
    assert contours[2].at(span.positions[2])[:, 0].max() > 180


def test_thin_outlines_are_held_more_closely_down_to_a_quarter_of_the_tolerance():
    def bar(width: float) -> Contour:
        return Contour(np.array([[0.0, 0], [1000, 0], [1000, width], [0, width]]))

    assert closeness([bar(100)]) == 1.0
    assert closeness([bar(16)]) == pytest.approx(0.5, abs=0.01)
    assert closeness([bar(2)]) == LEAST_CLOSENESS
