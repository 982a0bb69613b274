"""Key values and placements of all parts refined against the masks themselves, with their keys held in time.

What is drawn on every frame is matched to the mask, then each part's placements and key values are solved for over all
frames at once, and so on in turns (iterated closest points in space and time; Agarwala et al. 2004 solve the like for
one curve). Errors of single frames average out, and what a part hides is free. Guarantee: outlines that are sound on
every frame stay sound; the number of keys stays.
"""

from collections.abc import Sequence

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import register, unmoved
from roto_geometry.guards import are_sound, mend_between
from roto_geometry.keys.motion import after, is_plain
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.keys.spacetime import Keying, PlacedWanted, refine_values
from roto_geometry.keys.wanted import SAMPLES, Wanted, sampled

from .loops import Loops
from .matching import Goal, match

REACHES_PX = (6.0, 4.0, 4.0)
LEAST_WEIGHT = 0.01
SHARES = (1.0, 0.5, 0.25)


def refit_parts(
    keyed: Sequence[PlacedKeys], lives: Sequence[range], frames: Sequence[int], goals: Sequence[Goal]
) -> list[PlacedKeys]:
    """The parts with better key values and placements.

    ``lives`` are the numbers of the frames that each lives on, among all ``frames`` of their outline, whose masks are
    ``goals``.
    """
    refined = list(keyed)
    for reach in REACHES_PX:
        wanted = _wanted(refined, lives, frames, goals, reach)
        refined = [_refined(keys, goal) for keys, goal in zip(refined, wanted, strict=True)]
    return refined


def _wanted(
    keyed: Sequence[PlacedKeys], lives: Sequence[range], frames: Sequence[int], goals: Sequence[Goal], reach: float
) -> list[Wanted]:
    """Where the masks draw each part."""
    own_frames = [[frames[number] for number in life] for life in lives]
    drawn = [keys.drawn(np.asarray(own, dtype=np.float64)) for keys, own in zip(keyed, own_frames, strict=True)]
    curves = [sampled(outlines)[0] for outlines in drawn]
    aims, across = [curve.copy() for curve in curves], [np.zeros_like(curve) for curve in curves]
    weights = [np.zeros(curve.shape[:2]) for curve in curves]
    for number, goal in enumerate(goals):
        alive = [(index, number - life.start) for index, life in enumerate(lives) if number in life]
        if not alive:
            continue
        loops = Loops(counts := tuple(curves[index].shape[1] for index, _ in alive), np.zeros(sum(counts), dtype=bool))
        found = match(goal, loops, np.vstack([curves[index][row] for index, row in alive]), reach)
        for (index, row), part in zip(alive, loops.slices, strict=True):
            aims[index][row] += found.move[part]
            across[index][row], weights[index][row] = found.across[part], found.weight[part]
    wanted = []
    for keys, own, outlines, weight, aim in zip(
        keyed, own_frames, drawn, weights, zip(aims, across, strict=True), strict=True
    ):
        matters = np.maximum(weight.reshape(*outlines.shape[:2], SAMPLES).mean(axis=2), LEAST_WEIGHT)
        wanted.append(Wanted(outlines, own, 1.0, weight=matters, interpolation=keys.interpolation, aim=aim))
    return wanted


def _refined(keys: PlacedKeys, wanted: Wanted) -> PlacedKeys:
    """As far towards the solution as every frame stays sound."""
    keying = Keying.of(wanted, keys.chosen)
    first = unmoved(len(wanted)) if keys.placement is None else keys.placement
    placement = first if keys.placement is None else _moved_on(keys, first, wanted)
    refined = refine_values(keys.unknowns, PlacedWanted(wanted, placement), keying)
    unknowns = mend_between(refined, keying.basis, keying.pinned)
    for share in SHARES:
        between = None if keys.placement is None else first + share * (placement - first)
        blended = keys.unknowns + share * (unknowns - keys.unknowns)
        tried = PlacedKeys.of(keys.chosen, blended, keys.interpolation, between)
        if are_sound(tried.drawn(wanted.times)).all():
            return tried
    return keys


def _moved_on(keys: PlacedKeys, placement: Array, wanted: Wanted) -> Array:
    """The placement that errs least with the key values as they are."""
    drawn = sampled(keys.drawn(wanted.times))[0]
    change = register(drawn, wanted.curve, wanted.across, wanted.sample_weight)
    return after(change, placement) if is_plain(after(change, placement)) else placement
