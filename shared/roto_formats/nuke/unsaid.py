"""What a Nuke text says of mattes that no other format is told, since the model has no words for it.

Nuke gets it back with the text itself; whoever writes another format has to tell that it is lost. A layer's opacity and
lifetime are not among it: they go into its shapes, see :mod:`.handed_down`.
"""

from collections.abc import Iterator

from roto_formats.notes import Fate, Note
from roto_shared.shapes import Element, Foreign, Layer, ShapeDocument

from .attributes import BLENDS, Attributes, number
from .curve import curve_of, has_expression
from .frame import ROOT
from .interpret import attributes_within
from .original import own_branch, root_branch
from .placement import unread_values
from .tree import Branch, part

FIXED = {"inv": "inversion", "bm": "blend mode", "fo": "feather", "fx": "feather", "osw": "stroke width"}
"""Attributes that the model holds once for a shape's whole life, and what they are called."""

EXPRESSIONS = "its expressions: the values that Nuke last had for them stay"

MOST_VIEWS = 64
"""Views that a text may number; more is damage."""


def nuke_unsaid(document: ShapeDocument) -> list[Note]:
    """A note for everything of the kind in the document, topmost first; none where it does not come from Nuke."""
    root = root_branch(document)
    told = [Note(ROOT, Fate.LOST, reason) for reason in _of_layer(root)] if root else []
    return [*told, *(note for child in document.children for note in _of_element(child))]


def _of_element(element: Element) -> Iterator[Note]:
    branch = None if isinstance(element, Foreign) else own_branch(element)
    if branch:
        reasons = _of_layer(branch) if isinstance(element, Layer) else _of_shape(branch)
        yield from (Note(element.name, Fate.LOST, reason) for reason in reasons)
    if isinstance(element, Layer):
        yield from (note for child in element.children for note in _of_element(child))


def _of_layer(branch: Branch) -> Iterator[str]:
    attributes = attributes_within(branch)
    if number(attributes, "inv", 0) or _varies(attributes, "inv"):
        yield "that it is inverted: only shapes can be"
    if round(number(attributes, "bm", 0)) or _varies(attributes, "bm"):
        yield f"its blend mode {number(attributes, 'bm', 0):g}: only shapes can have one"
    yield from _of_both(branch, attributes)


def _of_shape(branch: Branch) -> Iterator[str]:
    attributes = attributes_within(branch)
    if round(number(attributes, "bm", 0)) not in BLENDS:
        yield f"blend mode {number(attributes, 'bm', 0):g}: it is laid over"
    changing = {word for name, word in FIXED.items() if _varies(attributes, name)}
    yield from (f"that its {word} changes: it stays as it begins" for word in sorted(changing))
    if _varies(attributes, "a") or number(attributes, "a", 1) != 1:
        yield "the alpha of its fill [?]"
    yield from _of_both(branch, attributes)


def _of_both(branch: Branch, attributes: Attributes) -> Iterator[str]:
    if _varies(attributes, "vis"):
        yield "that it is hidden on some frames"
    if has_expression(branch):
        yield EXPRESSIONS
    transform = part(branch, "t", "tx")
    unread = unread_values(transform) if transform else []
    if unread:
        yield f"number {', '.join(map(str, unread))} of its transform [?]"
    views = _views(attributes)
    if len(views) == 1 or views != list(range(1, len(views) + 1)):
        yield f"that Nuke draws it in view {', '.join(map(str, views))} only [?]"


def _views(attributes: Attributes) -> list[int]:
    """Numbers of the views that it is drawn in; none where the text names none, as most do [seen]."""
    count = round(number(attributes, "nv", 0))
    return [round(number(attributes, f"view{i}", i)) for i in range(1, min(count, MOST_VIEWS) + 1)]


def _varies(attributes: Attributes, name: str) -> bool:
    return name in attributes and len(set(curve_of(attributes[name]).values)) > 1
