"""Bézier outlines fitted to whole contours by least squares, all frames of a shape at once.

Every segment answers for the stretch of contour between its knots' places, sampled evenly. A first solution takes the
samples for evenly spaced on the curve too, and is what all others are held to, weakly; in these a sample's place on the
curve is its foot point, renewed in every round. Distances count fully across the contour and little along it. Smooth
knots keep their tangents in line by a soft rule, corners do not. Knots may slide, softly, along the contour.
Units: px; a sample weighs the px of contour that it stands for, so prices are in px³, as squared distance × length.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, bernstein

SAMPLES = 24
ROUNDS = 4
ALONG = 0.02
PRIOR = 0.001
SMOOTH_PRICE = 0.1
"""What distance along the contour, the first solution, and a bend at a smooth knot weigh (decision 0010 for the last).

Halved and doubled, each changes the IoU of the seven sequences of decision 0018 by less than .001, and what they store
by less than two per cent.
"""

HOLD = 0.02
OFF_FRAME_WEIGHT = 0.02


@dataclass(frozen=True, eq=False)
class _Samples:
    """Points (frames, n, SAMPLES, 2) of contours, unit vectors along them, and weights (frames, n, SAMPLES) in px."""

    points: Array
    ways: Array
    weights: Array


def fit_outlines(
    contours: Sequence[Contour],
    positions: Array,
    corners: NDArray[np.bool_],
    size: tuple[float, float],
    weight: Array | None = None,
) -> Array:
    """Outlines (frames, n, 6) through all contours, with knots near ``positions`` (frames, n).

    ``size`` is the picture's width and height: contour beyond it counts little. ``weight`` (frames, n, SAMPLES) in 0..1
    says how much each stretch of a segment matters; None is 1 throughout.
    """
    samples = _samples(contours, positions, size, weight)
    t = np.broadcast_to((np.arange(SAMPLES) + 0.5) / SAMPLES, samples.weights.shape)
    guess = _first_guess(contours, positions)
    control = guess = _solve_round(samples, t, guess, guess, corners, along=1.0)
    for _ in range(ROUNDS):
        t = _foot_points(control, samples.points, t)
        control = _solve_round(samples, t, control, guess, corners, ALONG)
    return outlines_of(control)


def outlines_of(control: Array) -> Array:
    """(…, n, 3, 2) absolute incoming handle, centre, outgoing handle as outlines (…, n, 6)."""
    centre = control[..., 1, :]
    return np.concatenate([centre, control[..., 0, :] - centre, control[..., 2, :] - centre], axis=-1)


def _samples(
    contours: Sequence[Contour], positions: Array, size: tuple[float, float], weight: Array | None
) -> _Samples:
    share = (np.arange(SAMPLES) + 0.5) / SAMPLES
    goals, ways, weights = [], [], []
    for contour, places in zip(contours, positions, strict=True):
        span = np.diff(places, append=places[0] + contour.length)
        at = places[:, None] + span[:, None] * share
        points = contour.at(at)
        inside = ((points > 0) & (points < size)).all(axis=-1)
        goals.append(points)
        ways.append(contour.directions(at))
        weights.append(np.where(inside, 1.0, OFF_FRAME_WEIGHT) * (span / SAMPLES)[:, None])
    own = np.array(weights)
    return _Samples(np.array(goals), np.array(ways), own if weight is None else own * weight)


def _first_guess(contours: Sequence[Contour], positions: Array) -> Array:
    """Handles along the contour, a third of each segment's length: (frames, n, 3, 2)."""
    control = []
    for contour, places in zip(contours, positions, strict=True):
        span = np.diff(places, append=places[0] + contour.length) / 3
        before = np.roll(span, 1)
        centre = contour.at(places)
        control.append(np.stack([contour.at(places - before), centre, contour.at(places + span)], axis=1))
    return np.array(control)


def _segments_of(control: Array) -> Array:
    """Control polygons (frames, n, 4, 2)."""
    after = np.roll(control, -1, axis=1)
    return np.stack([control[:, :, 1], control[:, :, 2], after[:, :, 0], after[:, :, 1]], axis=2)


def _solve_round(
    samples: _Samples, t: Array, control: Array, prior: Array, corners: NDArray[np.bool_], along: float
) -> Array:
    """One weighted linear least-squares solution with the foot points held."""
    frames, n = t.shape[:2]
    basis = bernstein(t)
    ways = samples.ways
    across = np.stack([-ways[..., 1], ways[..., 0]], axis=-1)
    normal, right = np.zeros((frames, n, 8, 8)), np.zeros((frames, n, 8))
    for axis, factor in ((across, 1.0), (ways, along)):
        row = (basis[..., :, None] * axis[..., None, :]).reshape(*t.shape, 8)
        wanted = np.einsum("fnsk,fnsk->fns", axis, samples.points)
        weighted = row * (samples.weights * factor)[..., None]
        normal += np.matmul(weighted.swapaxes(-1, -2), row)
        right += np.einsum("fnsi,fns->fni", weighted, wanted)
    diagonal, upper, side = _assemble(normal, right)
    beside = _beside(samples.weights)
    _add_prior(diagonal, side, prior, beside)
    if frames > 1:
        _add_hold(diagonal, side, prior, beside)
    _add_smoothness(diagonal, control, corners)
    return solve_cyclic(diagonal, upper, side).reshape(frames, n, 3, 2)


def _assemble(normal: Array, right: Array) -> tuple[Array, Array, Array]:
    """Segment blocks (centre, out | in, centre) gathered into knot blocks ordered in, centre, out."""
    frames, n = right.shape[:2]
    diagonal, upper, side = np.zeros((frames, n, 6, 6)), np.zeros((frames, n, 6, 6)), np.zeros((frames, n, 6))
    diagonal[:, :, 2:, 2:] += normal[:, :, :4, :4]
    side[:, :, 2:] += right[:, :, :4]
    diagonal[:, :, :4, :4] += np.roll(normal[:, :, 4:, 4:], 1, axis=1)
    side[:, :, :4] += np.roll(right[:, :, 4:], 1, axis=1)
    upper[:, :, 2:, :4] = normal[:, :, :4, 4:]
    return diagonal, upper, side


def _beside(weights: Array) -> Array:
    """What the two segments beside each knot weigh together (frames, n), px."""
    each = weights.sum(axis=2)
    return each + np.roll(each, 1, axis=1)


def _handle_line(control: Array) -> Array:
    """Unit vectors (frames, n, 2) from every knot's incoming handle to its outgoing one."""
    line = control[:, :, 2] - control[:, :, 0]
    return line / np.maximum(np.linalg.norm(line, axis=-1, keepdims=True), 1e-9)


def _add_prior(diagonal: Array, side: Array, prior: Array, beside: Array) -> None:
    """A weak pull to the first solution keeps handles of stretches without contour where they are.

    A guess with handles on the contour itself would flatten what is round, by half a per cent of a circle of 4 knots.
    """
    pull = PRIOR * beside + 0.05
    diagonal += pull[..., None, None] * np.eye(6)
    side += pull[..., None] * prior.reshape(*side.shape)


def _add_hold(diagonal: Array, side: Array, prior: Array, beside: Array) -> None:
    """Hold every knot to its place along the contour, so that it follows its path over time; across it is free.

    A frame alone has no path to follow: there knots may slide to where they serve best.
    """
    line = _handle_line(prior)
    hold = HOLD * beside
    block = hold[..., None, None] * line[..., :, None] * line[..., None, :]
    diagonal[:, :, 2:4, 2:4] += block
    side[:, :, 2:4] += np.einsum("fnij,fnj->fni", block, prior[:, :, 1])


def _add_smoothness(diagonal: Array, control: Array, corners: NDArray[np.bool_]) -> None:
    """Pull both handles of a smooth knot onto the line that they make on average."""
    line = _handle_line(control)
    across = np.stack([-line[..., 1], line[..., 0]], axis=-1)
    price = np.where(corners, 0.0, SMOOTH_PRICE)
    block = price[None, :, None, None] * across[..., :, None] * across[..., None, :]
    for handle in (slice(0, 2), slice(4, 6)):
        diagonal[:, :, handle, handle] += block
        diagonal[:, :, 2:4, 2:4] += block
        diagonal[:, :, handle, 2:4] -= block
        diagonal[:, :, 2:4, handle] -= block


def solve_cyclic(diagonal: Array, upper: Array, side: Array) -> Array:
    """Solve symmetric cyclic block-tridiagonal systems, (frames, n, k, k) and (frames, n, k), n ≥ 3; all at once.

    Block elimination from the first to the last but one knot, the last one carried along as a border.
    """
    frames, n, k = side.shape
    last = n - 1
    border = np.zeros((frames, n, k, k))
    border[:, 0] = upper[:, last].swapaxes(-1, -2)
    border[:, last - 1] += upper[:, last - 1]
    pivot, rhs = diagonal[:, :last].copy(), side[:, :last].copy()
    corner, corner_side = diagonal[:, last].copy(), side[:, last].copy()
    solved = np.empty((frames, last, k, 2 * k + 1))
    for i in range(last):
        following = upper[:, i] if i < last - 1 else np.zeros((frames, k, k))
        both = np.concatenate([following, border[:, i], rhs[:, i, :, None]], axis=-1)
        solved[:, i] = np.linalg.solve(pivot[:, i], both)
        back = border[:, i].swapaxes(-1, -2)
        corner -= back @ solved[:, i, :, k : 2 * k]
        corner_side -= (back @ solved[:, i, :, 2 * k :])[..., 0]
        if i < last - 1:
            down = following.swapaxes(-1, -2)
            pivot[:, i + 1] -= down @ solved[:, i, :, :k]
            border[:, i + 1] -= down @ solved[:, i, :, k : 2 * k]
            rhs[:, i + 1] -= (down @ solved[:, i, :, 2 * k :])[..., 0]
    result = np.empty((frames, n, k))
    result[:, last] = np.linalg.solve(corner, corner_side[..., None])[..., 0]
    for i in range(last - 1, -1, -1):
        tail = solved[:, i, :, k : 2 * k] @ result[:, last][..., None]
        result[:, i] = solved[:, i, :, 2 * k] - tail[..., 0]
        if i < last - 1:
            result[:, i] -= (solved[:, i, :, :k] @ result[:, i + 1][..., None])[..., 0]
    return result


def _foot_points(control: Array, goals: Array, t: Array) -> Array:
    """One Gauss-Newton step of every sample's curve parameter towards its foot point, kept on the segment."""
    points = _segments_of(control)
    place = np.matmul(bernstein(t), points)
    s = (1 - t)[..., None]
    u = t[..., None]
    first, second, third = (points[:, :, None, i + 1] - points[:, :, None, i] for i in range(3))
    speed = 3 * (s * s * first + 2 * s * u * second + u * u * third)
    step = ((goals - place) * speed).sum(axis=-1) / np.maximum((speed * speed).sum(axis=-1), 1e-6)
    return np.clip(t + np.clip(step, -0.1, 0.1), 0.0, 1.0)
