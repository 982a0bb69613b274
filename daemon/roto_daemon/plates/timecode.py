"""Time codes by frame, after SMPTE ST 12-1."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

MOST_NUMBERS = 30
"""Numbers of a time code in a second, at most; of faster pictures two or more in a row bear the same one."""

NTSC = Fraction(1000, 1001)
NEAR = 2e-3
"""Files write 23.976, 23.98 and 29.97 for rates that are a thousand-and-first slower than a whole number."""


def exact_rate(fps: float) -> Fraction:
    """The rate that ``fps``, rounded as files have it, stands for."""
    nominal = round(fps)
    if nominal and abs(fps - nominal) > NEAR and abs(fps - nominal * NTSC) <= NEAR * nominal / 10:
        return nominal * NTSC
    return Fraction(fps).limit_denominator(1001)


def split_timecode(text: str) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds, frames. Raises ValueError for a text that is no time code."""
    parts = text.replace(";", ":").split(":")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        raise ValueError(f"“{text}” is no time code")
    hours, minutes, seconds, frames = map(int, parts)
    return hours, minutes, seconds, frames


def frames_a_number(rate: Fraction | None) -> int:
    """How many frames in a row bear one number of a time code; one where the rate is not known."""
    return 1 if rate is None else max(1, ceil(rate / MOST_NUMBERS))


def count_timecode(start: str, frames: int, rate: Fraction) -> str:
    """The time code ``frames`` after ``start``; drop-frame ones (a semicolon, 29.97 and 59.94) skip numbers.

    The count wraps at midnight. Source: SMPTE ST 12-1, 5.2.2. Raises ValueError for a text that is no time code.
    """
    is_drop = ";" in start
    hours, minutes, seconds, frame = split_timecode(start)
    nominal = round(rate)
    dropped = 2 * (nominal // 30) if is_drop else 0
    total_minutes = 60 * hours + minutes
    count = (total_minutes * 60 + seconds) * nominal + frame - dropped * (total_minutes - total_minutes // 10)
    day = 24 * 3600 * nominal - dropped * 24 * 54
    count = (count + frames) % day
    if dropped:
        count = _skip_dropped(count, nominal, dropped)
    seconds, frame = divmod(count, nominal)
    mark = ";" if is_drop else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frame:02d}"


def _skip_dropped(count: int, nominal: int, dropped: int) -> int:
    """The number that a drop-frame count shows: two (four) numbers are left out each minute but every tenth."""
    tens, rest = divmod(count, 600 * nominal - 9 * dropped)
    later_minutes = max(0, rest - dropped) // (60 * nominal - dropped)
    return count + dropped * (9 * tens + later_minutes)
