"""A version's shapes frame by frame, as a browser draws them: knots in plate pixels, from the top left."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from roto_hub.problems import NotFoundError
from roto_shared.placement import matrix_at, placed_knots_at
from roto_shared.schema import document_from_plain
from roto_shared.shapes import IDENTITY, Element, KeyedShape, Knots, Layer, Matrix, ShapeDocument, opacity_at
from roto_shared.space import multiply

HELD_DOCUMENTS = 8
"""Read files that are held: a document of a long shot is some megabytes of text."""


@dataclass(frozen=True)
class PlacedShape:
    """A shape with what holds it. ``name`` is its whole name, the layers' in front with slashes between; ``object`` is
    the outermost layer's; ``path`` says which child to take at every level."""

    name: str
    path: tuple[int, ...]
    object: str
    shape: KeyedShape
    layers: tuple[Layer, ...]
    size: tuple[int, int]

    @property
    def is_locked(self) -> bool:
        """Whether it, or a layer around it, is locked."""
        return self.shape.locked or any(layer.locked for layer in self.layers)

    def matrix(self, frame: float) -> Matrix:
        """What takes its knots to plate pixels."""
        matrix = IDENTITY
        for element in (*self.layers, self.shape):
            if element.transform:
                matrix = multiply(matrix, matrix_at(element.transform, frame, *self.size))
        return matrix

    def knots(self, frame: float) -> Knots:
        """Its knots on a frame in plate pixels."""
        return placed_knots_at(self.shape, self.matrix(frame), frame)

    def is_seen(self, frame: float) -> bool:
        """Whether it draws anything on a frame."""
        return all(layer.visible for layer in self.layers) and opacity_at(self.shape, frame) > 0


def document_of(path: Path) -> ShapeDocument:
    """The shapes of a file that a job wrote, which is never written again. Raises NotFoundError for none."""
    if not path.is_file():
        raise NotFoundError("The version has no shapes.")
    return _read(path)


@lru_cache(HELD_DOCUMENTS)
def _read(path: Path) -> ShapeDocument:
    return document_from_plain(json.loads(path.read_text(encoding="utf-8")))


def placed_shapes(document: ShapeDocument) -> Iterator[PlacedShape]:
    """Every shape, the topmost first. Two of one name are told apart by a number, as people count them."""
    seen: dict[str, int] = {}
    for one in _placed(document.children, (), (), (document.width, document.height)):
        seen[one.name] = seen.get(one.name, 0) + 1
        yield one if seen[one.name] == 1 else replace(one, name=f"{one.name} #{seen[one.name]}")


def _placed(
    children: tuple[Element, ...], path: tuple[int, ...], layers: tuple[Layer, ...], size: tuple[int, int]
) -> Iterator[PlacedShape]:
    for index, child in enumerate(children):
        if isinstance(child, Layer):
            yield from _placed(child.children, (*path, index), (*layers, child), size)
        elif isinstance(child, KeyedShape):
            names = [*(layer.name for layer in layers), child.name]
            yield PlacedShape("/".join(names), (*path, index), names[0], child, layers, size)
