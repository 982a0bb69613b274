"""Outlines that never cross themselves and never turn inside out.

Crossings are found on a flattening within 0.05 px of the curve; touching is not crossing. Orientation is the sign of
the enclosed area: every outline is clockwise on screen. A bad outline is mended in steps, each of which changes more:
shorter handles where it crosses, knots there back on the contour, straight lines between all knots, and at last a
neighbouring frame's outline or a circle, which always holds.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_geometry.bezier import Array, bernstein, control_points, polygon_area

FLATNESS_PX = 0.05
SHORTER = 0.6
ROUNDS = 8


def is_sound(outline: Array) -> bool:
    """Whether the outline (n, 6) is clockwise and does not cross itself."""
    points, segment = _pieces(outline)
    return polygon_area(points) > 0 and not len(_crossing_segments(points, segment))


def count_crossings(outline: Array) -> int:
    """How many pairs of flattened pieces cross."""
    points, segment = _pieces(outline)
    return len(_crossing_segments(points, segment)) // 2


def loops_px2(outline: Array) -> float:
    """Area of the largest loop that a crossing cuts off, px²; 0 for an outline that does not cross itself."""
    points, _ = _pieces(outline)
    edges = crossing_edges(points)
    after = np.roll(points, -1, axis=0)
    swept = np.append(0.0, np.cumsum(points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]))
    first, last = points[edges[:, 0] + 1], points[edges[:, 1]]
    inner = swept[edges[:, 1]] - swept[edges[:, 0] + 1] + last[:, 0] * first[:, 1] - first[:, 0] * last[:, 1]
    return float(np.minimum(np.abs(inner), np.abs(swept[-1] - inner)).max(initial=0.0)) / 2


def mend(outline: Array, anchor: Array, fallback: Array | None = None) -> Array:
    """A sound outline with as many knots, as near to ``outline`` as the steps allow.

    ``anchor`` (n, 2) are the knots' own places on the contour; ``fallback`` must be sound.
    """
    mended = _with_shorter_handles(outline)
    if is_sound(mended):
        return mended
    for attempt in (_with_knots_back(outline, anchor), _polygon(anchor)):
        if is_sound(attempt):
            return attempt
    return _moved_onto(outline, fallback) if fallback is not None else _circle(outline)


def mend_between(values: Array, basis: Array, pinned: NDArray[np.bool_]) -> Array:
    """What keys are made of, (unknowns, n, 6), with shorter handles where outlines between keys cross themselves.

    ``basis`` (frames, unknowns) are their weights on every frame (:mod:`.timebase`); ``pinned`` ones (unknowns,) stay
    as they are. Not every crossing goes away by this: check again.
    """
    mended = values.copy()
    doubtful = np.arange(len(basis))
    for _ in range(ROUNDS):
        between = np.einsum("tk,knc->tnc", basis[doubtful], mended)
        crossing = [np.unique(_crossing_segments(*_pieces(outline))) for outline in between]
        doubtful = doubtful[[len(bad) > 0 for bad in crossing]]
        if not len(doubtful):
            break
        for unknown in np.flatnonzero(~pinned):
            weights = basis[doubtful, unknown]
            bad = [crossed for crossed, weight in zip(filter(len, crossing), weights, strict=True) if weight]
            if bad:
                _shorten(mended[unknown], np.unique(np.concatenate(bad)), SHORTER)
    return mended


def _with_shorter_handles(outline: Array) -> Array:
    mended = outline.copy()
    for turn in range(ROUNDS):
        bad = np.unique(_crossing_segments(*_pieces(mended)))
        if not len(bad):
            break
        _shorten(mended, bad, SHORTER if turn < ROUNDS - 1 else 0.0)
    return mended


def _with_knots_back(outline: Array, anchor: Array) -> Array:
    """Knots of crossing segments go back to the contour, round by round, with short handles around them."""
    mended = outline.copy()
    n = len(outline)
    for _ in range(ROUNDS):
        bad = np.unique(_crossing_segments(*_pieces(mended)))
        if not len(bad):
            break
        mended[bad, :2] = anchor[bad]
        mended[(bad + 1) % n, :2] = anchor[(bad + 1) % n]
        _shorten(mended, np.unique(np.concatenate([bad - 1, bad, bad + 1]) % n), SHORTER)
    return _with_shorter_handles(mended)


def _shorten(outline: Array, segments: NDArray[np.int64], factor: float) -> None:
    outline[segments, 4:6] *= factor
    outline[(segments + 1) % len(outline), 2:4] *= factor


def _polygon(anchor: Array) -> Array:
    return np.hstack([anchor, np.zeros((len(anchor), 4))])


def _moved_onto(outline: Array, fallback: Array) -> Array:
    moved = fallback.copy()
    moved[:, :2] += outline[:, :2].mean(axis=0) - fallback[:, :2].mean(axis=0)
    return moved


def _circle(outline: Array) -> Array:
    """A circle in the middle of the knots with the enclosed area, at least half a pixel in radius."""
    n = len(outline)
    radius = max(0.5, math.sqrt(abs(polygon_area(_pieces(outline)[0])) / math.pi))
    angle = np.arange(n) * (2 * math.pi / n)
    spoke = np.column_stack([np.cos(angle), np.sin(angle)])
    handle = np.column_stack([-spoke[:, 1], spoke[:, 0]]) * (radius * 4 / 3 * math.tan(math.pi / (2 * n)))
    return np.hstack([outline[:, :2].mean(axis=0) + radius * spoke, -handle, handle])


def _pieces(outline: Array) -> tuple[Array, NDArray[np.int64]]:
    """A polygon (m, 2) without repeated points, and the segment that each of its edges belongs to."""
    points = control_points(outline)
    bend = np.linalg.norm(points[:, :-2] - 2 * points[:, 1:-1] + points[:, 2:], axis=-1).max(axis=1)
    length = np.linalg.norm(np.diff(points, axis=1), axis=-1).sum(axis=1)
    pieces = np.maximum(np.sqrt(bend * (0.75 / FLATNESS_PX)), length / max(4.0, length.sum() / 300))
    pieces = np.clip(np.ceil(pieces), 1, 256).astype(int)
    segment = np.repeat(np.arange(len(points)), pieces)
    step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    polygon = np.einsum("mk,mkc->mc", bernstein(step / pieces[segment]), points[segment])
    fresh = (np.abs(np.roll(polygon, -1, axis=0) - polygon) > 1e-9).any(axis=1)
    return polygon[fresh], segment[fresh]


def _crossing_segments(points: Array, segment: NDArray[np.int64]) -> NDArray[np.int64]:
    """The segments of all crossing pairs of edges, two a crossing."""
    return segment[crossing_edges(points)].ravel()


def crossing_edges(points: Array) -> NDArray[np.int64]:
    """Pairs (crossings, 2) of edges of a closed polygon (m, 2) that cross, ascending; touching is not crossing."""
    ends = np.concatenate([points[1:], points[:1]])
    n = len(points)
    if n < 4:
        return np.empty((0, 2), dtype=np.int64)
    reach = np.hypot(*(ends - points).T).max()
    tree = KDTree((points + ends) / 2, compact_nodes=False, balanced_tree=False)
    pairs = tree.query_pairs(reach * 1.0001, output_type="ndarray")
    gap = np.abs(pairs[:, 0] - pairs[:, 1])
    pairs = pairs[(gap > 1) & (gap < n - 1)]
    for one, other in ((0, 1), (1, 0)):
        a, b, c, d = points[pairs[:, one]], ends[pairs[:, one]], points[pairs[:, other]], ends[pairs[:, other]]
        pairs = pairs[_side(a, b, c) * _side(a, b, d) < 0]
    return np.sort(pairs, axis=1)


def _side(a: Array, b: Array, c: Array) -> Array:
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
