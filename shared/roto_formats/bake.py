"""Placements put into the points themselves, for hosts and people that want no transforms."""

from collections.abc import Sequence
from dataclasses import replace

from roto_shared.placement import matrix_at, place_knot, placed_knots_at
from roto_shared.shapes import (
    IDENTITY,
    Element,
    Foreign,
    KeyedShape,
    Knot,
    Matrix,
    ShapeDocument,
    ShapeKey,
    TransformKey,
    feather_at,
    key_track,
    knots_at,
    knots_from_values,
)
from roto_shared.space import multiply
from roto_shared.timeline import Key

from .tracks import every_frame, without_smooth

Placements = tuple[TransformKey, ...]


def baked_document(document: ShapeDocument) -> ShapeDocument:
    """The document without any transform: what it draws on whole frames stays the same. Paint and the like stay put."""
    children = tuple(_baked(child, (), document.width, document.height) for child in document.children)
    return replace(document, children=children)


def _baked(element: Element, outer: tuple[Placements, ...], width: float, height: float) -> Element:
    """The element under the transforms of its layers, outermost first; as it is where nothing places it."""
    if isinstance(element, Foreign):
        return element
    if isinstance(element, KeyedShape):
        return baked_shape(element, outer, width, height) if element.transform or any(outer) else element
    inner = (*outer, element.transform)
    children = tuple(_baked(child, inner, width, height) for child in element.children)
    return replace(element, children=children, transform=())


def baked_shape(shape: KeyedShape, placements: Sequence[Placements], width: float, height: float) -> KeyedShape:
    """The shape with ``placements`` (outermost first) and its own transform in its points, and no smooth key left.

    Keys stay where they are under a placement that does not move and keeps straight lines evenly divided; otherwise
    there is one on every frame, exact there.
    """
    moves = [keys for keys in (*placements, shape.transform) if keys]
    if not moves:
        return replace(shape, keys=_straight_keys(shape))
    frames = _frames(shape, moves, width, height)
    keys = _straight_keys(shape) if frames is None else tuple(ShapeKey(frame, ()) for frame in frames)
    placed = [_placed(shape, key, _product(moves, key.frame, width, height)) for key in keys]
    return replace(shape, keys=tuple(placed), transform=())


def _straight_keys(shape: KeyedShape) -> tuple[ShapeKey, ...]:
    return tuple(
        ShapeKey(key.frame, knots_from_values(key.values), key.interpolation, feather=feather_at(shape, key.frame))
        for key in without_smooth(key_track(shape))
    )


def _placed(shape: KeyedShape, key: ShapeKey, matrix: Matrix) -> ShapeKey:
    """The shape on the frame of ``key`` where ``matrix`` puts it."""
    knots, feather = placed_knots_at(shape, matrix, key.frame), feather_at(shape, key.frame)
    if feather is not None:
        edge = zip(feather, knots_at(shape, key.frame), knots, strict=True)
        feather = tuple(_placed_feather(soft, own, knot, matrix) for soft, own, knot in edge)
    return ShapeKey(key.frame, knots, key.interpolation, feather=feather)


def _placed_feather(soft: Knot, own: Knot, placed: Knot, matrix: Matrix) -> Knot:
    edge = place_knot(Knot(own.x + soft.x, own.y + soft.y, *soft[2:]), matrix)
    return Knot(edge.x - placed.x, edge.y - placed.y, *edge[2:])


def _frames(shape: KeyedShape, moves: Sequence[Placements], width: float, height: float) -> list[float] | None:
    """Frames that need a key; None where the shape's own will do."""
    still = all(len({key.transform for key in keys}) == 1 for keys in moves)
    if still and _product(moves, moves[0][0].frame, width, height)[6:] == (0.0, 0.0, 1.0):
        return None
    tracks = [key_track(shape), *([Key(key.frame, ()) for key in keys] for keys in moves)]
    return every_frame([tuple(track) for track in tracks])


def _product(moves: Sequence[Placements], frame: float, width: float, height: float) -> Matrix:
    result = IDENTITY
    for keys in moves:
        result = multiply(result, matrix_at(keys, frame, width, height))
    return result
