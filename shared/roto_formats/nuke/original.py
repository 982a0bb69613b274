"""What an element's own text says today: handed back word for word while it still means what the element says."""

from dataclasses import replace
from typing import Any, NamedTuple

from roto_shared.errors import FormatError
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument
from roto_shared.space import NukeSpace
from roto_shared.structure import to_plain

from .attributes import Attributes
from .frame import knob_list, root_layer
from .interpret import HOST, Source, attributes_within, interpret_element
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


def own_attributes(element: KeyedShape | Layer) -> Attributes:
    """What the element's Nuke text says in its ``{a …}``; nothing where it has none."""
    if element.native is None or element.native.host != HOST:
        return {}
    try:
        return attributes_within(parse(element.native.text))
    except FormatError:
        return {}  # a text that nobody can read says nothing to Nuke either


def root_attributes(document: ShapeDocument) -> Attributes:
    """What the root layer says that a document from Nuke keeps around its elements. Raises FormatError.

    Nothing where the root layer is itself one of the elements, which tell it then.
    """
    native = document.native
    if native is None or native.host != HOST:
        return {}
    root = root_layer(knob_list(native.text))
    text = native.text[root.start : root.end]
    if any(child.native is not None and child.native.text == text for child in document.children):
        return {}
    return attributes_within(root)


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
