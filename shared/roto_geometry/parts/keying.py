"""Tracked parts as keyed shapes: knots, fit and keys as for whole outlines, where only what is exposed matters.

A stretch that another part hides costs no knots, is not fitted closely and keeps no keys. A part that shows little of
itself may lie further off, since its share of the drawn edge is small.
"""

from collections.abc import Sequence

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.fit.curvefit import SAMPLES, fit_outlines
from roto_geometry.fit.knots import CORNER_DEGREES, choose_knots, corner_angles, measure
from roto_geometry.fit.soundness import calm_outlines, sound_outlines
from roto_geometry.keys.motion import cheapest_keys, placed_once
from roto_geometry.keys.reduction import PlacedKeys
from roto_geometry.keys.wanted import Wanted
from roto_geometry.settings import FitSettings

from .tracking import PartsTrack

JUDGED_FRAMES = 8
LEAST_KNOT_WEIGHT = 0.02
LEAST_FIT_WEIGHT = 0.05
MOST_SLACK = 3.0


def key_parts(
    track: PartsTrack,
    frames: Sequence[int],
    knot_price: float,
    tolerance_px: float,
    settings: FitSettings,
    size: tuple[int, int],
) -> list[PlacedKeys]:
    """Keys of every part on ``frames``; ``size`` is the picture's. Other arguments as for a whole outline."""
    weight = _weights(track)
    shown = track.loops.totals(weight.T).T
    fair = shown.sum(axis=1, keepdims=True) / len(track.loops)
    slack = np.sqrt(np.clip(fair / np.maximum(shown, 1e-3), 1.0, MOST_SLACK**2))
    keyed = []
    for index, part in enumerate(track.loops.slices):
        contours = [Contour(points) for points in track.points[:, part]]
        outlines, matters = _outlines(contours, weight[:, part], knot_price, settings.smoothness, size)
        wanted = Wanted(
            outlines, frames, tolerance_px * slack[:, index], weight=matters, interpolation=settings.interpolation
        )
        keyed.append(placed_once(wanted) or cheapest_keys(wanted, may_place=True))
    return keyed


def _weights(track: PartsTrack) -> Array:
    """How much each sample matters (frames, samples), smooth along the outline and over time."""
    loops, weight = track.loops, track.exposed.astype(np.float64)
    for _ in range(2):
        weight = (weight[:, loops.before] + 2 * weight + weight[:, loops.after]) / 4
    around = np.pad(weight, ((1, 1), (0, 0)), mode="edge")
    return (around[:-2] + 2 * weight + around[2:]) / 4


def _outlines(
    contours: Sequence[Contour], weight: Array, knot_price: float, smoothness: float, size: tuple[int, int]
) -> tuple[Array, Array]:
    """Sound outlines (frames, n, 6), and how much each of their segments matters (frames, n)."""
    positions = np.array([contour.arc[:-1] for contour in contours])
    judged = np.unique(np.linspace(0, len(contours) - 1, min(len(contours), JUDGED_FRAMES)).astype(int))
    measured = [measure(contours[index]) for index in judged]
    known = np.maximum(weight[judged], LEAST_KNOT_WEIGHT)
    knots, _ = choose_knots(measured, positions[judged], knot_price, weight=known)
    places = positions[:, knots]
    corners = np.abs(corner_angles(contours, places)) > CORNER_DEGREES
    span = np.diff(knots, append=knots[0] + weight.shape[1])
    share = (np.arange(SAMPLES) + 0.5) / SAMPLES
    sample = np.rint(knots[:, None] + span[:, None] * share).astype(int) % weight.shape[1]
    matters = weight[:, sample]
    outlines = fit_outlines(contours, places, corners, size, weight=np.maximum(matters, LEAST_FIT_WEIGHT))
    return calm_outlines(sound_outlines(outlines, contours, places), smoothness), matters.mean(axis=2)
