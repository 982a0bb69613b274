"""Which frames are keyed, and with what, so that linear interpolation stays within a tolerance on every frame.

The tolerance bounds the root mean square over the outline on each frame (:mod:`.wanted`). Key times by dynamic
programming (fewest keys, then least error), key values by least squares over all frames, then every frame is checked
and keyed where it fails, so the result always holds.
"""

from collections.abc import Callable, Collection, Sequence

import numpy as np

from .bezier import Array
from .spacetime import refine_values
from .wanted import Wanted, sampled

FARTHEST = 48
PATIENCE = 4
ERROR_SHARE = 0.5
SLACKS = (1.0, 1.5)
"""Key times are sought for these multiples of the tolerance: fitted key values err less than exact ones."""

SpanError = Callable[[int, int], Array]
"""Root mean square distances, in tolerances, on the frames between two keyed ones, given by their indices."""


def reduce_keys(wanted: Wanted) -> tuple[list[int], Array]:
    """Indices of the keyed frames and the key values (keys, n, 6).

    Every frame is sound and within its tolerance, apart from pinned ones, which are keyed and kept to the bit whatever
    they are. Where least squares cannot hold a key, keys are the frames' own.
    """
    still = np.repeat(np.eye(2, 3)[None], len(wanted), axis=0)

    def span_error(start: int, end: int) -> Array:
        return wanted.errors(between_keys(wanted.curve, wanted.times, start, end), slice(start + 1, end))

    def settled(chosen: list[int], exact: bool) -> Array:
        if exact:
            return wanted.outlines[chosen]
        values, pinned = key_values(wanted, chosen), wanted.is_pinned(chosen)
        return refine_values(values, hats(wanted.times, chosen), wanted, still, pinned)

    def drawn(chosen: list[int], exact: bool) -> Array:
        return interpolate(settled(chosen, exact), wanted.times, chosen)

    def held(slack: float) -> tuple[list[int], bool]:
        return hold(key_times(len(wanted), span_error, slack, wanted.pinned), drawn, wanted)

    chosen, exact = min(map(held, SLACKS), key=lambda found: len(found[0]))
    return chosen, settled(chosen, exact)


def hold(chosen: list[int], drawn: Callable[[list[int], bool], Array], wanted: Wanted) -> tuple[list[int], bool]:
    """Add keys to ``chosen`` until every frame that is not pinned holds, and say whether keys must be exact for it.

    ``drawn(chosen, exact)`` gives the outlines of all frames in plate px; exact ones are sound and err nowhere where
    they are keyed.
    """
    exact = False
    while True:
        between = drawn(chosen, exact)
        error = wanted.errors(sampled(between)[0])
        failing = [i for i in range(len(wanted)) if error[i] > 1 or not wanted.sound(between[i])]
        bad = [i for i in failing if i not in wanted.pinned]
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


def key_values(wanted: Wanted, chosen: Sequence[int]) -> Array:
    """Key values that err least over all frames, in the sense of least squares, every knot by its own weights."""
    weights = hats(wanted.times, chosen)
    weighted = np.einsum("tk,tn->nkt", weights, wanted.knot_weight)
    normal, side = weighted @ weights, weighted @ wanted.outlines.swapaxes(0, 1)
    pinned = wanted.is_pinned(chosen)
    values = wanted.outlines[chosen]
    rest = side - normal[:, :, pinned] @ values[pinned].swapaxes(0, 1)
    values[~pinned] = np.linalg.solve(normal[:, ~pinned][:, :, ~pinned], rest[:, ~pinned]).swapaxes(0, 1)
    return values


def key_times(count: int, span_error: SpanError, most: float, must: Collection[int] = ()) -> list[int]:
    """Fewest keys whose exact interpolation errs by at most ``most`` tolerances, least squared error among those.

    Frames of ``must`` are keyed.
    """
    total = np.full(count, np.inf)
    came = np.zeros(count, dtype=np.int64)
    total[0] = 0.0
    for start in range(count - 1):
        misses = 0
        for end in range(start + 1, min(count, start + 1 + FARTHEST)):
            error = span_error(start, end)
            misses = misses + 1 if error.max(initial=0.0) > most else 0
            if misses >= PATIENCE or (end - 1 in must and end - 1 > start):
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
