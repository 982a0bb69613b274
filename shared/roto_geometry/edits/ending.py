"""Shapes that end where the masks show something that their knots cannot draw, and begin again after that.

An artist would do the same: knots that were set while a leg was missing have none to draw it with, and patches along
such an outline are more work than another shape for a while.
Guarantees: on its other frames a shape draws what it drew. Limits: it ends for :data:`FEWEST_FRAMES` at least, or from
there on.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from roto_shared.shapes import Element, KeyedShape, Layer, Lifetime, ShapeDocument
from roto_shared.sites import Path

from .splice import with_key_at

FEWEST_FRAMES = 3
"""What shows for less is patched; and between two ends, what is left for less ends with them."""

Span = tuple[int, int]
"""First and last frame."""


def gaps(shape: KeyedShape, lost: Sequence[int], spare: Collection[int], life: Span) -> list[Span]:
    """Where in ``life`` a shape should end for a while, given the frames in order that it is ``lost`` on.

    It may end on ``spare`` frames alone, which hold all that are lost.
    """
    first, last = _lived(shape, life)
    return [
        (begin, end)
        for begin, end in _runs(lost, spare)
        if end - begin + 1 >= FEWEST_FRAMES or begin <= first or end >= last
    ]


def ended(document: ShapeDocument, gaps: Mapping[Path, Sequence[Span]]) -> ShapeDocument:
    """The document without its shapes in their ``gaps``, in pieces where they live on after; emptied layers go."""
    return replace(document, children=tuple(_left(document.children, (), gaps, document)))


def _left(
    children: Sequence[Element], path: Path, gaps: Mapping[Path, Sequence[Span]], document: ShapeDocument
) -> Iterator[Element]:
    for index, child in enumerate(children):
        way = (*path, index)
        if isinstance(child, KeyedShape) and way in gaps:
            yield from _pieces(child, gaps[way], (document.first_frame, document.last_frame))
        elif isinstance(child, Layer) and any(one[: len(way)] == way for one in gaps):
            inside = tuple(_left(child.children, way, gaps, document))
            yield from [replace(child, children=inside)] if inside else []
        else:
            yield child


def _lived(shape: KeyedShape, life: Span) -> Span:
    first, last = shape.lifetime.first, shape.lifetime.last
    return life[0] if first is None else ceil(first), life[1] if last is None else floor(last)


def _runs(lost: Sequence[int], spare: Collection[int]) -> list[Span]:
    """Runs of ``lost`` frames, with the few spare ones between them."""
    runs: list[Span] = []
    for frame in lost:
        is_near = runs and frame - runs[-1][1] <= FEWEST_FRAMES
        if is_near and all(between in spare for between in range(runs[-1][1], frame)):
            runs[-1] = (runs[-1][0], frame)
        else:
            runs.append((frame, frame))
    return runs


def _pieces(shape: KeyedShape, gaps: Sequence[Span], life: Span) -> Iterator[KeyedShape]:
    first, last = _lived(shape, life)
    begins = [shape.lifetime.first, *(end + 1.0 for _, end in gaps)]
    ends = [*(begin - 1.0 for begin, _ in gaps), shape.lifetime.last]
    for begin, end in zip(begins, ends, strict=True):
        if (first if begin is None else begin) <= (last if end is None else end):
            yield _piece(shape, Lifetime(begin, end), is_first=begin == shape.lifetime.first)


def _piece(shape: KeyedShape, life: Lifetime, is_first: bool) -> KeyedShape:
    """The shape for a part of its life, with the keys that lie in it and on its ends."""
    name = shape.name if is_first else f"{shape.name} from {life.first:g}"
    for end in (life.first, life.last):
        shape = shape if end is None else with_key_at(shape, end)
    keys = tuple(key for key in shape.keys if life.covers(key.frame))
    return replace(shape, name=name, keys=keys, lifetime=life, native=None)
