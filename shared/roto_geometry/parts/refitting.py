"""Key values and placements of all parts refined against the masks themselves, with their keys held in time.

What is drawn on every frame is matched to the mask, then each part's placements and key values are solved for over all
frames at once, and so on in turns (iterated closest points in space and time; Agarwala et al. 2004 solve the like for
one curve). Errors of single frames average out, and what a part hides is free. Guarantee: outlines that are sound on
every frame stay sound; the number of keys stays.
"""

from collections.abc import Sequence

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import register
from roto_geometry.guards import are_sound, mend_between
from roto_geometry.keys.motion import after, is_plain
from roto_geometry.keys.reduction import PlacedKeys
from roto_geometry.keys.spacetime import Keying, refine_values
from roto_geometry.keys.wanted import SAMPLES, Wanted, sampled
from roto_shared.timeline import Interpolation

from .loops import Loops
from .matching import Goal, match

REACHES_PX = (6.0, 4.0, 4.0)
LEAST_WEIGHT = 0.01
SHARES = (1.0, 0.5, 0.25)


def refit_parts(keyed: Sequence[PlacedKeys], frames: Sequence[int], goals: Sequence[Goal]) -> list[PlacedKeys]:
    """The parts with better key values and placements; ``goals`` are the masks of ``frames``."""
    times = np.asarray(frames, dtype=np.float64)
    refined = list(keyed)
    interpolation = keyed[0].interpolation
    for reach in REACHES_PX:
        drawn = [keys.drawn(times) for keys in refined]
        wanted = _wanted(drawn, frames, interpolation, goals, reach)
        refined = [_refined(keys, goal) for keys, goal in zip(refined, wanted, strict=True)]
    return refined


def _wanted(
    drawn: Sequence[Array], frames: Sequence[int], interpolation: Interpolation, goals: Sequence[Goal], reach: float
) -> list[Wanted]:
    """Where the masks draw each part."""
    curves = [sampled(outlines)[0] for outlines in drawn]
    counts = tuple(curve.shape[1] for curve in curves)
    loops = Loops(counts, np.zeros(sum(counts), dtype=bool))
    points = np.concatenate(curves, axis=1)
    found = [match(goal, loops, here, reach) for goal, here in zip(goals, points, strict=True)]
    curve = points + np.array([item.move for item in found])
    across = np.array([item.across for item in found])
    weight = np.array([item.weight for item in found])
    wanted = []
    for outlines, part in zip(drawn, loops.slices, strict=True):
        matters = weight[:, part].reshape(*outlines.shape[:2], SAMPLES).mean(axis=2)
        aim = (curve[:, part], across[:, part])
        wanted.append(
            Wanted(
                outlines, frames, 1.0, weight=np.maximum(matters, LEAST_WEIGHT), interpolation=interpolation, aim=aim
            )
        )
    return wanted


def _refined(keys: PlacedKeys, wanted: Wanted) -> PlacedKeys:
    """As far towards the solution as every frame stays sound."""
    keying = Keying.of(wanted, keys.chosen)
    still = np.repeat(np.eye(2, 3)[None], len(wanted), axis=0)
    first = still if keys.placement is None else keys.placement
    placement = first if keys.placement is None else _moved_on(keys, first, wanted)
    refined = refine_values(keys.unknowns, wanted, keying, placement)
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
