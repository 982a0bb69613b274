"""What an edit answers, and an edit of one layer alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from roto_geometry.bezier import Array
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Layer, Point, ShapeDocument
from roto_shared.sites import with_elements

from .sites import find_open_site


@dataclass(frozen=True)
class Edited:
    """A document after an edit, and what is to be said of it, a sentence each."""

    document: ShapeDocument
    notes: tuple[str, ...] = ()


Edit = Callable[[ShapeDocument], Edited]


def edit_layer(document: ShapeDocument, name: str, edit: Edit) -> Edited:
    """Apply ``edit`` to the document's layer ``name`` as if there were no other: what masks of one object ask for.

    Layers that the edit adds come to lie beside it. Without a name the whole document is edited. Raises InputError
    where no child of the document is a layer of that name.
    """
    if not name:
        return edit(document)
    layers = [child.name if isinstance(child, Layer) else None for child in document.children]
    if name not in layers:
        known = ", ".join(f"“{layer}”" for layer in layers if layer is not None)
        raise InputError(f"There is no layer “{name}”.", f"Name one of {known or 'those of another file'}.")
    at = layers.index(name)
    done = edit(replace(document, children=document.children[at : at + 1]))
    children = (*document.children[:at], *done.document.children, *document.children[at + 1 :])
    return replace(done, document=replace(done.document, children=children))


def edit_shape(
    document: ShapeDocument,
    name: str,
    frame: float,
    point: Point,
    change: Callable[[KeyedShape, Array, Point], KeyedShape],
) -> Edited:
    """Apply ``change(shape, outline, point)`` to the shape ``name``, with its outline (n, 6) on ``frame`` in plate px.

    Raises InputError where there is no such shape, it is locked, it does not live on ``frame``, or the point lies
    off the picture and farther out than the shape, whose edge may run outside of the picture.
    """
    site = find_open_site(document, name)
    _check_lives(site.shape, frame)
    outline = site.outline(frame)
    _check_point(point, outline, document)
    shape = change(site.shape, outline, point)
    note = f"{site.name}: {shape.knot_count} knots, {site.shape.knot_count} before."
    return Edited(with_elements(document, {site.path: shape}), (note,))


def _check_lives(shape: KeyedShape, frame: float) -> None:
    life = shape.lifetime
    if not life.covers(frame):
        ends = [("from", life.first), ("to", life.last)]
        told = " ".join(f"{word} {end:g}" for word, end in ends if end is not None)
        raise InputError(f"“{shape.name}” does not live on frame {frame:g}.", f"It lives {told}.")


def _check_point(point: Point, outline: Array, document: ShapeDocument) -> None:
    knots = outline[:, :2]
    first, last = np.minimum(knots.min(axis=0), 0), np.maximum(knots.max(axis=0), (document.width, document.height))
    if not ((first <= point) & (point <= last)).all():  # NaN fails too
        raise InputError(
            "The point ({:g}, {:g}) lies outside the picture of {}×{} px.".format(
                *point, document.width, document.height
            ),
            "Coordinates are plate pixels from the top left.",
        )
