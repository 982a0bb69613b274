"""Strokes as the closed outlines that they draw, for hosts whose open shapes have no width."""

import math
from collections.abc import Iterator
from dataclasses import replace

from roto_shared.shapes import KeyedShape, Knot, Knots, Point, ShapeKind


def is_stroke(shape: KeyedShape) -> bool:
    """Whether the shape is an open Bézier curve with a width."""
    return shape.kind is ShapeKind.BEZIER and not shape.closed and shape.width_px > 0


def outlined_stroke(shape: KeyedShape) -> KeyedShape:
    """A closed shape around a stroke of n knots, 2n knots on the same keys, with flat ends.

    Each side has the stroke's own tangents: exact for straight lines; where it bends, a side differs from the true
    offset by what the bend makes of half of the width. Slopes of smooth keys are not carried over.
    """
    keys = tuple(
        replace(key, knots=_band(key.knots, shape.width_px / 2), slope_in=None, slope_out=None, feather=None)
        for key in shape.keys
    )
    return replace(shape, keys=keys, closed=True, width_px=0.0, native=None)


def _band(knots: Knots, half_px: float) -> Knots:
    ways = list(_directions(knots))
    left = [_moved(knot, (y * half_px, -x * half_px)) for knot, (x, y) in zip(knots, ways, strict=True)]
    right = [_moved(knot, (-y * half_px, x * half_px)) for knot, (x, y) in zip(knots, ways, strict=True)]
    return (*left, *(Knot(k.x, k.y, k.out_x, k.out_y, k.in_x, k.in_y) for k in reversed(right)))


def _moved(knot: Knot, by: Point) -> Knot:
    return knot._replace(x=knot.x + by[0], y=knot.y + by[1])


def _directions(knots: Knots) -> Iterator[Point]:
    """Unit directions at the knots: along their tangents, else towards the neighbours."""
    for before, knot, after in zip((knots[0], *knots), knots, (*knots[1:], knots[-1]), strict=False):
        tangent = (knot.out_x - knot.in_x, knot.out_y - knot.in_y)
        yield _unit(tangent) or _unit((after.x - before.x, after.y - before.y)) or (1.0, 0.0)


def _unit(way: Point) -> Point | None:
    length = math.hypot(*way)
    return (way[0] / length, way[1] / length) if length else None
