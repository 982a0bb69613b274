"""A stroke and the closed outline that stands for it draw the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from roto_formats.silhouette.read import read_silhouette
from roto_formats.silhouette.write import write_silhouette
from roto_formats.strokes import outlined_stroke
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey

BOWED = (Knot(20, 70, 0, 0, 20, -30), Knot(80, 30, -15, 0, 15, 0), Knot(130, 60, -10, -25, 0, 0))
MOVED = tuple(knot._replace(y=knot.y + 15) for knot in BOWED)


def document(width_px: float) -> ShapeDocument:
    stroke = KeyedShape("line", (ShapeKey(1.0, BOWED), ShapeKey(9.0, MOVED)), closed=False, width_px=width_px)
    return ShapeDocument(150, 110, (Layer("kite", (stroke,)),), 1, 9)


@given(width_px=st.floats(0.5, 8.0), frame=st.integers(1, 9))
def test_its_outline_covers_what_the_stroke_covers(width_px, frame):
    stroked = document(width_px)
    (stroke,) = stroked.shapes()
    outlined = ShapeDocument(150, 110, (outlined_stroke(stroke),), 1, 9)
    difference = np.abs(rasterise(outlined, frame) - rasterise(stroked, frame))
    assert difference.sum() < 0.1 * rasterise(stroked, frame).sum()


def test_silhouette_gets_the_outline():
    written, notes = write_silhouette(document(3.0))
    (shape,) = read_silhouette(written).shapes()
    assert (shape.closed, shape.knot_count, len(shape.keys)) == (True, 2 * len(BOWED), 2)
    assert [str(note) for note in notes] == ["line: baked: a stroke became the closed outline that it draws"]


def test_knots_without_tangents_take_their_direction_from_their_neighbours():
    straight = (Knot(20, 50), Knot(60, 50), Knot(100, 50))
    around = outlined_stroke(KeyedShape("line", (ShapeKey(1.0, straight),), closed=False, width_px=4.0))
    assert [(knot.x, knot.y) for knot in around.keys[0].knots] == [
        (20, 48), (60, 48), (100, 48), (100, 52), (60, 52), (20, 52),
    ]  # fmt: skip
