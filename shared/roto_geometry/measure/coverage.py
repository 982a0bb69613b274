"""Exact area coverage of polygons, the measure every figure is taken with.

Each edge is cut at pixel boundaries and its signed area accumulated, then summed along rows (the method of the font
rasterisers of R. Levien). Guarantee: each pixel holds the exact signed area of the polygons inside of it, so the sum
over the picture is the polygons' area clipped to it, to rounding. Limits: overlapping loops of one orientation count
twice before the clip to 1, so a self-overlapping outline is right inside, but partly covered pixels there may be full.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array


def coverage(polygons: Sequence[Array], width: int, height: int) -> NDArray[np.float32]:
    """Coverage 0..1 of closed polygons (m, 2) in plate px, as (height, width); opposite orientations cut holes."""
    picture = np.zeros((height, width), np.float32)
    block, top, left = _block(polygons, width, height)
    picture[top : top + block.shape[0], left : left + block.shape[1]] = np.minimum(np.abs(block), 1.0)
    return picture


def window(
    polygons: Sequence[Array], width: int, height: int, margin: int = 0
) -> tuple[NDArray[np.int64], tuple[int, int]]:
    """The part of a picture that polygons touch, and ``margin`` px around: its upper left corner, and its size, px.

    Both are (x, y).
    """
    points = np.vstack(polygons) if polygons else np.zeros((1, 2))
    low = np.clip(np.floor(points.min(axis=0)) - margin, 0, (width, height)).astype(np.int64)
    high = np.clip(np.ceil(points.max(axis=0)) + margin, low, (width, height)).astype(np.int64)
    return low, (int(high[0] - low[0]), int(high[1] - low[1]))


def _block(polygons: Sequence[Array], width: int, height: int) -> tuple[Array, int, int]:
    """Signed area of the pixels that polygons touch, and the row and column of the first."""
    edges = [np.hstack([polygon, np.roll(polygon, -1, axis=0)]) for polygon in polygons if len(polygon) > 2]
    if not edges:
        return np.zeros((0, 0)), 0, 0
    pieces = _cut(_cut(np.vstack(edges), 1, height), 0, width)
    middle = (pieces[:, 0:2] + pieces[:, 2:4]) / 2
    pieces, middle = _inside_rows(pieces, middle, height)
    if not len(pieces):
        return np.zeros((0, 0)), 0, 0
    top, bottom = int(middle[:, 1].min()), int(middle[:, 1].max()) + 1
    left = int(np.clip(middle[:, 0].min(), 0, width))
    right = int(np.clip(middle[:, 0].max(), 0, width)) + 1
    block = _accumulate(pieces, middle, (top, left, bottom - top, right - left + 1), width)
    return block[:, : min(right, width) - left], top, left


def _inside_rows(pieces: Array, middle: Array, height: int) -> tuple[Array, Array]:
    keep = (middle[:, 1] >= 0) & (middle[:, 1] < height) & (pieces[:, 1] != pieces[:, 3])
    return pieces[keep], middle[keep]


def _accumulate(pieces: Array, middle: Array, box: tuple[int, int, int, int], width: int) -> Array:
    top, left, rows, columns = box
    rise = pieces[:, 1] - pieces[:, 3]
    x = np.clip(middle[:, 0], 0.0, width)
    column = x.astype(int)
    beyond = x - column
    cell = (middle[:, 1].astype(int) - top) * columns + column - left
    size = rows * columns + 1
    area = np.bincount(cell, rise * (1 - beyond), size) + np.bincount(cell + 1, rise * beyond, size)
    return np.cumsum(area[: rows * columns].reshape(rows, columns), axis=1, dtype=np.float64)


def _cut(edges: Array, axis: int, limit: int) -> Array:
    """Edges (n, 4) cut where they cross the integer lines 0..limit of an axis."""
    start, end = edges[:, axis], edges[:, axis + 2]
    ahead = end >= start
    first = np.where(ahead, np.clip(np.floor(start) + 1, 0, None), np.clip(np.ceil(start) - 1, None, limit))
    last = np.where(ahead, np.clip(np.ceil(end) - 1, None, limit), np.clip(np.floor(end) + 1, 0, None))
    lines = np.maximum(0, np.where(ahead, last - first, first - last) + 1).astype(int)
    if not lines.any():
        return edges
    edge = np.repeat(np.arange(len(edges)), lines + 1)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(lines + 1) - lines - 1, lines + 1)
    line = first[edge] + np.where(ahead, 1, -1)[edge] * (step - 1)
    t = np.divide(line - start[edge], (end - start)[edge], out=np.zeros(len(edge)), where=step > 0)
    origin, direction = edges[edge, 0:2], (edges[:, 2:4] - edges[:, 0:2])[edge]
    points = origin + t[:, None] * direction
    final = step == lines[edge]
    ends = np.where(final[:, None], edges[edge, 2:4], np.roll(points, -1, axis=0))
    return np.hstack([points, ends])
