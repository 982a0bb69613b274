"""How a held outline goes on along the contours of neighbouring frames."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_geometry.arclength import Contour
from roto_geometry.bezier import flatten, polygon_area
from roto_geometry.edits.follow import Pin, follow, turned


def ellipse(shift: float = 0.0, radii: tuple[float, float] = (40.0, 25.0), turn: float = 0.0) -> Contour:
    angle = np.arange(240) * (np.pi / 120)
    points = np.column_stack([radii[0] * np.cos(angle), radii[1] * np.sin(angle)])
    c, s = np.cos(turn), np.sin(turn)
    return Contour(points @ np.array([[c, s], [-s, c]]) + [100 + shift, 80])


def outline(contour: Contour, places: np.ndarray) -> np.ndarray:
    """An outline through places of a contour, with handles along it."""
    span = np.diff(places, append=places[0] + contour.length) / 3
    centre = contour.at(places)
    into, out = contour.at(places - np.roll(span, 1)), contour.at(places + span)
    return np.hstack([centre, into - centre, out - centre])


EVEN = np.arange(6) * (ellipse().length / 6) + 3


@given(st.floats(-0.6, 0.6), st.floats(0.8, 1.25), st.sampled_from([0.0, 5.0]))
def test_knots_keep_their_order_on_a_shape_that_moves_turns_and_grows(turn, growth, fade):
    start = ellipse()
    later = [ellipse(4 * i, (40 * growth, 25 * growth), turn * i / 3) for i in (1, 2, 3)]
    for goal in follow([1, 2, 3], later, Pin(0, outline(start, EVEN), start, fade), None):
        assert (np.diff(goal.positions) > 0).all()
        assert goal.positions[-1] - goal.positions[0] < goal.contour.length


@given(st.floats(0.8, 1.25))
def test_knots_keep_their_places_on_a_shape_that_moves_and_grows(growth):
    start = ellipse()
    later = [ellipse(4 * i, (40 * growth, 25 * growth)) for i in (1, 2, 3)]
    last = follow([1, 2, 3], later, Pin(0, outline(start, EVEN), start), None)[-1]
    off = np.mod(last.positions - EVEN * growth + 50, last.contour.length) - 50
    assert off == pytest.approx(np.zeros(6), abs=4)


@pytest.mark.parametrize("turn", [0.0, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("slide", [8.0, -8.0])
def test_between_two_pins_places_run_from_those_of_one_to_those_of_the_other(turn: float, slide: float):
    still = ellipse()
    start = EVEN + turn * still.length
    slid = start + slide
    pins = [Pin(0, outline(still, start), still), Pin(4, outline(still, slid), still)]
    goals = follow([1, 2, 3], [still] * 3, *pins)
    for share, goal in zip((0.25, 0.5, 0.75), goals, strict=True):
        off = np.mod(goal.positions - start + 50, still.length) - 50
        assert off == pytest.approx(np.full(6, slide * share), abs=2)


@pytest.mark.parametrize("turn", [0.0, 0.3, 0.5, 0.99])
def test_what_lies_off_the_mask_fades_out_and_leaves_the_contour_itself(turn: float):
    still, wider = ellipse(), ellipse(radii=(46.0, 31.0))
    drawn = outline(wider, EVEN * wider.length / still.length + turn * wider.length)
    goals = follow(range(1, 6), [still] * 5, Pin(0, drawn, still, 4), None)
    growth = polygon_area(flatten(drawn)) - still.area
    grown = [(goal.contour.area - still.area) / growth for goal in goals]
    assert grown[:3] == pytest.approx([0.75, 0.5, 0.25], abs=0.06)
    assert [goal.contour is still for goal in goals] == [False, False, False, True, True]
    for goal in goals[:3]:
        assert goal.shown is not None
        moved, shown = (each.contour.at(each.positions) - (100, 80) for each in (goal, goal.shown))
        across = moved[:, 0] * shown[:, 1] - moved[:, 1] * shown[:, 0]
        assert np.abs(across / np.linalg.norm(shown, axis=1)).max() < 2


@pytest.mark.parametrize("is_first", [True, False])
def test_what_lies_off_the_mask_has_faded_out_where_another_outline_is_held(is_first: bool):
    still, wider = ellipse(), ellipse(radii=(46.0, 31.0))
    off = Pin(0 if is_first else 4, outline(wider, EVEN * wider.length / still.length), still, 100)
    on = Pin(4 if is_first else 0, outline(still, EVEN), still)
    goals = follow([1, 2, 3], [still] * 3, *((off, on) if is_first else (on, off)))
    growth = polygon_area(flatten(off.outline)) - still.area
    grown = [(goal.contour.area - still.area) / growth for goal in goals]
    assert grown == pytest.approx([0.75, 0.5, 0.25] if is_first else [0.25, 0.5, 0.75], abs=0.06)


def test_an_offset_from_a_wrong_mask_moves_on_with_the_shape_as_it_is():
    wrong, right = ellipse(radii=(55.0, 25.0)), ellipse()
    moved = ellipse(10, (55.0, 25.0))
    (goal,) = follow([1], [moved], Pin(0, outline(right, EVEN), wrong, 1e9), None)
    away = np.linalg.norm(goal.contour.points[:, None] - ellipse(10).points[None], axis=2).min(axis=1)
    assert away.max() < 3


def test_vectors_turn_and_grow_with_what_they_stand_on():
    square = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    turned_square = np.array([[0.0, 0], [0, 20], [-20, 20], [-20, 0]]) + 300
    assert turned(np.array([[1.0, 0.0]]), square, turned_square) == pytest.approx(np.array([[0.0, 2.0]]))
