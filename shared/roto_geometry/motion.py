"""Motion in the placement, so that the points need few keys.

A shape is drawn as key values, interpolated linearly, under a placement with a key on every frame, as track data is.
The outlines themselves already correspond, so the placement is a registration of them: first a robust one to their
common form, which a limb does not drag along, then, turn by turn with the key values, the one that errs least. Key
times are chosen knowing that every frame has a placement of its own. Guarantee: as :mod:`.keys`, after placement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .bezier import Array
from .keys import SLACKS, Sound, between_keys, hats, hold, interpolate, key_times, key_values, reduce_keys, rms, sampled
from .registration import inverse, place, place_outlines, register
from .spacetime import refine_values

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


def cheapest_keys(
    outlines: Array, frames: Sequence[int], tolerance_px: float, sound: Sound, may_place: bool
) -> PlacedKeys:
    """Keys of outlines that are sound, with a placement where it may have one and stores fewer values with it.

    The tolerance grows on frames on which the outline changes fast by itself (:data:`MOTION_SHARE`).
    """
    if len(outlines) == 1:
        return PlacedKeys([0], outlines)
    limit = tolerance_px * (1 + np.minimum(MOTION_SHARE * own_motion(outlines), MOST_GROWTH))
    plain = PlacedKeys(*reduce_keys(outlines, frames, limit, sound))
    placed = reduce_placed(outlines, frames, limit, sound) if may_place else None
    return placed if placed and placed.stored_values < plain.stored_values else plain


def own_motion(outlines: Array) -> Array:
    """How fast each frame's outline changes apart from moving as a whole: root mean square across it, px a frame."""
    curve, across = sampled(outlines)
    before, after = curve[:-1], curve[1:]
    step = rms(place(register(before, after, across[1:]), before) - after, across[1:])
    return np.maximum(np.append(step, 0.0), np.append(0.0, step))


def reduce_placed(
    outlines: Array, frames: Sequence[int], tolerance_px: float | Array, sound: Sound
) -> PlacedKeys | None:
    """The fewest keys with placements that keep the tolerance on every frame; None where none of them is plain.

    Arguments as of :func:`.keys.reduce_keys`; ``sound`` is asked about placed outlines. Starts from the outlines as
    they lie and from their common form.
    """
    if len(frames) < FEWEST_FRAMES:
        return None
    times = np.asarray(frames, dtype=float)
    limit = np.broadcast_to(tolerance_px, len(times))
    still = np.repeat(np.eye(2, 3)[None], len(frames), axis=0)
    starts = [start for start in (common_form(outlines), still) if _is_plain(start)]
    found = [_reduced(outlines, times, start, limit, slack, sound) for start, slack in product(starts, SLACKS)]
    return min(filter(None, found), key=lambda keyed: len(keyed.chosen), default=None)


def _reduced(
    outlines: Array, times: Array, start: Array, limit: Array, slack: float, sound: Sound
) -> PlacedKeys | None:
    """Keys and placements that hold, sought from the placements ``start``."""

    def drawn(chosen: list[int], exact: bool) -> Array:
        return _settled(outlines, times, start, chosen, exact).drawn(times)

    first = _first_keys(outlines, start, times, limit * slack)
    keyed = _settled(outlines, times, start, *hold(first, drawn, outlines, limit, sound))
    is_plain = keyed.placement is not None and _is_plain(keyed.placement)
    return keyed if is_plain and all(map(sound, keyed.drawn(times))) else None


def common_form(outlines: Array) -> Array:
    """Placements that take one form, common to all frames, to each of the outlines; robust."""
    curve, across = sampled(outlines)
    middle = len(outlines) // 2
    form = curve[middle]
    placement = np.repeat(np.eye(2, 3)[None], len(curve), axis=0)
    for _ in range(FORM_ROUNDS):
        placement = register(np.repeat(form[None], len(curve), axis=0), curve, across, OUTLIER_PX)
        if not _is_plain(placement):
            break
        form = np.median(place(inverse(placement), curve), axis=0)
    return placement


def _is_plain(placement: Array) -> bool:
    """Whether no placement mirrors or flattens: the shorter axis is at least ``FLATTEST`` of the longer one."""
    shape = np.linalg.svd(placement[:, :, :2], compute_uv=False)
    upright = np.linalg.det(placement[:, :, :2]) > 0
    return bool(upright.all() and (shape[:, 1] > FLATTEST * shape[:, 0]).all())


def _first_keys(outlines: Array, form: Array, times: Array, limit: Array) -> list[int]:
    """Fewest keys, found with every frame between two keys registered anew."""
    curve, across = (part[:, ::2] for part in sampled(outlines))
    still = place(inverse(form), curve)

    def span_error(start: int, end: int) -> Array:
        inner = slice(start + 1, end)
        if end - start < 2:
            return np.zeros(0)
        moved = place(form[inner], between_keys(still, times, start, end))
        away = place(register(moved, curve[inner], across[inner]), moved) - curve[inner]
        return rms(away, across[inner]) / limit[inner]

    return key_times(len(times), span_error, 1.0)


def _settled(outlines: Array, times: Array, form: Array, chosen: list[int], exact: bool) -> PlacedKeys:
    """Key values and placements that err least together; the keyed frames exactly themselves where ``exact``."""
    curve, across = sampled(outlines)
    placement = form
    values = place_outlines(inverse(placement), outlines)[chosen]
    weights = hats(times, chosen)
    for turn in range(1 if exact else TURNS):
        if not exact:
            values = key_values(place_outlines(inverse(placement), outlines), times, chosen)
        if turn == TURNS - 1:
            values = refine_values(values, weights, curve, across, placement)
        moved = place_outlines(placement, interpolate(values, times, chosen))
        change = register(sampled(moved)[0], curve, across)
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
