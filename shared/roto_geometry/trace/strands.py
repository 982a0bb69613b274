"""Lines about two pixels wide (strings, cables, kite lines), taken out of a mask as centre lines with a width.

An outline around such a line costs knots on both sides and never fits; an artist draws such a thing as an
open spline with a width. A strand is what an opening of ``WIDEST_PX`` takes away and what is at least ``SLENDER`` times
as long; a thicker spot does not break it. Guarantee: body and strands together are the mask; a mask without strands
comes back as it is. Limit: a strand that branches becomes one path and its longer branches; shorter ones are left to
the matte.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial.distance import cdist

from roto_geometry.arclength import open_length
from roto_geometry.bezier import Array

from .contour import matter_window, soft_mask

WIDEST_PX = 2.0
THICK = np.ones((3, 3), np.uint8)
"""The least matter that is no line."""
SLENDER = 24.0
STEP_PX = 4.0
SPREAD_PX = 1.5
END_POINTS = 8
SMOOTH_PX = 6.0
ROOT_PX = 16.0
"""How far at most a line goes on past its ends: into the body that it hangs on, or out of the picture."""
GAP_PX, SPOT_PX, STRAIGHT = 96.0, 8.0, 0.9
"""How far apart two pieces of one line may end, how thick it may be there, and the least cosine of the bend in it."""
BETWEEN = np.linspace(0, 1, 64)
AHEAD = np.array([(0, 1), (1, 0), (1, 1), (1, -1)])


@dataclass(frozen=True, eq=False)
class Strand:
    """A centre line (m, 2) in plate px, evenly sampled from one end to the other, and its mean width in px."""

    path: Array
    width_px: float


def part_strands(mask: NDArray[Any]) -> tuple[NDArray[Any], list[Strand]]:
    """The mask without its strands, and these, longest first. Raises InputError on the mask's form."""
    window = matter_window(mask)
    if window is None:
        return mask, []
    values = soft_mask(mask[window])
    corner = np.array([window[1].start, window[0].start])
    body = values.copy()
    pieces = []
    for top, left, sliver in _slivers(values >= 0.5):
        around = np.s_[top : top + sliver.shape[0], left : left + sliver.shape[1]]
        for piece in _strands_of(sliver, values[around]):
            pieces.append(Strand(piece.path + np.array([left, top]), piece.width_px))
            body[around][sliver] = 0.0
    strands = [Strand(_rooted(line.path, values) + corner, line.width_px) for line in _joined(pieces, values)]
    if not strands:
        return mask, []
    whole = soft_mask(mask).copy()
    whole[window] = body
    return whole, sorted(strands, key=lambda strand: -len(strand.path))


def _slivers(inside: NDArray[np.bool_]) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
    """Top, left and pixels of the long pieces that an opening takes away, with a pixel of room around them.

    The picture's border is no edge.
    """
    padded = np.pad(inside, 1, mode="edge").astype(np.uint8)
    opened = np.asarray(cv2.morphologyEx(padded, cv2.MORPH_OPEN, THICK))[1:-1, 1:-1] > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats((inside & ~opened).astype(np.uint8), connectivity=8)
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label, :4])
        if np.hypot(width, height) >= SLENDER * WIDEST_PX:
            top, left = max(0, top - 1), max(0, left - 1)
            around = np.s_[top : top + height + 2, left : left + width + 2]
            yield top, left, np.asarray(labels)[around] == label


def _strands_of(sliver: NDArray[np.bool_], values: NDArray[np.float32]) -> Iterator[Strand]:
    """The longest path through a sliver, then those through what lies away from it."""
    left = sliver
    while True:
        pixels = np.argwhere(left)
        path = _longest_path(pixels)
        length = open_length(path.astype(np.float64))
        if length < SLENDER * WIDEST_PX:
            return
        near = np.zeros(sliver.shape, np.uint8)
        cv2.polylines(near, [path[:, ::-1].astype(np.int32)], False, 1, thickness=5)
        mine = left & (near > 0)
        edge = cv2.dilate(mine.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & (values < 0.5)
        yield Strand(_centre_line(path, mine | edge, values), float(values[mine | edge].sum()) / length)
        left = left & ~mine


def _longest_path(pixels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pixels (row, column) along the longest of the shortest paths, as two sweeps find it."""
    if len(pixels) < 2:
        return pixels
    number = np.full(pixels.max(axis=0) + 3, -1)
    number[tuple((pixels + 1).T)] = np.arange(len(pixels))
    ends = [number[tuple((pixels + 1 + step).T)] for step in AHEAD]
    first = np.concatenate([np.flatnonzero(end >= 0) for end in ends])
    second = np.concatenate([end[end >= 0] for end in ends])
    length = np.concatenate([np.full((end >= 0).sum(), np.hypot(*step)) for end, step in zip(ends, AHEAD, strict=True)])
    graph = coo_matrix((length, (first, second)), shape=(len(pixels), len(pixels))).tocsr()
    start = _farthest(dijkstra(graph, directed=False, indices=0))
    far, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    path = [_farthest(far)]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return pixels[path]


def _farthest(distance: Array) -> int:
    return int(np.argmax(np.where(np.isfinite(distance), distance, -1)))


def _centre_line(path: NDArray[np.int64], mine: NDArray[np.bool_], values: NDArray[np.float32]) -> Array:
    """The path moved to the middle of the matter around it, smoothed, and led on to the pixels that end it."""
    rows, columns = np.nonzero(mine)
    weight = values[rows, columns]
    matter = np.column_stack([columns, rows]) + 0.5
    centres = path[:, ::-1].astype(np.float64) + 0.5
    near = np.exp(-0.5 / SPREAD_PX**2 * cdist(centres, matter, "sqeuclidean")) * weight
    middle = near @ matter / near.sum(axis=1, keepdims=True)
    smooth: Array = gaussian_filter1d(middle, SMOOTH_PX / 2, axis=0, mode="nearest")
    tips = zip(centres[[0, -1]], _ends(smooth), strict=True)
    return _led_on(smooth, [max(0.0, float((tip - end) @ way)) + 0.5 for tip, (end, way) in tips])


def _joined(pieces: Sequence[Strand], values: NDArray[np.float32]) -> list[Strand]:
    """Lines that a thicker spot had broken, whole again."""
    if len(pieces) < 2:
        return list(pieces)
    partner = _partners(pieces, _thin_matter(values))
    left, every = set(range(len(pieces))), range(2 * len(pieces))
    lines = []
    for end in [*(end for end in every if end not in partner), *every]:  # rings, which have no end, come last
        chain: list[Strand] = []
        at: int | None = end
        while at is not None and at // 2 in left:
            left.remove(at // 2)
            piece = pieces[at // 2]
            chain.append(Strand(piece.path[::-1], piece.width_px) if at % 2 else piece)
            at = partner.get(at ^ 1)
        if chain:
            width_px = np.average([piece.width_px for piece in chain], weights=[len(piece.path) for piece in chain])
            lines.append(Strand(np.vstack([piece.path for piece in chain]), float(width_px)))
    return lines


def _partners(pieces: Sequence[Strand], thin: NDArray[np.bool_]) -> dict[int, int]:
    """For ends that look at another one along thin matter: that one, the nearest first.

    End 2 i is where piece i begins, 2 i + 1 where it ends.
    """
    ends = [end for piece in pieces for end in _ends(piece.path)]
    place, way = np.array([place for place, _ in ends]), np.array([way for _, way in ends])
    gap = place[None] - place[:, None]
    gap_px = np.linalg.norm(gap, axis=2)
    straight = np.minimum(-way @ way.T, np.einsum("ak,abk->ab", way, gap) / np.maximum(gap_px, 1e-9))
    piece = np.arange(len(ends)) // 2
    pairs = np.argwhere((gap_px <= GAP_PX) & (straight >= STRAIGHT) & (piece[:, None] < piece))
    partner: dict[int, int] = {}
    for one, other in pairs[np.argsort(gap_px[tuple(pairs.T)])].tolist():
        between = place[one] + gap[one, other] * BETWEEN[:, None]
        if one not in partner and other not in partner and _holds(thin, between):
            partner |= {one: other, other: one}
    return partner


def _thin_matter(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Matter that is not deep, and the pixels beside it: the middle of a line may lie between its pixels."""
    inside = (values >= 0.5).astype(np.uint8)
    depth = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    return (cv2.dilate(inside, THICK) > 0) & (depth <= SPOT_PX / 2)


def _holds(area: NDArray[np.bool_], points: Array) -> bool:
    """Whether all of the points (m, 2), px, lie in an area (height, width)."""
    column, row = np.floor(points).astype(int).T
    return bool(area[row.clip(0, area.shape[0] - 1), column.clip(0, area.shape[1] - 1)].all())


def _rooted(line: Array, values: NDArray[np.float32]) -> Array:
    """The line led on at both ends as long as there is matter, or out of the picture, and sampled evenly."""
    height, width = values.shape
    longer = []
    for end, way in _ends(line):
        steps = np.arange(1.0, ROOT_PX + 1)
        column, row = np.floor(end + steps[:, None] * way).astype(int).T
        outside = (column < 0) | (row < 0) | (column >= width) | (row >= height)
        matter = outside | (values[row.clip(0, height - 1), column.clip(0, width - 1)] >= 0.5)
        longer.append(float(np.argmin(np.append(matter, False))))
    return _evenly(_led_on(line, longer))


def _ends(line: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """First and last point of a line, each with the direction in which it ends there."""
    reach = min(END_POINTS, len(line) - 1)
    ways = (line[0] - line[reach], line[-1] - line[-1 - reach])
    first, last = (way / max(float(np.hypot(*way)), 1e-9) for way in ways)
    return (line[0], first), (line[-1], last)


def _led_on(line: Array, longer_px: Sequence[float]) -> Array:
    (first, out), (last, on) = _ends(line)
    return np.vstack([first + longer_px[0] * out, line, last + longer_px[1] * on])


def _evenly(line: Array) -> Array:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = np.linspace(0, along[-1], max(8, round(along[-1] / STEP_PX)))
    return np.column_stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)])
