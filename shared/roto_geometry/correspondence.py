"""Which place on a frame's contour continues which place on the frame before.

Samples of one contour are moved by a robust affine fit to the next one and then assigned to it by a cyclic monotone
dynamic programme over distance, direction and stretch; never by nearest point, which folds. Guarantee: positions keep
their cyclic order on every frame. Limit: without image flow, places along a featureless edge may slide.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from .arclength import Contour
from .bezier import Array

CELL_PX = 1.5
MOST_CELLS = 640
REACH_PX = 5.0
DIRECTION_PRICE = 1.5
STRETCH_PRICE = 0.6
STEPS = 40


def carry_samples(contours: Sequence[Contour], reference: int, count: int) -> Array:
    """Positions (frames, count) on every contour of ``count`` samples spread evenly over the reference's.

    Positions of one frame ascend and span less than one turn; they may exceed the contour's length.
    """
    positions = np.zeros((len(contours), count))
    positions[reference] = np.arange(count) * (contours[reference].length / count)
    even = 1.0 / count
    for start, stop, step in ((reference + 1, len(contours), 1), (reference - 1, -1, -1)):
        for index in range(start, stop, step):
            before = index - step
            positions[index] = carry(contours[before], positions[before], contours[index], even)
    return positions


def carry(source: Contour, positions: Array, target: Contour, even_share: float) -> Array:
    """Positions on ``target`` of the samples at ``positions`` on ``source``, in the same cyclic order.

    ``even_share`` is the share of the length that a step takes where nothing stretches; steps are drawn to the mean of
    it and their own on the source, so that samples which had to gather spread again.
    """
    cells = int(np.clip(target.length / CELL_PX, 48, MOST_CELLS))
    grid = np.arange(cells, dtype=np.float64) * (target.length / cells)
    moved, directions = _moved(source, positions, target)
    price = _place_price(moved, directions, target.at(grid), target.directions(grid))
    share = np.diff(positions, append=positions[0] + source.length) / source.length
    expected = np.sqrt(np.maximum(share, 0.2 * even_share) * even_share)
    expected *= cells / expected.sum()
    anchor = int(np.argmin(price.min(axis=1)))
    cell = int(np.argmin(price[anchor]))
    placed = np.zeros(len(positions))
    for _ in range(2):
        path = _monotone_path(np.roll(price, (-anchor, -cell), (0, 1)), np.roll(expected, -anchor)) + cell
        turned = (anchor + len(path) // 2) % len(path)
        placed[(anchor + np.arange(len(path))) % len(path)] = path
        anchor, cell = turned, int(placed[turned]) % cells
    return _ascending(placed, target.length / cells, cells)


def _ascending(placed: Array, cell_px: float, cells: int) -> Array:
    """Cells in cyclic order as positions that ascend from the first sample."""
    steps = np.mod(np.diff(placed), cells)
    return (placed[0] % cells + np.concatenate([[0.0], np.cumsum(steps)])) * cell_px


def _place_price(moved: Array, directions: Array, places: Array, ways: Array) -> Array:
    """Price (samples, cells): how far off a cell lies, softened for outliers, and how its direction differs."""
    away = (moved[:, None, 0] - places[None, :, 0]) ** 2 + (moved[:, None, 1] - places[None, :, 1]) ** 2
    along = np.einsum("ik,jk->ij", directions, ways)
    return np.sqrt(1 + away / REACH_PX**2) - 1 + DIRECTION_PRICE * (1 - along)


def _monotone_path(price: Array, expected: Array) -> NDArray[np.int64]:
    """Cells of all samples: the cheapest ascending path from cell 0 once round; sample 0 stays at cell 0."""
    count, cells = price.shape
    steps = min(cells, max(STEPS, 2 * int(np.ceil(cells / count))))
    reach = np.arange(steps - 1, -1, -1)
    cost = np.full(cells + steps, np.inf)
    cost[steps - 1] = 0.0
    chosen = np.empty((count, cells + 1), dtype=np.int16)
    rows = np.arange(cells + 1)
    for index in range(count):
        stretch = STRETCH_PRICE * np.abs(np.log((reach + 0.3) / (expected[index] + 0.3)))
        options = np.lib.stride_tricks.sliding_window_view(cost, steps) + stretch
        best = options.argmin(axis=1)
        chosen[index] = reach[best]
        cost[steps - 1 :] = options[rows, best]
        if index + 1 < count:
            cost[steps - 1 : -1] += price[index + 1]
            cost[-1] = np.inf
    path = np.empty(count, dtype=np.int64)
    at = cells
    for index in range(count - 1, -1, -1):
        at -= int(chosen[index, at])
        path[index] = at
    return path


def _moved(source: Contour, positions: Array, target: Contour) -> tuple[Array, Array]:
    """Samples and their directions on ``source`` after a robust affine registration to ``target``."""
    points, directions = source.at(positions), source.directions(positions)
    places = target.at(np.arange(0, target.length, 2 * CELL_PX))
    tree = KDTree(places)
    shift = (sum(target.box) - sum(source.box)) / 2
    matrix, offset = np.eye(2), shift
    for turn in range(4):
        distance, nearest = (np.asarray(answer) for answer in tree.query(points @ matrix.T + offset))
        near = distance <= np.quantile(distance, 0.75) + 0.5
        if turn < 2:
            offset = offset + np.mean(places[nearest[near]] - (points @ matrix.T + offset)[near], axis=0)
        else:
            matrix, offset = _affine(points[near], places[nearest[near]])
    turned = directions @ matrix.T
    return points @ matrix.T + offset, turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)


def _affine(points: Array, goals: Array) -> tuple[Array, Array]:
    """Least-squares affine map, drawn to a plain shift by a ridge so that slivers do not shear."""
    centre, goal = points.mean(axis=0), goals.mean(axis=0)
    relative, wanted = points - centre, goals - goal
    ridge = 0.1 * np.einsum("ij,ij->", relative, relative) / 2 + 1e-6
    spread = np.einsum("ij,ik->jk", relative, relative) + ridge * np.eye(2)
    mixed = np.einsum("ij,ik->jk", wanted, relative) + ridge * np.eye(2)
    matrix = mixed @ np.linalg.inv(spread)
    return matrix, goal - matrix @ centre
