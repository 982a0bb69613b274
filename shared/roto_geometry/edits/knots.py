"""Knots added to a finished shape without changing what is drawn, and taken out with the least change.

A knot is added by de Casteljau's division at the same parameter on every key, which is a linear map of the key's
numbers, so it holds between keys as well: linear ones exactly, smooth ones since their slopes are divided by the same
map (slopes that a host would have made up itself are stored for it). A knot is taken out by fitting one cubic to the
two that meet in it, on every key. Both go for soft edges too. Limit: a uniform B-spline has no such division.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from roto_geometry.bezier import Array, bernstein, control_points, outline_array, outline_knots
from roto_geometry.fit.knots import FEWEST_KNOTS
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Knots, Point, ShapeKey, ShapeKind

from .splice import with_stored_slopes

SAMPLES = 32
ROUNDS = 8
END_PARAMETER = 0.02
"""No knot is added nearer than this to a neighbour, in segments: a host could not tell them apart."""

LinearMap = Callable[[Array], Array]


def add_knot(shape: KeyedShape, segment: int, t: float) -> KeyedShape:
    """The shape with a knot more, at parameter ``t`` of segment ``segment`` (from knot ``segment`` to the next).

    Raises InputError for a B-spline, a segment that there is not, or ``t`` too near to a knot.
    """
    _check_bezier(shape)
    segments = shape.knot_count if shape.closed else shape.knot_count - 1
    if not 0 <= segment < segments:
        raise InputError(f"“{shape.name}” has no segment {segment}.", f"Give one of 0 to {segments - 1}.")
    if not END_PARAMETER <= t <= 1 - END_PARAMETER:
        raise InputError("There is a knot already.", "Give a place further along the edge.")
    return _mapped(shape, lambda outline: _divided(outline, segment, t))


def remove_knot(shape: KeyedShape, knot: int) -> KeyedShape:
    """The shape without knot number ``knot``, its neighbours' handles fitted to what was drawn on every key.

    A knot that :func:`add_knot` added goes without a trace. Raises InputError for a B-spline, a knot that there is not,
    or too few left.
    """
    _check_bezier(shape)
    if not 0 <= knot < shape.knot_count:
        raise InputError(f"“{shape.name}” has no knot {knot}.", f"Give one of 0 to {shape.knot_count - 1}.")
    if shape.knot_count <= FEWEST_KNOTS:
        raise InputError(f"“{shape.name}” has only {shape.knot_count} knots.", "Delete the shape instead.")
    if not shape.closed and knot in (0, shape.knot_count - 1):
        return _mapped(shape, lambda outline: np.delete(outline, knot, axis=0))
    keys = tuple(_without_knot(key, knot) for key in shape.keys)
    return replace(shape, keys=keys)


def add_knot_near(shape: KeyedShape, outline: Array, point: Point) -> KeyedShape:
    """:func:`add_knot` where ``outline`` (n, 6), the shape as it is drawn somewhere, is nearest to ``point``."""
    return add_knot(shape, *nearest_place(outline, point, shape.closed))


def remove_knot_near(shape: KeyedShape, outline: Array, point: Point) -> KeyedShape:
    """:func:`remove_knot` of the knot that is nearest to ``point`` on ``outline`` (n, 6)."""
    return remove_knot(shape, int(np.argmin(np.linalg.norm(outline[:, :2] - point, axis=1))))


def nearest_place(outline: Array, point: Point, closed: bool = True) -> tuple[int, float]:
    """Segment and parameter of the place on an outline (n, 6) that is nearest to ``point``."""
    t = np.linspace(0, 1, 16 * SAMPLES)
    curve = np.einsum("kc,ncd->nkd", bernstein(t), control_points(outline, closed))
    segment, step = divmod(int(np.argmin(np.linalg.norm(curve - point, axis=2))), len(t))
    return segment, float(t[step])


def _check_bezier(shape: KeyedShape) -> None:
    if shape.kind is ShapeKind.BSPLINE:
        raise InputError(
            f"“{shape.name}” is a B-spline: a knot more or less changes what is drawn around it.",
            "Turn it into a Bézier shape first.",
        )


def _mapped(shape: KeyedShape, change: LinearMap) -> KeyedShape:
    """The shape with a linear map of outlines applied to all of its keys, their slopes and their soft edges."""
    keys = tuple(_mapped_key(key, change) for key in with_stored_slopes(shape))
    return replace(shape, keys=keys)


def _mapped_key(key: ShapeKey, change: LinearMap) -> ShapeKey:
    """A key under a linear map. A soft edge is mapped where it lies, main knot plus offset, and is relative again."""

    def mapped(knots: Knots | None) -> Knots | None:
        return None if knots is None else outline_knots(change(outline_array(knots)))

    knots = mapped(key.knots)
    assert knots is not None
    return replace(
        key, knots=knots, slope_in=mapped(key.slope_in), slope_out=mapped(key.slope_out), feather=_feather(key, change)
    )


def _feather(key: ShapeKey, change: LinearMap) -> Knots | None:
    if key.feather is None:
        return None
    main, edge = outline_array(key.knots), outline_array(key.feather).copy()
    edge[:, :2] += main[:, :2]
    moved = change(edge)
    moved[:, :2] -= change(main)[:, :2]
    return outline_knots(moved)


def _divided(outline: Array, segment: int, t: float) -> Array:
    """An outline with a knot more by de Casteljau's division of a segment."""
    following = (segment + 1) % len(outline)
    start, end = outline[segment], outline[following]
    a, d = start[:2], end[:2]
    b, c = a + start[4:], d + end[2:4]
    ab, bc, cd = a + t * (b - a), b + t * (c - b), c + t * (d - c)
    abc, bcd = ab + t * (bc - ab), bc + t * (cd - bc)
    middle = abc + t * (bcd - abc)
    divided = outline.copy()
    divided[segment, 4:] = t * start[4:]
    divided[following, 2:4] = (1 - t) * end[2:4]
    return np.insert(divided, segment + 1, np.concatenate([middle, abc - middle, bcd - middle]), axis=0)


def _without_knot(key: ShapeKey, knot: int) -> ShapeKey:
    """A key with one cubic in the place of the two that meet in a knot; slopes of handles grow as the handles do."""
    main = outline_array(key.knots)
    joined = _joined(main, knot)
    before, after = np.delete(main, knot, axis=0).reshape(-1, 3, 2), joined.reshape(-1, 3, 2)
    lengths, grown = (np.linalg.norm(each, axis=2, keepdims=True) for each in (before, after))
    growth = np.where(lengths > 1e-9, grown / np.maximum(lengths, 1e-9), 1.0)

    def without(slopes: Knots | None) -> Knots | None:
        if slopes is None:
            return None
        others = np.delete(outline_array(slopes), knot, axis=0).reshape(-1, 3, 2)
        return outline_knots((others * growth).reshape(-1, 6))

    feather = None
    if key.feather is not None:
        edge = outline_array(key.feather).copy()
        edge[:, :2] += main[:, :2]
        edge = _joined(edge, knot)
        edge[:, :2] -= joined[:, :2]
        feather = outline_knots(edge)
    return replace(
        key,
        knots=outline_knots(joined),
        slope_in=without(key.slope_in),
        slope_out=without(key.slope_out),
        feather=feather,
    )


def _joined(outline: Array, knot: int) -> Array:
    """An outline without a knot: one cubic instead of two, its tangents at the ends kept, their lengths fitted.

    The removed knot's handles say how far along it lay: de Casteljau's division leaves them in the ratio t : 1 - t.
    """
    before, after = (knot - 1) % len(outline), (knot + 1) % len(outline)
    first, second = control_points(outline)[[before, knot]]
    s = (np.arange(SAMPLES) + 0.5) / SAMPLES
    curve = np.vstack([bernstein(s) @ first, bernstein(s) @ second])
    lengths = np.linalg.norm(outline[knot].reshape(3, 2)[1:], axis=1) + 1e-9
    share = lengths[0] / lengths.sum()
    t = np.concatenate([share * s, share + (1 - share) * s])
    ends = first[0], second[3]
    ways = _end_direction(first), _end_direction(second[::-1])
    handles = _handles(ends, ways, curve, t)
    for _ in range(ROUNDS):
        t = _foot_points(np.array([ends[0], ends[0] + handles[0], ends[1] + handles[1], ends[1]]), curve, t)
        handles = _handles(ends, ways, curve, t)
    joined = outline.copy()
    joined[before, 4:], joined[after, 2:4] = handles
    return np.delete(joined, knot, axis=0)


def _end_direction(control: Array) -> Array:
    """The direction in which a cubic leaves its first point."""
    arms = control[1:] - control[0]
    lengths = np.linalg.norm(arms, axis=1)
    return arms[int(np.argmax(lengths > 1e-6))]


def _handles(ends: tuple[Array, Array], ways: tuple[Array, Array], curve: Array, t: Array) -> tuple[Array, Array]:
    """Handles along ``ways`` whose cubic lies best on the points ``curve`` at the parameters ``t``."""
    weights = bernstein(t)
    rows = np.stack([weights[:, 1:2] * ways[0], weights[:, 2:3] * ways[1]], axis=-1).reshape(-1, 2)
    fixed = (weights[:, 0] + weights[:, 1])[:, None] * ends[0] + (weights[:, 2] + weights[:, 3])[:, None] * ends[1]
    lengths = np.maximum(np.linalg.lstsq(rows, (curve - fixed).ravel(), rcond=None)[0], 0.0)
    return lengths[0] * ways[0], lengths[1] * ways[1]


def _foot_points(control: Array, curve: Array, t: Array) -> Array:
    """One Gauss-Newton step of every parameter towards the point of the cubic that is nearest to its goal."""
    s, u = (1 - t)[:, None], t[:, None]
    first, second, third = np.diff(control, axis=0)
    speed = 3 * (s * s * first + 2 * s * u * second + u * u * third)
    step = ((curve - bernstein(t) @ control) * speed).sum(axis=1) / np.maximum((speed * speed).sum(axis=1), 1e-9)
    return np.clip(t + step, 0.0, 1.0)
