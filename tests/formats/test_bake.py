"""Transforms put into the points draw the same picture on every frame."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from roto_formats.bake import baked_document
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import (
    Foreign,
    KeyedShape,
    Knot,
    Layer,
    Native,
    ShapeDocument,
    ShapeKey,
    Transform,
    TransformKey,
)
from roto_shared.timeline import Interpolation

SQUARE = tuple(Knot(x, y) for x, y in ((30.0, 20.0), (60.0, 20.0), (60.0, 45.0), (30.0, 45.0)))
WIDER = tuple(Knot(knot.x * 1.2, knot.y) for knot in SQUARE)


def turning(degrees: float, move: float = 6.0) -> tuple[TransformKey, ...]:
    return (
        TransformKey(1.0, Transform(pivot=(45.0, 30.0))),
        TransformKey(9.0, Transform(translate=(move, -3.0), rotate=degrees, scale=(1.2, 0.9), pivot=(45.0, 30.0))),
    )


def document(*keys: ShapeKey, outer: float = 40.0, inner: float = -15.0) -> ShapeDocument:
    shape = KeyedShape("square", keys, transform=turning(inner))
    return ShapeDocument(100, 70, (Layer("arm", (shape,), turning(outer)),), 1, 9)


@settings(max_examples=20)
@given(outer=st.floats(-170, 170), inner=st.floats(-170, 170))
def test_every_frame_draws_the_same_without_any_transform(outer, inner):
    placed = document(ShapeKey(1.0, SQUARE), ShapeKey(9.0, WIDER), outer=outer, inner=inner)
    baked = baked_document(placed)
    assert not any(shape.transform for shape in baked.shapes())
    assert not any(layer.transform for layer in baked.children if isinstance(layer, Layer))
    for frame in range(1, 10):
        assert np.abs(rasterise(baked, frame) - rasterise(placed, frame)).max() < 1e-3


def test_a_smooth_key_under_a_transform_is_baked_as_the_host_draws_it():
    keys = (
        ShapeKey(1.0, SQUARE, Interpolation.SMOOTH),
        ShapeKey(5.0, WIDER, Interpolation.SMOOTH),
        ShapeKey(9.0, SQUARE),
    )
    placed = document(*keys)
    baked = baked_document(placed)
    for frame in range(1, 10):
        assert np.abs(rasterise(baked, frame) - rasterise(placed, frame)).max() < 1e-3


def test_what_nothing_places_is_handed_back_as_it_is():
    shape = KeyedShape("square", (ShapeKey(1.0, SQUARE),), native=Native("nuke", "{}"))
    paint = Foreign("dust", "stroke", Native("nuke", "{}"))
    plain = ShapeDocument(100, 70, (Layer("still", (shape, paint)),))
    assert baked_document(plain) == plain


def test_what_was_placed_no_longer_hands_back_the_hosts_own_text():
    shape = KeyedShape("square", (ShapeKey(1.0, SQUARE),), native=Native("nuke", "{}"))
    placed = ShapeDocument(100, 70, (Layer("moving", (shape,), turning(10.0), native=Native("nuke", "{}")),))
    layer = baked_document(placed).children[0]
    assert isinstance(layer, Layer)
    assert layer.native is None
    assert [child.native for child in layer.children if isinstance(child, KeyedShape)] == [None]
