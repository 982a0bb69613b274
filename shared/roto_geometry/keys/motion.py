"""Motion in the placement, so that the points need few keys.

A shape is drawn as key values, interpolated linearly, under a placement with a key on every frame, as track data is.
The outlines themselves already correspond, so the placement is a registration of them: first a robust one to their
common form, which a limb does not drag along, then, turn by turn with the key values, the one that errs least. Key
times are chosen knowing that every frame has a placement of its own. Guarantee: as :mod:`.reduction`, after placement.
"""

import math
from dataclasses import replace
from functools import partial

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import inverse, place, place_outlines, register, unmoved

from .keytimes import span_errors
from .placed import PlacedKeys
from .reduction import fewest_keys, reduce_keys
from .spacetime import Holds, Keying, PlacedWanted, exact_values, key_values, refine_values
from .wanted import Wanted, rms, sampled

FORM_ROUNDS = 3
TURNS = 4
FEWEST_FRAMES = 3
FLATTEST = 0.25
OUTLIER_PX = 1.0
MOTION_SHARE = 0.18
"""By how much of itself the tolerance grows for every px that an outline changes a frame: motion blur hides it."""
MOST_GROWTH = 0.5
CLOSER = 0.5
FEW_KEYS = 0.2
"""A shape is held to ``CLOSER`` of its tolerance where it has no more keys than this share of its frames even so.

What hardly changes its form needs few keys, and an edge that slips on it is seen. Measured on the two rigid sequences
of decision 0018, as they are, mirrored backwards, and at every second frame: keys cost .0023 of IoU instead of .0050,
the most that they may cost; the key ratio is .10 instead of .07. The other sequences stay as they are.
"""


def cheapest_keys(wanted: Wanted, may_place: bool) -> PlacedKeys:
    """Keys with a placement where they may have one, none of them is pinned, and they store no more values with it.

    The tolerance grows on frames on which the outline changes fast by itself (:data:`MOTION_SHARE`).
    """
    if len(wanted) == 1:
        return PlacedKeys([0], wanted.outlines)
    growth = 1 + np.minimum(MOTION_SHARE * own_motion(wanted), MOST_GROWTH)
    wanted = replace(wanted, tolerance_px=wanted.limit_px * growth)
    plain = reduce_keys(wanted)
    placed = reduce_placed(wanted, len(plain.chosen)) if may_place and not wanted.pinned else None
    return placed if placed and placed.stored_values <= plain.stored_values else plain


def affordable_keys(wanted: Wanted, may_place: bool) -> PlacedKeys:
    """The cheapest keys, or those that hold the shape closer where these are few as well (:data:`FEW_KEYS`)."""
    keys, few = cheapest_keys(wanted, may_place), FEW_KEYS * len(wanted)
    if len(keys.chosen) - 1 > few * math.sqrt(CLOSER):  # spans shorten with the root of the tolerance, as arcs do
        return keys
    closer = cheapest_keys(replace(wanted, tolerance_px=CLOSER * wanted.limit_px), may_place)
    return closer if len(closer.chosen) - 1 <= few else keys


def own_motion(wanted: Wanted) -> Array:
    """How fast each frame's outline changes apart from moving as a whole: root mean square across it, px a frame."""
    before, after, across = wanted.curve[:-1], wanted.curve[1:], wanted.across[1:]
    weight = np.minimum(wanted.sample_weight[:-1], wanted.sample_weight[1:])
    step = rms(place(register(before, after, across, weight), before) - after, across, weight) * wanted.is_seen_between
    return np.maximum(np.append(step, 0.0), np.append(0.0, step))


def reduce_placed(wanted: Wanted, fewer_than: int) -> PlacedKeys | None:
    """The fewest keys with placements that keep the tolerance on every frame; None if not ``fewer_than`` so many.

    Nothing may be pinned: the placement would move it. To keep a placement and pin keys under it, take the outlines
    back by it and call :func:`.keys.reduce_keys`. Starts from the outlines as they lie and from their common form.
    """
    if len(wanted) < FEWEST_FRAMES:
        return None
    best = None
    still = unmoved(len(wanted))
    for start in filter(is_plain, (common_form(wanted), still)):
        most = fewer_than if best is None else len(best.chosen)
        found = fewest_keys(wanted, span_errors(wanted, start), partial(_settled, wanted, start), most)
        best = found if found and found.placement is not None and is_plain(found.placement) else best
    return best


def common_form(wanted: Wanted) -> Array:
    """Placements that take one form, common to all frames, to each of the outlines; robust."""
    curve = wanted.curve
    form = curve[len(curve) // 2]
    placement = unmoved(len(curve))
    for _ in range(FORM_ROUNDS):
        source = np.repeat(form[None], len(curve), axis=0)
        placement = register(source, curve, wanted.across, wanted.sample_weight, OUTLIER_PX)
        if not is_plain(placement):
            break
        form = np.median(place(inverse(placement), curve), axis=0)
    return placement


def is_plain(placement: Array) -> bool:
    """Whether no placement mirrors or flattens: the shorter axis is at least ``FLATTEST`` of the longer one."""
    shape = np.linalg.svd(placement[:, :, :2], compute_uv=False)
    upright = np.linalg.det(placement[:, :, :2]) > 0
    return bool(upright.all() and (shape[:, 1] > FLATTEST * shape[:, 0]).all())


def _settled(wanted: Wanted, form: Array, chosen: list[int], holds: Holds | None) -> PlacedKeys:
    """Key values and placements that err least together under holds; the keyed frames exactly themselves with None."""
    keying = Keying.of(wanted, chosen)
    placement = form
    values = exact_values(place_outlines(inverse(placement), wanted.outlines), wanted, keying)
    for turn in range(1 if holds is None else TURNS):
        if holds is not None:
            values = key_values(place_outlines(inverse(placement), wanted.outlines), wanted, keying)
        if turn == TURNS - 1:
            values = refine_values(values, PlacedWanted(wanted, placement), keying, holds)
        keys = PlacedKeys.of(chosen, values, wanted.interpolation, placement)
        moved = sampled(keys.drawn(wanted.times))[0]
        change = register(moved, wanted.curve, wanted.across, wanted.sample_weight)
        if holds is None:
            change[chosen] = np.eye(2, 3)
        if not is_plain(change):
            break
        placement = after(change, placement)
    return PlacedKeys.of(chosen, values, wanted.interpolation, placement)


def after(change: Array, placement: Array) -> Array:
    """One placement, then the change."""
    linear = change[:, :, :2] @ placement[:, :, :2]
    shift = change[:, :, :2] @ placement[:, :, 2:] + change[:, :, 2:]
    return np.concatenate([linear, shift], axis=2)
