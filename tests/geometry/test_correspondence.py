"""Places carried from contour to contour."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import Mask, blob, disc, superellipse

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.follow.bending import bend_onto
from roto_geometry.follow.correspondence import WIDEST_GAP_PX, carry_samples, fill_gaps, link_contours
from roto_geometry.trace.contour import trace


def outline(mask: np.ndarray) -> Contour:
    return Contour(trace(mask)[0])


def test_places_of_a_moved_shape_move_with_it():
    before = outline(superellipse((120, 100), (50, 40), (35, 18), 4))
    after = outline(superellipse((120, 100), (58, 47), (35, 18), 4))
    places = np.arange(40) * (before.length / 40)
    carried = after.at(link_contours(before, after).carry(places))
    assert np.abs(carried - before.at(places) - (8, 7)).max() < 3


def test_the_way_back_leads_to_where_it_came_from():
    before, after = outline(blob((80, 80), 3)), outline(blob((80, 80), 3, 0.4))
    carrier = link_contours(before, after)
    places = np.linspace(0, before.length, 30, endpoint=False)
    assert carrier.back().carry(carrier.carry(places)) == pytest.approx(places, abs=1e-6)


def evenly(contour: Contour, count: int) -> Array:
    return np.linspace(0, contour.length, count, endpoint=False)


@settings(max_examples=20)
@given(st.integers(0, 500), st.integers(0, 500))
def test_places_keep_their_cyclic_order_whatever_the_contours(first, second):
    masks = [blob((64, 48), first), blob((64, 48), second), blob((64, 48), first, 1.0)]
    contours = [outline(mask) for mask in masks if trace(mask)]
    if len(contours) < 2:
        return
    carriers = [link_contours(a, b) for a, b in pairwise(contours)]
    for places, contour in zip(carry_samples(carriers, 1, evenly(contours[1], 24)), contours, strict=True):
        steps = np.diff(places, append=places[0] + contour.length)
        assert steps.min() > 0
        assert steps.sum() == pytest.approx(contour.length)


@settings(max_examples=20)
@given(st.integers(0, 500), st.integers(0, 500))
def test_carried_places_ascend_over_one_turn_however_dense(first, second):
    masks = [blob((64, 48), first), blob((64, 48), second)]
    contours = [outline(mask) for mask in masks if trace(mask)]
    if len(contours) == 2:
        carrier = link_contours(*contours)
        assert np.diff(carrier.target).min() > 0
        assert np.ptp(carrier.target) == pytest.approx(contours[1].length)


def with_arms(*sides: int) -> Mask:
    """A disc with arms to the left (-1), to the right (1), or both."""
    arms = [superellipse((200, 80), (100 + 45 * side, 40), (45, 6), 8) for side in sides]
    return np.max([disc((200, 80), (100, 40), 24), *arms], axis=0)


def test_an_arm_that_goes_takes_little_of_the_body_along():
    before, after = outline(with_arms(-1, 1)), outline(with_arms(-1))
    places = np.arange(0, before.length, 3.0)
    body = before.at(places)[:, 0] < 95
    bent, carried = bend_onto(before, places, after)[0], after.at(link_contours(before, after).carry(places))
    assert np.linalg.norm(bent - before.at(places), axis=1)[body].max() < 7
    assert np.linalg.norm(carried - before.at(places), axis=1)[body].max() < 8


def test_places_of_a_small_shape_move_with_it_as_exactly():
    before, after = (outline(superellipse((60, 60), centre, (6, 4), 4)) for centre in ((20, 20), (24, 23)))
    places = np.arange(20) * (before.length / 20)
    carried = after.at(link_contours(before, after).carry(places))
    assert np.abs(carried - before.at(places) - (4, 3)).max() < 0.2


def test_an_arm_that_comes_out_has_samples_too():
    contours = [outline(with_arms(*sides)) for sides in ((-1,), (-1, 1), (-1, 1))]
    carriers = [link_contours(a, b) for a, b in pairwise(contours)]
    carried = carry_samples(carriers, 0, evenly(contours[0], 60))
    filled = fill_gaps(carried, contours, carriers)
    lengths = np.array([[contour.length] for contour in contours])
    gaps, were = (np.diff(places, axis=1, append=places[:, :1] + lengths) for places in (filled, carried))
    assert were.max() > 2 * WIDEST_GAP_PX
    assert gaps.min() > 0
    assert gaps.max() <= WIDEST_GAP_PX


def test_samples_without_gaps_stay_as_they_are():
    contours = [outline(blob((80, 80), 3, phase)) for phase in (0.0, 0.1)]
    carriers = [link_contours(*contours)]
    carried = carry_samples(carriers, 0, evenly(contours[0], 60))
    assert fill_gaps(carried, contours, carriers) is carried
