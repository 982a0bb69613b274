"""Frames within its life on which a shape is off, as a fit leaves what goes away and comes back: hold keys of opacity.

Guarantee: on other frames a shape draws what it drew. Limit: where an artist faded it, the fade becomes hold keys.
"""

from collections.abc import Collection
from dataclasses import replace

from roto_shared.shapes import KeyedShape, opacity_at
from roto_shared.timeline import evaluate, held

from .sites import Span, lived_by


def lives_on(shape: KeyedShape, frame: float) -> bool:
    """Whether a shape is there on ``frame``: within its lifetime, and not faded out for a while.

    What is faded out on all frames is hidden, and lives.
    """
    if not shape.lifetime.covers(frame):
        return False
    fades = shape.opacity if any(key.values[0] > 0 for key in shape.opacity) else ()
    return not fades or evaluate(fades, frame)[0] > 0


def switched(shape: KeyedShape, life: Span, off: Collection[int] = (), on: Collection[int] = ()) -> KeyedShape:
    """The shape, off on some frames of its life and fully there on others; ``life`` is that of its document.

    It is not hidden.
    """
    first, last = lived_by(shape, life)
    values = {frame: opacity_at(shape, frame) for frame in range(first, last + 1)}
    values |= dict.fromkeys(values.keys() & set(off), 0.0) | dict.fromkeys(values.keys() & set(on), 1.0)
    return replace(shape, opacity=held(values) if min(values.values()) < 1 else ())
