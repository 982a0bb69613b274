"""Many of Nuke's curves as one track of keys, and a track as curves with explicit slopes."""

from collections.abc import Sequence
from itertools import chain, pairwise
from math import ceil
from typing import NamedTuple

from roto_shared.timeline import Interpolation, Key, Track, Values, automatic_slopes

from .curve import Curve, resample

UNKEYED_FRAME = 0.0
"""Where the single key of something un-keyed is put: the model wants a frame, Nuke has none."""

ROUNDING = 2.0**-22
"""Relative room for binary32 rounding when a stored slope is compared with a straight line's."""


def track_of(curves: Sequence[Curve], keyed: Sequence[float] = ()) -> Track:
    """One track whose values are the curves', with keys on every frame that any of them (or ``keyed``) has.

    Spans on which everything moves straight are linear; on all others the exact slopes are kept.
    """
    if not curves:
        return (Key(UNKEYED_FRAME, ()),)
    frames = sorted({*keyed, *chain.from_iterable({curve.frames for curve in curves})})
    columns = [resample(curve, frames or (UNKEYED_FRAME,)) for curve in curves]
    values = list(zip(*(column.values for column in columns), strict=True))
    slopes_in = list(zip(*(column.slopes_in for column in columns), strict=True))
    slopes_out = list(zip(*(column.slopes_out for column in columns), strict=True))
    frames = frames or [UNKEYED_FRAME]
    straight = [
        _is_straight(frames[i + 1] - frames[i], values[i], values[i + 1], slopes_out[i], slopes_in[i + 1])
        for i in range(len(frames) - 1)
    ]
    return tuple(
        Key(frame, values[i])
        if all(straight[max(i - 1, 0) : i + 1])
        else Key(frame, values[i], _interpolation(straight, i), slopes_in[i], slopes_out[i])
        for i, frame in enumerate(frames)
    )


def _interpolation(straight: Sequence[bool], index: int) -> Interpolation:
    return Interpolation.SMOOTH if index < len(straight) and not straight[index] else Interpolation.LINEAR


def _is_straight(span: float, start: Values, end: Values, slopes_out: Values, slopes_in: Values) -> bool:
    for a, b, m, n in zip(start, end, slopes_out, slopes_in, strict=True):
        rise = b - a
        room = ROUNDING * (abs(a) + abs(b) + abs(rise))
        if abs(m * span - rise) > room or abs(n * span - rise) > room:
            return False
    return True


class HermiteKey(NamedTuple):
    """A key as Nuke stores it: values with explicit slopes, units per frame, on either side."""

    frame: float
    values: Values
    slopes_in: Values
    slopes_out: Values


def hermite_keys(track: Track) -> list[HermiteKey]:
    """Keys that make Nuke's cubic Hermite follow ``track``, between frames too but for the last one of a hold.

    Nuke has no hold between keys that its text could say [?], so a held value gets a second key on the last whole frame
    before the next one ("two keys one frame apart"). First slopes in and last slopes out are 0, as in every file seen.
    """
    still = (0.0,) * len(track[0].values)
    automatic = _automatic(track)
    keys: list[HermiteKey] = []
    arriving = still
    for index, key in enumerate(track):
        if index + 1 == len(track):
            return [*keys, HermiteKey(key.frame, key.values, arriving, still)]
        following = track[index + 1]
        if key.interpolation is Interpolation.SMOOTH:
            leaving = key.slope_out or automatic[index]
            keys.append(HermiteKey(key.frame, key.values, arriving, leaving))
            arriving = following.slope_in or automatic[index + 1]
            continue
        last_held = ceil(following.frame) - 1.0
        held = key.interpolation is Interpolation.HOLD and last_held > key.frame
        if held:
            keys.append(HermiteKey(key.frame, key.values, arriving, still))
            arriving = still
        start = last_held if held else key.frame
        steady = _steady(key.values, following.values, following.frame - start)
        keys.append(HermiteKey(start, key.values, arriving, steady))
        arriving = steady
    return keys


def _automatic(track: Track) -> list[Values]:
    """Automatic slopes of every key that a smooth span without its own slopes touches; empty for all others."""
    wanted = set()
    for index, (key, following) in enumerate(pairwise(track)):
        if key.interpolation is Interpolation.SMOOTH:
            wanted.update([index] * (key.slope_out is None) + [index + 1] * (following.slope_in is None))
    return [automatic_slopes(track, index) if index in wanted else () for index in range(len(track))]


def _steady(start: Values, end: Values, span: float) -> Values:
    return tuple([(b - a) / span for a, b in zip(start, end, strict=True)])
