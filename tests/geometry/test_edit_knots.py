"""Knots added and taken out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.bezier import Array, bernstein, control_points, outline_array
from roto_geometry.edits.knots import add_knot, add_knot_near, nearest_place, remove_knot, remove_knot_near
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


CIRCLE = 400 / 3 * np.tan(np.pi / 16)
"""The handles that make eight knots a circle of 100 px."""


def circle(frame: float) -> Knots:
    """Eight knots on a circle that moves and grows faster and faster."""
    size, x = 1 + frame * frame / 200, frame * frame / 4
    angles = np.arange(8) * (np.pi / 4)
    centres = np.column_stack([np.cos(angles), np.sin(angles)]) * 100
    out = np.column_stack([-np.sin(angles), np.cos(angles)]) * CIRCLE
    return tuple(Knot(*row) for row in (np.hstack([centres, -out, out]) * size + [x, 0, 0, 0, 0, 0]).tolist())


def moving_circle(closed: bool = True) -> KeyedShape:
    """A circle with smooth keys whose slopes are those of its motion."""
    slopes = {f: outline_array(circle(f + 1e-3)) - outline_array(circle(f - 1e-3)) for f in (0.0, 10.0, 20.0)}
    stored = {f: tuple(Knot(*row) for row in (slope / 2e-3).tolist()) for f, slope in slopes.items()}
    halved = {f: tuple(Knot(*(0.5 * value for value in knot)) for knot in slope) for f, slope in stored.items()}
    keys = tuple(ShapeKey(f, circle(f), Interpolation.SMOOTH, stored[f], halved[f]) for f in slopes)
    return KeyedShape("circle", keys, closed=closed)


@pytest.mark.parametrize("knot", [0, 3, 7])
def test_a_knot_that_is_taken_out_of_a_circle_leaves_it_round_on_all_frames_between_smooth_keys_too(knot: int):
    was = moving_circle()
    less = remove_knot(was, knot)
    assert less.knot_count == 7
    for frame in np.arange(0, 20.5, 0.5):
        outline = outline_array(knots_at(was, frame))
        others = np.delete(outline, knot, axis=0)
        assert outline_array(knots_at(less, frame))[:, :2] == pytest.approx(others[:, :2])
        drawn = bernstein(np.linspace(0, 1, 33)) @ control_points(outline_array(knots_at(less, frame)))
        centre, radius = outline[:, :2].mean(axis=0), np.linalg.norm(outline[0, :2] - outline[4, :2]) / 2
        assert np.abs(np.linalg.norm(drawn - centre, axis=2) / radius - 1).max() < 3e-4


@pytest.mark.parametrize("knot", [0, 7])
def test_an_end_of_an_open_line_is_taken_off_and_the_rest_stays_on_all_frames(knot: int):
    was = moving_circle(closed=False)
    less = remove_knot(was, knot)
    rest = slice(1, None) if knot == 0 else slice(None, -1)
    for frame in HALVES:
        assert outline_array(knots_at(less, frame)) == pytest.approx(outline_array(knots_at(was, frame))[rest])


def test_a_corner_without_handles_is_taken_out_by_a_curve_that_comes_close_to_it():
    corners = [(0.0, 0.0), (50.0, -20.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    shape = KeyedShape("house", (ShapeKey(1.0, tuple(Knot(x, y) for x, y in corners)),))
    roof = edge(remove_knot(shape, 1), 1.0)[0]
    assert (bernstein(np.linspace(0, 1, 33)) @ roof)[:, 1].min() < -12


def test_handles_beside_a_knot_that_is_taken_out_never_turn_back():
    knots = (Knot(0, 0, 9, 9, 0, -10), Knot(50, 100, -20, 0, 20, 0), Knot(100, 0, 0, -10, -9, 9), Knot(50, -60))
    less = remove_knot(KeyedShape("bag", (ShapeKey(1.0, knots),)), 1).keys[0].knots
    assert (less[0].out_x, less[1].in_x) == (0.0, 0.0)
    assert max(less[0].out_y, less[1].in_y) <= 0.0


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
    assert nearest_place(square, (10.0, 8.5))[1] > 0.6
    assert nearest_place(square, (-1.0, 3.0)) == (3, pytest.approx(0.6, abs=0.1))
    assert nearest_place(square, (-1.0, 3.0), closed=False)[0] == 0


def test_a_knot_is_added_and_taken_out_where_it_is_pointed_at():
    square = KeyedShape(
        "square", (ShapeKey(1.0, tuple(Knot(x, y) for x, y in ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)))),)
    )
    outline = outline_array(square.keys[0].knots)
    more = add_knot_near(replace(square, closed=False), outline, (1.5, 3.0))
    assert (more.keys[0].knots[1].y, more.knot_count) == (0.0, 5)
    less = remove_knot_near(square, outline, (8.0, 10.0))
    assert [knot[:2] for knot in less.keys[0].knots] == [(0.0, 0.0), (9.0, 0.0), (0.0, 9.0)]


def test_what_cannot_be_divided_is_refused_in_words():
    triangle = KeyedShape("three", (ShapeKey(1.0, (Knot(0, 0), Knot(9, 0), Knot(0, 9))),))
    with pytest.raises(InputError, match="B-spline"):
        add_knot(replace(triangle, kind=ShapeKind.BSPLINE), 0, 0.5)
    with pytest.raises(InputError, match="segment 3"):
        add_knot(triangle, 3, 0.5)
    with pytest.raises(InputError, match="segment 2"):
        add_knot(replace(triangle, closed=False), 2, 0.5)
    with pytest.raises(InputError, match="segment -1"):
        add_knot(triangle, -1, 0.5)
    for t in (0.0, 1.0):
        with pytest.raises(InputError, match="already"):
            add_knot(triangle, 0, t)
    with pytest.raises(InputError, match="only 3"):
        remove_knot(triangle, 0)
    for knot in (-1, 7):
        with pytest.raises(InputError, match=f"knot {knot}"):
            remove_knot(triangle, knot)
