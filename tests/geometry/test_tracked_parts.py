"""Subjects that bend, drawn in parts."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from roto_daemon.backends.base import Image
from roto_daemon.motion.points import PlateMotion
from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, polygon_area
from roto_geometry.fitting import FitResult, fit_shapes, fitted_document
from roto_geometry.guards import crossing_edges
from roto_geometry.measure.curve_metrics import score_curves
from roto_geometry.measure.raster import rasterise
from roto_geometry.parts.bending import moved
from roto_geometry.parts.cutting import Part, cut_at_necks
from roto_geometry.parts.lives import PartLife
from roto_geometry.parts.loops import Loops, sample_parts
from roto_geometry.parts.naming import part_names
from roto_geometry.parts.remainder import remainder
from roto_geometry.parts.snapping import snapped
from roto_geometry.settings import FitSettings
from roto_geometry.trace.contour import trace
from roto_shared.shapes import Layer
from roto_shared.timeline import Interpolation

SIZE = (240, 200)


def test_a_figure_with_arms_is_cut_at_its_shoulders() -> None:
    parts = cut_at_necks(_outline(_figure(0.4)), 8).parts
    assert len(parts) == 3
    areas = sorted(polygon_area(part.points) for part in parts)
    assert areas[-1] > 4 * areas[-2]


def test_a_blob_stays_one_part() -> None:
    assert len(cut_at_necks(_outline(_ellipse((120, 100), (60, 40), 20)), 8).parts) == 1


def test_no_more_parts_are_cut_than_asked_for() -> None:
    assert len(cut_at_necks(_outline(_figure(0.4)), 2).parts) == 2


def test_parts_cover_the_silhouette_and_stay_inside_it() -> None:
    mask = _figure(0.2)
    union = np.zeros_like(mask)
    for part in cut_at_necks(_outline(mask), 8).parts:
        union |= _filled(part.points)
    assert np.count_nonzero(mask & ~union) < 0.01 * np.count_nonzero(mask)
    assert np.count_nonzero(union & ~_grown(mask)) < 0.01 * np.count_nonzero(mask)


def test_parts_are_called_by_their_place() -> None:
    names = part_names(cut_at_necks(_outline(_figure(0.0)), 8))
    assert sorted(names) == ["body", "left limb", "right limb"]


@given(seed=st.integers(0, 2**16), strength=st.floats(0, 60))
def test_a_move_never_folds_an_outline(seed: int, strength: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.column_stack([np.cos(turn), np.sin(turn)]) * (40, 25)
    move = np.random.default_rng(seed).normal(0, strength, ring.shape)
    result = moved(Loops((48,), np.zeros(48, bool)), ring, move)
    assert not len(crossing_edges(result))
    assert polygon_area(result) > 0


def test_arms_that_swing_are_layers_of_their_own_with_few_keys() -> None:
    result, whole = (_swinging(FitSettings(parts=wanted)) for wanted in (True, False))
    layers = [child for child in result.layer.children if isinstance(child, Layer)]
    arms = [child for layer in layers for child in layer.children if "limb" in child.name]
    assert len(arms) == 2
    assert len(result.shapes) == 3
    assert all(any(word in shape.name for shape in result.shapes) for word in ("body", "left limb", "right limb"))
    assert all(len(shape.keys) <= 3 for shape in arms)
    assert _knots_on_keys(result) < 0.25 * _knots_on_keys(whole)
    assert result.mean_iou > 0.98


def test_parts_leave_less_to_edit_than_the_outline() -> None:
    parts, whole = (_swinging(FitSettings(parts=wanted)) for wanted in (True, False))
    assert _knots_on_keys(parts) < 0.9 * _knots_on_keys(whole)
    assert parts.mean_iou > whole.mean_iou - 0.01


def test_a_limb_that_shows_for_a_while_is_a_shape_for_that_time() -> None:
    leg, tail = _line((120, 140), (120, 190), 13), _line((120, 60), (120, 16), 9)
    result = fit_shapes(
        [(frame, _swung(frame) | (tail if 4 <= frame < 9 else leg & (frame > 14))) for frame in range(36)],
        FitSettings(parts=True),
    )
    tails = [shape for shape in result.shapes if shape.name.startswith("upper piece")]
    assert [(shape.lifetime.first, shape.lifetime.last) for shape in tails] == [(4, 8)]
    assert any(shape.name.startswith("lower limb") for shape in result.shapes)
    assert result.mean_iou > 0.98


def test_parts_that_lag_are_brought_onto_the_edge_of_the_mask() -> None:
    mask = _figure(0.5)
    lagging = [_life(part) for part in cut_at_necks(_outline(_figure(0.4)), 8).parts]
    union = np.logical_or.reduce([_filled(part.points[0]) for part in snapped(lagging, 0, [_outline(mask)], SIZE)])
    assert np.count_nonzero(union & ~_grown(mask)) == 0
    assert np.count_nonzero(mask & ~_grown(union)) < 0.005 * np.count_nonzero(mask)


def test_what_no_part_covers_is_followed_as_pieces() -> None:
    contours = [_outline(_figure(0.1 * frame, 0.05 * frame)) for frame in range(6)]
    body = max((_life(part, 6) for part in cut_at_necks(contours[0], 8).parts), key=lambda life: _area(life.points[0]))
    pieces = remainder([body], 0, contours, FitSettings(), SIZE)
    assert sorted(piece.name for piece in pieces) == ["left piece", "right piece"]
    assert all(piece.frames == range(6) for piece in pieces)
    for frame, contour in enumerate(contours):
        union = np.logical_or.reduce([_filled(part.points[frame]) for part in (body, *pieces)])
        mask = _filled(contour.points)
        assert np.count_nonzero(mask & ~_grown(union)) < 0.02 * np.count_nonzero(mask)


def test_a_piece_that_shows_twice_is_two_pieces() -> None:
    bare, armed = _outline(_ellipse((120, 100), (34, 60), 0)), _outline(_figure(0.4))
    body = max((_life(part, 6) for part in cut_at_necks(armed, 8).parts), key=lambda life: _area(life.points[0]))
    pieces = remainder([body], 0, [armed, armed, bare, bare, armed, armed], FitSettings(), SIZE)
    assert [piece.frames for piece in pieces if piece.name == "left piece"] == [range(2), range(4, 6)]


def test_parts_end_where_the_subject_goes_away_and_nothing_is_drawn_there() -> None:
    masks = [(frame, _swung(frame) & (frame not in (17, 18))) for frame in range(36)]
    result = fit_shapes(masks, FitSettings(parts=True))
    assert any(shape.name.startswith("body") for shape in result.shapes)
    document = fitted_document([result], SIZE, (0, 35))
    assert [rasterise(document, frame).max() for frame in (17, 18)] == [0, 0]
    assert min(frame.iou for frame in result.report if frame.frame not in (17, 18)) > 0.9


@pytest.mark.parametrize("interpolation", [Interpolation.LINEAR, Interpolation.SMOOTH])
def test_a_running_dog_has_less_to_edit_in_parts(davis: Path, interpolation: Interpolation) -> None:
    masks = [(frame, _read(davis / "dog" / "gt" / f"{frame:05}.png")) for frame in range(60)]
    motion = PlateMotion(lambda frame: _picture(davis / "dog" / "frames" / f"{frame:05}.jpg"))
    settings = FitSettings(interpolation=interpolation)
    parts, whole = (fit_shapes(masks, replace(settings, parts=wanted), motion=motion) for wanted in (True, False))
    assert sum(shape.name.startswith("body") for shape in parts.shapes) > 0
    assert _knots_on_keys(parts) < _knots_on_keys(whole)
    assert parts.mean_iou > whole.mean_iou - 0.01
    document = fitted_document([parts], masks[0][1].shape[::-1], (0, 59))
    assert score_curves(document, masks).self_intersections == 0


def test_nothing_is_cut_where_the_artist_wants_whole_outlines() -> None:
    assert {shape.name.split()[0] for shape in _swinging(FitSettings(parts=False)).shapes} == {"shape"}


def test_the_same_masks_give_the_same_parts() -> None:
    assert _swinging(FitSettings(parts=True)).layer == _swinging(FitSettings(parts=True)).layer


def test_what_moves_stiffly_is_not_cut() -> None:
    masks = [(frame, np.roll(_figure(0.3), frame, axis=1)) for frame in range(12)]
    assert len(fit_shapes(masks, FitSettings(parts=True)).shapes) == 1


def _read(path: Path) -> NDArray[np.bool_]:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR)).max(axis=2) > 0


def _picture(path: Path) -> Image:
    return np.ascontiguousarray(np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def _swinging(settings: FitSettings) -> FitResult:
    return fit_shapes([(frame, _swung(frame)) for frame in range(36)], settings)


def _swung(frame: int) -> NDArray[np.bool_]:
    return _figure(1.1 * np.sin(frame / 1.3), 1.1 * np.sin(frame / 1.9))


def _line(start: tuple[int, int], end: tuple[int, int], width: int) -> NDArray[np.bool_]:
    picture = np.zeros(SIZE[::-1], np.uint8)
    cv2.line(picture, start, end, 1, width)
    return picture > 0


def _life(part: Part, frames: int = 1) -> PartLife:
    """A part that stands still."""
    loops, points = sample_parts([part])
    return PartLife("body", 0, np.repeat(points[None], frames, axis=0), loops.joint)


def _area(points: Array) -> float:
    return abs(polygon_area(points))


def _knots_on_keys(result: FitResult) -> int:
    return sum(shape.knot_count * len(shape.keys) for shape in result.shapes)


def _figure(left: float, right: float | None = None) -> NDArray[np.bool_]:
    """A round body with two arms that hang lower the more they are turned about their shoulders, in radians."""
    mask = _ellipse((120, 100), (34, 60), 0)
    for side, swing in ((-1, left), (1, left if right is None else right)):
        shoulder = np.array([120 + side * 26, 80])
        hand = shoulder + 62 * np.array([side * np.cos(swing), np.sin(swing)])
        corners = np.array([shoulder, hand])
        picture = np.zeros(mask.shape, np.uint8)
        ends = [tuple(int(value) for value in np.rint(corner * 16)) for corner in corners]
        cv2.line(picture, ends[0], ends[1], 1, 15, cv2.LINE_8, 4)
        mask = mask | (picture > 0)
    return mask


def _ellipse(centre: tuple[int, int], axes: tuple[int, int], degrees: float) -> NDArray[np.bool_]:
    picture = np.zeros(SIZE[::-1], np.uint8)
    cv2.ellipse(picture, centre, axes, degrees, 0, 360, 1, -1)
    return picture > 0


def _outline(mask: NDArray[np.bool_]) -> Contour:
    return Contour(trace(mask)[0])


def _filled(polygon: Array) -> NDArray[np.bool_]:
    picture = np.zeros(SIZE[::-1], np.uint8)
    cv2.fillPoly(picture, [np.rint(polygon).astype(np.int32)], 1)
    return picture > 0


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
