"""Key values, and slopes of smooth keys, that err least over all frames at once, as a host draws them between keys.

First control point by control point, which needs no more than the basis in time; then across the outline, one sparse
linear least-squares problem for all keys of a shape (Agarwala et al. 2004 solve the like for roto curves). Distances
count fully across the wanted outline and little along it, so control points may slide where that saves error; a weak
pull towards given values keeps them in place where nothing is gained. The shorter a segment, the more it keeps its
form: knots that lie together, as on an arm that is out on other frames alone, move together and do not pass one
another. Where they do all the same, they can be held to where they are wanted at that time. Units: px.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from roto_geometry.bezier import Array, bernstein, control_points, knot_points
from roto_geometry.follow.registration import inverse, place_outlines, unmoved
from roto_shared.timeline import Interpolation

from .timebase import basis, unknowns_of, with_slopes
from .wanted import SAMPLES, Wanted

ALONG = 0.02
STIFF_PX, SHORTEST_PX = 10.0, 1.0
"""Where a segment is as long as that, its form counts as much as where it lies, and on shorter ones more by the square.

Crossings are what makes keys dense where knots lie together: with this, articulated subjects went from .62 to .58.
"""
PULL = 0.1
LEAST_PULL = 1e-3
"""Draws unknowns that no frame decides, as a slope between two neighbouring frames, to those of the outlines."""


@dataclass(frozen=True, eq=False)
class Keying:
    """Which frames are keyed: what follows from it for all values.

    ``basis`` (frames, unknowns) as of :mod:`.timebase`; ``pinned`` (unknowns,) are those kept to the bit.
    """

    chosen: list[int]
    basis: Array
    pinned: NDArray[np.bool_]

    @classmethod
    def of(cls, wanted: Wanted, chosen: Sequence[int]) -> "Keying":
        """For keys on frames of ``wanted``, given by their indices."""
        each = unknowns_of(wanted.interpolation)
        pinned = np.zeros((len(chosen), each), dtype=bool)
        pinned[:, 0] = wanted.is_pinned(chosen)
        return cls(list(chosen), basis(wanted.times, chosen, wanted.interpolation), pinned.ravel())


@dataclass(frozen=True, eq=False)
class Holds:
    """Knots with their handles that are drawn to where they are wanted at certain times, frames or between them.

    ``firmness`` (times, n): what a px off counts, squared, where one off the outline at a sample counts 1.
    """

    times: Array
    firmness: Array

    @classmethod
    def none(cls, knots: int) -> "Holds":
        """Nothing is held."""
        return cls(np.empty(0), np.empty((0, knots)))

    def joined(self, others: "Holds") -> "Holds":
        """These and the others."""
        return Holds(np.append(self.times, others.times), np.vstack([self.firmness, others.firmness]))


@dataclass(frozen=True, eq=False)
class PlacedWanted:
    """Wanted outlines, and the placement (frames, 2, 3) under which keys are to draw them, after interpolation."""

    wanted: Wanted
    placement: Array

    @classmethod
    def unplaced(cls, wanted: Wanted) -> "PlacedWanted":
        """To be drawn by keys in plate px."""
        return cls(wanted, unmoved(len(wanted)))

    @cached_property
    def segments(self) -> tuple[Array, Array]:
        """Normal equations of every frame and segment in its four control points: (frames, n, 8, 8), (frames, n, 8)."""
        return _segments(self.wanted, self.placement)


def exact_values(outlines: Array, wanted: Wanted, keying: Keying) -> Array:
    """Unknowns (unknowns, n, 6) of keys that are exactly the ``outlines`` (frames, n, 6) of their frames."""
    return np.concatenate(with_slopes(outlines, wanted.times, wanted.interpolation)[keying.chosen])


def key_values(outlines: Array, wanted: Wanted, keying: Keying) -> Array:
    """Unknowns that err least over all frames, in the sense of least squares, every knot by its own weights."""
    given = exact_values(outlines, wanted, keying)
    free = ~keying.pinned
    part = keying.basis[:, free]
    weighted = np.einsum("tk,tn->nkt", part, wanted.knot_weight)
    lacking = outlines - np.einsum("tk,knc->tnc", keying.basis, given)
    normal = weighted @ part + LEAST_PULL * np.eye(part.shape[1])
    given[free] += np.linalg.solve(normal, weighted @ lacking.swapaxes(0, 1)).swapaxes(0, 1)
    return given


def refine_values(values: Array, placed: PlacedWanted, keying: Keying, holds: Holds | None = None) -> Array:
    """Better unknowns (unknowns, n, 6) than ``values``, apart from the pinned ones, which stay to the bit."""
    if keying.pinned.all():
        return values
    control = knot_points(values)
    pull = np.repeat(PULL * ((keying.basis * keying.basis).sum(axis=0) + LEAST_PULL), control[0].size)
    normal, right = _problem(placed, keying, pull)
    right += pull * control.ravel()
    if holds is not None and len(holds.times):
        held = _held(holds, placed, keying)
        normal, right = sparse.csc_matrix(normal + held[0]), right + held[1]
    solved = _solved(normal, right, control, keying.pinned)
    return np.where(keying.pinned[:, None, None], values, solved)


def _problem(placed: PlacedWanted, keying: Keying, pull: Array) -> tuple[sparse.csc_matrix, Array]:
    """Normal equations in the control points of all unknowns, numbered by unknown, knot, point and axis.

    ``pull`` is what each weighs by itself.
    """
    normal, right = placed.segments
    weights = keying.basis
    count, n = weights.shape[1], right.shape[1]
    side = np.einsum("tk,tia->kia", weights, right)
    place = np.arange(n * 6).reshape(n, 3, 2)
    after = np.roll(place, -1, axis=0)
    own = np.stack([place[:, 0], place[:, 2], after[:, 1], after[:, 0]], axis=1).reshape(n, 8)
    number = np.arange(count)[:, None, None] * (6 * n) + own
    first, second = np.nonzero(np.abs(weights).T @ np.abs(weights))
    pairs = weights[:, first] * weights[:, second]
    together = (pairs.T @ normal.reshape(len(normal), -1)).reshape(-1, n, 8, 8)
    rows, columns = np.broadcast_arrays(number[first][..., :, None], number[second][..., None, :])
    itself = np.arange(len(pull))
    entries = np.append(together, pull), (np.append(rows, itself), np.append(columns, itself))
    matrix = sparse.coo_matrix(entries, shape=(len(pull), len(pull)))
    return sparse.csc_matrix(matrix), np.bincount(number.ravel(), side.ravel(), len(pull)).astype(np.float64)


def _held(holds: Holds, placed: PlacedWanted, keying: Keying) -> tuple[sparse.csc_matrix, Array]:
    """Normal equations as of :func:`_problem` that draw held knots to their wanted places, between frames halfway."""
    wanted = placed.wanted
    own = knot_points(place_outlines(inverse(placed.placement), wanted.outlines))
    every = range(len(wanted))
    places = np.einsum("mt,tnpc->mnpc", basis(wanted.times, every, Interpolation.LINEAR, holds.times), own)
    factor = np.sqrt(holds.firmness).repeat(6, axis=1)
    weights = basis(wanted.times, keying.chosen, wanted.interpolation, holds.times)
    held = [sparse.kron(at, sparse.diags(each)) for at, each in zip(weights[:, None], factor, strict=True)]
    rows = sparse.csc_matrix(sparse.vstack(held))
    return sparse.csc_matrix(rows.T @ rows), rows.T @ (factor * places.reshape(factor.shape)).ravel()


def _segments(wanted: Wanted, placement: Array) -> tuple[Array, Array]:
    frames, n = wanted.segment_weight.shape
    basis = bernstein(np.arange(SAMPLES) / SAMPLES)
    goal = (wanted.curve - placement[:, None, :, 2]).reshape(frames, n, SAMPLES, 2)
    axes = wanted.across.reshape(goal.shape)
    normal, right = np.zeros((frames, n, 8, 8)), np.zeros((frames, n, 8))
    for axis, factor in ((axes, 1.0), (np.stack([-axes[..., 1], axes[..., 0]], axis=-1), ALONG)):
        pulled = np.einsum("tij,tnsi->tnsj", placement[:, :, :2], axis)
        row = (basis[:, :, None] * pulled[..., None, :]).reshape(frames, n, SAMPLES, 8)
        normal += factor * (row.swapaxes(2, 3) @ row)
        right += factor * np.einsum("tnsa,tns->tna", row, np.einsum("tnsi,tnsi->tns", axis, goal))
    form_normal, form_right = _forms(control_points(wanted.outlines), placement)
    weight = wanted.segment_weight
    return (normal + form_normal) * weight[..., None, None], (right + form_right) * weight[..., None]


def _forms(control: Array, placement: Array) -> tuple[Array, Array]:
    """Normal equations as above that keep the steps from control point to control point as in (frames, n, 4, 2)."""
    length = np.linalg.norm(np.diff(control, axis=2), axis=-1).sum(axis=2)
    stiffness = (STIFF_PX / np.maximum(length, SHORTEST_PX)) ** 2
    steps = np.diff(np.eye(4), axis=0)
    turn = placement[:, :, :2]
    normal = np.einsum("tn,ab,tij->tnaibj", stiffness, steps.T @ steps, turn.swapaxes(1, 2) @ turn)
    right = np.einsum("tn,ab,tnbx,txi->tnai", stiffness, steps.T @ steps, control, turn, optimize=True)
    return normal.reshape(*stiffness.shape, 8, 8), right.reshape(*stiffness.shape, 8)


def _solved(normal: sparse.csc_matrix, right: Array, control: Array, pinned: NDArray[np.bool_]) -> Array:
    """Unknowns (unknowns, n, 6) that solve the equations; the ``pinned`` ones are ``control``."""
    solved = control.ravel().copy()
    free = np.repeat(~pinned, control[0].size)
    if pinned.any():
        right = (right - normal[:, ~free] @ solved[~free])[free]
        normal = normal[free][:, free]
    factors = splu(normal, "MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    solved[free] = factors.solve(right)
    solved = solved.reshape(control.shape)
    solved[:, :, 1:] -= solved[:, :, :1]
    return solved.reshape(*control.shape[:2], 6)
