"""Where layers put their children."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_shared.placement import (
    corner_points,
    matrix_at,
    placed_knots_at,
    placed_shapes,
    placement_at,
    placement_from_values,
    placement_matrix,
    placement_values,
)
from roto_shared.shapes import (
    IDENTITY,
    KeyedShape,
    Knot,
    Layer,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
)
from roto_shared.space import apply
from roto_shared.timeline import Interpolation

SIZE = (640.0, 480.0)
SHAPE = KeyedShape("a", (ShapeKey(1.0, (Knot(100.0, 50.0, -10.0, 4.0, 6.0, 10.0),)),))


def test_nothing_set_moves_nothing():
    assert placement_matrix(Transform(), *SIZE) == IDENTITY
    assert matrix_at((), 7.0, *SIZE) == IDENTITY
    assert placement_at((), 7.0) == Transform()


def test_a_smooth_track_follows_the_slopes_that_it_was_given():
    steep = placement_values(Transform(translate=(3.0, 0.0), scale=(0.0, 0.0), matrix=(0.0,) * 9))
    flat = placement_values(Transform(scale=(0.0, 0.0), matrix=(0.0,) * 9))
    keys = (
        TransformKey(0.0, Transform(), Interpolation.SMOOTH, slope_out=steep),
        TransformKey(2.0, Transform(translate=(4.0, 8.0)), Interpolation.SMOOTH, slope_in=flat),
    )
    halfway = placement_at(keys, 1.0)
    assert halfway.translate == pytest.approx((2.0 + 3.0 * 2 / 8, 4.0))
    assert (halfway.scale, halfway.matrix) == ((1.0, 1.0), IDENTITY)


def test_turning_is_clockwise_on_screen_about_the_pivot():
    matrix = placement_matrix(Transform(rotate=90.0, pivot=(100.0, 100.0)), *SIZE)
    assert apply(matrix, (150.0, 100.0)) == pytest.approx((100.0, 150.0))


def test_scale_comes_before_skew_before_turn_before_translation():
    transform = Transform((1.0, 2.0), 90.0, (2.0, 3.0), 0.5)
    scaled = (2.0 * 10, 3.0 * 20)
    skewed = (scaled[0] + 0.5 * scaled[1], scaled[1])
    turned = (-skewed[1], skewed[0])
    assert apply(placement_matrix(transform, *SIZE), (10.0, 20.0)) == pytest.approx((turned[0] + 1, turned[1] + 2))


def test_pins_come_after_everything_but_the_matrix():
    pins = tuple((x + 5, y - 3) for x, y in corner_points(*SIZE))
    transform = Transform((10.0, 0.0), pins=pins, matrix=(2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))  # type: ignore[arg-type]
    assert apply(placement_matrix(transform, *SIZE), (0.0, 0.0)) == pytest.approx((30.0, -3.0))


@given(st.lists(st.floats(-50, 50), min_size=17, max_size=17), st.booleans())
def test_a_transform_goes_through_its_numbers(numbers, pinned):
    values = (*numbers, *(range(8) if pinned else ()))
    assert placement_values(placement_from_values(values)) == values


def test_every_part_runs_on_its_own_between_keys():
    keys = (
        TransformKey(1.0, Transform((0.0, 0.0), 0.0, (1.0, 1.0))),
        TransformKey(3.0, Transform((10.0, 20.0), 90.0, (2.0, 1.0))),
    )
    assert placement_at(keys, 2.0) == Transform((5.0, 10.0), 45.0, (1.5, 1.0))


def test_a_held_placement_waits_for_the_next_key():
    keys = (TransformKey(1.0, Transform(), Interpolation.HOLD), TransformKey(3.0, Transform((9.0, 0.0))))
    assert placement_at(keys, 2.9).translate == (0.0, 0.0)


def moved(x: float, y: float, *children, **fields) -> Layer:
    return Layer("l", children, (TransformKey(1.0, Transform((x, y))),), **fields)


def test_parents_carry_down_and_hidden_layers_show_nothing():
    tree = (moved(1.0, 0.0, moved(0.0, 2.0, SHAPE), SHAPE), moved(9.0, 9.0, SHAPE, visible=False))
    placed = list(placed_shapes(ShapeDocument(640, 480, tree), 1.0))
    assert [placed_knots_at(shape, matrix, 1.0)[0][:2] for shape, matrix in placed] == [(101.0, 52.0), (101.0, 50.0)]


def test_tangents_are_carried_as_points():
    matrix = placement_matrix(Transform(rotate=90.0, scale=(2.0, 2.0)), *SIZE)
    (knot,) = placed_knots_at(SHAPE, matrix, 1.0)
    assert knot == pytest.approx((-100.0, 200.0, -8.0, -20.0, -20.0, 12.0))


def test_a_shape_that_nothing_places_keeps_its_very_knots():
    assert placed_knots_at(SHAPE, IDENTITY, 1.0) == SHAPE.keys[0].knots


def test_a_shapes_own_placement_is_innermost():
    own = KeyedShape("a", SHAPE.keys, transform=(TransformKey(1.0, Transform(rotate=180.0)),))
    ((shape, matrix),) = placed_shapes(ShapeDocument(640, 480, (moved(10.0, 0.0, own),)), 1.0)
    (knot,) = placed_knots_at(shape, matrix, 1.0)
    assert math.dist(knot[:2], (-90.0, -50.0)) < 1e-9
