"""Masks in, animated shapes out."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pictures import Mask, blob, disc, superellipse

from roto_daemon.benchmarks.curves.score import every_key
from roto_geometry.bezier import Array
from roto_geometry.fitted import FittedShape, in_drawing_order
from roto_geometry.fitting import FitResult, ShapeFitter, fit_frame, fit_shapes, fitted_document
from roto_geometry.guards import is_sound
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.curve_metrics import score_curves
from roto_geometry.measure.raster import rasterise, shape_outline
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, KeyedShape, ShapeDocument, opacity_at

SIZE = (96, 72)


def document(result: FitResult, frames: int, size: tuple[int, int] = SIZE) -> ShapeDocument:
    return fitted_document([result], size, (1, frames))


def test_a_circle_takes_few_knots_and_lies_on_its_edge():
    result = fit_frame(disc(SIZE, (48, 36), 25), 1)
    fitter = ShapeFitter()
    fitter.add(1, disc(SIZE, (48, 36), 25))
    assert fitter.fit_unmeasured() == result.layer
    (shape,) = result.shapes
    assert shape.knot_count <= 6
    figures = score_curves(document(result, 1), [(1, disc(SIZE, (48, 36), 25))])
    assert figures.boundary_p95_px < 0.5
    assert figures.iou > 0.98


def test_a_subject_on_a_plate_of_four_times_the_size_gets_about_as_many_knots():
    knots = larger = 0
    for seen in (blob((360, 240), seed) for seed in range(6)):
        enlarged = cv2.resize(seen, (1440, 960), interpolation=cv2.INTER_CUBIC)
        knots += sum(shape.knot_count for shape in fit_frame(seen, 1).shapes)
        larger += sum(shape.knot_count for shape in fit_frame(enlarged, 1).shapes)
    assert knots - 2 <= larger <= 1.25 * knots


@pytest.mark.parametrize("power", [0.6, 1.0, 4.0, 12.0])
def test_boxes_diamonds_and_cusps_are_followed(power):
    mask = superellipse(SIZE, (48, 36), (40, 28), power)
    assert fit_frame(mask, 1).mean_iou > 0.95


BOX = ((-1.0, -0.6), (1.0, -0.6), (1.0, 0.6), (-1.0, 0.6))
HOUSE = ((-1, 1), (-1, 0), (-0.4, -0.5), (-0.4, -0.9), (-0.1, -0.9), (-0.1, -0.7), (0, -0.8), (1, 0), (1, 1))


def drawn(corners: Sequence[tuple[float, float]], size: tuple[int, int], radius: float, frame: int) -> Array:
    """A polygon that moves and turns, with soft edges, in the middle of a picture (width, height)."""
    cosine, sine = np.cos(0.01 * frame), np.sin(0.01 * frame)
    places = radius * np.array(corners) @ np.array([[cosine, sine], [-sine, cosine]]) + np.array(size) / 2 + frame
    return coverage([places], *size)


@pytest.mark.parametrize(
    ("corners", "size", "radius"),
    [
        (BOX, (480, 270), 60),
        (BOX, (960, 540), 200),
        (BOX, (1920, 1080), 520),
        (HOUSE, (480, 270), 60),
        (HOUSE, (960, 540), 200),
    ],
)
def test_what_has_straight_edges_has_a_knot_on_every_corner_and_nowhere_else(corners, size, radius):
    result = fit_shapes((frame, drawn(corners, size, radius, frame)) for frame in range(1, 9))
    (shape,) = result.shapes
    assert shape.knot_count == len(corners)
    assert result.mean_iou > 0.99


def test_a_moving_shape_keeps_its_knots_and_gets_few_keys():
    masks = [(frame, disc(SIZE, (25 + 2 * frame, 30 + frame), 18)) for frame in range(1, 16)]
    result = fit_shapes(masks)
    (shape,) = result.shapes
    assert len(shape.keys) <= 4
    assert result.mean_iou > 0.97
    assert (shape.lifetime.first, shape.lifetime.last) == (1, 15)


def test_a_hole_is_a_subtractive_shape_on_top():
    ring = np.clip(disc(SIZE, (48, 36), 30) - disc(SIZE, (48, 36), 12), 0, 1)
    result = fit_shapes([(1, ring), (2, ring)])
    assert [shape.blend for shape in result.shapes] == [Blend.SUBTRACT, Blend.ADD]
    assert result.mean_iou > 0.95


def test_a_hole_that_grows_to_three_times_its_size_on_one_frame_stays_one_shape():
    masks = [(frame, disc(SIZE, (48, 36), 30) - disc(SIZE, (48, 36), 12 if frame > 4 else 7)) for frame in range(1, 9)]
    holes = [shape for shape in fit_shapes(masks).shapes if shape.blend is Blend.SUBTRACT]
    assert [(hole.lifetime.first, hole.lifetime.last) for hole in holes] == [(1, 8)]


def test_an_island_in_a_hole_is_drawn():
    target = np.clip(disc(SIZE, (48, 36), 33) - disc(SIZE, (48, 36), 25), 0, 1) + disc(SIZE, (48, 36), 12)
    assert fit_frame(target, 1).mean_iou > 0.9


def test_rings_in_rings_keep_all_of_their_holes():
    size = (192, 144)
    radii = (66, 50, 34, 18)
    target = sum((-1) ** n * disc(size, (96, 72), radius) for n, radius in enumerate(radii))
    result = fit_frame(np.clip(target, 0, 1), 1)
    assert [shape.blend for shape in result.shapes] == [Blend.SUBTRACT, Blend.ADD] * 2
    assert result.mean_iou > 0.97


def test_where_nesting_changes_the_order_is_right_on_most_frames():
    hole = fitted_circles(True, [circle(12)] * 3)
    island, body = (fitted_circles(False, [circle(radius) for radius in radii]) for radii in ((16, 8, 8), (8, 16, 16)))
    assert in_drawing_order([hole, island]) == [island, hole]
    assert in_drawing_order([body, hole]) == [hole, body]


def fitted_circles(hole: bool, outlines: list[np.ndarray]) -> FittedShape:
    drawn = np.array(outlines)
    frames = list(range(1, len(outlines) + 1))
    return FittedShape(hole, frames, drawn, PlacedKeys(list(range(len(frames))), drawn))


def circle(radius: float) -> np.ndarray:
    """About (48, 36), of four knots on its diagonals: the knots themselves lie well inside of its extent."""
    angle = np.pi / 4 + np.arange(4) * np.pi / 2
    spoke = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    handle = 0.5523 * np.column_stack([-spoke[:, 1], spoke[:, 0]])
    return np.hstack([spoke + np.array([48, 36]), -handle, handle])


def test_an_object_leaving_the_frame_is_followed_to_its_end():
    masks = [(frame, disc(SIZE, (70 + 5 * frame, 36), 20)) for frame in range(1, 12)]
    result = fit_shapes(masks)
    seen = [report for report, (_, mask) in zip(result.report, masks, strict=True) if (mask >= 0.5).sum() > 100]
    assert min(report.iou for report in seen) > 0.9
    assert all(report.shapes == 0 for report in result.report[-2:])


def test_a_ball_that_flies_farther_than_its_size_a_frame_is_one_shape():
    masks = [(frame, disc(SIZE, (20 + 34 * frame, 20 + 20 * frame), 7)) for frame in range(3)]
    result = fit_shapes(masks)
    assert len(result.shapes) == 1
    assert result.mean_iou > 0.97


def test_two_things_that_change_places_are_not_taken_for_one_another():
    masks = [(1, disc(SIZE, (20, 20), 12)), (2, superellipse(SIZE, (60, 60), (30, 2.5), 8))]
    assert [len(shape.keys) for shape in fit_shapes(masks).shapes] == [1, 1]


def test_something_thin_in_front_becomes_a_shape_of_its_own():
    masks = []
    for frame in range(1, 7):
        mask = disc((160, 120), (50 + 4 * frame, 60), 40)
        mask[:, 60:64] = 0
        masks.append((frame, mask))
    result = fit_shapes(masks, FitSettings(bridge_share=0.06))
    assert [shape.blend for shape in result.shapes] == [Blend.SUBTRACT, Blend.ADD]
    assert result.mean_iou > 0.96


def test_a_speck_of_one_pixel_is_left_out_and_said_to_be():
    mask = disc(SIZE, (48, 36), 20)
    mask[5, 5] = 1
    report = fit_frame(mask, 7).report[0]
    assert (report.frame, report.shapes) == (7, 1)
    assert report.dropped_px2 == pytest.approx(0.5, abs=0.01)


def test_a_mask_of_one_pixel_can_be_fitted_where_specks_count():
    mask = np.zeros((9, 9), bool)
    mask[4, 4] = True
    (shape,) = fit_frame(mask, 1, FitSettings(speck_px2=0)).shapes
    assert is_sound(shape_outline(shape, 1))


def test_empty_masks_have_no_shapes_and_agree():
    result = fit_shapes([(1, np.zeros((8, 8))), (2, np.zeros((8, 8)))])
    assert result.shapes == ()
    assert [report.iou for report in result.report] == [1, 1]


def test_more_detail_means_more_knots_and_a_closer_fit():
    mask = blob((160, 120), 5)
    loose, tight = (fit_frame(mask, 1, FitSettings.preset(name)) for name in ("loose", "tight"))
    assert sum(s.knot_count for s in loose.shapes) < sum(s.knot_count for s in tight.shapes)
    assert loose.mean_iou < tight.mean_iou


def test_frames_may_come_in_any_order_and_be_given_again():
    fitter = ShapeFitter("ball")
    for frame in (3, 1, 2, 2):
        fitter.add(frame, disc(SIZE, (30 + frame, 36), 15))
    in_order = fit_shapes([(frame, disc(SIZE, (30 + frame, 36), 15)) for frame in (1, 2, 3)], name="ball")
    assert fitter.fit() == in_order


def test_masks_of_two_sizes_or_none_are_refused():
    with pytest.raises(InputError, match="frame 2"):
        fit_shapes([(1, np.zeros((8, 8))), (2, np.zeros((8, 9)))])
    with pytest.raises(InputError):
        fit_shapes([])
    with pytest.raises(InputError):
        FitSettings.preset("crisp")


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.floats(0.05, 0.8), st.sampled_from(["tight", "balanced", "loose"]))
def test_shapes_of_random_blobs_never_cross_themselves_flip_or_change_their_knots(seed, speed, preset):
    masks = [(frame, blob(SIZE, seed, frame * speed)) for frame in range(1, 9)]
    result = fit_shapes(masks, FitSettings.preset(preset))
    for shape in result.shapes:
        assert len({len(key.knots) for key in shape.keys}) == 1
        for frame in range(int(shape.lifetime.first or 1), int(shape.lifetime.last or 1) + 1):
            assert is_sound(shape_outline(shape, frame))
    figures = score_curves(document(result, 8), masks)
    assert (figures.self_intersections, figures.orientation_flips, figures.point_count_changes) == (0, 0, 0)


def test_the_report_says_what_a_host_would_draw():
    masks = [(frame, blob(SIZE, 11, frame * 0.2)) for frame in range(1, 7)]
    result = fit_shapes(masks)
    figures = score_curves(document(result, 6), masks)
    assert figures.iou == pytest.approx(result.mean_iou, abs=0.01)
    assert rasterise(document(result, 6), 3).shape == (72, 96)


@pytest.mark.parametrize("sequence", ["dog", "blackswan", "car-shadow"])
def test_real_masks_come_back_from_their_shapes(davis: Path, sequence: str):
    paths = sorted((davis / sequence / "gt").glob("*.png"))[:24]
    if not paths:
        pytest.skip(f"no masks of {sequence} in {davis}")
    masks = [(int(path.stem), np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))) for path in paths]
    result = fit_shapes(masks)
    figures = score_curves(fitted_document([result], (854, 480), (0, 23)), masks)
    assert figures.iou > 0.97
    assert figures.boundary_p95_px < 2
    assert (figures.self_intersections, figures.orientation_flips, figures.point_count_changes) == (0, 0, 0)
    assert all(b.frame > a.frame for shape in result.shapes for a, b in pairwise(shape.keys))


def test_a_fit_tells_how_far_it_is_and_may_be_stopped():
    fitter = ShapeFitter("ball")
    for frame in range(1, 9):
        fitter.add(frame, disc(SIZE, (30 + frame, 36), 15))
    shares = list(fitter.fit_in_steps())
    assert shares == sorted(shares)
    assert (shares[0], shares[-1] < 1) == (0, True)
    assert len(shares) >= 7
    stopped = fitter.fit_in_steps()
    next(stopped)
    stopped.close()
    assert fitter.fit().mean_iou > 0.98


def blinking(gone: Collection[int], frames: int = 20) -> list[tuple[int, Mask]]:
    """A superellipse that walks and grows, and is not there on some frames."""
    seen = ((n, superellipse(SIZE, (24 + 2 * n, 36), (14 + n / 2, 18), 3.0)) for n in range(1, frames + 1))
    return [(frame, np.zeros_like(mask) if frame in gone else mask) for frame, mask in seen]


@pytest.mark.parametrize("gone", [(8,), (5, 6, 7, 8, 12), range(2, 20, 2)])
@pytest.mark.parametrize("track", [True, False])
def test_what_goes_away_and_comes_back_is_one_shape_that_is_off_in_between(gone, track):
    masks = blinking(gone)
    result = fit_shapes(masks, FitSettings(track=track))
    (shape,) = result.shapes
    assert [frame for frame, _ in masks if opacity_at(shape, frame) == 0] == list(gone)
    assert len(shape.keys) <= 3 and {key.frame for key in shape.keys}.isdisjoint(gone)
    assert result.mean_iou > 0.97
    assert all(rasterise(document(result, 20), frame).max() == 0 for frame in gone)
    assert score_curves(document(result, 20), masks).shapes == 1


def test_what_is_never_away_has_no_keys_of_opacity():
    (shape,) = fit_shapes(blinking((), 6)).shapes
    assert shape.opacity == ()
    (shape,) = fit_shapes([each for each in blinking(()) if each[0] % 3 == 1]).shapes
    assert shape.opacity == ()


def test_a_span_of_a_life_is_off_where_the_whole_life_is():
    outlines = [circle(10)] * 6
    life = replace(fitted_circles(False, outlines), frames=[1, 2, 5, 6, 9, 10], returns=[5, 9])
    for frames, switches in (([1, 2, 5], [(1, 1), (3, 0), (5, 1)]), ([5, 6], []), ([6, 9], [(6, 1), (7, 0), (9, 1)])):
        shape = life.within(frames)
        assert shape is not None
        named = shape.named("ball")
        assert isinstance(named, KeyedShape)
        assert [(key.frame, key.values[0]) for key in named.opacity] == switches


def test_what_looks_otherwise_when_it_comes_back_is_not_smoothed_into_what_it_was():
    masks = [(n, disc(SIZE, (48, 36), 16.0 if n < 10 else 22.0) * (n not in (9, 10))) for n in range(1, 20)]
    result = fit_shapes(masks, every_key(FitSettings(smoothness=1.0)))
    assert len(result.shapes) == 1
    assert min(frame.iou for frame in result.report if frame.frame not in (9, 10)) > 0.96


class Asked:
    """Pictures that say nothing, and remember between which frames they were asked."""

    def __init__(self) -> None:
        self.between_frames: list[tuple[int, int]] = []

    def between(self, frame: int, following: int) -> None:
        self.between_frames.append((frame, following))


def test_pictures_are_asked_of_frames_that_follow_one_another_alone():
    asked = Asked()
    fit_shapes(blinking((4, 5), 8), motion=asked)
    assert asked.between_frames == [(1, 2), (2, 3), (6, 7), (7, 8)]


def test_an_arm_that_comes_back_elsewhere_is_drawn_from_there_and_not_on_its_way():
    """Goals between two keys are sought on frames that are seen alone, so the arm need not have swung across."""

    def armed(degrees: float) -> Mask:
        way = 42 * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        end = (round(60 + way[0]), round(60 + way[1]))
        picture = disc((120, 120), (60, 60), 16).astype(np.uint8)
        return cv2.line(picture, (60, 60), end, 1, 14).astype(bool)

    masks = [(n, armed(0) if n < 6 else armed(150) & (n > 9)) for n in range(1, 15)]
    result = fit_shapes(masks, FitSettings())
    assert min(frame.iou for frame in result.report if not 6 <= frame.frame <= 9) > 0.955
