"""What an element's own text says today: handed back word for word while it still means what the element says."""

from dataclasses import replace
from typing import Any, NamedTuple

from roto_shared.errors import FormatError
from roto_shared.shapes import Element, KeyedShape, Layer, ShapeDocument
from roto_shared.space import NukeSpace
from roto_shared.structure import to_plain

from .frame import knob_list, root_layer
from .interpret import HOST, Source, interpret_element
from .tree import Branch, parse


class Original(NamedTuple):
    """Nuke's own text of an element, its tree, and the element that it makes."""

    text: str
    branch: Branch
    element: KeyedShape | Layer


def original_of(element: KeyedShape | Layer, space: NukeSpace) -> Original | None:
    """The element's Nuke text read again; None where it has none, or one that no longer reads as such an element."""
    native = element.native
    if native is None or native.host != HOST:
        return None
    try:
        branch = parse(native.text)
        found = interpret_element(branch, Source(native.text, space))
    except FormatError:
        return None
    return Original(native.text, branch, found) if isinstance(found, type(element)) else None  # type: ignore[arg-type]


def own_branch(element: Element) -> Branch | None:
    """The tree of an element's Nuke text; None where it has none, or one that nobody can read, Nuke included."""
    if element.native is None or element.native.host != HOST:
        return None
    try:
        return parse(element.native.text)
    except FormatError:
        return None


def root_branch(document: ShapeDocument) -> Branch | None:
    """The root layer that a document from Nuke keeps around its elements. Raises FormatError.

    None where the root layer is itself one of the elements.
    """
    native = document.native
    if native is None or native.host != HOST:
        return None
    root = root_layer(knob_list(native.text))
    text = native.text[root.start : root.end]
    is_element = any(child.native is not None and child.native.text == text for child in document.children)
    return None if is_element else root


def is_unchanged(element: KeyedShape | Layer, original: Original) -> bool:
    """Whether the text still says all of ``element`` that Nuke can say; a layer's children are not its own."""
    return means_same(_bare(element), _bare(original.element), type(element))


def means_same(one: Any, other: Any, hint: Any) -> bool:
    """Equal, or equal in the stored form, whose numbers are rounded to a millionth of a pixel."""
    return one == other or to_plain(one, hint) == to_plain(other, hint)


def _bare(element: KeyedShape | Layer) -> KeyedShape | Layer:
    if isinstance(element, Layer):
        return replace(element, children=(), native=None, colour=(1.0, 1.0, 1.0))
    return replace(element, native=None, edited=())
