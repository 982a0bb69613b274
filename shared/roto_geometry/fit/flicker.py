"""Outlines steadied over time: a network's masks flicker, and flicker is not motion.

Moves and turns of the whole are taken out (a camera may shake as it likes), then every control point is drawn towards a
robust local quadratic of its own path over a window of frames (Cleveland 1979, with time as the one predictor): steady
speed and steady acceleration stay; trembling, breathing and single bad frames go. Limit: what moves fast and unevenly
by itself, within less than the window, is rounded off.
"""

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import inverse, place_outlines
from roto_geometry.keys.motion import common_form
from roto_geometry.keys.wanted import Wanted

LONGEST_REACH = 9
"""Frames to both sides that decide at full smoothness: about a third of a second at 24 frames a second."""
ROBUST_ROUNDS = 4
LEAST_SPREAD_PX = 0.25
FAR = 4.0
"""Residuals beyond this many times the median one have no say."""


def calm(outlines: Array, smoothness: float) -> Array:
    """Outlines (frames, n, 6) in plate px without flicker; ``smoothness`` 0 leaves them as they are, 1 is the most."""
    reach = min(round(smoothness * LONGEST_REACH), (len(outlines) - 1) // 2)
    if reach < 1:
        return outlines
    placement = _whole_motion(outlines)
    still = place_outlines(inverse(placement), outlines)
    return place_outlines(placement, _calmed(still, reach))


def _whole_motion(outlines: Array) -> Array:
    """Moves and turns (frames, 2, 3) of the outline as a whole; growing and shrinking is left to the outline."""
    placement = common_form(Wanted(outlines, range(len(outlines)), np.inf))
    left, _, right = np.linalg.svd(placement[:, :, :2])
    turn = left @ right
    centre = place_outlines(inverse(placement), outlines)[..., :2].mean(axis=(0, 1))
    move = (placement[:, :, :2] - turn) @ centre + placement[:, :, 2]
    return np.concatenate([turn, move[..., None]], axis=2)


def _calmed(outlines: Array, reach: int) -> Array:
    """Every knot's six numbers at the middle of a robust quadratic over ``reach`` frames to both sides."""
    near, lag, trust = _windows(len(outlines), reach)
    powers = np.stack([np.ones_like(lag), lag, lag * lag], axis=-1)
    values = outlines[near]
    solved = _quadratics(powers, values, np.broadcast_to(trust[..., None], values.shape[:3]))
    for _ in range(ROBUST_ROUNDS):
        away = np.linalg.norm((values - np.einsum("twp,tnpc->twnc", powers, solved))[..., :2], axis=-1)
        spread = np.maximum(np.median(away, axis=1, keepdims=True), LEAST_SPREAD_PX)
        solved = _quadratics(powers, values, trust[..., None] * np.clip(1 - (away / (FAR * spread)) ** 2, 0, 1) ** 2)
    return solved[:, :, 0]


def _windows(count: int, reach: int) -> tuple[NDArray[np.int64], Array, Array]:
    """For every frame: the frames around it, how far off they are in reaches, and their tricube weight."""
    first = np.clip(np.arange(count) - reach, 0, count - 1 - 2 * reach)
    near = first[:, None] + np.arange(2 * reach + 1)
    lag = (near - np.arange(count)[:, None]) / (reach + 1)
    widest = np.maximum(np.abs(lag).max(axis=1, keepdims=True), 1.0) + 1e-3
    return near, lag, (1 - (np.abs(lag) / widest) ** 3) ** 3


def _quadratics(powers: Array, values: Array, weight: Array) -> Array:
    """Weighted least-squares coefficients (frames, n, 3, 6)."""
    normal = np.einsum("twn,twp,twq->tnpq", weight, powers, powers) + 1e-9 * np.eye(3)
    side = np.einsum("twn,twp,twnc->tnpc", weight, powers, values)
    return np.linalg.solve(normal, side)
