"""Motion in the placement, so that the points need few keys.

A shape is drawn as key values, interpolated linearly, under a placement with a key on every frame, as track data is.
The outlines themselves already correspond, so the placement is a registration of them: first a robust one to their
common form, which a limb does not drag along, then, turn by turn with the key values, the one that errs least. Key
times are chosen knowing that every frame has a placement of its own. Guarantee: as :mod:`.keys`, after placement.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from .bezier import Array
from .keys import SLACKS, between_keys, hats, hold, interpolate, key_times, key_values, reduce_keys
from .registration import inverse, place, place_outlines, register
from .spacetime import refine_values
from .wanted import Wanted, rms, sampled

FORM_ROUNDS = 3
TURNS = 4
FEWEST_FRAMES = 3
FLATTEST = 0.25
OUTLIER_PX = 1.0
MOTION_SHARE = 0.18
"""By how much of itself the tolerance grows for every px that an outline changes a frame: motion blur hides it."""
MOST_GROWTH = 0.5


@dataclass(frozen=True, eq=False)
class PlacedKeys:
    """Indices of the keyed frames, key values (keys, n, 6) before placement, and a placement (2, 3) of every frame.

    Without a placement (None) the values are plate px.
    """

    chosen: list[int]
    values: Array
    placement: Array | None = None

    def drawn(self, times: Array) -> Array:
        """Outlines on all frames in plate px."""
        between = interpolate(self.values, times, self.chosen)
        return between if self.placement is None else place_outlines(self.placement, between)

    @property
    def stored_values(self) -> int:
        """Six numbers a knot and key, and six a placement."""
        return self.values.size + (0 if self.placement is None else self.placement.size)


def cheapest_keys(wanted: Wanted, may_place: bool) -> PlacedKeys:
    """Keys with a placement where they may have one, none of them is pinned, and they store fewer values with it.

    The tolerance grows on frames on which the outline changes fast by itself (:data:`MOTION_SHARE`).
    """
    if len(wanted) == 1:
        return PlacedKeys([0], wanted.outlines)
    growth = 1 + np.minimum(MOTION_SHARE * own_motion(wanted), MOST_GROWTH)
    wanted = replace(wanted, tolerance_px=wanted.limit_px * growth)
    plain = PlacedKeys(*reduce_keys(wanted))
    placed = reduce_placed(wanted) if may_place and not wanted.pinned else None
    return placed if placed and placed.stored_values < plain.stored_values else plain


def own_motion(wanted: Wanted) -> Array:
    """How fast each frame's outline changes apart from moving as a whole: root mean square across it, px a frame."""
    before, after, across = wanted.curve[:-1], wanted.curve[1:], wanted.across[1:]
    weight = np.minimum(wanted.sample_weight[:-1], wanted.sample_weight[1:])
    step = rms(place(register(before, after, across, weight), before) - after, across, weight)
    return np.maximum(np.append(step, 0.0), np.append(0.0, step))


def reduce_placed(wanted: Wanted) -> PlacedKeys | None:
    """The fewest keys with placements that keep the tolerance on every frame; None where none of them is plain.

    Nothing may be pinned: the placement would move it. To keep a placement and pin keys under it, take the outlines
    back by it and call :func:`.keys.reduce_keys`. Starts from the outlines as they lie and from their common form.
    """
    if len(wanted) < FEWEST_FRAMES:
        return None
    still = np.repeat(np.eye(2, 3)[None], len(wanted), axis=0)
    starts = [start for start in (common_form(wanted), still) if _is_plain(start)]
    found = [_reduced(wanted, start, slack) for start, slack in product(starts, SLACKS)]
    return min(filter(None, found), key=lambda keyed: len(keyed.chosen), default=None)


def _reduced(wanted: Wanted, start: Array, slack: float) -> PlacedKeys | None:
    """Keys and placements that hold, sought from the placements ``start``."""

    def drawn(chosen: list[int], exact: bool) -> Array:
        return _settled(wanted, start, chosen, exact).drawn(wanted.times)

    keyed = _settled(wanted, start, *hold(_first_keys(wanted, start, slack), drawn, wanted))
    is_plain = keyed.placement is not None and _is_plain(keyed.placement)
    return keyed if is_plain and all(map(wanted.sound, keyed.drawn(wanted.times))) else None


def common_form(wanted: Wanted) -> Array:
    """Placements that take one form, common to all frames, to each of the outlines; robust."""
    curve = wanted.curve
    form = curve[len(curve) // 2]
    placement = np.repeat(np.eye(2, 3)[None], len(curve), axis=0)
    for _ in range(FORM_ROUNDS):
        source = np.repeat(form[None], len(curve), axis=0)
        placement = register(source, curve, wanted.across, wanted.sample_weight, OUTLIER_PX)
        if not _is_plain(placement):
            break
        form = np.median(place(inverse(placement), curve), axis=0)
    return placement


def _is_plain(placement: Array) -> bool:
    """Whether no placement mirrors or flattens: the shorter axis is at least ``FLATTEST`` of the longer one."""
    shape = np.linalg.svd(placement[:, :, :2], compute_uv=False)
    upright = np.linalg.det(placement[:, :, :2]) > 0
    return bool(upright.all() and (shape[:, 1] > FLATTEST * shape[:, 0]).all())


def _first_keys(wanted: Wanted, form: Array, slack: float) -> list[int]:
    """Fewest keys, found with every frame between two keys registered anew."""
    every_other = np.s_[:, ::2]
    curve, across, weight = (part[every_other] for part in (wanted.curve, wanted.across, wanted.sample_weight))
    still = place(inverse(form), curve)

    def span_error(start: int, end: int) -> Array:
        inner = slice(start + 1, end)
        if end - start < 2:
            return np.zeros(0)
        moved = place(form[inner], between_keys(still, wanted.times, start, end))
        away = place(register(moved, curve[inner], across[inner], weight[inner]), moved) - curve[inner]
        return rms(away, across[inner], weight[inner]) / wanted.limit_px[inner]

    return key_times(len(wanted), span_error, slack)


def _settled(wanted: Wanted, form: Array, chosen: list[int], exact: bool) -> PlacedKeys:
    """Key values and placements that err least together; the keyed frames exactly themselves where ``exact``."""
    placement = form
    values = place_outlines(inverse(placement), wanted.outlines)[chosen]
    weights, pinned = hats(wanted.times, chosen), wanted.is_pinned(chosen)
    for turn in range(1 if exact else TURNS):
        if not exact:
            unplaced = replace(wanted, outlines=place_outlines(inverse(placement), wanted.outlines))
            values = key_values(unplaced, chosen)
        if turn == TURNS - 1:
            values = refine_values(values, weights, wanted, placement, pinned)
        moved = place_outlines(placement, interpolate(values, wanted.times, chosen))
        change = register(sampled(moved)[0], wanted.curve, wanted.across, wanted.sample_weight)
        if exact:
            change[chosen] = np.eye(2, 3)
        if not _is_plain(change):
            break
        placement = _after(change, placement)
    return PlacedKeys(chosen, values, placement)


def _after(change: Array, placement: Array) -> Array:
    """One placement, then the change."""
    linear = change[:, :, :2] @ placement[:, :, :2]
    shift = change[:, :, :2] @ placement[:, :, 2:] + change[:, :, 2:]
    return np.concatenate([linear, shift], axis=2)
