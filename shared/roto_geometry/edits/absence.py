"""Frames within its life on which a shape is off, as a fit leaves what goes away and comes back: hold keys of opacity.

Guarantee: on other frames a shape draws what it drew. Limit: where an artist faded it, the fade becomes hold keys.
"""

from collections.abc import Collection
from dataclasses import replace

from roto_shared.shapes import KeyedShape, opacity_at
from roto_shared.timeline import evaluate, hold_keys

from .sites import Span, lived_by


def lives_on(shape: KeyedShape, frame: float) -> bool:
    """Whether a shape is there on ``frame``: within its lifetime, and not off."""
    return shape.lifetime.covers(frame) and not is_off(shape, frame)


def is_off(shape: KeyedShape, frame: float) -> bool:
    """Whether a shape is faded out on ``frame``, but not on all: then it is hidden."""
    return any(key.values[0] > 0 for key in shape.opacity) and evaluate(shape.opacity, frame)[0] <= 0


def switched(shape: KeyedShape, life: Span, off: Collection[int] = (), on: Collection[int] = ()) -> KeyedShape:
    """The shape, off on some frames of its life and fully there on others; ``life`` is that of its document.

    It is not hidden.
    """
    first, last = lived_by(shape, life)
    values = {frame: opacity_at(shape, frame) for frame in range(first, last + 1)}
    values |= dict.fromkeys(values.keys() & set(off), 0.0) | dict.fromkeys(values.keys() & set(on), 1.0)
    return replace(shape, opacity=hold_keys(values.items()) if min(values.values()) < 1 else ())
