"""What an edit answers, and an edit of one layer alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from roto_geometry.bezier import Array
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument
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
    document: ShapeDocument, name: str, frame: float, change: Callable[[KeyedShape, Array], KeyedShape]
) -> Edited:
    """Apply ``change(shape, outline)`` to the shape ``name``; the outline (n, 6) is that of ``frame``, in plate px.

    Raises InputError where there is no such shape, or it is locked.
    """
    site = find_open_site(document, name)
    shape = change(site.shape, site.outline(frame))
    note = f"{site.name}: {shape.knot_count} knots, {site.shape.knot_count} before."
    return Edited(with_elements(document, {site.path: shape}), (note,))
