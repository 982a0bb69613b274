"""Keys put between, or in the place of, finished ones, so that nothing changes outside of the stretch that is meant.

Hosts shape smooth keys by their neighbours unless slopes are stored, so those of spans outside of the stretch are
stored where a new neighbour would bend them. Limit: keys have no slopes of their soft edges, so that those of smooth
keys may move a little beside a new one.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from roto_geometry.keys.timebase import slope_weights
from roto_shared.shapes import KeyedShape, Knots, ShapeKey, feather_at, key_track, knots_at, knots_from_values
from roto_shared.timeline import Interpolation, Key, automatic_slopes

from .sites import is_same_knots

ROUNDING_PX = 1e-6
"""What carrying a held key to the plate and back may cost."""

Gap = tuple[float, float]
"""Frames between which a shape may change; infinite where it may to the end of its life."""


def with_keys(shape: KeyedShape, gaps: Sequence[Gap], fresh: Sequence[ShapeKey]) -> KeyedShape:
    """The shape with the keys strictly inside of ``gaps`` replaced by ``fresh`` ones; all others keep their knots.

    Frames outside of the gaps are drawn as before, to the last bit.
    """
    kept = [key for key in shape.keys if not any(start < key.frame < end for start, end in gaps)]
    keys = sorted((*kept, *fresh), key=lambda key: key.frame)
    return replace(shape, keys=_with_slopes_of(shape, keys, gaps))


def refilled(shape: KeyedShape, gap: Gap, fresh: Sequence[ShapeKey], way: Interpolation) -> KeyedShape:
    """As :func:`with_keys`, with values running by ``way`` all through the gap.

    Of fresh keys on a frame that is to be kept, only the slopes are taken, on the side of the gap. Those frames are the
    ends of the gap and, inside of it, whatever key of the shape ``fresh`` repeats.
    """
    start, end = gap
    old = {key.frame: key for key in shape.keys}
    inner = [_with_knots_of(key, old.get(key.frame)) for key in fresh if start < key.frame < end]
    filled = with_keys(shape, [gap], inner)
    slopes = {key.frame: key.slope_in for key in fresh}
    keys = []
    for key in filled.keys:
        if start <= key.frame < end:
            key = replace(key, interpolation=way)
        if key.frame == start:
            key = replace(key, slope_out=slopes.get(start))
        if key.frame == end:
            key = replace(key, slope_in=slopes.get(end))
        keys.append(key)
    return replace(filled, keys=tuple(keys))


def _with_knots_of(key: ShapeKey, old: ShapeKey | None) -> ShapeKey:
    """A key; where it stands for an old one that was held, with that one's own knots."""
    if old is None or not is_same_knots(key.knots, old.knots, ROUNDING_PX):
        return key
    return replace(key, knots=old.knots, feather=old.feather)


def way_after(shape: KeyedShape, frame: float) -> Interpolation:
    """How values run on from ``frame``: as they did before there, smooth or linear."""
    earlier = [key for key in shape.keys[:-1] if key.frame <= frame] or list(shape.keys[:1])
    return Interpolation.SMOOTH if earlier[-1].interpolation is Interpolation.SMOOTH else Interpolation.LINEAR


def with_key_at(shape: KeyedShape, frame: float) -> KeyedShape:
    """The shape with a key on ``frame`` that changes nothing but rounding; itself where there is one.

    Before its first key and after its last one the new key repeats the nearest.
    """
    index = sum(key.frame <= frame for key in shape.keys)
    if index and shape.keys[index - 1].frame == frame:
        return shape
    if index == 0:
        return with_keys(shape, [], [ShapeKey(frame, shape.keys[0].knots, feather=shape.keys[0].feather)])
    if index == len(shape.keys):
        last = replace(shape.keys[-1], interpolation=Interpolation.LINEAR)
        resting = replace(shape, keys=(*shape.keys[:-1], last))
        return with_keys(resting, [], [ShapeKey(frame, last.knots, feather=last.feather)])
    return _with_key_between(shape, index, frame)


def _with_key_between(shape: KeyedShape, index: int, frame: float) -> KeyedShape:
    """The shape with a key on ``frame``, before key number ``index``; a smooth span is divided by its own slope."""
    way = shape.keys[index - 1].interpolation
    is_smooth = way is Interpolation.SMOOTH
    slope = _slope_at(shape, index - 1, frame) if is_smooth else None
    fresh = ShapeKey(frame, knots_at(shape, frame), way, slope, slope, feather_at(shape, frame))
    keys = list(with_stored_slopes(shape) if is_smooth else shape.keys)
    return replace(shape, keys=(*keys[:index], fresh, *keys[index:]))


def _slope_at(shape: KeyedShape, index: int, frame: float) -> Knots:
    """Change per frame on ``frame``, in the smooth span after key number ``index``."""
    track = key_track(shape)
    start, end = track[index], track[index + 1]
    slopes_out = start.slope_out or automatic_slopes(track, index)
    slopes_in = end.slope_in or automatic_slopes(track, index + 1)
    weights = slope_weights(start.frame, frame, end.frame)
    return knots_from_values(tuple((weights @ (start.values, slopes_out, end.values, slopes_in)).tolist()))


def with_stored_slopes(shape: KeyedShape) -> tuple[ShapeKey, ...]:
    """The shape's keys, with the slopes that a host would make up for smooth spans written down."""
    track = key_track(shape)
    smooth = [key.interpolation is Interpolation.SMOOTH for key in shape.keys]
    return tuple(
        replace(
            key,
            slope_in=key.slope_in or (_slopes(track, index) if index and smooth[index - 1] else None),
            slope_out=key.slope_out or (_slopes(track, index) if smooth[index] else None),
        )
        for index, key in enumerate(shape.keys)
    )


def _with_slopes_of(shape: KeyedShape, keys: Sequence[ShapeKey], gaps: Sequence[Gap]) -> tuple[ShapeKey, ...]:
    """``keys`` with the slopes that the shape's own smooth spans outside of ``gaps`` had."""
    old = key_track(shape)
    new = key_track(replace(shape, keys=tuple(keys)))
    spans = {(a.frame, b.frame): index for index, (a, b) in enumerate(pairwise(old))}
    settled = list(keys)
    for index, (key, following) in enumerate(pairwise(keys)):
        before = spans.get((key.frame, following.frame))
        is_meant = any(start < following.frame and key.frame < end for start, end in gaps)
        if before is None or is_meant or key.interpolation is not Interpolation.SMOOTH:
            continue
        if automatic_slopes(old, before) != automatic_slopes(new, index):
            settled[index] = replace(settled[index], slope_out=key.slope_out or _slopes(old, before))
        if automatic_slopes(old, before + 1) != automatic_slopes(new, index + 1):
            settled[index + 1] = replace(settled[index + 1], slope_in=following.slope_in or _slopes(old, before + 1))
    return tuple(settled)


def _slopes(track: Sequence[Key], index: int) -> Knots:
    return knots_from_values(automatic_slopes(track, index))
