"""What Silhouette's transforms cannot say, put into the points themselves."""

from collections.abc import Sequence
from dataclasses import replace

from roto_shared.placement import matrix_at, placed_knots_at
from roto_shared.shapes import IDENTITY, KeyedShape, Matrix, ShapeKey, TransformKey, key_track, knots_from_values
from roto_shared.space import multiply
from roto_shared.timeline import Key

from .merge import every_frame, without_smooth

Placements = tuple[TransformKey, ...]


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
