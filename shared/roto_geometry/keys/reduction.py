"""Which frames are keyed, and with what, so that a host's interpolation stays within a tolerance on every frame.

The tolerance bounds the root mean square over the outline on each frame (:mod:`.wanted`). Key times by dynamic
programming (:mod:`.keytimes`), key values by least squares over all frames (:mod:`.spacetime`); then every frame is
checked and keyed where it fails, so the result always holds. What only crosses itself (:mod:`.crossings`) is undone
where it crosses before a frame is keyed for it. At last keys are taken out as long as all others hold without them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from roto_geometry.bezier import Array

from .crossings import crossing_frames, crossing_halves, holds_on_crossings, mended
from .keytimes import SpanErrors, key_times, span_errors
from .placed import PlacedKeys
from .spacetime import Holds, Keying, PlacedWanted, exact_values, key_values, refine_values
from .wanted import Wanted, sampled

SLACKS = (4.0, 1.5)
"""Key times are sought for these multiples of the tolerance: fitted values err far less than exact ones, above all in
their slopes. The coarsest come first, so that the finer ones are given up as soon as they are more (decision 0018)."""

FIRMNESS = (1.0, 10.0, 100.0)
"""How firmly knots that cross are held, in turn: the middle one alone has two thirds of the gain (decision 0018)."""

KEY_WORTH = 2.5
"""A key is needed where without it so many frames would err by the whole tolerance, or more frames by less.

At 2.5 and 3 the sequences of decision 0018 fare alike; from 5 on rigid ones lose more than .005 of IoU.
"""

Fitted = Callable[[list[int], Holds | None], PlacedKeys]
"""Keys on given frames that err least under holds; those frames' own with None, which are sound and err nowhere there.
"""


@dataclass(frozen=True, eq=False)
class _Checked:
    """Keys and the error of every frame, in tolerances.

    ``astray`` are the frames that err too much; where there are none, ``frames`` and ``halves`` are those on which the
    outline crosses itself and must not, a half frame by the one before.
    """

    keys: PlacedKeys
    error: Array
    astray: list[int]
    frames: list[int]
    halves: list[int]

    def price(self) -> tuple[int, float]:
        """How many keys they are, and then how far all frames err."""
        return len(self.keys.chosen), float(self.error @ self.error)

    @property
    def only_crosses(self) -> bool:
        return not self.astray and bool(self.to_key)

    @property
    def to_key(self) -> list[int]:
        """Frames that would help, were they keyed."""
        beside = {frame for half in self.halves for frame in (half, half + 1)} - set(self.keys.chosen)
        return self.astray or self.frames or sorted(beside)


def reduce_keys(wanted: Wanted) -> PlacedKeys:
    """Keys without placements, so that every frame is within its tolerance, and sound unless it may cross itself.

    Pinned frames are keyed and kept to the bit whatever they are. Where least squares cannot hold a key, keys are the
    frames' own.
    """
    placed = PlacedWanted.unplaced(wanted)

    def fitted(chosen: list[int], holds: Holds | None) -> PlacedKeys:
        keying = Keying.of(wanted, chosen)
        if holds is None:
            unknowns = exact_values(wanted.outlines, wanted, keying)
        else:
            unknowns = refine_values(key_values(wanted.outlines, wanted, keying), placed, keying, holds)
        return PlacedKeys.of(chosen, unknowns, wanted.interpolation)

    found = fewest_keys(wanted, span_errors(wanted), fitted, len(wanted) + 1)
    assert found is not None  # keys on every frame are few enough
    return found


def fewest_keys(wanted: Wanted, errors: SpanErrors, fitted: Fitted, fewer_than: int) -> PlacedKeys | None:
    """The fewest keys found that hold on every frame that is not pinned; None if not ``fewer_than`` so many.

    Of as many keys those that err less.
    """
    best = None
    for slack in SLACKS:
        most = fewer_than if best is None else len(best.keys.chosen) + 1
        found = _holding(key_times(errors, slack, wanted.pinned), fitted, wanted, most)
        best = min(filter(None, (best, found)), key=_Checked.price, default=None)
    return _thinned(best, errors, fitted, wanted).keys if best else None


def _thinned(held: _Checked, errors: SpanErrors, fitted: Fitted, wanted: Wanted) -> _Checked:
    """Less the keys without which all frames hold and err little more, many at a time; only the others are needed."""
    needed = set(wanted.pinned)
    while spans := _least_missed(held.keys.chosen, errors, needed):
        fewer = _uncrossed([key for key in held.keys.chosen if key not in spans], fitted, wanted)
        more = fewer.error**2 - held.error**2
        missed = {
            key
            for key, span in spans.items()
            if not set(span).isdisjoint(fewer.to_key) or more[list(span)].sum() > KEY_WORTH
        }
        if missed or fewer.to_key:
            needed |= missed or spans.keys()
        else:
            held = fewer
    return held


def _least_missed(chosen: Sequence[int], errors: SpanErrors, needed: Collection[int]) -> dict[int, range]:
    """Keys that would be missed less than those next to them, and the frames for which each would be."""
    spans = zip(chosen, chosen[1:], chosen[2:], strict=False)
    missed = {key: (errors.between(start, end), start, end) for start, key, end in spans if key not in needed}
    return {
        key: range(start + 1, end)
        for key, (error, start, end) in missed.items()
        if all((error, key) < (missed[beside][0], beside) for beside in (start, end) if beside in missed)
    }


def _holding(chosen: list[int], fitted: Fitted, wanted: Wanted, fewer_than: int) -> _Checked | None:
    """Keys on more frames than ``chosen``, until all hold; the frames' own where no others do."""
    own = False
    while len(chosen) < fewer_than:
        own = own or len(chosen) == len(wanted)
        found = _checked(fitted(chosen, None), wanted) if own else _uncrossed(chosen, fitted, wanted)
        fresh = [i for i in found.to_key if i not in chosen]
        if not found.to_key or (own and not fresh):
            return found
        own = own or not fresh
        chosen = sorted({*chosen, *worst_of_each_run(fresh, found.error)})
    return None


def _uncrossed(chosen: list[int], fitted: Fitted, wanted: Wanted) -> _Checked:
    """Keys that err least; where only crossings are amiss, mended, or with what crosses held more and more firmly."""
    holds = Holds.none(wanted.outlines.shape[1])
    fit = _checked(fitted(chosen, holds), wanted)
    first = found = _mended(fit, wanted)
    for firmness in FIRMNESS:
        if not found.only_crosses:
            break
        holds = holds.joined(holds_on_crossings(fit.keys, wanted, fit.frames, fit.halves, firmness))
        fit = _checked(fitted(chosen, holds), wanted)
        found = _mended(fit, wanted)
    return first if found.to_key else found


def _mended(found: _Checked, wanted: Wanted) -> _Checked:
    """With shorter handles where only crossings are amiss."""
    return _checked(mended(found.keys, wanted, found.frames, found.halves), wanted) if found.only_crosses else found


def _checked(keys: PlacedKeys, wanted: Wanted) -> _Checked:
    drawn = keys.drawn(wanted.times)
    error = wanted.errors(sampled(drawn)[0])
    astray = [i for i in range(len(wanted)) if error[i] > 1 and i not in wanted.pinned]
    if astray or wanted.may_cross:
        return _Checked(keys, error, astray, [], [])
    return _Checked(keys, error, [], crossing_frames(drawn, wanted), crossing_halves(keys, wanted))


def worst_of_each_run(bad: Sequence[int], error: Array) -> list[int]:
    """One frame out of every run of neighbouring bad frames."""
    if not len(bad):
        return []
    runs = np.split(np.asarray(bad), np.flatnonzero(np.diff(bad) > 1) + 1)
    return [int(run[np.argmax(error[run])]) for run in runs]
