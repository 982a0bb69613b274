"""Affine placements (…, 2, 3), one a part or one a frame: a linear part, then a shift in px."""

import numpy as np

from roto_geometry.bezier import Array


def at(placement: Array, points: Array) -> Array:
    """Each point (k, 2) under its own placement (k, 2, 3)."""
    return np.einsum("kij,kj->ki", placement[:, :, :2], points) + placement[:, :, 2]


def after(change: Array, placement: Array) -> Array:
    """One placement, then the change."""
    linear = change[:, :, :2] @ placement[:, :, :2]
    return np.concatenate([linear, at(change, placement[:, :, 2])[:, :, None]], axis=2)
