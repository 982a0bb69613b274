"""Frames and what happens between keys.

``frame`` is always a source frame number. Keys may stand on fractional frames because hosts allow it.
Interpolation follows Nuke (cubic Hermite in time with stored slopes, both weights 1) and Silhouette (linear, hold);
automatic slopes follow the rule derived from the corpus in Nuke's own files (13,084 of 13,770 keys).
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import Iterable, Iterator, List, Optional, Sequence, Tuple

from .errors import InputError

Values = Tuple[float, ...]


class Interpolation(str, Enum):
    """How values run from a key to the next one."""

    LINEAR = "linear"
    SMOOTH = "smooth"
    HOLD = "hold"


@dataclass(frozen=True)
class FrameRange:
    """Frames ``first`` to ``last``, both included, every ``step``-th one. Written ``1001-1100`` or ``1001-1100x2``."""

    first: int
    last: int
    step: int = 1

    def __post_init__(self) -> None:
        if self.last < self.first or self.step < 1:
            raise InputError(
                f"The frame range {self} is empty.", "Give it as FIRST-LAST or FIRST-LASTxSTEP, e.g. 1001-1100."
            )

    def __str__(self) -> str:
        text = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return text if self.step == 1 else f"{text}x{self.step}"

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1, self.step))

    def __len__(self) -> int:
        return (self.last - self.first) // self.step + 1

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame <= self.last and (frame - self.first) % self.step == 0


_RANGE = re.compile(r"\s*(-?\d+)(?:\s*-\s*(-?\d+)(?:\s*x\s*(\d+))?)?\s*")


def parse_frame_range(text: str) -> FrameRange:
    """Read ``1001``, ``1001-1100`` or ``1001-1100x2``; numbers may be negative (``-10--5``). Raises InputError."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise InputError(f"“{text}” is not a frame range.", "Write FIRST-LAST or FIRST-LASTxSTEP, e.g. 1001-1100.")
    first, last, step = match.groups()
    return FrameRange(int(first), int(first if last is None else last), int(step or 1))


@dataclass(frozen=True)
class Key:
    """One key of a track of number tuples.

    ``interpolation`` governs the span from this key to the next. Slopes are units per frame and count only on smooth
    spans: ``slope_out`` of the earlier key and ``slope_in`` of the later one; None means Nuke's automatic slope.
    """

    frame: float
    values: Values
    interpolation: Interpolation = Interpolation.LINEAR
    slope_in: Optional[Values] = None
    slope_out: Optional[Values] = None


Track = Tuple[Key, ...]


def evaluate(keys: Sequence[Key], frame: float) -> Values:
    """Values of a non-empty ascending track at ``frame``; constant before its first key and after its last."""
    after = bisect_right([key.frame for key in keys], frame)
    if after == 0:
        return keys[0].values
    key = keys[after - 1]
    if after == len(keys) or key.interpolation is Interpolation.HOLD or key.frame == frame:
        return key.values
    following = keys[after]
    span = following.frame - key.frame
    s = (frame - key.frame) / span
    if key.interpolation is Interpolation.LINEAR:
        return tuple(a + (b - a) * s for a, b in zip(key.values, following.values))
    slopes_out = key.slope_out or automatic_slopes(keys, after - 1)
    slopes_in = following.slope_in or automatic_slopes(keys, after)
    return tuple(
        hermite(a, b, m * span, n * span, s) for a, b, m, n in zip(key.values, following.values, slopes_out, slopes_in)
    )


def hold_keys(values: Iterable[Tuple[float, float]]) -> Track:
    """Keys that give frames, each of which comes with its value, that and hold it to the next one of another value."""
    keys: List[Key] = []
    for frame, value in sorted(values):
        if not keys or keys[-1].values != (value,):
            keys.append(Key(float(frame), (value,), Interpolation.HOLD))
    return tuple(keys)


def hermite(start: float, end: float, rise_out: float, rise_in: float, s: float) -> float:
    """Cubic Hermite at ``s`` in 0..1; rises are slopes times the span's length."""
    t = 1.0 - s
    return start * t * t * (1 + 2 * s) + rise_out * s * t * t + end * s * s * (3 - 2 * s) - rise_in * s * s * t


def automatic_slopes(keys: Sequence[Key], index: int) -> Values:
    """Slopes that Nuke gives a smooth key nobody shaped, per value [inferred from its files]."""
    start = max(0, min(index - 1, len(keys) - 3))
    window = keys[start : start + 3]
    frames = [key.frame for key in window]
    return tuple(_automatic_slope(frames, column, index - start) for column in zip(*(key.values for key in window)))


def _automatic_slope(frames: List[float], values: Values, position: int) -> float:
    if len(values) == 1:
        return 0.0
    steps = [(values[i + 1] - values[i]) / (frames[i + 1] - frames[i]) for i in range(len(values) - 1)]
    if len(values) == 2:
        return steps[0]
    middle = _middle_slope(frames, values, steps)
    if position == 1:
        return middle
    side = steps[0] if position == 0 else steps[1]
    return (3 * side - middle) / 2


def _middle_slope(frames: List[float], values: Values, steps: List[float]) -> float:
    before, after = steps
    if before * after <= 0:
        return 0.0
    chord = (values[2] - values[0]) / (frames[2] - frames[0])
    limit = 3 * min(abs(before), abs(after))
    return max(-limit, min(limit, chord))
