"""Where layers put their children: transforms as matrices, between keys and down through nested layers.

Components interpolate one by one, as Nuke and Silhouette do; the matrix is made afterwards.
"""

import math
from typing import Iterator, Sequence, Tuple

from .shapes import (
    IDENTITY,
    Element,
    KeyedShape,
    Knot,
    Knots,
    Layer,
    Matrix,
    Point,
    ShapeDocument,
    Transform,
    TransformKey,
    knots_at,
)
from .space import apply, multiply, pin_matrix, translation
from .timeline import Key, Values, evaluate


def placement_matrix(transform: Transform, width: float, height: float) -> Matrix:
    """The plane homography of a :class:`Transform` over a picture of ``width`` × ``height`` px."""
    cosine, sine = math.cos(math.radians(transform.rotate)), math.sin(math.radians(transform.rotate))
    scale_x, scale_y = transform.scale
    pivot_x, pivot_y = transform.pivot
    linear: Matrix = (scale_x, transform.skew_x * scale_y, 0.0, 0.0, scale_y, 0.0, 0.0, 0.0, 1.0)
    turn: Matrix = (cosine, -sine, 0.0, sine, cosine, 0.0, 0.0, 0.0, 1.0)
    result = multiply(translation(pivot_x, pivot_y), multiply(turn, multiply(linear, translation(-pivot_x, -pivot_y))))
    result = multiply(translation(*transform.translate), result)
    if transform.pins is not None:
        result = multiply(pin_matrix(transform.pins, width, height), result)
    return result if transform.matrix == IDENTITY else multiply(transform.matrix, result)


def placement_values(transform: Transform) -> Values:
    """A transform's components as numbers: translate, rotate, scale, skew_x, pivot, matrix, then pins if it has any."""
    pins = () if transform.pins is None else tuple(value for pin in transform.pins for value in pin)
    return (
        *transform.translate,
        transform.rotate,
        *transform.scale,
        transform.skew_x,
        *transform.pivot,
        *transform.matrix,
        *pins,
    )


def placement_from_values(values: Values) -> Transform:
    """The inverse of :func:`placement_values`."""
    move_x, move_y, rotate, scale_x, scale_y, skew_x, pivot_x, pivot_y, *rest = values
    pins = tuple(zip(rest[9::2], rest[10::2])) or None
    return Transform(
        translate=(move_x, move_y),
        rotate=rotate,
        scale=(scale_x, scale_y),
        skew_x=skew_x,
        pivot=(pivot_x, pivot_y),
        matrix=tuple(rest[:9]),  # type: ignore[arg-type]
        pins=pins,  # type: ignore[arg-type]
    )


def placement_at(keys: Sequence[TransformKey], frame: float) -> Transform:
    """A track's transform on ``frame``; the identity for an empty track. All keys have pins, or none has."""
    if not keys:
        return Transform()
    track = [
        Key(key.frame, placement_values(key.transform), key.interpolation, key.slope_in, key.slope_out) for key in keys
    ]
    return placement_from_values(evaluate(track, frame))


def matrix_at(keys: Sequence[TransformKey], frame: float, width: float, height: float) -> Matrix:
    """A track's plane homography on ``frame`` over a picture of ``width`` × ``height`` px."""
    return placement_matrix(placement_at(keys, frame), width, height) if keys else IDENTITY


def placed_shapes(document: ShapeDocument, frame: float) -> Iterator[Tuple[KeyedShape, Matrix]]:
    """Every shape of visible layers, topmost first, with the matrix that takes its knots to plate pixels."""
    return _placed(document.children, frame, IDENTITY, document.width, document.height)


def _placed(
    children: Tuple[Element, ...], frame: float, outer: Matrix, width: float, height: float
) -> Iterator[Tuple[KeyedShape, Matrix]]:
    for child in children:
        if isinstance(child, (Layer, KeyedShape)):
            matrix = multiply(outer, matrix_at(child.transform, frame, width, height)) if child.transform else outer
            if isinstance(child, KeyedShape):
                yield child, matrix
            elif child.visible:
                yield from _placed(child.children, frame, matrix, width, height)


def placed_knots_at(shape: KeyedShape, matrix: Matrix, frame: float) -> Knots:
    """The shape's knots on ``frame`` in plate pixels.

    Tangent ends are carried as points: exact for affine placements; under a perspective one the curve between knots
    differs from the true image by what a cubic cannot express.
    """
    knots = knots_at(shape, frame)
    return knots if matrix == IDENTITY else tuple(place_knot(knot, matrix) for knot in knots)


def place_knot(knot: Knot, matrix: Matrix) -> Knot:
    """A knot through a homography; ends of tangents are carried as points."""
    x, y = apply(matrix, (knot.x, knot.y))
    in_x, in_y = apply(matrix, (knot.x + knot.in_x, knot.y + knot.in_y))
    out_x, out_y = apply(matrix, (knot.x + knot.out_x, knot.y + knot.out_y))
    return Knot(x, y, in_x - x, in_y - y, out_x - x, out_y - y)


def corner_points(width: float, height: float) -> Tuple[Point, Point, Point, Point]:
    """The picture's own corners, in the order of pins: upper left, upper right, lower right, lower left."""
    return ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
