"""Which frames are keyed, and with what, so that a host's interpolation stays within a tolerance on every frame.

The tolerance bounds the root mean square over the outline on each frame (:mod:`.wanted`). Key times by dynamic
programming (:mod:`.keytimes`), key values by least squares over all frames (:mod:`.spacetime`); then every frame is
checked and keyed where it fails, so the result always holds. On half frames, which motion blur shows, an outline may
cross itself only in loops too small to see, or no larger than with keys on both frames beside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import place_outlines
from roto_geometry.guards import are_sound, largest_loops, mend_between
from roto_shared.timeline import Interpolation

from .keytimes import SpanErrors, key_times, span_errors
from .spacetime import Keying, exact_values, key_values, refine_values
from .timebase import basis, between_frames, slope_weights, unknowns_of
from .wanted import Wanted, sampled

SLACKS = (1.0, 1.5, 2.5, 4.0)
"""Key times are sought for these multiples of the tolerance: fitted values err less than exact ones, slopes above all.
"""


MOST_LOOP_PX2 = 9.0
"""Three by three px: on a half frame it is a share of what motion blur smears."""


@dataclass(frozen=True, eq=False)
class PlacedKeys:
    """Indices of the keyed frames, key values (keys, n, 6) before placement, and a placement (2, 3) of every frame.

    Without a placement (None) the values are plate px. Smooth keys have ``slopes`` (keys, n, 6), a frame; linear ones
    have None.
    """

    chosen: list[int]
    values: Array
    placement: Array | None = None
    slopes: Array | None = None

    @classmethod
    def of(
        cls, chosen: list[int], unknowns: Array, interpolation: Interpolation, placement: Array | None = None
    ) -> "PlacedKeys":
        """From the unknowns of :mod:`.timebase`."""
        each = unknowns_of(interpolation)
        return cls(chosen, unknowns[::each], placement, unknowns[1::each] if each > 1 else None)

    @property
    def interpolation(self) -> Interpolation:
        """How values run between keys."""
        return Interpolation.LINEAR if self.slopes is None else Interpolation.SMOOTH

    @property
    def unknowns(self) -> Array:
        """What :mod:`.timebase` calls so: (unknowns, n, 6)."""
        parts = [self.values] if self.slopes is None else [self.values, self.slopes]
        return np.stack(parts, axis=1).reshape(-1, *self.values.shape[1:])

    def unplaced(self, times: Array, at: Array) -> Array:
        """Outlines at any times ``at`` before placement; ``times`` are those of all frames."""
        return np.einsum("tk,knc->tnc", basis(times, self.chosen, self.interpolation, at), self.unknowns)

    def drawn(self, times: Array) -> Array:
        """Outlines on all frames in plate px."""
        between = self.unplaced(times, times)
        return between if self.placement is None else place_outlines(self.placement, between)

    def between(self, times: Array, start: int, stop: int) -> "PlacedKeys":
        """The same drawing on frames ``start`` up to ``stop``, not included, alone: keyed at both ends, exactly."""
        chosen = sorted({start, stop - 1, *(index for index in self.chosen if start <= index < stop)})
        values = self.unplaced(times, times[chosen])
        slopes = None if self.slopes is None else np.array([self._slope(times, index) for index in chosen])
        placement = None if self.placement is None else self.placement[start:stop]
        return PlacedKeys([index - start for index in chosen], values, placement, slopes)

    def _slope(self, times: Array, index: int) -> Array:
        """The slope (n, 6) of smooth keys on a frame."""
        assert self.slopes is not None  # only smooth keys are asked
        if index in self.chosen:
            return self.slopes[self.chosen.index(index)]
        after = int(np.searchsorted(self.chosen, index))
        start, end = self.chosen[after - 1], self.chosen[after]
        weights = slope_weights(times[start], times[index], times[end])
        return np.einsum("k,knc->nc", weights, self.unknowns[2 * after - 2 : 2 * after + 2])

    @property
    def stored_values(self) -> int:
        """Six numbers a knot and key, as many again for its slopes, and six a placement."""
        return sum(part.size for part in (self.values, self.slopes, self.placement) if part is not None)


Fitted = Callable[[list[int], bool], PlacedKeys]
"""Keys on given frames, those frames' own where it is True. Own ones are sound and err nowhere where they are keyed."""


def reduce_keys(wanted: Wanted) -> PlacedKeys:
    """Keys without placements, so that every frame is sound and within its tolerance.

    Pinned frames are keyed and kept to the bit whatever they are. Where least squares cannot hold a key, keys are the
    frames' own.
    """
    still = np.repeat(np.eye(2, 3)[None], len(wanted), axis=0)

    def fitted(chosen: list[int], exact: bool) -> PlacedKeys:
        keying = Keying.of(wanted, chosen)
        if exact:
            unknowns = exact_values(wanted.outlines, wanted, keying)
        else:
            unknowns = refine_values(key_values(wanted.outlines, wanted, keying), wanted, keying, still)
        return PlacedKeys.of(chosen, unknowns, wanted.interpolation)

    every = len(wanted) + 1
    return fewest_keys(wanted, span_errors(wanted), fitted, every) or fitted(list(range(len(wanted))), True)


def fewest_keys(wanted: Wanted, errors: SpanErrors, fitted: Fitted, fewer_than: int) -> PlacedKeys | None:
    """The fewest keys found that hold on every frame that is not pinned; None if not ``fewer_than`` so many."""
    best = None
    for slack in SLACKS:
        most = fewer_than if best is None else len(best.chosen)
        best = _held(key_times(errors, slack, wanted.pinned), fitted, wanted, most) or best
    return best


def _held(chosen: list[int], fitted: Fitted, wanted: Wanted, fewer_than: int) -> PlacedKeys | None:
    """Keys on more frames than ``chosen``, until all hold; the frames' own where no others do."""
    exact = False
    while len(chosen) < fewer_than:
        exact = exact or len(chosen) == len(wanted)
        keys, error, bad = _checked(fitted(chosen, exact), wanted, not exact)
        fresh = [i for i in bad if i not in chosen]
        if not bad or (exact and not fresh):
            return keys
        exact = exact or not fresh
        chosen = sorted({*chosen, *worst_of_each_run(fresh, error)})
    return None


def _checked(keys: PlacedKeys, wanted: Wanted, may_mend: bool = True) -> tuple[PlacedKeys, Array, list[int]]:
    """The keys, mended where only crossings are amiss, the error of every frame, and which of them do not hold."""
    drawn = keys.drawn(wanted.times)
    error = wanted.errors(sampled(drawn)[0])
    bad = [i for i in range(len(wanted)) if error[i] > 1 and i not in wanted.pinned]
    if bad:
        return keys, error, bad
    unsound = sorted(set(np.flatnonzero(~are_sound(drawn)).tolist()) - wanted.pinned)
    halves = _crossing_halves(keys, wanted) if may_mend or not unsound else []
    bad = unsound or sorted({i for half in halves for i in (half, half + 1)} - {*keys.chosen, *wanted.pinned})
    if may_mend and bad:
        at = np.concatenate([wanted.times[unsound], between_frames(wanted.times)[halves]])
        return _checked(_mended(keys, wanted, at), wanted, False)
    return keys, error, bad


def _crossing_halves(keys: PlacedKeys, wanted: Wanted) -> list[int]:
    """Half frames, by the frame before, on which the outline crosses itself so that one sees it and keys would help."""
    halves = keys.unplaced(wanted.times, between_frames(wanted.times))
    return np.flatnonzero(largest_loops(halves) > np.maximum(MOST_LOOP_PX2, wanted.loops_between_px2)).tolist()


def _mended(keys: PlacedKeys, wanted: Wanted, at: Array) -> PlacedKeys:
    """The same keys with shorter handles, so that outlines do not cross themselves at the times ``at``."""
    pinned = Keying.of(wanted, keys.chosen).pinned
    unknowns = mend_between(keys.unknowns, basis(wanted.times, keys.chosen, keys.interpolation, at), pinned)
    return PlacedKeys.of(keys.chosen, unknowns, keys.interpolation, keys.placement)


def worst_of_each_run(bad: Sequence[int], error: Array) -> list[int]:
    """One frame out of every run of neighbouring bad frames."""
    if not len(bad):
        return []
    runs = np.split(np.asarray(bad), np.flatnonzero(np.diff(bad) > 1) + 1)
    return [int(run[np.argmax(error[run])]) for run in runs]
