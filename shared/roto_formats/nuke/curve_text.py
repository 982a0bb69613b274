"""Keys as the words of the ``curves`` knob, always with explicit slopes and both weights 1."""

from collections.abc import Sequence
from itertools import chain

from roto_formats.number_text import hex_float_values, hex_floats
from roto_shared.errors import FormatError

from .track import UNKEYED_FRAME, HermiteKey

FRAME_ROUNDING = 0.01
"""What a frame may lose in binary32: nothing where it is whole, up to 16,777,216."""


def frame_texts(frames: Sequence[float]) -> list[str]:
    """The words of frames. Raises FormatError where a key would stand on another frame than it does."""
    words = hex_floats(frames)
    for frame, written in zip(frames, hex_float_values(words), strict=True):
        if abs(frame - written) > FRAME_ROUNDING:
            raise FormatError(f"Nuke's 32-bit floats have no frame {frame:.9g}.", "Number the shot from lower on.")
    return words


def keyed_text(keys: Sequence[HermiteKey]) -> list[str]:
    """Each number of the keys as a curve with its own times, ``{{frame value -} …}``, or a bare constant.

    Where nothing moves, the first number stays keyed so that the frames survive; a single key on ``UNKEYED_FRAME`` is
    one that Nuke never had.
    """
    times = frame_texts([key.frame for key in keys])
    columns = _columns(keys)
    moving = [_moves(column) for column in columns]
    if not any(moving) and [key.frame for key in keys] != [UNKEYED_FRAME]:
        moving[0] = True
    still = hex_floats(keys[0].values)
    return [
        _curve(column, times) if moves else value for column, moves, value in zip(columns, moving, still, strict=True)
    ]


def coordinate_text(keys: Sequence[HermiteKey]) -> list[str]:
    """Each number of the keys as a coordinate inside ``{px …}``, whose list holds the times."""
    if len(keys) == 1:
        return hex_floats(keys[0].values)
    return ["{" + " ".join(column if _moves(column) else column[:1]) + "}" for column in _columns(keys)]


FLAT = " -}"


def _columns(keys: Sequence[HermiteKey]) -> list[list[str]]:
    """For each number its keys without times: ``{value -}`` where flat, else ``{value slope 1 slope 1}``."""
    parts = (zip(*(key[part] for key in keys), strict=True) for part in (1, 2, 3))
    words = [hex_floats(list(chain.from_iterable(columns))) for columns in parts]
    texts = [
        f"{{{value}{FLAT}" if into == out == "0" else f"{{{value} {into} 1 {out} 1}}"
        for value, into, out in zip(*words, strict=True)
    ]
    return [texts[i : i + len(keys)] for i in range(0, len(texts), len(keys))]


def _moves(column: Sequence[str]) -> bool:
    first = column[0]
    return not first.endswith(FLAT) or column.count(first) != len(column)


def _curve(column: Sequence[str], times: Sequence[str]) -> str:
    return "{" + " ".join(f"{{{time} {key[1:]}" for time, key in zip(times, column, strict=True)) + "}"
