"""Affine placements (…, 2, 3), one a part or one a frame: a linear part, then a shift in px."""

import numpy as np

from roto_geometry.bezier import Array


def at(placement: Array, points: Array) -> Array:
    """Each point (k, 2) under its own placement (k, 2, 3)."""
    return np.einsum("kij,kj->ki", placement[:, :, :2], points) + placement[:, :, 2]
