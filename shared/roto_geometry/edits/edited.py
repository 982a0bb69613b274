"""What an edit answers, and an edit of one layer alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_geometry.bezier import Array
from roto_shared.errors import InputError
from roto_shared.shapes import Element, KeyedShape, Layer, Point, ShapeDocument
from roto_shared.sites import Path, with_elements

from .sites import find_open_site


@dataclass(frozen=True)
class Edited:
    """A document after an edit, and what is to be said of it, a sentence each."""

    document: ShapeDocument
    notes: tuple[str, ...] = ()


Edit = Callable[[ShapeDocument], Edited]


def edit_layer(document: ShapeDocument, name: str, edit: Edit) -> Edited:
    """Apply ``edit`` to the document's layer ``name`` as if there were no other: what masks of one object ask for.

    A layer inside of others is named by itself or with theirs, ``outer/inner``. Layers that the edit adds come to lie
    beside the outermost one. Without a name the whole document is edited. Raises InputError where no layer, or several,
    are called so.
    """
    if not name:
        return edit(document)
    at, *inside = _find_layer(document, name)
    outermost = document.children[at]
    done = edit(replace(document, children=(_alone(outermost, inside),)))
    edited = done.document.children
    if inside:  # what an edit adds comes first
        edited = (*edited[:-1], _put_back(outermost, inside, edited[-1]))
    children = (*document.children[:at], *edited, *document.children[at + 1 :])
    return replace(done, document=replace(done.document, children=children))


def _find_layer(document: ShapeDocument, name: str) -> Path:
    layers = dict(_layers(document.children))
    found = [path for path, whole in layers.items() if whole == name][:1]
    found = found or [path for path, whole in layers.items() if whole.endswith(f"/{name}")]
    if len(found) > 1:
        several = ", ".join(f"“{layers[path]}”" for path in found)
        raise InputError(f"Several layers are called “{name}”: {several}.", "Name one with the layers around it.")
    if not found:
        known = ", ".join(f"“{whole}”" for path, whole in layers.items() if len(path) == 1)
        raise InputError(
            f"There is no layer “{name}”.", f"Name one of {known or 'those of another file'}, or one inside of these."
        )
    return found[0]


def _layers(children: Sequence[Element], path: Path = (), around: str = "") -> Iterator[tuple[Path, str]]:
    """The way to every layer, and its name with those around it, outer ones before inner ones."""
    for index, child in enumerate(children):
        if isinstance(child, Layer):
            yield (*path, index), around + child.name
            yield from _layers(child.children, (*path, index), f"{around}{child.name}/")


def _alone(layer: Element, inside: Sequence[int]) -> Element:
    """The layer with nothing in it but what lies on the way ``inside``."""
    if not inside:
        return layer
    assert isinstance(layer, Layer)
    return replace(layer, children=(_alone(layer.children[inside[0]], inside[1:]),))


def _put_back(layer: Element, inside: Sequence[int], edited: Element) -> Element:
    """What was :func:`_alone` and is ``edited`` now, with the others of ``layer`` beside it again."""
    if not inside:
        return edited
    assert isinstance(layer, Layer) and isinstance(edited, Layer)
    at = inside[0]
    held = (_put_back(layer.children[at], inside[1:], child) for child in edited.children)  # none where it ended
    return replace(edited, children=(*layer.children[:at], *held, *layer.children[at + 1 :]))


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
