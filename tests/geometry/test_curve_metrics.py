"""Figures of keyed shapes against masks."""

from dataclasses import replace

import numpy as np
import pytest

from roto_geometry.measure.curve_metrics import score_curves
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Knot, Layer, Lifetime, ShapeDocument, ShapeKey, Transform, TransformKey

SIZE = (64, 48)


def box(x: float, frame: float = 1) -> ShapeKey:
    return ShapeKey(frame, tuple(Knot(*corner) for corner in [(x, 8), (x + 20, 8), (x + 20, 28), (x, 28)]))


def filled(x: int) -> np.ndarray:
    mask = np.zeros((48, 64), bool)
    mask[8:28, x : x + 20] = True
    return mask


def document(*children: KeyedShape | Layer) -> ShapeDocument:
    return ShapeDocument(*SIZE, children, 1, 5)


MASKS = [(frame, filled(8 + 2 * frame)) for frame in range(1, 6)]
MOVING = KeyedShape("box", (box(10), box(18, 5)), lifetime=Lifetime(1, 5))


def test_a_perfect_shape_has_perfect_figures():
    figures = score_curves(document(MOVING), MASKS)
    assert (figures.iou, figures.f2, figures.f1) == (1, 1, 1)
    assert figures.boundary_max_px < 0.5
    assert (figures.self_intersections, figures.orientation_flips, figures.point_count_changes) == (0, 0, 0)
    assert figures.jitter_px == pytest.approx(0, abs=1e-9)


def test_points_values_keys_and_lives_are_counted():
    figures = score_curves(document(MOVING), MASKS)
    assert (figures.points_per_frame, figures.stored_values) == (4, 48)
    assert figures.key_ratio == pytest.approx(2 / 5)
    assert (figures.shapes, figures.shapes_above_300, figures.median_life) == (1, 1, 5)


def test_transform_keys_are_stored_values_too():
    layer = Layer("layer", (MOVING,), tuple(TransformKey(frame, Transform()) for frame in range(1, 6)))
    assert score_curves(document(layer), MASKS).stored_values == 48 + 30


def test_an_edge_two_pixels_off_is_two_pixels_away():
    figures = score_curves(document(replace(MOVING, keys=(box(12), box(20, 5)))), MASKS)
    assert figures.boundary_p95_px == pytest.approx(2, abs=0.05)
    assert figures.iou == pytest.approx(18 / 22, abs=1e-6)
    assert figures.f1 < figures.f2


def test_crossings_and_flips_are_counted_by_frame():
    corners = box(10).knots
    crossed = KeyedShape("crossed", (replace(box(10), knots=tuple(corners[i] for i in (0, 2, 1, 3))),))
    assert score_curves(document(crossed), MASKS).self_intersections == 5
    flipping = KeyedShape("flipping", (box(10), replace(box(10, 5), knots=corners[::-1])))
    assert score_curves(document(flipping), MASKS).orientation_flips > 0


def test_slide_is_motion_along_the_edge_that_the_picture_does_not_have():
    still = np.zeros((48, 64, 2), np.float32)
    same = np.broadcast_to(np.array([2.0, 0.0], np.float32), (48, 64, 2))
    assert score_curves(document(MOVING), MASKS, flow=lambda _: same).slide_p95_px == pytest.approx(0, abs=1e-6)
    assert score_curves(document(MOVING), MASKS).slide_p95_px is None
    round_box = replace(MOVING, keys=tuple(_with_handles(key) for key in MOVING.keys))
    assert (score_curves(document(round_box), MASKS, flow=lambda _: still).slide_p95_px or 0) > 1


def test_sharp_knots_that_run_along_a_still_edge_slide():
    still = np.zeros((48, 64, 2), np.float32)
    corners = [(8, 8), (18, 8), (28, 8), (28, 28), (8, 28)]
    keys = [ShapeKey(f, tuple(Knot(x + (f - 1 if x == 18 else 0), y) for x, y in corners)) for f in (1.0, 5.0)]
    figures = score_curves(document(KeyedShape("edge", tuple(keys))), MASKS, flow=lambda _: still)
    assert figures.slide_median_px == pytest.approx(0, abs=1e-9)
    assert figures.slide_p95_px == pytest.approx(1, abs=0.1)


def test_knots_on_the_border_do_not_count_as_sliding():
    still = np.zeros((48, 64, 2), np.float32)
    leaving = KeyedShape("leaving", (box(50), box(58, 5)))
    assert score_curves(document(leaving), MASKS, flow=lambda _: still).slide_median_px == pytest.approx(2**0.5)
    gone = KeyedShape("gone", (box(64.5), box(72.5, 5)))
    assert score_curves(document(gone), MASKS, flow=lambda _: still).slide_median_px == 0


def test_a_knot_on_a_turning_disc_does_not_slide_where_the_disc_turns_with_it():
    centre, radius, turn = np.array([32.0, 24.0]), 15.0, 0.1
    y, x = np.mgrid[:48, :64] + 0.5 - centre[::-1, None, None]
    around = np.stack([x * np.cos(turn) - y * np.sin(turn) - x, x * np.sin(turn) + y * np.cos(turn) - y], axis=-1)
    shape = KeyedShape("disc", tuple(_turned_disc(centre, radius, turn * frame, frame) for frame in range(1, 6)))
    turning = score_curves(document(shape), MASKS, flow=lambda _: around.astype(np.float32))
    assert (turning.slide_p95_px or 0) < 0.1
    still = score_curves(document(shape), MASKS, flow=lambda _: np.zeros((48, 64, 2), np.float32))
    assert still.slide_median_px == pytest.approx(radius * np.sin(turn), abs=1e-6)


def test_an_open_spline_counts_by_its_knots_and_life():
    line = tuple(ShapeKey(frame, (Knot(10, 10), Knot(30, 20), Knot(50, 10))) for frame in (1.0, 5.0))
    figures = score_curves(document(KeyedShape("string", line, closed=False, width_px=2.0)), MASKS)
    assert (figures.points_per_frame, figures.key_ratio) == (3, pytest.approx(2 / 5))
    assert (figures.self_intersections, figures.orientation_flips) == (0, 0)


def test_only_the_named_layer_is_scored():
    mine, other = Layer("mine", (MOVING,)), Layer("other", (replace(MOVING, keys=(box(40),)),))
    assert score_curves(document(other, mine), MASKS, within=mine).iou == 1


def test_missing_or_misfitting_masks_are_refused():
    with pytest.raises(InputError):
        score_curves(document(MOVING), [])
    with pytest.raises(InputError, match="frame 3"):
        score_curves(document(MOVING), [(3, np.zeros((4, 4)))])


def _with_handles(key: ShapeKey) -> ShapeKey:
    return replace(key, knots=tuple(knot._replace(in_x=-3.0, out_x=3.0) for knot in key.knots))


def _turned_disc(centre: np.ndarray, radius: float, angle: float, frame: int) -> ShapeKey:
    spokes = angle + np.arange(8) * np.pi / 4
    out = np.column_stack([np.cos(spokes), np.sin(spokes)])
    handle = radius * 4 / 3 * np.tan(np.pi / 16) * np.column_stack([-out[:, 1], out[:, 0]])
    rows = np.hstack([centre + radius * out, -handle, handle]).tolist()
    return ShapeKey(float(frame), tuple(Knot(*row) for row in rows))
