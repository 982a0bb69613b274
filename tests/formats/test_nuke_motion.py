"""What Nuke would draw from our text, by a reading that shares no code with ours, is what the model says."""

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from nuke_reading import contours
from random_documents import documents, shapes, whole_frames

from roto_formats.nuke.script import nuke_curves
from roto_shared.placement import placed_knots_at, placed_shapes
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey, ShapeKind, Transform, TransformKey
from roto_shared.timeline import Interpolation

slow = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
HOLD, LINEAR, SMOOTH = Interpolation.HOLD, Interpolation.LINEAR, Interpolation.SMOOTH


def shown(document: ShapeDocument, frame: float) -> list[list[tuple[float, float]]]:
    """Absolute points of every shape as the model places them, three a knot for Béziers."""
    told = []
    for shape, matrix in placed_shapes(document, frame):
        knots = placed_knots_at(shape, matrix, frame)
        ends = (0, 2, 4) if shape.kind is ShapeKind.BEZIER else (0,)
        told.append([(k.x + (k[i] if i else 0), k.y + (k[i + 1] if i else 0)) for k in knots for i in ends])
    return told


def furthest_px(document: ShapeDocument, frames) -> float:
    text = nuke_curves(document)[0]
    return max(
        math.dist(p, q)
        for frame in frames
        for ours, theirs in zip(shown(document, frame), contours(text, frame, document.height), strict=True)
        for p, q in zip(ours, theirs, strict=True)
    )


def everything_visible(element):
    if isinstance(element, Layer):
        return replace(element, visible=True, children=tuple(map(everything_visible, element.children)))
    return element


@slow
@given(documents())
def test_nuke_places_every_point_of_every_layer_where_the_model_does(document):
    document = replace(document, children=tuple(map(everything_visible, document.children)))
    if any(document.shapes()):
        assert furthest_px(document, whole_frames(document)) <= 0.01


@slow
@given(shapes(1920, 1080, -5, 5))
def test_nuke_follows_a_shape_between_frames_too_but_for_the_last_one_of_a_hold(shape):
    shape = replace(shape, transform=(), visible=True)
    document = ShapeDocument(1920, 1080, (shape,), -5, 5)
    jumps = {
        math.ceil(after.frame) - 1
        for before, after in zip(shape.keys, shape.keys[1:], strict=False)
        if before.interpolation is HOLD
    }
    halves = [frame + 0.5 for frame in range(-9, 9) if frame not in jumps and frame + 1 not in jumps]
    assert furthest_px(document, halves) <= 0.01


def shape_moving(interpolation: Interpolation, **key) -> ShapeDocument:
    keys = tuple(
        ShapeKey(frame, (Knot(x, 10.0, -5.0, 1.0, 5.0, -1.0), Knot(x + 50, 80.0)), interpolation, **key)
        for frame, x in ((1001.0, 100.0), (1005.0, 140.0), (1011.0, 90.0))
    )
    return ShapeDocument(640, 480, (KeyedShape("a", keys),), 1001, 1011)


QUARTERS = [1000 + quarter / 4 for quarter in range(52)]


@pytest.mark.parametrize("interpolation", [LINEAR, SMOOTH])
def test_linear_and_automatic_smooth_motion_match_on_quarter_frames(interpolation):
    assert furthest_px(shape_moving(interpolation), QUARTERS) <= 0.001


def test_explicit_slopes_are_written_as_given():
    slope = (Knot(8.0, -3.0, 0.5, 0.0, 0.25, 1.0), Knot(-8.0, 2.0))
    assert furthest_px(shape_moving(SMOOTH, slope_in=slope, slope_out=slope), QUARTERS) <= 0.001


def test_a_hold_stays_until_the_frame_before_the_next_key():
    text = nuke_curves(shape_moving(HOLD))[0]
    positions = [contours(text, frame, 480)[0][0][0] for frame in (1001, 1002, 1004, 1005, 1010, 1011)]
    assert positions == [100, 100, 100, 140, 140, 90]


def test_a_smooth_turn_of_a_layer_matches_on_quarter_frames():
    layer = Layer(
        "turn",
        shape_moving(LINEAR).children,
        tuple(
            TransformKey(frame, Transform((x, 5.0), x, (1.0, 1.5), 0.25, (200.0, 100.0)), SMOOTH)
            for frame, x in ((1001.0, 0.0), (1004.0, 90.0), (1011.0, 30.0))
        ),
    )
    assert furthest_px(ShapeDocument(640, 480, (layer,), 1001, 1011), QUARTERS) <= 0.005
