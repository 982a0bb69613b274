"""Which frames are keyed, and with what, so that linear interpolation stays within a tolerance on every frame.

Distances are taken across the curve only: sliding along it does no harm. The tolerance bounds the root mean square
over the outline on each frame. Key times by dynamic programming (fewest keys, then least error), key values by least
squares over all frames, then every frame is checked and keyed where it fails, so the result always holds.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .bezier import Array, bernstein

SAMPLES = 6
FARTHEST = 48
PATIENCE = 4
ERROR_SHARE = 0.5

Sound = Callable[[Array], bool]


def reduce_keys(outlines: Array, frames: Sequence[int], tolerance_px: float, sound: Sound) -> tuple[list[int], Array]:
    """Indices of the keyed frames and the key values (keys, n, 6).

    ``outlines`` (frames, n, 6) are wanted on ``frames``; ``sound`` says whether an interpolated outline may stand
    on a frame. The outlines themselves must be sound. Where least squares cannot hold a key, keys are the frames' own.
    """
    times = np.asarray(frames, dtype=float)
    curve, across = _sampled(outlines)
    chosen = _key_times(curve, across, times, tolerance_px)
    exact = False
    while True:
        values = outlines[chosen] if exact else _key_values(outlines, times, chosen)
        between = interpolate(values, times, chosen)
        error = _rms(_sampled(between)[0] - curve, across)
        bad = [i for i in range(len(times)) if error[i] > tolerance_px or not sound(between[i])]
        fresh = [i for i in bad if i not in chosen]
        if not bad or (exact and not fresh):
            return chosen, values
        exact = exact or not fresh
        chosen = sorted({*chosen, *_worst_of_each_run(fresh, error)})


def _worst_of_each_run(bad: Sequence[int], error: Array) -> list[int]:
    """One frame out of every run of neighbouring bad frames."""
    if not len(bad):
        return []
    runs = np.split(np.asarray(bad), np.flatnonzero(np.diff(bad) > 1) + 1)
    return [int(run[np.argmax(error[run])]) for run in runs]


def interpolate(values: Array, times: Array, chosen: Sequence[int]) -> Array:
    """Outlines on all frames from key values, linear in time."""
    return np.einsum("tk,knc->tnc", _hats(times, chosen), values)


def _hats(times: Array, chosen: Sequence[int]) -> Array:
    keyed = times[list(chosen)]
    return np.stack([np.interp(times, keyed, row) for row in np.eye(len(keyed))], axis=1)


def _key_values(outlines: Array, times: Array, chosen: Sequence[int]) -> Array:
    """Key values that err least over all frames, in the sense of least squares."""
    hats = _hats(times, chosen)
    normal = np.einsum("tk,tl->kl", hats, hats)
    side = np.einsum("tk,tc->kc", hats, outlines.reshape(len(times), -1))
    return np.linalg.solve(normal, side).reshape(len(chosen), *outlines.shape[1:])


def _sampled(outlines: Array) -> tuple[Array, Array]:
    """Points (frames, n · SAMPLES, 2) on the curves and unit vectors across them."""
    centre = outlines[..., 0:2]
    following = np.roll(outlines, -1, axis=1)
    control = np.stack(
        [centre, centre + outlines[..., 4:6], following[..., 0:2] + following[..., 2:4], following[..., 0:2]], axis=2
    )
    curve = np.einsum("kc,tncd->tnkd", bernstein(np.arange(SAMPLES) / SAMPLES), control)
    curve = curve.reshape(len(outlines), -1, 2)
    along = np.roll(curve, -1, axis=1) - np.roll(curve, 1, axis=1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    return curve, across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)


def _rms(difference: Array, across: Array) -> Array:
    """Root mean square distance across the curve, per frame."""
    away = np.einsum("tmd,tmd->tm", difference, across)
    return np.sqrt(np.mean(away * away, axis=1))


def _key_times(curve: Array, across: Array, times: Array, tolerance_px: float) -> list[int]:
    """Fewest keys whose exact interpolation keeps the tolerance between them, least squared error among those."""
    count = len(times)
    total = np.full(count, np.inf)
    came = np.zeros(count, dtype=np.int64)
    total[0] = 0.0
    for start in range(count - 1):
        misses = 0
        for end in range(start + 1, min(count, start + 1 + FARTHEST)):
            error = _span_error(curve, across, times, start, end)
            misses = misses + 1 if error.max(initial=0.0) > tolerance_px else 0
            if misses >= PATIENCE:
                break
            price = 1.0 + ERROR_SHARE * float(np.sum((error / tolerance_px) ** 2)) / count
            if misses == 0 and total[start] + price < total[end]:
                total[end], came[end] = total[start] + price, start
    chosen = [count - 1]
    while chosen[-1]:
        chosen.append(int(came[chosen[-1]]))
    return chosen[::-1]


def _span_error(curve: Array, across: Array, times: Array, start: int, end: int) -> NDArray[np.float64]:
    inner = slice(start + 1, end)
    share = ((times[inner] - times[start]) / (times[end] - times[start]))[:, None, None]
    return _rms(curve[start] + share * (curve[end] - curve[start]) - curve[inner], across[inner])
