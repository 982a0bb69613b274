"""The exact-area rasteriser."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.bezier import flatten, polygon_area
from roto_geometry.measure.coverage import coverage, window

points = st.tuples(st.floats(0, 24), st.floats(0, 16))
far_points = st.tuples(st.floats(-90, 90), st.floats(-90, 90))


@given(st.lists(points, min_size=3, max_size=3))
def test_the_sum_of_coverage_is_a_triangle_s_area(corners):
    polygon = np.array(corners)
    assert coverage([polygon], 24, 16).sum(dtype=float) == pytest.approx(abs(polygon_area(polygon)), abs=1e-5)


@given(st.lists(points, min_size=3, max_size=12))
def test_what_runs_round_the_other_way_takes_away_what_it_covers(corners):
    polygon = np.array(corners)
    assert coverage([polygon, polygon[::-1]], 24, 16).max() < 1e-6


@given(st.lists(far_points, min_size=3, max_size=8))
def test_what_leaves_the_picture_on_any_side_does_not_change_what_is_inside(corners):
    polygon = np.array(corners)
    wide = coverage([polygon + 100], 200, 200)[100:116, 100:124]
    assert coverage([polygon], 24, 16) == pytest.approx(wide, abs=1e-6)


@given(st.lists(st.lists(far_points, min_size=3, max_size=8).map(np.array), max_size=3))
def test_nothing_is_drawn_outside_of_the_window_and_the_same_inside(polygons):
    (left, top), (width, height) = corner, room = window(polygons, 24, 16)
    whole = coverage(polygons, 24, 16)
    inside = coverage([polygon - corner for polygon in polygons], *room)
    assert inside == pytest.approx(whole[top : top + height, left : left + width], abs=1e-6)
    assert inside.sum() == pytest.approx(whole.sum(), abs=1e-4)


@pytest.mark.parametrize(
    ("margin", "corner", "size"), [(0, (3, 8), (5, 3)), (2, (1, 6), (9, 7)), (9, (0, 0), (17, 16))]
)
def test_the_window_has_its_margin_as_far_as_the_picture_goes(margin, corner, size):
    found, room = window([np.array([[3.5, 8.5], [7.5, 8.5], [7.5, 10.5]])], 24, 16, margin)
    assert (tuple(found), room) == (corner, size)


def test_what_is_covered_twice_is_covered_whole():
    square = np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]])
    assert coverage([square, square], 4, 4).max() == 1


def test_a_half_covered_pixel_is_one_half():
    assert coverage([np.array([[1.0, 1.0], [3.0, 1.0], [3.0, 1.5], [1.0, 1.5]])], 4, 3)[1].tolist() == [0, 0.5, 0.5, 0]


def test_loops_of_opposite_direction_cut_holes():
    outer = np.array([[0.0, 0.0], [6, 0], [6, 6], [0, 6]])
    inner = outer[::-1] / 3 + 2
    assert coverage([outer, inner], 6, 6).sum() == pytest.approx(32)


def test_nothing_is_drawn_of_no_polygon_or_one_outside():
    assert not coverage([], 5, 4).any()
    assert not coverage([np.array([[9.0, 1], [12, 1], [12, 3]])], 5, 4).any()


def test_a_circle_of_four_cubics_has_the_area_of_a_circle():
    handle = 4 / 3 * (math.sqrt(2) - 1) * 10
    spokes = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
    across = np.array([[0.0, 1], [-1, 0], [0, -1], [1, 0]]) * handle
    outline = np.hstack([spokes * 10 + 16, -across, across])
    assert coverage([flatten(outline, 0.001)], 32, 32).sum() == pytest.approx(math.pi * 100, rel=5e-4)
