"""Outlines through contours by least squares."""

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.bezier import flatten
from roto_geometry.fit.curvefit import SAMPLES, fit_outlines, solve_cyclic

PICTURE = (200.0, 200.0)
CENTRE, RADIUS = 100.0, 60.0


def ring(bump_px: float = 0.0, centre: float = CENTRE) -> Contour:
    """A circle, clockwise from its right; ``bump_px`` is how far it bulges at its upper left."""
    angle = np.arange(720) * (2 * np.pi / 720)
    radius = RADIUS + bump_px * np.exp(-(((angle - 1.25 * np.pi) / 0.2) ** 2))
    return Contour(centre + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def box(side_px: float = 120.0) -> Contour:
    """A square, clockwise from its upper left corner."""
    along, far = np.linspace(0, side_px, 100, endpoint=False), np.full(100, side_px)
    sides = [(along, 0 * far), (far, along), (side_px - along, far), (0 * far, side_px - along)]
    return Contour(CENTRE - side_px / 2 + np.vstack([np.column_stack(pair) for pair in sides]))


def even(contour: Contour, knots: int) -> np.ndarray:
    return np.arange(knots) * (contour.length / knots)


def off_ring(outline: np.ndarray) -> np.ndarray:
    return np.abs(np.hypot(*(flatten(outline, 0.01) - CENTRE).T) - RADIUS)


def bend(outline: np.ndarray) -> np.ndarray:
    """The sine of the angle between both handles of each knot."""
    before, after = outline[:, 2:4], outline[:, 4:6]
    across = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return np.abs(across) / np.hypot(*before.T) / np.hypot(*after.T)


SMOOTH = np.zeros(4, bool)


def test_four_knots_draw_a_circle_with_the_handles_that_one_has():
    (outline,) = fit_outlines([ring()], even(ring(), 4)[None], SMOOTH, PICTURE)
    assert off_ring(outline).max() < 0.06
    assert np.hypot(*outline[:, 2:4].T) == pytest.approx(4 / 3 * (np.sqrt(2) - 1) * RADIUS, rel=0.01)
    assert bend(outline).max() < 0.02


def test_corners_may_bend():
    (sharp,) = fit_outlines([box()], even(box(), 4)[None], ~SMOOTH, PICTURE)
    assert np.abs(sharp[:, :2] - [[40, 40], [160, 40], [160, 160], [40, 160]]).max() < 0.5
    assert bend(sharp).min() > 0.9


def test_a_smooth_knot_bends_less_where_little_contour_says_so():
    small = box(side_px=4.0)
    (mixed,) = fit_outlines([small], even(small, 4)[None], np.array([True, False, True, True]), PICTURE)
    assert bend(mixed)[1] < 0.6 < 0.95 < bend(mixed)[[0, 2, 3]].min()


def test_a_stretch_that_does_not_matter_moves_nothing():
    bumped, places = ring(bump_px=12.0), even(ring(), 4)[None]
    weight = np.ones((1, 4, SAMPLES))
    weight[0, 2] = 0.0
    (taken,) = fit_outlines([bumped], places, SMOOTH, PICTURE)
    (left,) = fit_outlines([bumped], places, SMOOTH, PICTURE, weight=weight)
    assert off_ring(left).max() < 1.5 < 5 < off_ring(taken).max()


@pytest.mark.parametrize("side", [1, -1])
def test_what_lies_beyond_the_picture_counts_little(side):
    bumped, places = ring(bump_px=12.0), even(ring(), 4)[None]
    (inside,) = fit_outlines([bumped], places, SMOOTH, PICTURE)
    (beyond,) = fit_outlines([Contour(CENTRE + side * (bumped.points - 70 - CENTRE))], places, SMOOTH, PICTURE)
    beyond[:, :2] -= CENTRE
    beyond = side * beyond
    beyond[:, :2] += CENTRE + 70
    assert off_ring(beyond).max() < off_ring(inside).max() - 1
    assert np.abs(beyond[:2, :2] - CENTRE).max() == pytest.approx(RADIUS, abs=0.5)


def test_over_time_knots_keep_their_places_and_on_one_frame_they_slide_to_where_they_serve():
    contour = box()
    places = even(contour, 4) + 12
    (alone,) = fit_outlines([contour], places[None], ~SMOOTH, PICTURE)
    held = fit_outlines([contour, contour], np.stack([places, places]), ~SMOOTH, PICTURE)
    wanted = contour.at(places)
    strays = [np.linalg.norm(outline[:, :2] - wanted, axis=1).mean() for outline in (alone, held[0])]
    assert strays[1] < 0.8 * strays[0]
    assert held[0] == pytest.approx(held[1])


@pytest.mark.parametrize("knots", [3, 6])
def test_the_cyclic_solver_solves_what_a_dense_one_does(knots):
    frames, k = 2, 3
    random = np.random.default_rng(knots)
    diagonal = random.normal(size=(frames, knots, k, k))
    diagonal = diagonal @ diagonal.swapaxes(-1, -2) + 9 * np.eye(k)
    upper, side = random.normal(size=(frames, knots, k, k)), random.normal(size=(frames, knots, k))
    whole = np.zeros((frames, knots, k, knots, k))
    for knot in range(knots):
        after = (knot + 1) % knots
        whole[:, knot, :, knot] += diagonal[:, knot]
        whole[:, knot, :, after] += upper[:, knot]
        whole[:, after, :, knot] += upper[:, knot].swapaxes(-1, -2)
    dense = np.linalg.solve(whole.reshape(frames, knots * k, knots * k), side.reshape(frames, -1, 1))
    assert solve_cyclic(diagonal, upper, side) == pytest.approx(dense.reshape(side.shape))
