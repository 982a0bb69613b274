"""Corner pins as Nuke's extra matrix, the only way its layers can hold a perspective."""

from collections.abc import Sequence
from dataclasses import replace

from roto_formats.tracks import whole_frames_between
from roto_shared.placement import placement_at
from roto_shared.shapes import Matrix, Transform, TransformKey
from roto_shared.space import multiply, pin_matrix
from roto_shared.timeline import Interpolation


def without_pins(keys: Sequence[TransformKey], width: float, height: float) -> tuple[TransformKey, ...]:
    """The same placements, pins folded into the matrix; moving pins get a linear key on every frame they move."""
    if not any(key.transform.pins for key in keys):
        return tuple(keys)
    if not pins_move(keys):
        return tuple(
            replace(key, transform=_folded(key.transform, width, height), slope_in=None, slope_out=None)
            if key.interpolation is not Interpolation.SMOOTH
            else replace(key, transform=_folded(key.transform, width, height))
            for key in keys
        )
    frames = sorted({*(key.frame for key in keys), *whole_frames_between(keys[0].frame, keys[-1].frame)})
    return tuple(TransformKey(frame, _folded(placement_at(keys, frame), width, height)) for frame in frames)


def pins_move(keys: Sequence[TransformKey]) -> bool:
    """Whether pins or the matrix over them change, so that their product is no straight line between keys."""
    return len({(key.transform.pins, key.transform.matrix) for key in keys}) > 1


def _folded(transform: Transform, width: float, height: float) -> Transform:
    if transform.pins is None:
        return transform
    matrix = multiply(transform.matrix, pin_matrix(transform.pins, width, height))
    return replace(transform, pins=None, matrix=_scaled(matrix))


def _scaled(matrix: Matrix) -> Matrix:
    """The same homography with 1 in its last place, where it has one."""
    return tuple(value / matrix[8] for value in matrix) if matrix[8] else matrix  # type: ignore[return-value]
