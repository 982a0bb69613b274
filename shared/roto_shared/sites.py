"""Shapes where they stand in a document: found by name, placed on the plate, and put back without touching the rest.

A path says which child to take at every level, from the document down. What is not on a path stays the very same
object, with its host's own text.
"""

from dataclasses import dataclass, replace
from typing import Iterator, Mapping, Optional, Sequence, Tuple

from .errors import InputError
from .placement import matrix_at, placed_knots_at
from .shapes import IDENTITY, Element, KeyedShape, Knots, Layer, Matrix, ShapeDocument, opacity_at
from .space import multiply

Path = Tuple[int, ...]


@dataclass(frozen=True)
class Site:
    """A shape, the way to it, the layers that hold it (outermost first), and the picture's (width, height) in px."""

    shape: KeyedShape
    path: Path
    layers: Tuple[Layer, ...]
    size: Tuple[int, int]

    @property
    def name(self) -> str:
        """The names on the way, with slashes between."""
        return "/".join((*(layer.name for layer in self.layers), self.shape.name))

    @property
    def object(self) -> str:
        """Whose shape it is: the name of its outermost layer, or its own in none."""
        return self.layers[0].name if self.layers else self.shape.name

    @property
    def is_locked(self) -> bool:
        """Whether the shape or a layer around it is locked."""
        return self.shape.locked or any(layer.locked for layer in self.layers)

    def is_drawn(self, frame: float) -> bool:
        """Whether the shape draws anything on ``frame``."""
        return all(layer.visible for layer in self.layers) and opacity_at(self.shape, frame) > 0

    def matrix(self, frame: float) -> Matrix:
        """What takes the shape's knots to plate px on ``frame``."""
        matrix = IDENTITY
        for element in (*self.layers, self.shape):
            if element.transform:
                matrix = multiply(matrix, matrix_at(element.transform, frame, *self.size))
        return matrix

    def knots(self, frame: float) -> Knots:
        """The shape's knots on ``frame`` in plate px."""
        return placed_knots_at(self.shape, self.matrix(frame), frame)


def sites(document: ShapeDocument) -> Iterator[Site]:
    """Every shape, in the order of the list, hidden ones too."""
    yield from _sites(document.children, (), (), (document.width, document.height))


def _sites(children: Sequence[Element], path: Path, layers: Tuple[Layer, ...], size: Tuple[int, int]) -> Iterator[Site]:
    for index, child in enumerate(children):
        if isinstance(child, KeyedShape):
            yield Site(child, (*path, index), layers, size)
        elif isinstance(child, Layer):
            yield from _sites(child.children, (*path, index), (*layers, child), size)


def find_site(document: ShapeDocument, name: str) -> Site:
    """The shape called ``name``, or by its whole name with its layers'. Raises InputError for none or several."""
    found = [site for site in sites(document) if name in (site.name, site.shape.name)]
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(f"“{site.name}”" for site in sites(document))
        raise InputError(f"There is no shape “{name}”.", f"Name one of {names or 'those of another file'}.")
    names = ", ".join(f"“{site.name}”" for site in found)
    raise InputError(f"Several shapes are called “{name}”.", f"Give the layer too, or rename one: {names}.")


def find_open_site(document: ShapeDocument, name: str) -> Site:
    """The same for a shape that is to be changed. Raises InputError for one that is locked."""
    site = find_site(document, name)
    if site.is_locked:
        raise InputError(f"“{site.name}” is locked.", "Unlock it first.")
    return site


def with_elements(document: ShapeDocument, elements: Mapping[Path, Optional[Element]]) -> ShapeDocument:
    """The document with ``elements`` in the places of those at their paths, None for none; a layer keeps its children's
    changes."""
    return replace(document, children=_exchanged(document.children, (), elements)) if elements else document


def _exchanged(
    children: Tuple[Element, ...], path: Path, elements: Mapping[Path, Optional[Element]]
) -> Tuple[Element, ...]:
    below = {way[: len(path) + 1] for way in elements if way[: len(path)] == path}
    exchanged = (
        _exchange(child, (*path, index), elements) if (*path, index) in below else child
        for index, child in enumerate(children)
    )
    return tuple(child for child in exchanged if child is not None)


def _exchange(child: Element, path: Path, elements: Mapping[Path, Optional[Element]]) -> Optional[Element]:
    """The element meant for ``path``, or the child itself; what is meant for its children goes into it."""
    if isinstance(child, Layer) and elements.get(path, child) is not None:
        head = elements.get(path, child)
        assert isinstance(head, Layer)
        return replace(head, children=_exchanged(head.children, path, elements))
    return elements[path]
