"""Which contour of a frame continues which one of another: by the place that they cover, as optimal assignment."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.optimize import linear_sum_assignment

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.filled import filled

SAME_OVERLAP = 0.25
WAY_PRICE = 0.15


def of_kind(contours: Sequence[Contour], hole: bool) -> list[Contour]:
    """The holes among traced contours, or the others, clockwise."""
    return [Contour(contour.points[::-1]) if hole else contour for contour in contours if (contour.area < 0) == hole]


def continued(before: Sequence[Contour], after: Sequence[Contour]) -> dict[int, int]:
    """For contours of ``after`` that continue one of ``before``: its index there. All are clockwise.

    The one that is most of the matter is followed wherever it goes: a mask is of one object.
    """
    same = continued_in_place(before, after, np.zeros((len(before), 2)))
    left = product(_mains(before) - set(same.values()), _mains(after) - set(same))
    far = {b: a for a, b in left if _overlap(before[a], after[b], 0.0) >= SAME_OVERLAP}
    return same | far


def continued_in_place(before: Sequence[Contour], after: Sequence[Contour], carried: Array) -> dict[int, int]:
    """As :func:`continued`, for contours that cover about the same place on both frames alone.

    Or the place to which each of those before may have been ``carried`` (before, 2) since, in px.
    """
    if not before or not after:
        return {}
    overlap = _overlaps(before, after, carried)
    rows, columns = linear_sum_assignment(-overlap)
    return {int(b): int(a) for a, b in zip(rows, columns, strict=True) if overlap[a, b] >= SAME_OVERLAP}


def _mains(contours: Sequence[Contour]) -> set[int]:
    """The index of the contour that covers more than all others together, if there is one."""
    areas = [abs(contour.area) for contour in contours]
    return {index for index, area in enumerate(areas) if 2 * area > sum(areas)}


def _overlaps(before: Sequence[Contour], after: Sequence[Contour], carried: Array) -> Array:
    """Overlap of all pairs; 0 where the centre of the one lies farther off both places than the larger one is wide."""
    (centre, size), (next_centre, next_size) = _places(before), _places(after)
    ways = [np.hypot(*(next_centre - place[:, None]).transpose(2, 0, 1)) for place in (centre, centre + carried)]
    way = np.minimum(*ways) / np.maximum(size[:, None], next_size)
    overlap = np.zeros(way.shape)
    for a, b in np.argwhere(way <= 1):
        overlap[a, b] = _overlap(before[a], after[b], way[a, b])
    return overlap


def _places(contours: Sequence[Contour]) -> tuple[Array, Array]:
    """Centres (n, 2) of contours and their larger sides (n,)."""
    sides = [high - low for low, high in (contour.box for contour in contours)]
    return np.array([contour.centre for contour in contours]), np.max(sides, axis=1)


def _overlap(a: Contour, b: Contour, way: float) -> float:
    """Intersection over union of two filled contours as they lie or, for a price, with one centre on the other.

    The price is for the ``way`` there, in sizes. 0 where one is far smaller than the other.
    """
    if min(a.area, b.area) < SAME_OVERLAP * max(a.area, b.area):
        return 0.0
    shifted = a.points + (b.centre - a.centre)
    return max(_filled_overlap(a.points, b.points), _filled_overlap(shifted, b.points) - WAY_PRICE * way)


def _filled_overlap(a: Array, b: Array) -> float:
    low = np.floor(np.minimum(a.min(axis=0), b.min(axis=0))) - 1
    high = np.ceil(np.maximum(a.max(axis=0), b.max(axis=0))) + 1
    scale = min(1.0, 160.0 / float((high - low).max())) if (high - low).max() > 0 else 1.0
    columns, rows = np.ceil((high - low) * scale).astype(int) + 1
    fills = [filled((points - low) * scale, (rows, columns)) for points in (a, b)]
    union = np.count_nonzero(fills[0] | fills[1])
    return np.count_nonzero(fills[0] & fills[1]) / union if union else 0.0
