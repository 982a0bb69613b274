"""Outlines that never cross themselves and never turn inside out."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from roto_geometry.bezier import flatten, polygon_area
from roto_geometry.guards import (
    count_crossings,
    crossing_edges,
    crossing_knots,
    is_sound,
    largest_loops,
    mend,
    mend_between,
)
from roto_geometry.keys.timebase import basis
from roto_shared.timeline import Interpolation

numbers = st.floats(-30, 30).map(lambda value: round(value, 3))
square = np.hstack([np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]), np.zeros((4, 4))])


def test_a_square_is_sound_and_the_same_one_reversed_is_not():
    assert is_sound(square)
    assert not is_sound(square[::-1])


def test_a_figure_of_eight_is_found_to_cross_itself():
    assert count_crossings(square[[0, 2, 1, 3]]) == 1


def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    return float(np.linalg.det([b - a, c - a]))


@example(np.array([[0.0, 0], [10, 10], [10, 0], [0, 10]]))
@example(np.array([[0.0, 0], [100, 0], [98, -1], [195, 50], [130, 60], [60, 60], [0, 60]]))
@given(arrays(float, st.tuples(st.integers(3, 9), st.just(2)), elements=st.integers(0, 12)))
def test_edges_that_cross_are_all_those_that_lie_on_both_sides_of_one_another(points):
    ends = np.roll(points, -1, axis=0)
    crossing = [
        [i, j]
        for i, j in combinations(range(len(points)), 2)
        if round(side(points[i], ends[i], points[j])) * round(side(points[i], ends[i], ends[j])) < 0
        and round(side(points[j], ends[j], points[i])) * round(side(points[j], ends[j], ends[i])) < 0
    ]
    assert sorted(crossing_edges(points).tolist()) == crossing


def test_an_outline_that_touches_itself_is_sound():
    dented = np.array([[0.0, 0], [40, 0], [40, 20], [22, 20], [20, 0], [18, 20], [0, 20]])
    assert is_sound(np.hstack([dented, np.zeros((7, 4))]))


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


def test_handles_of_other_segments_stay_where_one_loops():
    looped = 10 * square
    looped[:, 2:] = 0.5
    looped[0, 4:6], looped[1, 2:4] = (170, -60), (-170, -60)
    mended = mend(looped, looped[:, :2])
    others = np.ones((4, 6), dtype=bool)
    others[0, 4:6] = others[1, 2:4] = False
    assert not is_sound(looped)
    assert is_sound(mended)
    assert (mended[others] == looped[others]).all()


def test_only_keys_that_draw_a_loop_get_shorter_handles_and_no_shorter_ones_than_it_takes():
    bowed = square.copy()
    bowed[0, 4:6], bowed[1, 2:4] = (3, -2), (-3, -2)
    looped = bowed.copy()
    looped[0, 4:6], looped[1, 2:4] = (60, 30), (-60, 30)
    weights = basis(np.arange(5.0), [0, 2, 4], Interpolation.LINEAR)
    mended = mend_between(np.stack([bowed, bowed, looped]), weights, np.zeros(3, dtype=bool))
    assert (mended[0] == bowed).all()
    assert all(map(is_sound, np.einsum("tk,knc->tnc", weights, mended)))
    assert np.abs(mended[2, 0, 4:6]).min() > 1


def test_a_knot_that_strayed_goes_back_to_its_place_and_those_that_cross_nothing_stay():
    places = np.array([[0.0, 0], [20, 0], [40, 0], [40, 20], [30, 20], [10, 20], [0, 20], [-10, 10]])
    strayed = np.hstack([places, np.zeros((8, 4))])
    strayed[1, 1], strayed[7, 0] = 30, -11
    mended = mend(strayed, places)
    assert is_sound(mended)
    assert mended[1, :2] == pytest.approx(places[1])
    assert mended[7, 0] == -11


def test_where_nothing_else_helps_knots_go_in_another_order_and_all_others_stay():
    angle = np.arange(24) * (2 * np.pi / 24)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * 50
    handles = np.column_stack([-np.sin(angle), np.cos(angle)]) * 4
    circle = np.hstack([ring, -handles, handles])
    tangled = circle[[*range(5), *reversed(range(5, 11)), *range(11, 24)]]
    mended = mend(tangled, tangled[:, :2])
    assert is_sound(mended)
    assert sorted(mended[:, :2].tolist()) == sorted(ring.tolist())
    assert set(map(tuple, circle[13:22])) <= set(map(tuple, mended))
    assert polygon_area(flatten(mended)) == pytest.approx(polygon_area(flatten(circle)), rel=0.02)


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


def test_where_a_spike_crosses_it_is_drawn_as_its_neighbour_s_and_the_body_stays_its_own():
    spike = np.array([[5.0, -5], [8, -30], [12, -60], [16, -30], [19, -5]])
    body = np.array([[40.0, 0], [40, 40], [20, 45], [0, 40], [0, 0]])
    moved = np.array([30.0, 4])
    crossed = np.vstack([spike[[0, 3, 2, 1, 4]] + moved, body + moved])
    crossed[6:9] += (0, 50)
    neighbour, outline = (np.hstack([k, np.zeros((10, 4))]) for k in (np.vstack([spike, body]), crossed))
    mended = mend(outline, crossed, fallback=neighbour)
    assert is_sound(mended)
    assert (mended[6:9] == outline[6:9]).all()
    assert mended[1:4, :2] == pytest.approx(spike[1:4] + moved)


def test_a_loop_is_what_is_cut_off_and_not_what_is_left_wherever_the_outline_starts():
    fish = np.array([[0.0, 0], [40, 0], [60, 18], [60, 12], [40, 30], [0, 30]])
    outlines = np.stack([np.hstack([np.roll(fish, shift, axis=0), np.zeros((6, 4))]) for shift in range(6)])
    assert largest_loops(outlines) == pytest.approx([8] * 6, abs=8)


def test_loops_are_as_large_as_what_a_crossing_cuts_off():
    bow = np.array([[0, 0], [10, 10], [10, 0], [0, 10]], dtype=float)
    corners = np.stack([bow, bow[[0, 2, 1, 3]], bow * 2])
    loops = largest_loops(np.concatenate([corners, np.zeros((3, 4, 4))], axis=2))
    assert loops == pytest.approx([25, 0, 100], abs=1)
