"""Knots that run smoothly along the outline instead of trembling with it.

Correspondence is decided frame by frame, so places shake along the edge; shaking costs keys and slides under texture.
Each place is drawn along its contour towards a local quadratic of its own path over time (Savitzky and Golay 1964).
Across the contour nothing moves, so accuracy is untouched; cyclic order is kept.
"""

from collections.abc import Sequence

import numpy as np
from scipy.signal import savgol_filter

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array

WINDOW = 7
ROUNDS = 4
MOST_OF_GAP = 0.4


def steady(contours: Sequence[Contour], positions: Array) -> Array:
    """Positions (frames, n) moved along their contours to where their paths are smooth."""
    window = min(WINDOW, len(contours) - 1 + len(contours) % 2)
    if window < 5:
        return positions
    lengths = np.array([contour.length for contour in contours])[:, None]
    for _ in range(ROUNDS):
        points = np.array([contour.at(places) for contour, places in zip(contours, positions, strict=True)])
        ways = np.array([contour.directions(places) for contour, places in zip(contours, positions, strict=True)])
        shift = np.asarray(savgol_filter(points, window, 2, axis=0)) - points
        along = np.einsum("tnk,tnk->tn", shift, ways)
        after = np.diff(positions, axis=1, append=positions[:, :1] + lengths)
        before = np.roll(after, 1, axis=1)
        positions = positions + np.clip(along, -MOST_OF_GAP * before, MOST_OF_GAP * after)
    return positions
