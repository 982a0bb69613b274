"""Outlines that cross themselves between keys, and what undoes that without another key.

On frames no outline may cross itself. On half frames, which motion blur shows, it may in loops too small to see, or
hardly larger than keys on both frames beside would draw. Most such loops are a fraction of a pixel wide, where few
knots pass one another; so only these are moved: by shorter handles, or by holding them to where they are wanted at that
time (:class:`.spacetime.Holds`). Neither is sure to help: check again.
"""

import numpy as np

from roto_geometry.bezier import Array
from roto_geometry.guards import are_sound, crossing_knots, largest_loops, mend_between

from .placed import PlacedKeys
from .spacetime import Holds, Keying
from .timebase import basis, between_frames
from .wanted import Wanted

MOST_LOOP_PX2 = 9.0
"""Three by three px: on a half frame it is a share of what motion blur smears."""


def crossing_frames(drawn: Array, wanted: Wanted) -> list[int]:
    """Frames, by index, on which outlines ``drawn`` (frames, n, 6) are not sound; pinned ones may be as they are."""
    return sorted(set(np.flatnonzero(~are_sound(drawn)).tolist()) - wanted.pinned)


def crossing_halves(keys: PlacedKeys, wanted: Wanted) -> list[int]:
    """Half frames, by the frame before, on which the outline crosses itself so that one sees it and keys would help."""
    loops = largest_loops(keys.unplaced(wanted.times, between_frames(wanted.times)))
    return np.flatnonzero(wanted.is_seen_between & (loops > MOST_LOOP_PX2 + wanted.loops_between_px2)).tolist()


def mended(keys: PlacedKeys, wanted: Wanted, frames: list[int], halves: list[int]) -> PlacedKeys:
    """The same keys with shorter handles where outlines cross themselves on given frames and half frames."""
    pinned = Keying.of(wanted, keys.chosen).pinned
    weights = basis(wanted.times, keys.chosen, keys.interpolation, _times(wanted, frames, halves))
    return PlacedKeys.of(keys.chosen, mend_between(keys.unknowns, weights, pinned), keys.interpolation, keys.placement)


def holds_on_crossings(
    keys: PlacedKeys, wanted: Wanted, frames: list[int], halves: list[int], firmness: float
) -> Holds:
    """Holds on the knots around all crossings on given frames and half frames."""
    at = _times(wanted, frames, halves)
    return Holds(at, np.where(crossing_knots(keys.unplaced(wanted.times, at)), firmness, 0.0))


def _times(wanted: Wanted, frames: list[int], halves: list[int]) -> Array:
    return np.concatenate([wanted.times[frames], between_frames(wanted.times)[halves]])
