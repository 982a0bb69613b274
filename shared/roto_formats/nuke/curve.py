"""One number over time, as Nuke keys it: a cubic Hermite with a slope on either side of every key.

[inferred] from ``la`` and ``ra`` being 1 in every one of 13,770 keys seen: with both weights 1 a segment is exactly a
cubic Hermite in time. A bare key (value without slopes) takes Nuke's automatic slope here [?].
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from roto_formats.number_text import hex_float_value, hex_float_values
from roto_shared.errors import FormatError
from roto_shared.timeline import Key, automatic_slopes, hermite

from .tree import Branch, Node, unparse

MISSING = "nan"
LONGEST_RUN = 100_000
"""Keys that one run may stand for; more is damage, not animation."""


class Curve(NamedTuple):
    """Values and slopes (units per frame) at ascending frames. A constant has no frames and one value."""

    frames: tuple[float, ...]
    values: tuple[float, ...]
    slopes_in: tuple[float, ...]
    slopes_out: tuple[float, ...]


def constant(value: float) -> Curve:
    """A number that no key moves."""
    return Curve((), (value,), (0.0,), (0.0,))


def curve_of(node: Node) -> Curve:
    """A number that carries its own key times: an attribute, a transform value, or a coordinate inside ``{p}``."""
    if isinstance(node, str):
        return constant(hex_float_value(node))
    if _is_expression(node):
        return curve_of(_cached(node))
    keys = _runs(node) if node.head == "r" else node.items
    if not keys or any(isinstance(key, str) for key in keys):
        raise _misfit(node, "keys, each in braces")
    rows = _rows_with_times([key for key in keys if isinstance(key, Branch)])
    return _keyed(times_of([row[0] for row in rows]), [row[1:] for row in rows])


def times_of(words: Sequence[str]) -> tuple[float, ...]:
    """The frames of keys, which ascend in every file seen. Raises FormatError where they do not."""
    frames = tuple(hex_float_value(word) for word in words)
    for before, after in pairwise(frames):
        if after <= before:
            raise FormatError(f"A key on frame {after:g} comes after one on {before:g}.", "Export it again.")
    return frames


def curve_at(node: Node, frames: Sequence[float]) -> Curve:
    """A coordinate inside ``{px …}``: one key for each of ``frames``, or a single one for a constant."""
    if isinstance(node, str):
        return constant(hex_float_value(node))
    if _is_expression(node):
        return curve_at(_cached(node), frames)
    rows = [row for key in node.items for row in _rows(key)]
    if len(rows) == 1:
        return constant(hex_float_value(rows[0][0]))
    if len(rows) != len(frames):
        raise _misfit(node, f"{len(frames)} keys or one, but here are {len(rows)}")
    return _keyed(tuple(frames), rows)


Row = tuple[str, ...]  # value, slope in, slope out; MISSING for a slope that is not stored


def _is_expression(node: Branch) -> bool:
    return node.head.lstrip('"').startswith("=")


def has_expression(node: Node) -> bool:
    """Whether an expression drives any number in the list, at any depth."""
    return isinstance(node, Branch) and (_is_expression(node) or any(map(has_expression, node.items)))


def _cached(node: Branch) -> Node:
    """An expression's last value, the only part of it that can be drawn elsewhere."""
    return node.items[1] if len(node.items) > 1 else "0"


def _rows_with_times(keys: Sequence[Branch]) -> list[Row]:
    rows: list[Row] = []
    for key in keys:
        words = key.items
        if len(words) == 1 and rows:
            rows.append((_word(words[0], key), *rows[-1][1:]))
        else:
            rows.append((_word(words[0] if words else key, key), *_row(words[1:], key)))
    return rows


def _rows(key: Node) -> list[Row]:
    if isinstance(key, str):
        return [(key, MISSING, MISSING)]
    if key.head == "x" and len(key.items) == 3:
        return _rows(key.items[2]) * _count(key.items[1], key)
    return [_row(key.items, key)]


def _row(words: Sequence[Node], key: Branch) -> Row:
    if len(words) == 1:
        return (_word(words[0], key), MISSING, MISSING)
    if len(words) == 2 and words[1] == "-":
        return (_word(words[0], key), "0", "0")
    if len(words) == 5:
        return (_word(words[0], key), _word(words[1], key), _word(words[3], key))
    raise _misfit(key, "a value, “value -”, or a value with two slopes and two weights")


def _word(node: Node, key: Branch) -> str:
    if isinstance(node, str):
        return node
    raise _misfit(key, "plain numbers")


def _count(node: Node, key: Branch) -> int:
    word = _word(node, key)
    if not word.isascii() or not word.isdigit() or int(word) > LONGEST_RUN:
        raise _misfit(key, "a count of keys")
    return int(word)


def _runs(node: Branch) -> list[Node]:
    """``{r {{key N} …}}`` spelled out: the key, then N - 1 more on the frames that follow [?]."""
    keys: list[Node] = []
    for run in node.items[1].items if len(node.items) == 2 and isinstance(node.items[1], Branch) else ():
        if not isinstance(run, Branch) or len(run.items) != 2 or not isinstance(run.items[0], Branch):
            raise _misfit(node, "runs of a key and a count")
        if not run.items[0].items:
            raise _misfit(node, "keys with a time")
        key, count = run.items[0], _count(run.items[1], run)
        first = hex_float_value(_word(key.items[0], key))
        keys += [key._replace(items=(repr(first + i), *key.items[1:])) for i in range(count)]
    return keys


def _keyed(frames: tuple[float, ...], rows: Sequence[Row]) -> Curve:
    values, slopes_in, slopes_out = (hex_float_values(column) for column in zip(*rows, strict=True))
    if any(MISSING in row for row in rows):
        keys = [Key(frame, (value,)) for frame, value in zip(frames, values, strict=True)]
        automatic = [automatic_slopes(keys, index)[0] for index in range(len(keys))]
        slopes_in = _filled(slopes_in, automatic)
        slopes_out = _filled(slopes_out, automatic)
    return Curve(frames, values, slopes_in, slopes_out)


def _filled(slopes: Sequence[float], automatic: Sequence[float]) -> tuple[float, ...]:
    return tuple(b if a != a else a for a, b in zip(slopes, automatic, strict=True))


def resample(curve: Curve, frames: Sequence[float]) -> Curve:
    """The same curve with keys on exactly ``frames``, which hold all of its own; subdividing a Hermite is exact."""
    if curve.frames == tuple(frames):
        return curve
    count = len(frames)
    if not curve.frames:
        return Curve(tuple(frames), curve.values * count, (0.0,) * count, (0.0,) * count)
    points = [_point(curve, frame) for frame in frames]
    values, slopes_in, slopes_out = zip(*points, strict=True)
    return Curve(tuple(frames), values, slopes_in, slopes_out)


def _point(curve: Curve, frame: float) -> tuple[float, float, float]:
    """Value, slope in and slope out on ``frame``; nothing moves before the first key or after the last."""
    frames = curve.frames
    if frame < frames[0]:
        return (curve.values[0], 0.0, 0.0)
    if frame > frames[-1]:
        return (curve.values[-1], 0.0, 0.0)
    after = bisect_left(frames, frame)
    if frames[after] == frame:
        slope_in = curve.slopes_in[after] if after else 0.0
        slope_out = curve.slopes_out[after] if after + 1 < len(frames) else 0.0
        return (curve.values[after], slope_in, slope_out)
    return _between(curve, after - 1, frame)


def _between(curve: Curve, index: int, frame: float) -> tuple[float, float, float]:
    span = curve.frames[index + 1] - curve.frames[index]
    s = (frame - curve.frames[index]) / span
    start, end = curve.values[index], curve.values[index + 1]
    rise_out, rise_in = curve.slopes_out[index] * span, curve.slopes_in[index + 1] * span
    value = hermite(start, end, rise_out, rise_in, s)
    slope = (6 * s * (1 - s) * (end - start) + (1 - s) * (1 - 3 * s) * rise_out + s * (3 * s - 2) * rise_in) / span
    return (value, slope, slope)


def _misfit(node: Branch, wanted: str) -> FormatError:
    return FormatError(
        f"The curve “{unparse(node)[:60]}” needs {wanted}.",
        "The text is damaged; export it again.",
    )
