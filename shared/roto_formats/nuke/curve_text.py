"""Keys as the words of the ``curves`` knob, always with explicit slopes and both weights 1."""

from collections.abc import Iterator, Sequence
from itertools import chain

from roto_formats.number_text import hex_floats

from .track import UNKEYED_FRAME, HermiteKey


def keyed_text(keys: Sequence[HermiteKey]) -> list[str]:
    """Each number of the keys as a curve with its own times, ``{{frame value -} …}``, or a bare constant.

    Where nothing moves, the first number stays keyed so that the frames survive; a single key on ``UNKEYED_FRAME`` is
    one that Nuke never had.
    """
    times = hex_floats([key.frame for key in keys])
    columns = list(_rows(keys))
    moving = [_moves(rows) for rows in columns]
    if not any(moving) and [key.frame for key in keys] != [UNKEYED_FRAME]:
        moving[0] = True
    return [_curve(rows, times) if moves else rows[0][0] for rows, moves in zip(columns, moving, strict=True)]


def coordinate_text(keys: Sequence[HermiteKey]) -> list[str]:
    """Each number of the keys as a coordinate inside ``{px …}``, whose list holds the times."""
    if len(keys) == 1:
        return hex_floats(keys[0].values)
    return ["{" + " ".join(map(_key, rows if _moves(rows) else rows[:1])) + "}" for rows in _rows(keys)]


Row = tuple[str, str, str]


def _rows(keys: Sequence[HermiteKey]) -> Iterator[list[Row]]:
    """For each number: value, slope in and slope out on every key, as words."""
    parts = (zip(*(key[part] for key in keys), strict=True) for part in (1, 2, 3))
    words = [hex_floats(list(chain.from_iterable(columns))) for columns in parts]
    rows = list(zip(*words, strict=True))
    return (rows[i : i + len(keys)] for i in range(0, len(rows), len(keys)))


def _moves(rows: Sequence[Row]) -> bool:
    value = rows[0][0]
    return any(row != (value, "0", "0") for row in rows)


def _key(row: Row) -> str:
    value, slope_in, slope_out = row
    return f"{{{value} -}}" if slope_in == slope_out == "0" else f"{{{value} {slope_in} 1 {slope_out} 1}}"


def _curve(rows: Sequence[Row], times: Sequence[str]) -> str:
    return "{" + " ".join(f"{{{time} {_key(row)[1:]}" for time, row in zip(times, rows, strict=True)) + "}"
