"""Placements put into the points themselves, for hosts and people that want no transforms."""

from collections.abc import Sequence
from dataclasses import replace

from roto_shared.placement import matrix_at, placed_knots_at
from roto_shared.shapes import (
    IDENTITY,
    Element,
    Foreign,
    KeyedShape,
    Matrix,
    ShapeDocument,
    ShapeKey,
    TransformKey,
    key_track,
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
        placed = bool(element.transform or any(outer))
        return replace(baked_shape(element, outer, width, height), native=None) if placed else element
    inner = (*outer, element.transform)
    children = tuple(_baked(child, inner, width, height) for child in element.children)
    native = None if element.transform else element.native
    return replace(element, children=children, transform=(), native=native)


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
    placed = [
        ShapeKey(
            key.frame,
            placed_knots_at(shape, _product(moves, key.frame, width, height), key.frame),
            key.interpolation,
        )
        for key in keys
    ]
    return replace(shape, keys=tuple(placed), transform=())


def _straight_keys(shape: KeyedShape) -> tuple[ShapeKey, ...]:
    return tuple(
        ShapeKey(key.frame, knots_from_values(key.values), key.interpolation)
        for key in without_smooth(key_track(shape))
    )


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
