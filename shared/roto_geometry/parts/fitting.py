"""What the keys of tracked parts must hold: knots and fit as for whole outlines, where only what is exposed matters.

A stretch that another part hides costs no knots, is not fitted closely and keeps no keys. A part that shows little of
itself may lie further off, since its share of the drawn edge is small.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.fit.curvefit import SAMPLES, fit_outlines
from roto_geometry.fit.knots import CORNER_DEGREES, MeasuredContour, choose_knots, corner_angles
from roto_geometry.fit.soundness import calm_outlines, sound_outlines
from roto_geometry.keys.wanted import Wanted
from roto_geometry.settings import FitSettings

from .lives import PartLife

JUDGED_FRAMES = 24
LEAST_KNOT_WEIGHT = 0.1
LEAST_FIT_WEIGHT = 0.1
MOST_SLACK = 3.0


def fit_parts(
    parts: Sequence[PartLife],
    exposed: Sequence[NDArray[np.bool_]],
    frames: Sequence[int],
    knot_price: float,
    tolerance_px: float,
    settings: FitSettings,
    size: tuple[int, int],
) -> list[Wanted]:
    """What the keys of every part must hold on the frames of its life; ``exposed`` as of :func:`.lives.exposures`.

    ``frames`` are those that the outline's frame numbers stand for; ``size`` is the picture's. Other arguments as for a
    whole outline.
    """
    weights = [_weights(shown) for shown in exposed]
    wanted = []
    for part, weight, slack in zip(parts, weights, _slacks(parts, weights, len(frames)), strict=True):
        contours = [Contour(points) for points in part.points]
        outlines, matters = _outlines(contours, weight, knot_price, settings.smoothness, size)
        own_frames = [frames[frame] for frame in part.frames]
        tolerance = tolerance_px * slack
        wanted.append(Wanted(outlines, own_frames, tolerance, weight=matters, interpolation=settings.interpolation))
    return wanted


def _slacks(parts: Sequence[PartLife], weights: Sequence[Array], frames: int) -> list[Array]:
    """For each part how many times the tolerance it may use on each of its frames: the more, the less of it is seen."""
    seen = np.full((len(parts), frames), np.nan)
    for row, part, weight in zip(seen, parts, weights, strict=True):
        row[part.start : part.frames.stop] = weight.sum(axis=1)
    slack = []
    for row, part in zip(seen, parts, strict=True):
        fair = np.nanmean(seen[:, part.start : part.frames.stop], axis=0)
        own = np.maximum(row[part.start : part.frames.stop], 1e-3)
        slack.append(np.sqrt(np.clip(fair / own, 1.0, MOST_SLACK**2)))
    return slack


def _weights(exposed: NDArray[np.bool_]) -> Array:
    """How much each sample matters (frames, samples), smooth along the outline and over time."""
    weight = exposed.astype(np.float64)
    for _ in range(2):
        weight = (np.roll(weight, 1, axis=1) + 2 * weight + np.roll(weight, -1, axis=1)) / 4
    around = np.pad(weight, ((1, 1), (0, 0)), mode="edge")
    return (around[:-2] + 2 * weight + around[2:]) / 4


def _outlines(
    contours: Sequence[Contour], weight: Array, knot_price: float, smoothness: float, size: tuple[int, int]
) -> tuple[Array, Array]:
    """Sound outlines (frames, n, 6), and how much each of their segments matters (frames, n)."""
    positions = np.array([contour.arc[:-1] for contour in contours])
    judged = np.unique(np.linspace(0, len(contours) - 1, min(len(contours), JUDGED_FRAMES)).astype(int))
    measured = [MeasuredContour(contours[index]) for index in judged]
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
