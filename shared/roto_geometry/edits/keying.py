"""From goals on frames to keys of a shape, with some frames held.

The outlines are fitted in plate px, where the masks are; keys are found in the shape's own coordinates, where hosts
interpolate, with a tolerance that means the same distance on the plate.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, flatten, outline_knots, polygon_area, reversed_outline
from roto_geometry.fit.curvefit import fit_outlines
from roto_geometry.fit.knots import CORNER_DEGREES, corner_angles
from roto_geometry.fit.soundness import calm_outlines, sound_outlines
from roto_geometry.guards import are_sound, is_sound
from roto_geometry.keys.motion import cheapest_keys
from roto_geometry.keys.reduction import worst_of_each_run
from roto_geometry.keys.wanted import SAMPLES, Wanted, sampled
from roto_geometry.settings import FitSettings
from roto_shared.shapes import ShapeKey, feather_at
from roto_shared.timeline import Interpolation

from .follow import Goal
from .sites import Site

CLOSER = 0.75
"""The share of the tolerance that keys beside an edit may use: there an artist looks, and a key more is no matter."""
PEAK = 3.0
"""How much further than the tolerance, a root mean square, a single place may stray: three standard deviations."""

HALVINGS = 6
"""How finely it is sought how far an outline may go before it crosses itself."""


def fit_goals(goals: Sequence[Goal], size: tuple[int, int]) -> Array:
    """Sound outlines (frames, n, 6) in plate px, clockwise, with knots near their places.

    Where what leads off the mask would make an outline cross itself, as much of it is left out as does.
    """
    outlines = _fit(goals, size)
    doubtful = [index for index in np.flatnonzero(~are_sound(outlines)).tolist() if goals[index].shown]
    if doubtful:
        goals = [goal.shown if index in doubtful and goal.shown else goal for index, goal in enumerate(goals)]
        shown = _fit(goals, size)
        for index in doubtful:
            outlines[index] = _as_far_as_sound(shown[index], outlines[index])
    return sound_outlines(outlines, [goal.contour for goal in goals], np.array([goal.positions for goal in goals]))


def _fit(goals: Sequence[Goal], size: tuple[int, int]) -> Array:
    contours = [goal.contour for goal in goals]
    positions = np.array([goal.positions for goal in goals])
    corners = np.abs(corner_angles(contours, positions)) > CORNER_DEGREES
    return fit_outlines(contours, positions, corners, size)


def _as_far_as_sound(sound: Array, wanted: Array) -> Array:
    """The outline (n, 6) on the way from a ``sound`` one to a ``wanted`` one that is the last sound one before it."""
    share = 0.0
    for step in 0.5 ** np.arange(1, HALVINGS + 1):
        if is_sound(sound + (share + step) * (wanted - sound)):
            share += step
    return sound + share * (wanted - sound)


def keys_between(
    site: Site,
    outlines: Mapping[float, Array],
    held: Collection[float],
    settings: FitSettings,
    closeness: float,
    way: Interpolation,
    watched: NDArray[np.bool_] | None = None,
) -> list[ShapeKey]:
    """The fewest keys that draw ``outlines``, by ascending frame in plate px, with those on ``held`` kept exactly.

    Held frames are keyed, to rounding. ``way`` is how values run between keys; smooth ones come with slopes.
    ``closeness`` is the share of the settings' tolerance that may be used. No single place of the segments that are
    ``watched`` (n,) strays by more than ``PEAK`` tolerances: a knot that was moved is what an artist looks at, and over
    a whole outline its error drowns.
    """
    frames = list(outlines)
    pinned = frozenset(index for index, frame in enumerate(frames) if frame in held)
    drawn = calm_outlines(np.array(list(outlines.values())), settings.smoothness, pinned)
    own = np.array([site.unplaced(outline, frame) for outline, frame in zip(drawn, frames, strict=True)])
    areas, plate = ([polygon_area(flatten(outline)) for outline in either] for either in (own, drawn))
    scale = np.sqrt(np.abs(areas) / np.maximum(np.abs(plate), 1e-9))
    limits = np.maximum(settings.key_tolerance_px * CLOSER * closeness * scale, 1e-6)
    wanted = Wanted(_turned(own, areas[0]), frames, limits, pinned=pinned, interpolation=way)
    while True:
        keys = cheapest_keys(wanted, may_place=False)
        astray = _astray(own, _turned(keys.drawn(wanted.times), areas[0]), watched) / limits
        bad = [index for index in np.flatnonzero(astray > PEAK).tolist() if index not in wanted.pinned]
        if not bad:
            break
        wanted = replace(wanted, pinned=wanted.pinned | set(worst_of_each_run(bad, astray)))
    slopes = [None] * len(keys.chosen) if keys.slopes is None else map(outline_knots, _turned(keys.slopes, areas[0]))
    values = map(outline_knots, _turned(keys.values, areas[0]))
    return [
        ShapeKey(frames[index], knots, keys.interpolation, slope, slope, feather_at(site.shape, frames[index]))
        for index, knots, slope in zip(keys.chosen, values, slopes, strict=True)
    ]


def _turned(outlines: Array, area: float) -> Array:
    """Outlines the other way round where ``area`` is negative, which makes them clockwise, and back."""
    return outlines if area > 0 else reversed_outline(outlines)


def _astray(outlines: Array, drawn: Array, watched: NDArray[np.bool_] | None) -> Array:
    """The largest distance across the watched segments on every frame, px."""
    if watched is None or not watched.any():
        return np.zeros(len(outlines))
    (curve, across), (other, _) = sampled(outlines), sampled(drawn)
    away = np.abs(np.einsum("tmk,tmk->tm", other - curve, across))
    return away[:, np.repeat(watched, SAMPLES)].max(axis=1)
