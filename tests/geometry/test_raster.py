"""Documents drawn as a host would draw them."""

from dataclasses import replace

import numpy as np
import pytest

from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    ShapeKind,
    Transform,
    TransformKey,
)
from roto_shared.timeline import Key


def box(x: float, y: float, width: float, height: float, name: str = "box") -> KeyedShape:
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    return KeyedShape(name, (ShapeKey(1, tuple(Knot(*corner) for corner in corners)),))


def document(*children: KeyedShape | Layer) -> ShapeDocument:
    return ShapeDocument(16, 12, children)


def test_a_box_covers_its_pixels():
    matte = rasterise(document(box(2, 3, 4, 5)), 1)
    assert matte.dtype == np.float32
    assert matte.shape == (12, 16)
    assert matte.sum() == pytest.approx(20)
    assert matte[3:8, 2:6].min() == 1


def test_the_first_child_lies_on_top():
    hole = replace(box(4, 4, 2, 2), blend=Blend.SUBTRACT)
    assert rasterise(document(hole, box(2, 2, 8, 8)), 1).sum() == pytest.approx(60)
    assert rasterise(document(box(2, 2, 8, 8), hole), 1).sum() == pytest.approx(64)


@pytest.mark.parametrize(
    ("blend", "both", "below", "above"),
    [
        (Blend.ADD, 1, 1, 1),
        (Blend.MAX, 1, 1, 1),
        (Blend.SUBTRACT, 0, 1, 0),
        (Blend.MIN, 1, 0, 0),
        (Blend.MULTIPLY, 1, 0, 0),
        (Blend.DIFFERENCE, 0, 1, 1),
    ],
)
def test_a_blend_decides_what_two_shapes_make(blend, both, below, above):
    matte = rasterise(document(replace(box(4, 0, 4, 4), blend=blend), box(0, 0, 8, 4)), 1)
    right = rasterise(document(replace(box(4, 0, 8, 4), blend=blend), box(0, 0, 8, 4)), 1)
    assert (matte[1, 5], matte[1, 1], right[1, 10]) == (both, below, above)


def test_opacity_lifetime_and_visibility_count():
    shape = replace(box(0, 0, 4, 4), lifetime=Lifetime(2, 3), opacity=(Key(1, (0.0,)), Key(5, (1.0,))))
    assert not rasterise(document(shape), 1).any()
    assert rasterise(document(shape), 3)[1, 1] == pytest.approx(0.5)
    assert not rasterise(document(replace(shape, visible=False)), 3).any()
    assert not rasterise(document(Layer("off", (shape,), visible=False)), 3).any()


def test_an_inverted_shape_covers_the_rest():
    assert rasterise(document(replace(box(0, 0, 4, 4), inverted=True)), 1).sum() == pytest.approx(16 * 12 - 16)


def test_layers_place_their_children():
    moved = Layer("moved", (box(0, 0, 2, 2),), (TransformKey(1, Transform(translate=(5.0, 3.0))),))
    assert rasterise(document(Layer("outer", (moved,), moved.transform)), 1)[6:8, 10:12].sum() == pytest.approx(4)


def test_only_what_is_asked_for_is_drawn():
    left, right = Layer("left", (box(0, 0, 2, 2),)), Layer("right", (box(8, 0, 3, 3),))
    assert rasterise(document(left, right), 1, within=right).sum() == pytest.approx(9)
    assert rasterise(document(left, right), 1, within=left.children[0]).sum() == pytest.approx(4)


def test_values_run_between_keys_as_the_host_interpolates():
    first, last = box(0, 0, 2, 2).keys[0], box(8, 0, 2, 2).keys[0]
    shape = KeyedShape("moving", (first, replace(last, frame=5)))
    assert rasterise(document(shape), 3)[0:2, 4:6].sum() == pytest.approx(4)


def test_a_closed_b_spline_stays_inside_its_control_points():
    control = replace(box(2, 2, 8, 8), kind=ShapeKind.BSPLINE)
    matte = rasterise(document(control), 1)
    assert 0 < matte.sum() < 64
    assert matte[6, 6] == 1
    assert matte[2, 2] == 0


def test_an_open_shape_is_a_stroke_of_its_width():
    line = KeyedShape("line", (ShapeKey(1, (Knot(2, 6), Knot(12, 6))),), closed=False, width_px=3)
    assert rasterise(document(line), 1).sum() == pytest.approx(30)


def test_feather_falls_off_outside_of_the_shape_only():
    plain, feathered = box(4, 4, 4, 4), replace(box(4, 4, 4, 4), feather_px=3)
    matte = rasterise(document(feathered), 1)
    assert (matte >= rasterise(document(plain), 1)).all()
    assert 0 < matte[6, 9] < matte[6, 8] < 1
    assert matte[6, 12] == 0
