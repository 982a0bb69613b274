"""Transforms put into the points draw the same picture on every frame."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roto_formats.bake import baked_document
from roto_formats.registry import document_of_text, document_text
from roto_geometry.measure.raster import rasterise
from roto_shared.placement import matrix_at, place_knot
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
    feather_at,
    knots_at,
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


def test_what_was_placed_is_written_anew_with_all_else_that_its_hosts_text_says():
    points = "{{cc {f 8192} {px 1 {1 0} {0 x41200000} {x42000000 x42200000}}} idem}"
    shape = f"{{curvegroup s 512 bspline {points} {{tx 1 0 0}} {{a r 0 ff x40000000}}}}"
    layer = f"{{layer l {{f 0}} {{t 0 0 0 x41200000}} {{a opc x3f000000 inv 1}} {shape}}}"
    moved = document_of_text(f"{{{{v x3f99999a}} {{n {{layer Root {{f 0}} {{t 1}} {{a}} {layer}}}}}}}", ".curves")
    text = document_text(baked_document(moved), ".curves")[0]
    assert all(word in text for word in ("{a opc x3f000000 inv 1}", "{a r 0 ff x40000000}", "{x41300000 0}"))
    (again,) = document_of_text(text, ".curves").children
    assert isinstance(again, Layer)
    assert again.transform == ()


@pytest.mark.parametrize("degrees", [0.0, 30.0])
def test_a_soft_edge_goes_with_the_shape(degrees):
    edges = [tuple(Knot(grown, -3.0, 1.0, 0.0, -1.0, 0.0) for _ in SQUARE) for grown in (4.0, 8.0)]
    keys = (ShapeKey(1.0, SQUARE, feather=edges[0]), ShapeKey(9.0, WIDER, feather=edges[1]))
    shape = KeyedShape("soft", keys, transform=turning(degrees))
    (baked,) = baked_document(ShapeDocument(100, 70, (shape,), 1, 9)).shapes()
    for frame, grown in ((1.0, 4.0), (5.0, 6.0), (9.0, 8.0)):
        matrix = matrix_at(shape.transform, frame, 100, 70)
        feather = feather_at(baked, frame)
        assert feather is not None
        for soft, now, was in zip(feather, knots_at(baked, frame), knots_at(shape, frame), strict=True):
            edge = place_knot(Knot(was.x + grown, was.y - 3.0, 1.0, 0.0, -1.0, 0.0), matrix)
            assert (now.x + soft.x, now.y + soft.y, *soft[2:]) == pytest.approx(edge)
