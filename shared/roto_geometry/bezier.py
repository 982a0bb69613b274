"""Closed cubic Bézier outlines as arrays: the plain arithmetic under fitting, rasterising and checking.

An outline is a float64 array (n, 6), a row a knot: x, y, incoming tangent, outgoing tangent (both relative), plate px.
Segment i runs from knot i to knot i + 1; the last one closes the outline.
"""

import numpy as np
from numpy.typing import NDArray

from roto_shared.shapes import Knot, Knots

Array = NDArray[np.float64]

SHAPE_TOLERANCE_PX = 0.02


def outline_array(knots: Knots) -> Array:
    """Knots of the model as an (n, 6) array."""
    return np.asarray(knots, dtype=np.float64).reshape(-1, 6)


def outline_knots(outline: Array) -> Knots:
    """An (n, 6) array as knots of the model."""
    return tuple(Knot(*row) for row in outline.tolist())


def control_points(outline: Array, closed: bool = True) -> Array:
    """Control polygons (…, n, 4, 2) of all segments of outlines (…, n, 6); (…, n - 1, 4, 2) when open."""
    centre, into, out = outline[..., 0:2], outline[..., 2:4], outline[..., 4:6]
    following = np.roll(centre, -1, axis=-2)
    points = np.stack([centre, centre + out, following + np.roll(into, -1, axis=-2), following], axis=-2)
    return points if closed else points[..., :-1, :, :]


def knot_points(outline: Array) -> Array:
    """Centres and both tangent ends where they lie, (…, n, 3, 2), of outlines (…, n, 6)."""
    points = outline.reshape(*outline.shape[:-1], 3, 2).copy()
    points[..., 1:, :] += points[..., :1, :]
    return points


def reversed_outline(outlines: Array) -> Array:
    """Closed outlines (…, n, 6) run through the other way round; its own inverse."""
    return outlines[..., ::-1, [0, 1, 4, 5, 2, 3]]


def bernstein(t: Array) -> Array:
    """The four cubic Bernstein weights at ``t``, (..., 4)."""
    s = 1.0 - t
    return np.stack([s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t], axis=-1)


def flatten(outline: Array, tolerance_px: float = SHAPE_TOLERANCE_PX, closed: bool = True) -> Array:
    """A polygon (m, 2) that stays within ``tolerance_px`` of the curve; the end of an open one is included.

    Pieces per segment from the second difference of its control polygon: Wang's bound, n² = 6·|d²| / (8·tolerance).
    """
    points = control_points(outline, closed)
    if not len(points):
        return outline[:, :2].copy()
    bend = np.hypot(*np.moveaxis(points[:, :-2] - 2 * points[:, 1:-1] + points[:, 2:], 2, 0)).max(axis=1)
    pieces = np.clip(np.ceil(np.sqrt(bend * (0.75 / tolerance_px))), 1, 256).astype(int)
    segment = np.repeat(np.arange(len(points)), pieces)
    step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    weights = bernstein(step / pieces[segment])
    polygon = np.einsum("mk,mkc->mc", weights, points[segment])
    return polygon if closed else np.vstack([polygon, points[-1, 3]])


def sample(outline: Array, per_segment: int) -> Array:
    """Points at equal parameters, (n · per_segment, 2), knots included."""
    weights = bernstein(np.arange(per_segment) / per_segment)
    return np.einsum("kc,ncd->nkd", weights, control_points(outline)).reshape(-1, 2)


def polygon_area(polygon: Array) -> float:
    """Signed area, px²; positive is clockwise on screen (y points down)."""
    x, y = (polygon - polygon[:1]).T
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1]) / 2


def bspline_segments(control: Array, closed: bool = True) -> Array:
    """Bézier control polygons (m, 4, 2) of a uniform cubic B-spline with control points (n, 2).

    An open one starts and ends at its first and last control point, which therefore count three times.
    """
    points = control if closed else np.vstack([control[:1], control[:1], control, control[-1:], control[-1:]])
    a, b, c, d = (np.roll(points, -shift, axis=0) for shift in range(4))
    segments = np.stack([(a + 4 * b + c) / 6, (2 * b + c) / 3, (b + 2 * c) / 3, (b + 4 * c + d) / 6], axis=1)
    return segments if closed else segments[:-3]


def outline_of_segments(segments: Array, closed: bool = True) -> Array:
    """An outline (n, 6) from touching control polygons (m, 4, 2); the inverse of :func:`control_points`."""
    before = np.roll(segments, 1, axis=0)
    outline = np.hstack([segments[:, 0], before[:, 2] - segments[:, 0], segments[:, 1] - segments[:, 0]])
    if closed:
        return outline
    outline[0, 2:4] = 0.0
    last = segments[-1]
    return np.vstack([outline, np.hstack([last[3], last[2] - last[3], np.zeros(2)])])


def stroke_band(path: Array, width_px: float) -> Array:
    """The closed polygon (2m, 2) of a stroke ``width_px`` wide along an open path (m, 2): flat ends, mitred joints."""
    if len(path) < 2:
        return path
    chord = np.asarray(np.gradient(path, axis=0))
    along = chord / np.maximum(np.linalg.norm(chord, axis=1, keepdims=True), 1e-12)
    aside = np.column_stack([-along[:, 1], along[:, 0]]) * (width_px / 2)
    return np.vstack([path + aside, (path - aside)[::-1]])
