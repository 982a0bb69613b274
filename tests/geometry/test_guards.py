"""Outlines that never cross themselves and never turn inside out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from roto_geometry.bezier import flatten, polygon_area
from roto_geometry.guards import count_crossings, crossing_knots, is_sound, largest_loops, mend

numbers = st.floats(-30, 30).map(lambda value: round(value, 3))
square = np.hstack([np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]), np.zeros((4, 4))])


def test_a_square_is_sound_and_the_same_one_reversed_is_not():
    assert is_sound(square)
    assert not is_sound(square[::-1])


def test_a_figure_of_eight_is_found_to_cross_itself():
    assert count_crossings(square[[0, 2, 1, 3]]) == 1


def test_the_knots_around_a_crossing_are_the_ends_of_the_segments_that_cross():
    dented = np.array([[0.0, 0], [40, 0], [40, 20], [22, 20], [18, -5], [14, 20], [0, 20]])
    outlines = np.stack([np.hstack([dented, np.zeros((7, 4))])] * 2)
    outlines[1, 4, 1] = 5
    assert np.flatnonzero(crossing_knots(outlines)[0]).tolist() == [0, 1, 3, 4, 5]
    assert not crossing_knots(outlines)[1].any()
    assert crossing_knots(outlines[:0]).shape == (0, 7)


def test_a_handle_that_loops_is_shortened_and_the_knots_stay():
    looped = square.copy()
    looped[0, 4:6] = (40, 30)
    looped[1, 2:4] = (-40, 30)
    assert not is_sound(looped)
    mended = mend(looped, looped[:, :2])
    assert is_sound(mended)
    assert (mended[:, :2] == looped[:, :2]).all()


def test_a_knot_that_strayed_goes_back_to_its_place_and_those_that_cross_nothing_stay():
    places = np.array([[0.0, 0], [20, 0], [40, 0], [40, 20], [30, 20], [10, 20], [0, 20], [-10, 10]])
    strayed = np.hstack([places, np.zeros((8, 4))])
    strayed[1, 1], strayed[7, 0] = 30, -11
    mended = mend(strayed, places)
    assert is_sound(mended)
    assert mended[1, :2] == pytest.approx(places[1])
    assert mended[7, 0] == -11


@given(arrays(float, (6, 6), elements=numbers), arrays(float, (6, 2), elements=numbers))
def test_any_outline_whatever_is_mended_to_a_sound_one_with_as_many_knots(outline, anchor):
    mended = mend(outline, anchor)
    assert mended.shape == outline.shape
    assert is_sound(mended)
    assert polygon_area(flatten(mended)) > 0


@given(arrays(float, (4, 6), elements=numbers))
def test_the_last_resort_is_the_sound_outline_of_a_neighbour(outline):
    crossed = outline[[0, 2, 1, 3]]
    assert is_sound(mend(crossed, crossed[:, :2], fallback=square))


def test_a_neighbour_s_outline_comes_to_where_the_knots_are():
    crossed = square[[0, 2, 1, 3]] + np.array([100.0, 50, 0, 0, 0, 0])
    assert mend(crossed, crossed[:, :2], fallback=square) == pytest.approx(square + np.array([100, 50, 0, 0, 0, 0]))


def test_loops_are_as_large_as_what_a_crossing_cuts_off():
    bow = np.array([[0, 0], [10, 10], [10, 0], [0, 10]], dtype=float)
    corners = np.stack([bow, bow[[0, 2, 1, 3]], bow * 2])
    loops = largest_loops(np.concatenate([corners, np.zeros((3, 4, 4))], axis=2))
    assert loops == pytest.approx([25, 0, 100], abs=1)
