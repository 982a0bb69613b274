"""Outlines that never cross themselves and never turn inside out.

Crossings are found on a flattening within 0.05 px of the curve; touching is not crossing. Orientation is the sign of
the enclosed area: every outline is clockwise on screen. A bad outline is mended in steps, each of which changes more:
shorter handles where it crosses, knots there back on the contour, a neighbouring frame's stretches there (without one,
the knots there in another order), straight lines between all knots, and at last all of the neighbouring frame's outline
or a circle, which always holds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_geometry.bezier import Array, bernstein, control_points, reversed_outline

FLATNESS_PX = 0.05
SHORTER = 0.6
ROUNDS = 8
SWAPS = 64
"""An outline in which more of its way must be turned round is left to the next resort."""
CLOSE = 1.0001
"""Room for rounding where what may cross is sought by distance."""


def is_sound(outline: Array) -> bool:
    """Whether the outline (n, 6) is clockwise and does not cross itself."""
    return bool(are_sound(outline[None])[0])


def are_sound(outlines: Array) -> NDArray[np.bool_]:
    """Which of the outlines (frames, n, 6) are clockwise and do not cross themselves."""
    pieces = _Pieces.of(outlines)
    sound = pieces.areas() > 0
    sound[pieces.crossing_outlines()] = False
    return sound


def count_crossings(outline: Array) -> int:
    """How many pairs of flattened pieces cross."""
    return len(_Pieces.of(outline[None]).crossings)


def largest_loops(outlines: Array) -> Array:
    """Area (frames,) of the largest loop that a crossing cuts off outlines (frames, n, 6), px²; 0 where none does."""
    return _Pieces.of(outlines).largest_loops()


def crossing_knots(outlines: Array) -> NDArray[np.bool_]:
    """Which knots (frames, n) of outlines (frames, n, 6) end a segment that crosses another one, or itself."""
    frames, n = outlines.shape[:2]
    near = np.zeros((frames, n), dtype=bool)
    if frames:
        outline, segment = _Pieces.of(outlines).crossing_segments()
        near[outline, segment] = True
        near[outline, (segment + 1) % n] = True
    return near


def mend(outline: Array, anchor: Array, fallback: Array | None = None) -> Array:
    """A sound outline with as many knots, as near to ``outline`` as the steps allow.

    ``anchor`` (n, 2) are the knots' own places on the contour; ``fallback`` must be sound.
    """
    for attempt in _attempts(outline, anchor, fallback):
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
        frames, segments = _Pieces.of(np.einsum("tk,knc->tnc", basis[doubtful], mended)).crossing_segments()
        if not len(frames):
            break
        for unknown in np.flatnonzero(~pinned):
            bad = segments[basis[doubtful[frames], unknown] != 0]
            if len(bad):
                _shorten(mended[unknown], np.unique(bad), SHORTER)
        doubtful = doubtful[np.unique(frames)]
    return mended


def _attempts(outline: Array, anchor: Array, fallback: Array | None) -> Iterator[Array]:
    """What may be sound, what changes least first, each made only when those before are not."""
    yield _with_shorter_handles(outline)
    back = _with_knots_back(outline, anchor)
    yield back
    yield _untangled(back) if fallback is None else _with_stretches_of(fallback, outline)
    yield _polygon(anchor)
    if fallback is None:
        yield _untangled(_polygon(anchor))


def _with_shorter_handles(outline: Array) -> Array:
    mended = outline.copy()
    for turn in range(ROUNDS):
        bad = _crossing_segments(mended)
        if not len(bad):
            break
        _shorten(mended, bad, SHORTER if turn < ROUNDS - 1 else 0.0)
    return mended


def _with_knots_back(outline: Array, anchor: Array) -> Array:
    """Knots of crossing segments go back to the contour, round by round, with short handles around them."""
    mended = outline.copy()
    n = len(outline)
    for _ in range(ROUNDS):
        bad = _crossing_segments(mended)
        if not len(bad):
            break
        mended[bad, :2] = anchor[bad]
        mended[(bad + 1) % n, :2] = anchor[(bad + 1) % n]
        _shorten(mended, np.unique(np.concatenate([bad - 1, bad, bad + 1]) % n), SHORTER)
    return _with_shorter_handles(mended)


def _with_stretches_of(fallback: Array, outline: Array) -> Array:
    """Where the outline crosses, the fallback's knots, moved as those beside them are; more of them round by round."""
    n = len(outline)
    taken = np.zeros(n, dtype=bool)
    mended = outline
    for wider in range(ROUNDS):
        bad = _crossing_segments(mended)
        taken[bad] = taken[(bad + 1) % n] = True
        for _ in range(wider):
            taken |= np.roll(taken, 1) | np.roll(taken, -1)
        if not len(bad) or taken.all():
            break
        kept = np.flatnonzero(~taken)
        away = (outline - fallback)[kept, :2]
        mended = np.where(taken[:, None], fallback, outline)
        for axis in (0, 1):
            mended[taken, axis] += np.interp(np.flatnonzero(taken), kept, away[:, axis], period=n)
    return mended


def _shorten(outline: Array, segments: NDArray[np.int64], factor: float) -> None:
    outline[segments, 4:6] *= factor
    outline[(segments + 1) % len(outline), 2:4] *= factor


def _polygon(anchor: Array) -> Array:
    return np.hstack([anchor, np.zeros((len(anchor), 4))])


def _untangled(outline: Array) -> Array:
    """The outline, clockwise, with its knots in an order in which segments do not cross, as far as swaps can do it.

    Of two that cross the way between is run through backwards, between straight lines. Where all are straight, that
    makes the whole shorter every time, and so comes to an end (2-opt: Croes 1958).
    """
    untangled = outline
    for _ in range(SWAPS):
        pairs = np.sort(_Pieces.of(untangled[None]).crossing_segments()[1].reshape(-1, 2), axis=1)
        pairs = pairs[pairs[:, 0] < pairs[:, 1]]
        if not len(pairs):
            break
        one, other = pairs[0] + 1
        between = reversed_outline(untangled[one:other])
        untangled = np.concatenate([untangled[:one], between, untangled[other:]])
        _shorten(untangled, np.array([one, other]) - 1, 0.0)
    return untangled if _Pieces.of(untangled[None]).areas()[0] > 0 else reversed_outline(untangled)


def _moved_onto(outline: Array, fallback: Array) -> Array:
    moved = fallback.copy()
    moved[:, :2] += outline[:, :2].mean(axis=0) - fallback[:, :2].mean(axis=0)
    return moved


def _circle(outline: Array) -> Array:
    """A circle in the middle of the knots with the enclosed area, at least half a pixel in radius."""
    n = len(outline)
    radius = max(0.5, math.sqrt(abs(_Pieces.of(outline[None]).areas()[0]) / math.pi))
    angle = np.arange(n) * (2 * math.pi / n)
    spoke = np.column_stack([np.cos(angle), np.sin(angle)])
    handle = np.column_stack([-spoke[:, 1], spoke[:, 0]]) * (radius * 4 / 3 * math.tan(math.pi / (2 * n)))
    return np.hstack([outline[:, :2].mean(axis=0) + radius * spoke, -handle, handle])


def _crossing_segments(outline: Array) -> NDArray[np.int64]:
    """The segments of an outline that cross another one, or themselves, ascending."""
    return np.unique(_Pieces.of(outline[None]).crossing_segments()[1])


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Outlines as polygons without repeated points, one behind the other.

    ``points`` (m, 2) of all of them, and for each the ``segment`` that its edge belongs to, its ``outline``, and the
    point ``after`` it. ``crossings`` (k, 2) are the edges that cross, named by their first points.
    """

    points: Array
    segment: NDArray[np.int64]
    outline: NDArray[np.int64]
    after: NDArray[np.int64]
    crossings: NDArray[np.int64]

    @classmethod
    def of(cls, outlines: Array) -> "_Pieces":
        """Flattened (frames, n, 6)."""
        frames, n = outlines.shape[:2]
        control = control_points(outlines).reshape(-1, 4, 2)
        bend = np.linalg.norm(control[:, :-2] - 2 * control[:, 1:-1] + control[:, 2:], axis=-1).max(axis=1)
        length = np.linalg.norm(np.diff(control, axis=1), axis=-1).sum(axis=1)
        longest = np.maximum(4.0, length.reshape(frames, n).sum(axis=1) / 300).repeat(n)
        count = np.clip(np.ceil(np.maximum(np.sqrt(bend * (0.75 / FLATNESS_PX)), length / longest)), 1, 256).astype(int)
        segment = np.repeat(np.arange(frames * n), count)
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        points = np.einsum("mk,mkc->mc", bernstein(step / count[segment]), control[segment])
        fresh = (np.abs(points[_following(segment // n)] - points) > 1e-9).any(axis=1)
        fresh |= np.diff(segment // n, prepend=-1) > 0  # an outline that is one point keeps it
        points, segment = points[fresh], segment[fresh]
        after = _following(segment // n)
        return cls(points, segment % n, segment // n, after, _crossings(points, after, segment // n))

    def areas(self) -> Array:
        """Signed areas (frames,), px²; positive is clockwise on screen."""
        return np.bincount(self.outline, _swept(self.points, self.points[self.after])).astype(np.float64, copy=False)

    def largest_loops(self) -> Array:
        """Area (frames,) of the largest loop that a crossing cuts off, px²; 0 where none does."""
        before, closing = self.crossings.T
        swept = np.append(0.0, np.cumsum(_swept(self.points, self.points[self.after])))
        inner = swept[closing] - swept[before + 1] + _swept(self.points[closing], self.points[before + 1])
        outline = self.outline[before]
        loops = np.zeros(self.outline[-1] + 1)
        np.maximum.at(loops, outline, np.minimum(np.abs(inner), np.abs(self.areas()[outline] - inner)))
        return loops

    def crossing_outlines(self) -> NDArray[np.int64]:
        """Which outlines cross themselves, ascending."""
        return np.unique(self.outline[self.crossings])

    def crossing_segments(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Outlines and their segments that cross, two a crossing."""
        return self.outline[self.crossings].ravel(), self.segment[self.crossings].ravel()


def crossing_edges(points: Array) -> NDArray[np.int64]:
    """Pairs (crossings, 2) of edges of a closed polygon (m, 2) that cross, ascending; touching is not crossing."""
    outline = np.zeros(len(points), dtype=np.int64)
    return _crossings(points, _following(outline), outline)


def _following(outline: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each point the next one of its polygon; points of one lie together, ascending."""
    after = np.arange(1, len(outline) + 1)
    starts = np.flatnonzero(np.diff(outline, prepend=-1))
    after[np.append(starts[1:], len(outline)) - 1] = starts
    return after


def _crossings(points: Array, after: NDArray[np.int64], outline: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of edges of one polygon that cross. Polygons are laid side by side, so that one search finds all pairs."""
    if len(points) < 4:
        return np.empty((0, 2), dtype=np.int64)
    ends = points[after]
    half = np.hypot(*(ends - points).T) / 2
    middles = (points + ends) / 2
    middles[:, 0] += outline * (np.ptp(points[:, 0]) + 6 * half.max())
    pairs = _within_reach(middles, half)
    pairs = pairs[(after[pairs[:, 0]] != pairs[:, 1]) & (after[pairs[:, 1]] != pairs[:, 0])]
    for one, other in ((0, 1), (1, 0)):
        a, b, c, d = points[pairs[:, one]], ends[pairs[:, one]], points[pairs[:, other]], ends[pairs[:, other]]
        pairs = pairs[_side(a, b, c) * _side(a, b, d) < 0]
    return np.sort(pairs, axis=1)


def _within_reach(middles: Array, half: Array) -> NDArray[np.int64]:
    """Pairs (k, 2) of lines whose ``middles`` (m, 2) are no farther apart than ``half`` (m,) the length of both.

    Nearly all that a search by the longest line finds are neighbours, so they are told apart before anything else.
    """
    tree = KDTree(middles, compact_nodes=False, balanced_tree=False)
    pairs = tree.query_pairs(2 * half.max() * CLOSE, output_type="ndarray")
    one, other = pairs.T
    places = middles.view(np.complex128)[:, 0]
    away = places[one] - places[other]
    return pairs[away.real**2 + away.imag**2 <= ((half[one] + half[other]) * CLOSE) ** 2]


def _swept(start: Array, end: Array) -> Array:
    """Signed area, px², between the origin and each of the lines from ``start`` to ``end``, both (lines, 2)."""
    return (start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1]) / 2


def _side(a: Array, b: Array, c: Array) -> Array:
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
