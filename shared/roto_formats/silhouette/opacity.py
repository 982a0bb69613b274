"""Opacity in per cent and lifetime, which Silhouette keeps in one property.

On and off are hold keys ``(first−1, 0) (first, 100) (last, 100) (last+1, 0)`` [code].
"""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

from roto_shared.shapes import KeyedShape, Lifetime
from roto_shared.timeline import Interpolation, Key, Track, evaluate

FULL = 100.0


def opacity_of(per_cent: Track) -> tuple[Track, Lifetime]:
    """Opacity (0..1) and lifetime of a property's keys. A lone 0 held until the next frame is the off of a lifetime."""
    keys, lifetime = list(per_cent), Lifetime()
    if len(keys) > 1 and _turns_on(keys[0], keys[1]):
        keys = keys[1:]
        lifetime = replace(lifetime, first=keys[0].frame)
    if len(keys) > 1 and _turns_off(keys[-2], keys[-1]):
        keys = [*keys[:-2], replace(keys[-2], interpolation=Interpolation.LINEAR)]
        lifetime = replace(lifetime, last=keys[-1].frame)
    track = tuple(replace(key, values=(key.values[0] / FULL,)) for key in keys)
    return (() if all(key.values == (1.0,) for key in track) else track), lifetime


def _turns_on(off: Key, on: Key) -> bool:
    return off.values == (0.0,) and off.interpolation is Interpolation.HOLD and on.frame - off.frame == 1


def _turns_off(on: Key, off: Key) -> bool:
    return off.values == (0.0,) and on.interpolation is Interpolation.HOLD and off.frame - on.frame == 1


def per_cent_track(shape: KeyedShape) -> Track:
    """The property's keys for a shape whose opacity has no smooth keys; a single key is a constant."""
    track = shape.opacity or (Key(shape.keys[0].frame, (1.0,)),)
    lifetime = shape.lifetime
    keys = track if lifetime == Lifetime() else tuple(_switched(track, lifetime))
    return tuple(replace(key, values=(key.values[0] * FULL,)) for key in keys)


def _switched(track: Track, lifetime: Lifetime) -> Iterator[Key]:
    """The track inside the lifetime's whole frames, off on either side that is bounded, and where it has none."""
    hold = Interpolation.HOLD
    first = ceil(track[0].frame if lifetime.first is None else lifetime.first)
    last = floor(track[-1].frame if lifetime.last is None else lifetime.last)
    if None not in (lifetime.first, lifetime.last) and last < first:
        yield Key(float(first), (0.0,), hold)
        return
    if lifetime.first is not None:
        single = lifetime.last is not None and last == first
        yield Key(first - 1.0, (0.0,), hold)
        yield Key(float(first), evaluate(track, first), hold if single else _interpolation_at(track, first))
    yield from (key for key in track if _is_inside(key.frame, lifetime, first, last))
    if lifetime.last is not None:
        if lifetime.first is None or last > first:
            yield Key(float(last), evaluate(track, last), hold)
        yield Key(last + 1.0, (0.0,), hold)


def _is_inside(frame: float, lifetime: Lifetime, first: int, last: int) -> bool:
    return (lifetime.first is None or frame > first) and (lifetime.last is None or frame < last)


def _interpolation_at(track: Track, frame: float) -> Interpolation:
    earlier = [key.interpolation for key in track if key.frame <= frame]
    return earlier[-1] if earlier else Interpolation.HOLD
