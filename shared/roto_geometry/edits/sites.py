"""Shapes where they stand in a document: found by name, drawn in plate px, and put back without touching the rest.

A path says which child to take at every level, from the document down. What is not on a path stays the very same
object, with its host's own text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_geometry.bezier import Array, outline_array
from roto_shared.errors import InputError
from roto_shared.placement import matrix_at
from roto_shared.shapes import IDENTITY, Element, KeyedShape, Knots, Layer, Matrix, ShapeDocument, knots_at
from roto_shared.space import multiply

Path = tuple[int, ...]


@dataclass(frozen=True)
class Site:
    """A shape, the way to it, the layers that hold it (outermost first), and the picture's (width, height) in px."""

    shape: KeyedShape
    path: Path
    layers: tuple[Layer, ...]
    size: tuple[int, int]

    @property
    def name(self) -> str:
        """The names on the way, with slashes between."""
        return "/".join((*(layer.name for layer in self.layers), self.shape.name))

    @property
    def is_locked(self) -> bool:
        """Whether the shape or a layer around it is locked."""
        return self.shape.locked or any(layer.locked for layer in self.layers)

    def matrix(self, frame: float) -> Matrix:
        """What takes the shape's knots to plate px on ``frame``."""
        matrix = IDENTITY
        for element in (*self.layers, self.shape):
            if element.transform:
                matrix = multiply(matrix, matrix_at(element.transform, frame, *self.size))
        return matrix

    def outline(self, frame: float) -> Array:
        """The shape's own knots on ``frame`` as an outline (n, 6) in plate px."""
        return placed(outline_array(knots_at(self.shape, frame)), self.matrix(frame))

    def unplaced(self, outline: Array, frame: float) -> Array:
        """An outline (n, 6) of plate px in the shape's own coordinates. Raises InputError where its layer is flat."""
        matrix = np.reshape(self.matrix(frame), (3, 3))
        if abs(np.linalg.det(matrix)) < 1e-9:
            raise InputError(f"“{self.name}” is placed flat on frame {frame:g}.", "Give its layer some size there.")
        return placed(outline, as_matrix(np.linalg.inv(matrix)))


def placed(outline: Array, matrix: Matrix) -> Array:
    """An outline (n, 6) under a plane homography; tangent ends are carried as points."""
    if matrix == IDENTITY:
        return outline
    points = outline.reshape(-1, 3, 2).copy()
    points[:, 1:] += points[:, :1]
    moved = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=2) @ np.reshape(matrix, (3, 3)).T
    moved = moved[..., :2] / moved[..., 2:]
    moved[:, 1:] -= moved[:, :1]
    return moved.reshape(-1, 6)


def as_matrix(homography: Array) -> Matrix:
    """A plane homography (3, 3) as the model's."""
    return tuple((homography / homography[2, 2]).ravel().tolist())


def sites(document: ShapeDocument) -> Iterator[Site]:
    """Every shape, in the order of the list, hidden ones too."""
    yield from _sites(document.children, (), (), (document.width, document.height))


def _sites(children: Sequence[Element], path: Path, layers: tuple[Layer, ...], size: tuple[int, int]) -> Iterator[Site]:
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


def with_elements(document: ShapeDocument, elements: Mapping[Path, Element]) -> ShapeDocument:
    """The document with ``elements`` in the places of those at their paths; a layer keeps its children's changes."""
    return replace(document, children=_exchanged(document.children, (), elements)) if elements else document


def _exchanged(children: tuple[Element, ...], path: Path, elements: Mapping[Path, Element]) -> tuple[Element, ...]:
    below = {way[: len(path) + 1] for way in elements if way[: len(path)] == path}
    return tuple(
        _exchange(child, (*path, index), elements) if (*path, index) in below else child
        for index, child in enumerate(children)
    )


def _exchange(child: Element, path: Path, elements: Mapping[Path, Element]) -> Element:
    """The element meant for ``path``, or the child itself; what is meant for its children goes into it."""
    if isinstance(child, Layer):
        head = elements.get(path, child)
        assert isinstance(head, Layer)
        return replace(head, children=_exchanged(head.children, path, elements))
    return elements[path]


def is_same_knots(one: Knots, other: Knots, tolerance_px: float) -> bool:
    """Whether no knot and no tangent of two keys lies further apart than the tolerance."""
    return bool(np.abs(outline_array(one) - outline_array(other)).max(initial=0.0) <= tolerance_px)
