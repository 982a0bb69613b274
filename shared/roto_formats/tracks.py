"""Tracks of several properties as one track, and tracks without smooth spans."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from math import ceil, floor

from roto_shared.errors import FormatError
from roto_shared.timeline import Interpolation, Key, Track, evaluate


def merged(tracks: Sequence[Track]) -> Track:
    """One track whose values are those of all ``tracks`` (none empty, none smooth) side by side, on all their frames.

    Where one part holds while another moves, the held ones get a second key on the last whole frame before they jump.
    """
    frames = sorted({key.frame for track in tracks for key in track})
    if max(map(len, tracks)) == 1:
        frames = [max(frames)]
    extra = [
        ceil(b) - 1.0
        for a, b in pairwise(frames)
        if ceil(b) - 1.0 > a and {Interpolation.HOLD, Interpolation.LINEAR} <= _motions(tracks, a, b)
    ]
    frames = sorted({*frames, *extra})
    spans = pairwise([*frames, frames[-1]])
    return tuple(
        Key(a, tuple(chain.from_iterable(evaluate(track, a) for track in tracks)), _common(_motions(tracks, a, b)))
        for a, b in spans
    )


def _motions(tracks: Sequence[Track], start: float, end: float) -> set[Interpolation]:
    """How the parts that move by ``end`` run from ``start``."""
    return {_interpolation_at(track, start) for track in tracks if evaluate(track, start) != evaluate(track, end)}


def _common(motions: set[Interpolation]) -> Interpolation:
    return Interpolation.HOLD if motions == {Interpolation.HOLD} else Interpolation.LINEAR


def _interpolation_at(track: Track, frame: float) -> Interpolation:
    earlier = [key.interpolation for key in track if key.frame <= frame]
    return earlier[-1] if earlier else Interpolation.LINEAR


def is_smooth(track: Track) -> bool:
    """Whether any span of the track is smooth."""
    return any(key.interpolation is Interpolation.SMOOTH for key in track[:-1])


def without_smooth(track: Track) -> Track:
    """The same track with a linear key on every whole frame of each smooth span: exact on frames."""
    return tuple(chain.from_iterable(_straightened(track)))


def _straightened(track: Track) -> Iterator[list[Key]]:
    for index, key in enumerate(track):
        if key.interpolation is not Interpolation.SMOOTH:
            yield [Key(key.frame, key.values, key.interpolation)]
            continue
        inner = whole_frames_between(key.frame, track[index + 1].frame) if index + 1 < len(track) else ()
        yield [Key(key.frame, key.values), *(Key(float(frame), evaluate(track, frame)) for frame in inner)]


LONGEST_SPAN = 100_000
"""Frames that may each get a key of their own; more is damage, not animation."""


def whole_frames_between(start: float, end: float) -> range:
    """Whole frames after ``start`` and before ``end``. Raises FormatError where they are too many to be keyed."""
    frames = range(floor(start) + 1, ceil(end))
    if frames.stop - frames.start > LONGEST_SPAN:
        raise FormatError(
            f"The frames from {start:g} to {end:g} are too many to be written one by one.",
            "Take out the keys that lie far from the shot, and correct its frame range.",
        )
    return frames


def every_frame(tracks: Sequence[Track]) -> list[float]:
    """Frames of the keys of those ``tracks`` that move, and every whole one between; else those of the first track."""
    moving = [key.frame for track in tracks if len(track) > 1 for key in track]
    keyed = moving or [key.frame for track in tracks[:1] for key in track]
    return sorted({*keyed, *(float(frame) for frame in whole_frames_between(min(keyed), max(keyed)))})
