"""Which frames are keyed, and with what, so that linear interpolation stays within a tolerance on every frame.

Distances are taken across the curve only: sliding along it does no harm. The tolerance bounds the root mean square
over the outline on each frame. Key times by dynamic programming (fewest keys, then least error), key values by least
squares over all frames, then every frame is checked and keyed where it fails, so the result always holds.
"""

from collections.abc import Callable, Sequence

import numpy as np

from .bezier import Array, bernstein
from .spacetime import refine_values

SAMPLES = 6
FARTHEST = 48
PATIENCE = 4
ERROR_SHARE = 0.5
SLACKS = (1.0, 1.5)
"""Key times are sought for these multiples of the tolerance: fitted key values err less than exact ones."""

Sound = Callable[[Array], bool]
SpanError = Callable[[int, int], Array]
"""Root mean square distances, in tolerances, on the frames between two keyed ones, given by their indices."""


def reduce_keys(
    outlines: Array, frames: Sequence[int], tolerance_px: float | Array, sound: Sound
) -> tuple[list[int], Array]:
    """Indices of the keyed frames and the key values (keys, n, 6).

    ``outlines`` (frames, n, 6) are wanted on ``frames``; the tolerance is one or one a frame; ``sound`` says whether an
    interpolated outline may stand on a frame. The outlines themselves must be sound. Where least squares cannot hold a
    key, keys are the frames' own.
    """
    times = np.asarray(frames, dtype=float)
    curve, across = sampled(outlines)
    still = np.repeat(np.eye(2, 3)[None], len(times), axis=0)
    limit = np.broadcast_to(tolerance_px, len(times))

    def span_error(start: int, end: int) -> Array:
        inner = slice(start + 1, end)
        return rms(between_keys(curve, times, start, end) - curve[inner], across[inner]) / limit[inner]

    def settled(chosen: list[int], exact: bool) -> tuple[Array, Array]:
        values = outlines[chosen]
        if not exact:
            values = refine_values(key_values(outlines, times, chosen), hats(times, chosen), curve, across, still)
        return values, interpolate(values, times, chosen)

    def held(slack: float) -> tuple[list[int], bool]:
        chosen = key_times(len(times), span_error, slack)
        return hold(chosen, lambda *keyed: settled(*keyed)[1], outlines, limit, sound)

    chosen, exact = min(map(held, SLACKS), key=lambda found: len(found[0]))
    return chosen, settled(chosen, exact)[0]


def hold(
    chosen: list[int], drawn: Callable[[list[int], bool], Array], outlines: Array, limit: Array, sound: Sound
) -> tuple[list[int], bool]:
    """Add keys to ``chosen`` until every frame holds, and say whether keys must be exact for it.

    ``limit`` is the tolerance of every frame, px. ``drawn(chosen, exact)`` gives the outlines of all frames in plate
    px; exact ones are sound and err nowhere where they are keyed.
    """
    curve, across = sampled(outlines)
    exact = False
    while True:
        between = drawn(chosen, exact)
        error = rms(sampled(between)[0] - curve, across) / limit
        bad = [i for i in range(len(outlines)) if error[i] > 1 or not sound(between[i])]
        fresh = [i for i in bad if i not in chosen]
        if not bad or (exact and not fresh):
            return chosen, exact
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
    return np.einsum("tk,knc->tnc", hats(times, chosen), values)


def hats(times: Array, chosen: Sequence[int]) -> Array:
    """Weights (frames, keys) of the keys on every frame."""
    keyed = times[list(chosen)]
    return np.stack([np.interp(times, keyed, row) for row in np.eye(len(keyed))], axis=1)


def key_values(outlines: Array, times: Array, chosen: Sequence[int]) -> Array:
    """Key values that err least over all frames, in the sense of least squares."""
    weights = hats(times, chosen)
    normal = np.einsum("tk,tl->kl", weights, weights)
    side = np.einsum("tk,tc->kc", weights, outlines.reshape(len(times), -1))
    return np.linalg.solve(normal, side).reshape(len(chosen), *outlines.shape[1:])


def sampled(outlines: Array) -> tuple[Array, Array]:
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


def rms(difference: Array, across: Array) -> Array:
    """Root mean square distance across the curve, per frame."""
    away = np.einsum("tmd,tmd->tm", difference, across)
    return np.sqrt(np.mean(away * away, axis=1))


def key_times(count: int, span_error: SpanError, most: float) -> list[int]:
    """Fewest keys whose exact interpolation errs by at most ``most`` tolerances, least squared error among those."""
    total = np.full(count, np.inf)
    came = np.zeros(count, dtype=np.int64)
    total[0] = 0.0
    for start in range(count - 1):
        misses = 0
        for end in range(start + 1, min(count, start + 1 + FARTHEST)):
            error = span_error(start, end)
            misses = misses + 1 if error.max(initial=0.0) > most else 0
            if misses >= PATIENCE:
                break
            price = 1.0 + ERROR_SHARE * float(np.sum((error / most) ** 2)) / count
            if misses == 0 and total[start] + price < total[end]:
                total[end], came[end] = total[start] + price, start
    chosen = [count - 1]
    while chosen[-1]:
        chosen.append(int(came[chosen[-1]]))
    return chosen[::-1]


def between_keys(curve: Array, times: Array, start: int, end: int) -> Array:
    """Points on the frames between two keyed ones, linear in time."""
    share = ((times[start + 1 : end] - times[start]) / (times[end] - times[start]))[:, None, None]
    return curve[start] + share * (curve[end] - curve[start])
