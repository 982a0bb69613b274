"""Pixels of the programs we speak to, and the plane geometry under layers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_shared.shapes import IDENTITY
from roto_shared.space import (
    NukeSpace,
    SilhouetteSpace,
    apply,
    fit_proxy,
    invert,
    multiply,
    pin_matrix,
    translation,
)

COORDINATE = st.floats(-5000, 5000)
CORNERS = ((0.0, 0.0), (640.0, 0.0), (640.0, 480.0), (0.0, 480.0))


def test_nukes_origin_is_the_bottom_left_corner_without_half_a_pixel():
    space = NukeSpace(1080)
    assert space.point(0.0, 0.0) == (0.0, 1080.0)
    assert space.point(0.5, 1079.5) == (0.5, 0.5)
    assert space.offset(3.0, 4.0) == (3.0, -4.0)


@given(COORDINATE, COORDINATE)
def test_the_way_to_nuke_is_its_own_way_back(x, y):
    space = NukeSpace(1081)
    assert space.point(*space.point(x, y)) == pytest.approx((x, y), abs=1e-9)
    assert space.offset(*space.offset(x, y)) == (x, y)


def test_silhouettes_unit_is_the_height_from_the_centre():
    space = SilhouetteSpace(1920, 1080)
    assert space.to_file(960.0, 540.0) == (0.0, 0.0)
    assert space.to_file(960.0 + 270.0, 540.0) == (0.25, 0.0)
    assert space.to_file(960.0, 0.0) == (0.0, -0.5)


def test_silhouette_widens_x_by_the_pixel_aspect():
    assert SilhouetteSpace(1828, 1556, 2.0).to_file(914.0 + 389.0, 778.0 + 389.0) == (0.5, 0.25)


@given(COORDINATE, COORDINATE, st.sampled_from([0.9091, 1.0, 2.0]))
def test_the_way_to_silhouette_leads_back(x, y, aspect):
    space = SilhouetteSpace(1921, 1079, aspect)
    assert space.from_file(*space.to_file(x, y)) == pytest.approx((x, y), abs=1e-8)


def test_a_product_applies_its_right_side_first():
    double = (2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0)
    assert apply(multiply(double, translation(1.0, 0.0)), (3.0, 5.0)) == (8.0, 10.0)


def test_unmoved_pins_move_nothing():
    assert pin_matrix(CORNERS, 640, 480) == pytest.approx(IDENTITY, abs=1e-12)


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8))
def test_pins_take_the_pictures_corners_exactly_where_they_stand(shifts):
    pins = [(x + shifts[2 * i], y + shifts[2 * i + 1]) for i, (x, y) in enumerate(CORNERS)]
    matrix = pin_matrix(pins, 640, 480)
    for corner, pin in zip(CORNERS, pins, strict=False):
        assert apply(matrix, corner) == pytest.approx(pin, abs=1e-6)


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8))
def test_an_inverse_undoes_a_homography(shifts):
    matrix = pin_matrix([(x + shifts[2 * i], y + shifts[2 * i + 1]) for i, (x, y) in enumerate(CORNERS)], 640, 480)
    assert multiply(invert(matrix), matrix) == pytest.approx(IDENTITY, abs=1e-5)
    assert apply(invert(matrix), apply(matrix, (123.0, 45.0))) == pytest.approx((123.0, 45.0), abs=1e-5)


def test_what_has_no_inverse_is_refused():
    with pytest.raises(ZeroDivisionError):
        invert((1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0))


@given(st.integers(1, 8192), st.integers(1, 8192), st.integers(1, 2048))
def test_a_proxy_fits_its_limit_and_is_never_empty_or_larger(width, height, limit):
    small = fit_proxy(width, height, limit)
    assert min(small) >= 1
    assert max(small) <= max(limit, 1)
    assert small[0] <= width
    assert small[1] <= height
    assert math.isclose(small[0] * height, small[1] * width, abs_tol=max(width, height))
