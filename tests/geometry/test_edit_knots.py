"""Knots added and taken out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.bezier import Array, bernstein, control_points, outline_array
from roto_geometry.edits.knots import add_knot, nearest_place, remove_knot
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Knot, Knots, Native, ShapeKey, ShapeKind, knots_at
from roto_shared.timeline import Interpolation

HALVES = [0.0, 0.3, 1.0, 2.5, 4.0, 5.7, 9.0, 11.0]


@st.composite
def keyed_shapes(draw, count: int = 4) -> KeyedShape:
    number = st.floats(-200, 200, allow_subnormal=False)

    def knots() -> Knots:
        return tuple(Knot(*(draw(number) for _ in range(6))) for _ in range(count))

    keys = tuple(
        ShapeKey(
            frame,
            knots(),
            draw(st.sampled_from(list(Interpolation))),
            draw(st.one_of(st.none(), st.builds(knots))),
            draw(st.one_of(st.none(), st.builds(knots))),
        )
        for frame in (0.0, 4.0, 9.0)
    )
    return KeyedShape("any", keys, closed=draw(st.booleans()))


def edge(shape: KeyedShape, frame: float) -> Array:
    return control_points(outline_array(knots_at(shape, frame)), shape.closed)


def at(segments: Array, segment: int, t: Array) -> Array:
    return bernstein(t) @ segments[segment]


@given(keyed_shapes(), st.integers(0, 2), st.floats(0.05, 0.95))
def test_an_added_knot_changes_nothing_that_is_drawn_on_any_frame_or_between(shape, segment, t):
    more = add_knot(shape, segment, t)
    assert more.knot_count == shape.knot_count + 1
    s = np.linspace(0, 1, 9)
    for frame in HALVES:
        before, after = edge(shape, frame), edge(more, frame)
        assert np.abs(at(before, segment, s * t) - at(after, segment, s)).max() < 1e-6
        assert np.abs(at(before, segment, t + s * (1 - t)) - at(after, segment + 1, s)).max() < 1e-6
        untouched = [i for i in range(len(before)) if i != segment]
        assert np.abs(before[untouched] - after[[i + (i > segment) for i in untouched]]).max() < 1e-6


@given(st.lists(st.floats(3, 60), min_size=4, max_size=4), st.integers(0, 3), st.floats(0.1, 0.9))
def test_a_knot_that_was_added_goes_without_a_trace(arms, segment, t):
    corners = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)]
    ways = [(1, -1), (1, 1), (-1, 1), (-1, -1)]
    knots = tuple(
        Knot(x, y, -a * u, -a * v, a * u, a * v) for (x, y), (u, v), a in zip(corners, ways, arms, strict=True)
    )
    shape = KeyedShape("round", (ShapeKey(1.0, knots),))
    back = remove_knot(add_knot(shape, segment, t), segment + 1)
    assert np.abs(outline_array(back.keys[0].knots) - outline_array(knots)).max() < 1e-6


def test_the_last_segment_of_a_closed_shape_can_be_divided():
    square = tuple(Knot(x, y) for x, y in ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)))
    more = add_knot(KeyedShape("square", (ShapeKey(1.0, square),)), 3, 0.5)
    assert more.keys[0].knots[4][:2] == (0.0, 4.5)


def test_soft_edges_are_divided_where_they_lie():
    square = tuple(Knot(x, y) for x, y in ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)))
    soft = tuple(Knot(0.0, -3.0, -2.0, 0.0, 2.0, 0.0) for _ in square)
    shape = KeyedShape("square", (ShapeKey(1.0, square, feather=soft),))
    key = add_knot(shape, 0, 0.5).keys[0]
    assert key.feather[1][:2] == (0.0, -3.0)
    assert remove_knot(add_knot(shape, 0, 0.5), 1).keys[0].feather[0] == pytest.approx(soft[0])


@pytest.mark.parametrize("change", [lambda shape: add_knot(shape, 0, 0.5), lambda shape: remove_knot(shape, 1)])
def test_everything_but_the_knots_is_kept_and_the_hosts_own_words_too(change):
    square = tuple(Knot(x, y) for x, y in ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)))
    keys, native = (ShapeKey(1.0, square),), Native("nuke", "{curvegroup square}")
    shape = KeyedShape("square", keys, colour=(1.0, 0.5, 0.0), edited=(1.0,), native=native)
    assert replace(change(shape), keys=keys) == shape


def test_the_nearest_place_is_found():
    square = outline_array(tuple(Knot(x, y) for x, y in ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))))
    assert nearest_place(square, (10.0, 4.5)) == (1, pytest.approx(0.5, abs=0.01))


def test_what_cannot_be_divided_is_refused_in_words():
    triangle = KeyedShape("three", (ShapeKey(1.0, (Knot(0, 0), Knot(9, 0), Knot(0, 9))),))
    with pytest.raises(InputError, match="B-spline"):
        add_knot(replace(triangle, kind=ShapeKind.BSPLINE), 0, 0.5)
    with pytest.raises(InputError, match="segment 3"):
        add_knot(triangle, 3, 0.5)
    with pytest.raises(InputError, match="segment 2"):
        add_knot(replace(triangle, closed=False), 2, 0.5)
    with pytest.raises(InputError, match="already"):
        add_knot(triangle, 0, 0.0)
    with pytest.raises(InputError, match="only 3"):
        remove_knot(triangle, 0)
    with pytest.raises(InputError, match="knot 7"):
        remove_knot(triangle, 7)
