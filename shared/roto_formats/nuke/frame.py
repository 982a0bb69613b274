"""What stands around the elements of a ``curves`` knob: version, flags, the root layer, and edges after it."""

from typing import NamedTuple

from roto_formats.number_text import hex_float, hex_floats
from roto_shared.errors import FormatError
from roto_shared.shapes import Element, Layer, ShapeDocument
from roto_shared.space import NukeSpace

from .interpret import HOST, Source, header_text, interpret_layer
from .placement import transform_curves
from .tree import Branch, Node, parse, part, unparse

ROOT = "Root"
VERSION = 1.2
ROOT_FLAGS = 2097152
"""As every Nuke from 7 on writes them [seen]."""


LONG_FORM = "AnimTree:"
"""How the form begins that Nuke 6 wrote [told]."""

DEFAULT_SIZE = (1920, 1080)
"""Nuke's own start-up format [doc: HD_1080], for texts that say nothing of a size."""


class KnobFrame(NamedTuple):
    """Text before and after the root layer, and the root layer's head."""

    before: str = f"{{{{v {hex_float(VERSION)}}}\n  {{f 0}}\n  {{n\n   "
    after: str = "}}"
    root: str = ""


def knob_list(text: str) -> Branch:
    """The list ``{{v …} {f …} {n …}}`` of a knob's text. Raises FormatError."""
    if text.lstrip().startswith(LONG_FORM):
        raise FormatError("Nuke 6 wrote this; its long form is not read.", "Open and save it in Nuke 7 or newer.")
    return knob_within(parse(text, max(text.find("{"), 0)))


def knob_within(node: Branch) -> Branch:
    """The same inside the braces that quote it in a script.

    Some scripts put words such as ``AddMode 0 0 0 0`` before it [told]; they are passed over. Raises FormatError.
    """
    found = _knob_list(node)
    if found is not None:
        return found
    if node.head == LONG_FORM:
        raise FormatError("Nuke 6 wrote this; its long form is not read.", "Open and save it in Nuke 7 or newer.")
    raise FormatError("There is no list of Roto shapes here.", "Give the text of a curves knob, or a script.")


def _knob_list(node: Node) -> Branch | None:
    if isinstance(node, str):
        return None
    if node.items and isinstance(node.items[0], Branch) and node.items[0].head == "v":
        return node
    return next((found for item in node.items if (found := _knob_list(item))), None)


def root_layer(knob: Branch) -> Branch:
    """The layer that holds everything. Raises FormatError."""
    elements = part(knob, "n")
    layer = part(elements, "layer") if elements else None
    if layer is None:
        raise FormatError("The shapes have no root layer.", "The text is damaged; export it again.")
    return layer


def root_children(root: Layer) -> tuple[Element, ...]:
    """The root layer's children, or the layer itself where an artist moved, hid or locked it."""
    return root.children if _is_untouched(root) else (root,)


def _is_untouched(root: Layer) -> bool:
    return not root.transform and root.visible and not root.locked


def frame_text(knob: Branch, text: str) -> str:
    """A knob's own text with everything inside the root layer left out: what a document keeps of it."""
    root = root_layer(knob)
    return text[knob.start : root.start] + header_text(root, text) + text[root.end : knob.end]


def frame_of(document: ShapeDocument) -> KnobFrame:
    """The document's own frame if it came from Nuke, else what Nuke writes for a new node.

    A root layer that an artist moved, hid or locked is one of the document's elements; around it and others stands a
    new one, which does nothing to them.
    """
    native, new = document.native, _root_head(document, f"{{f {ROOT_FLAGS}}}", "{a}")
    if native is None or native.host != HOST:
        return KnobFrame(root=new)
    root = root_layer(knob_list(native.text))
    head = native.text[root.start : root.end]
    if not _is_untouched(interpret_layer(root, Source(native.text, NukeSpace(document.height)))):
        head = new
    elif pivot_size(root) != (document.width, document.height):
        flags, attributes = part(root, "f"), part(root, "a")
        head = _root_head(document, unparse(flags) if flags else "", unparse(attributes) if attributes else "{a}")
    return KnobFrame(native.text[: root.start], native.text[root.end :], head)


def _root_head(document: ShapeDocument, flags: str, attributes: str) -> str:
    parts = (f"{{layer {ROOT}", flags, centre_pivot(document), attributes)
    return "\n    ".join(part for part in parts if part) + "}"


def centre_pivot(document: ShapeDocument) -> str:
    """The ``{t …}`` of a layer that nothing moved: its pivot at the picture's centre [seen]."""
    return "{t " + " ".join(hex_floats((document.width / 2, document.height / 2))) + "}"


def pivot_size(root: Branch) -> tuple[int, int]:
    """Size of the picture whose centre is the root layer's pivot; Nuke's start-up format where that is no centre."""
    placement = part(root, "t", "tx")
    pivot = [curve.values[0] for curve in transform_curves(placement)[:2]] if placement else [0.0, 0.0]
    width, height = (round(2 * value) for value in pivot)
    return (width, height) if min(width, height) > 2 else DEFAULT_SIZE
