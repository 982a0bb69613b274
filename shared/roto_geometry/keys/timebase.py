"""How values run from key to key, exactly as a host draws them: linear, or smooth as in Nuke.

Smooth is cubic Hermite in time with a stored slope a key, the same before and after it, so that motion has no kinks
(:func:`roto_shared.timeline.evaluate` is the one definition). Both are linear in a key's unknowns: its value, and for
smooth keys its value and slope (units a frame) in turn. On a keyed frame the value comes out to the bit.
"""

from collections.abc import Sequence

import numpy as np

from roto_geometry.bezier import Array
from roto_shared.timeline import Interpolation


def basis(times: Array, chosen: Sequence[int], interpolation: Interpolation, at: Array | None = None) -> Array:
    """Weights (frames, unknowns) of all keys' unknowns on every frame, or at the times ``at``.

    ``chosen`` frames are keyed, the first and last of them too.
    """
    keyed = times[list(chosen)]
    at = times if at is None else at
    if len(keyed) == 1:
        return np.eye(1, unknowns_of(interpolation)).repeat(len(at), axis=0)
    before = np.clip(np.searchsorted(keyed, at, side="right") - 1, 0, len(keyed) - 2)
    weights = span_weights(keyed[before], at, keyed[before + 1], interpolation)
    each = unknowns_of(interpolation)
    whole = np.zeros((len(at), len(keyed) * each))
    np.put_along_axis(whole, before[:, None] * each + np.arange(2 * each), weights, axis=1)
    return whole


def between_frames(times: Array) -> Array:
    """The half frames."""
    return (times[:-1] + times[1:]) / 2


def span_weights(start: Array, time: Array, end: Array, interpolation: Interpolation) -> Array:
    """Weights (…, 2 or 4) at ``time`` of the unknowns of a key at ``start`` and of the next one at ``end``."""
    span = end - start
    s = (time - start) / span
    t = 1.0 - s
    if interpolation is Interpolation.SMOOTH:
        parts = (t * t * (1 + 2 * s), span * s * t * t, s * s * (3 - 2 * s), -span * s * s * t)
        return np.stack(parts, axis=-1)
    return np.stack([t, s], axis=-1)


def slope_weights(start: float, time: float, end: float) -> Array:
    """Weights (4,) of the slope at ``time`` as :func:`span_weights` gives those of the value; smooth keys alone."""
    span = end - start
    s = (time - start) / span
    return np.array([6 * s * (s - 1) / span, (1 - s) * (1 - 3 * s), 6 * s * (1 - s) / span, s * (3 * s - 2)])


def unknowns_of(interpolation: Interpolation) -> int:
    """How many unknowns a key has."""
    return 2 if interpolation is Interpolation.SMOOTH else 1


def with_slopes(values: Array, times: Array, interpolation: Interpolation) -> Array:
    """Unknowns (frames, 1 or 2, …) of keys on all frames, two or more: their values, central differences as slopes."""
    if interpolation is not Interpolation.SMOOTH:
        return values[:, None]
    slopes = np.gradient(values, times, axis=0, edge_order=2 if len(times) > 2 else 1)
    return np.stack([values, slopes], axis=1)
