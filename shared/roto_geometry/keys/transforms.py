"""Placements as the transform keys of a layer: translate, rotate, scale and skew about a pivot.

Turns are unwrapped, so that a host's own interpolation between two frames takes the short way. Scales are positive.
"""

from collections.abc import Sequence

import numpy as np

from roto_geometry.bezier import Array
from roto_shared.shapes import Transform, TransformKey


def transform_keys(placement: Array, frames: Sequence[float], pivot: Array) -> tuple[TransformKey, ...]:
    """A linear key a frame for placements (frames, 2, 3) that do not mirror; ``pivot`` (2,) px stays the same.

    The linear part is turn · shear along x · scale, as :func:`roto_shared.placement.placement_matrix` multiplies it.
    """
    linear = placement[:, :, :2]
    turn = np.unwrap(np.arctan2(linear[:, 1, 0], linear[:, 0, 0]))
    width = np.hypot(linear[:, 0, 0], linear[:, 1, 0])
    height = np.linalg.det(linear) / width
    shear = np.einsum("fi,fi->f", linear[:, :, 0], linear[:, :, 1]) / (width * height)
    move = linear @ pivot + placement[:, :, 2] - pivot
    rows = np.column_stack([move, np.degrees(turn), width, height, shear]).tolist()
    middle = (float(pivot[0]), float(pivot[1]))
    return tuple(
        TransformKey(float(frame), Transform((x, y), rotate, (sx, sy), skew, middle))
        for frame, (x, y, rotate, sx, sy, skew) in zip(frames, rows, strict=True)
    )
