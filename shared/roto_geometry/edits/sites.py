"""Shapes where they stand in a document, as arrays: outlines (n, 6) in plate px."""

from collections.abc import Iterator
from math import ceil, floor

import numpy as np

from roto_geometry.bezier import Array, knot_points, outline_array
from roto_shared import sites as shared
from roto_shared.errors import InputError
from roto_shared.shapes import IDENTITY, KeyedShape, Knots, Matrix, ShapeDocument, knots_at

Span = tuple[int, int]
"""First and last frame."""


class Site(shared.Site):
    """A shape in its place, with its outline."""

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
    points = knot_points(outline)
    moved = np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=2) @ np.reshape(matrix, (3, 3)).T
    moved = moved[..., :2] / moved[..., 2:]
    moved[:, 1:] -= moved[:, :1]
    return moved.reshape(-1, 6)


def as_matrix(homography: Array) -> Matrix:
    """A plane homography (3, 3) as the model's."""
    return tuple((homography / homography[2, 2]).ravel().tolist())


def sites(document: ShapeDocument) -> Iterator[Site]:
    """Every shape, in the order of the list, hidden ones too."""
    return map(_as_arrays, shared.sites(document))


def lived(document: ShapeDocument) -> Span:
    """The first and the last frame that any shape lives on, see :func:`lived_by`."""
    whole = (document.first_frame, document.last_frame)
    lives = [lived_by(site.shape, whole) for site in sites(document)] or [whole]
    return min(first for first, _ in lives), max(last for _, last in lives)


def lived_by(shape: KeyedShape, whole: Span) -> Span:
    """The first and the last frame that a shape lives on; where it has no end, that of the ``whole`` or of its keys.

    What does not move has one key, which says nothing of when.
    """
    first, last = shape.lifetime.first, shape.lifetime.last
    keyed = [key.frame for key in shape.keys] if len(shape.keys) > 1 else []
    return (
        floor(min((whole[0], *keyed))) if first is None else ceil(first),
        ceil(max((whole[1], *keyed))) if last is None else floor(last),
    )


def find_open_site(document: ShapeDocument, name: str) -> Site:
    """The shape called ``name``, to be changed. Raises InputError for none, several, or one that is locked."""
    return _as_arrays(shared.find_open_site(document, name))


def is_same_knots(one: Knots, other: Knots, tolerance_px: float) -> bool:
    """Whether no knot and no tangent of two keys lies further apart than the tolerance."""
    return bool(np.abs(outline_array(one) - outline_array(other)).max(initial=0.0) <= tolerance_px)


def _as_arrays(site: shared.Site) -> Site:
    return Site(site.shape, site.path, site.layers, site.size)
