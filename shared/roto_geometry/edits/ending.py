"""Shapes that are off where the masks show something that their knots cannot draw, and end where they never come back.

An artist would do the same: knots that were set while a leg was missing have none to draw it with, and patches along
such an outline are more work than another shape for a while. Where the masks show nothing of it any more, a shape is
off too: a hole of its own size would cut what lies below.
Guarantees: on its other frames a shape draws what it drew, as far as :mod:`.absence` says. Limits: what is merely
drawn badly is off for :data:`FEWEST_FRAMES` at least, or from there on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from roto_shared.shapes import Element, KeyedShape, Layer, Lifetime, ShapeDocument
from roto_shared.sites import Path

from .absence import switched
from .sites import Span, lived_by
from .splice import with_key_at

FEWEST_FRAMES = 3
"""What shows for less is patched; and between two ends, what is left for less ends with them."""


def runs(frames: Sequence[int], spare: Collection[int]) -> list[Span]:
    """Runs of ``frames``, given in order, with the few ``spare`` ones between them."""
    found: list[Span] = []
    for frame in frames:
        is_near = found and frame - found[-1][1] <= FEWEST_FRAMES
        if is_near and all(between in spare for between in range(found[-1][1] + 1, frame)):
            found[-1] = (found[-1][0], frame)
        else:
            found.append((frame, frame))
    return found


def gaps(shape: KeyedShape, lost: Mapping[int, bool], spare: Collection[int], life: Span) -> list[Span]:
    """Where in ``life`` a shape should end for a while; it may do so on ``spare`` frames alone.

    ``lost`` are frames in order on which it is drawn badly, and whether the masks show nothing at all of it there.
    """
    first, last = lived_by(shape, life)
    return [
        (begin, end)
        for begin, end in runs(list(lost), spare)
        if end - begin + 1 >= FEWEST_FRAMES
        or begin <= first
        or end >= last
        or any(lost.get(frame, False) for frame in range(begin, end + 1))
    ]


def ended(document: ShapeDocument, left_out: Mapping[Path, Sequence[Span]]) -> ShapeDocument:
    """The document without shapes on the spans ``left_out``: off there where they live on after; emptied layers go."""
    return replace(document, children=tuple(_left(document.children, (), left_out, document)))


def _left(
    children: Sequence[Element], path: Path, left_out: Mapping[Path, Sequence[Span]], document: ShapeDocument
) -> Iterator[Element]:
    for index, child in enumerate(children):
        way = (*path, index)
        if isinstance(child, KeyedShape) and way in left_out:
            yield from _without(child, left_out[way], (document.first_frame, document.last_frame))
        elif isinstance(child, Layer) and any(one[: len(way)] == way for one in left_out):
            inside = tuple(_left(child.children, way, left_out, document))
            yield from [replace(child, children=inside)] if inside or not path else []
        else:
            yield child


def _without(shape: KeyedShape, left_out: Sequence[Span], life: Span) -> Iterator[KeyedShape]:
    """The shape with keys where it is there alone, the edges of that among them; nothing if it never is."""
    first, last = lived_by(shape, life)
    off = {frame for begin, end in left_out for frame in range(begin, end + 1)}
    there = [frame for frame in range(first, last + 1) if frame not in off]
    if not there:
        return
    for begin, end in left_out:
        for edge in (begin - 1, end + 1):
            shape = with_key_at(shape, edge)
    kept = Lifetime(
        shape.lifetime.first if there[0] == first else float(there[0]),
        shape.lifetime.last if there[-1] == last else float(there[-1]),
    )
    between = off.intersection(range(there[0], there[-1]))
    seen = (key for key in shape.keys if not any(begin <= key.frame <= end for begin, end in left_out))
    shape = replace(shape, keys=tuple(key for key in seen if kept.covers(key.frame)), lifetime=kept)
    yield switched(shape, life, off=between) if between else shape
