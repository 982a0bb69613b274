"""On which frames keys are due: the fewest that, set exactly, keep all frames between them near the wanted outlines.

What every span between two keys would err by on every frame is had at once: distances across the curve are linear in
the keys, so one Gram matrix a frame holds the errors of all spans over it. Fewest keys, and least squared error among
those, by dynamic programming. Cost: frames × FARTHEST² small products.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array
from roto_geometry.follow.registration import inverse, place

from .timebase import span_weights, with_slopes
from .wanted import Wanted

FARTHEST = 48
"""Frames from a key to the next one at most. With half and with twice as many the seven sequences of decision 0018 have
less than one per cent fewer keys, at .0005 and .0003 less of IoU."""

EVERY = 2
"""Every second sample of the curve is judged. With every fourth they store half a per cent more values."""

PULL = 1e-4
"""Against the changes of a placement that a nearly straight curve does not tell apart."""

ERROR_SHARE = 0.5
"""What the errors of all frames may cost at most, in keys: less than one, so that they only choose among as many."""


@dataclass(frozen=True, eq=False)
class SpanErrors:
    """Errors in tolerances between a key on a frame and the next one, 1 … ``FARTHEST`` frames later.

    ``worst`` and ``squared`` (frames, FARTHEST + 1): the largest root mean square of a frame between them, and the sum
    of their squares.
    """

    worst: Array
    squared: Array

    def between(self, start: int, end: int) -> float:
        """The worst error between keys on two frames; infinite where they are too far apart to be known."""
        return float(self.worst[start, end - start]) if end - start < self.worst.shape[1] else math.inf


def span_errors(wanted: Wanted, form: Array | None = None) -> SpanErrors:
    """Errors of all spans. With placements ``form`` (frames, 2, 3) keys lie under them, and each frame's may change."""
    curve = wanted.curve[:, ::EVERY]
    still = curve if form is None else place(inverse(form), curve)
    unknowns = with_slopes(still, wanted.times, wanted.interpolation)
    errors = SpanErrors(np.zeros((len(wanted), FARTHEST + 1)), np.zeros((len(wanted), FARTHEST + 1)))
    for frame in range(1, len(wanted) - 1):
        start, end = _spans_over(frame, len(wanted))
        first = start.min()
        near = unknowns[first : end.max() + 1]
        gram = _gram(near if form is None else _placed(form[frame], near), frame, wanted, form is not None)
        weights = span_weights(wanted.times[start], wanted.times[frame], wanted.times[end], wanted.interpolation)
        each = unknowns.shape[1]
        rows = np.hstack([(key - first)[:, None] * each + np.arange(each) for key in (start, end)])
        squares = np.einsum("pi,pij,pj->p", weights, gram[rows[:, :, None], rows[:, None, :]], weights)
        squares = np.maximum(squares, 0.0) / wanted.limit_px[frame] ** 2
        errors.worst[start, end - start] = np.maximum(errors.worst[start, end - start], np.sqrt(squares))
        errors.squared[start, end - start] += squares
    return errors


def _spans_over(frame: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of all spans with ``frame`` strictly inside."""
    start, end = np.meshgrid(
        np.arange(max(0, frame - FARTHEST + 1), frame), np.arange(frame + 1, min(count, frame + FARTHEST))
    )
    short = end - start <= FARTHEST
    return start[short], end[short]


def _placed(placement: Array, unknowns: Array) -> Array:
    """Values under one placement, slopes under its linear part."""
    moved = unknowns @ placement[:, :2].T
    moved[:, 0] += placement[:, 2]
    return moved


def _gram(near: Array, frame: int, wanted: Wanted, may_move: bool) -> Array:
    """Products of the distances across the wanted curve that keys' unknowns make, as means over the outline.

    Where the frame's placement may change, what an affine change of the wanted curve explains is taken out.
    """
    goal, across = wanted.curve[frame, ::EVERY], wanted.across[frame, ::EVERY]
    weight = wanted.sample_weight[frame, ::EVERY]
    weight = np.sqrt(weight / np.maximum(weight.sum(), 1e-9))
    near = near.copy()
    near[:, 0] -= goal
    away = weight * np.einsum("wusk,sk->wus", near, across).reshape(-1, len(goal))
    if may_move:
        away = away - _explained(away, weight[:, None] * _affine_changes(goal, across))
    return away @ away.T


def _affine_changes(goal: Array, across: Array) -> Array:
    """How far the points move across the curve with each of six affine changes, (samples, 6), about as far with all."""
    local = goal - goal.mean(axis=0)
    local = np.column_stack([local / (np.sqrt(np.mean(local**2)) + 1e-9), np.ones(len(goal))])
    return (across[:, :, None] * local[:, None, :]).reshape(-1, 6)


def _explained(away: Array, changes: Array) -> Array:
    """The part of each row of ``away`` that the columns of ``changes`` make up, drawn a little to none."""
    return away @ changes @ np.linalg.solve(changes.T @ changes + PULL * np.eye(6), changes.T)


def key_times(errors: SpanErrors, most: float, pinned: Collection[int] = ()) -> list[int]:
    """Fewest keys whose exact interpolation errs by at most ``most`` tolerances on every frame; pinned frames too."""
    count = len(errors.worst)
    price = np.where(errors.worst <= most, 1.0 + ERROR_SHARE * errors.squared / (most**2 * count), np.inf)
    total, came = np.full(count, np.inf), np.zeros(count, dtype=np.int64)
    total[0] = 0.0
    last_pinned = 0
    for end in range(1, count):
        starts = np.arange(max(last_pinned, end - FARTHEST), end)
        options = total[starts] + price[starts, end - starts]
        came[end] = starts[int(np.argmin(options))]
        total[end] = options.min()
        last_pinned = end if end in pinned else last_pinned
    chosen = [count - 1]
    while chosen[-1]:
        chosen.append(int(came[chosen[-1]]))
    return chosen[::-1]
