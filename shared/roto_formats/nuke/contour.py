"""The ``{cc …}`` of shapes: keys of all knots, both ways.

A Bézier's points come in triples: in tangent, centre, out tangent, tangents relative to the centre; a B-spline's are
its control points [seen]. The feather's centres are offsets from the main ones, its tangents relative to itself [seen].
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from roto_shared.errors import FormatError
from roto_shared.shapes import KeyedShape, Knot, Knots, ShapeKey, ShapeKind, feather_on_shape
from roto_shared.space import NukeSpace
from roto_shared.timeline import Key, Track, Values

from .curve import Curve, constant, curve_at, curve_of, times_of
from .curve_text import coordinate_text, frame_texts
from .track import hermite_keys, track_of
from .tree import Branch, Node, part

OFFSETS = NukeSpace(0.0)
"""Axes without an origin: for slopes, and for the feather, whose centres are relative."""


def shape_keys(contours: list[Branch], kind: ShapeKind, space: NukeSpace) -> tuple[ShapeKey, ...]:
    """Keys of the main contour and its feather on all frames that either of them, or any coordinate, has."""
    frames: list[float] = []
    columns: list[Curve] = []
    for contour in contours[:2]:
        keyed, coordinates = _coordinates(contour, 3 if kind is ShapeKind.BEZIER else 1)
        frames += keyed
        columns += coordinates
    main = len(_coordinates(contours[0], 1)[1])
    if len(columns) not in (main, 2 * main):
        raise FormatError("The feather has another number of points than the shape.", "Export it again.")
    track = track_of(columns, frames)
    per_knot = 6 if kind is ShapeKind.BEZIER else 2
    keys = [_shape_key(key, main, per_knot, space) for key in track]
    return tuple(keys if any(map(_has_feather, keys)) else (replace(key, feather=None) for key in keys))


def _coordinates(contour: Branch, points_per_knot: int) -> tuple[tuple[float, ...], list[Curve]]:
    """The frames a contour is keyed on and the x and y curve of every point, in the order of the text."""
    points = part(contour, "p", "px")
    if points is None:
        raise FormatError("A contour has no list of points.", "Export it again.")
    frames: tuple[float, ...] = ()
    rest = points.items[1:]
    if points.head == "px" and rest:
        times, *rest = rest
        frames = times_of([str(time) for time in (times.items if isinstance(times, Branch) else (times,))])
    if len(rest) % points_per_knot:
        raise FormatError(f"{len(rest)} points are not a multiple of three.", "Export it again.")
    return frames, [curve for point in rest for curve in _xy(point, frames, points.head == "px")]


def _xy(point: Node, frames: Sequence[float], whole: bool) -> tuple[Curve, Curve]:
    if isinstance(point, str):
        raise FormatError(f"“{point[:20]}” stands where a point should.", "Export it again.")
    given = [item for item in point.items if isinstance(item, str) or item.head != "a"][:2]
    curves = [curve_at(item, frames) if whole else curve_of(item) for item in given]
    curves += [constant(0.0)] * (2 - len(curves))
    return curves[0], curves[1]


def _shape_key(key: Key, main: int, per_knot: int, space: NukeSpace) -> ShapeKey:
    feather = key.values[main:]
    return ShapeKey(
        key.frame,
        _knots(key.values[:main], per_knot, space),
        key.interpolation,
        _knots(key.slope_in[:main], per_knot, OFFSETS) if key.slope_in else None,
        _knots(key.slope_out[:main], per_knot, OFFSETS) if key.slope_out else None,
        _knots(feather, per_knot, OFFSETS) if feather else None,
    )


def _knots(values: Values, per_knot: int, space: NukeSpace) -> Knots:
    """File order (in tangent, centre, out tangent; or the control point alone) to knots of ours."""
    height = space.height
    if per_knot == 2:
        return tuple(Knot(x, height - y) for x, y in zip(values[0::2], values[1::2], strict=True))
    columns = (values[2::6], values[3::6], values[0::6], values[1::6], values[4::6], values[5::6])
    return tuple(Knot(x, height - y, a, -b, c, -d) for x, y, a, b, c, d in zip(*columns, strict=True))


def _has_feather(key: ShapeKey) -> bool:
    """Whether the soft edge leaves the shape: a feather point off its knot, or tangents of its own [inferred]."""
    return bool(key.feather) and any(
        soft[:2] != (0.0, 0.0) or soft[2:] != knot[2:] for soft, knot in zip(key.feather, key.knots, strict=True)
    )


def contour_text(track: Track, flags: int, indent: str) -> str:
    """A ``{cc …}`` keyed as a whole: the times once, then every point with one key for each time."""
    keys = hermite_keys(track)
    times, words = frame_texts([key.frame for key in keys]), coordinate_text(keys)
    head = times[0] if len(times) == 1 else "{" + " ".join(times) + "}"
    points = [f"{indent}  {{{x} {y}}}" for x, y in zip(words[0::2], words[1::2], strict=True)]
    return f"{{cc{indent} {{f {flags}}}{indent} {{px {head}{''.join(points)}}}}}"


def main_track(shape: KeyedShape, space: NukeSpace) -> Track:
    """The knots in the order and axes of the file."""
    return tuple(
        Key(
            key.frame,
            _values(key.knots, shape.kind, space),
            key.interpolation,
            _values(key.slope_in, shape.kind, OFFSETS) if key.slope_in else None,
            _values(key.slope_out, shape.kind, OFFSETS) if key.slope_out else None,
        )
        for key in shape.keys
    )


def feather_track(shape: KeyedShape) -> Track:
    """The soft edge in the order and axes of the file; a key without one has it on the shape itself.

    The model keeps no slopes for the feather, so that a smooth one takes the automatic ones.
    """
    return tuple(
        Key(key.frame, _values(key.feather or feather_on_shape(key.knots), shape.kind, OFFSETS), key.interpolation)
        for key in shape.keys
    )


def _values(knots: Knots, kind: ShapeKind, space: NukeSpace) -> Values:
    height = space.height
    if kind is ShapeKind.BSPLINE:
        return tuple(chain.from_iterable([(knot.x, height - knot.y) for knot in knots]))
    return tuple(chain.from_iterable([(a, -b, x, height - y, c, -d) for x, y, a, b, c, d in knots]))
