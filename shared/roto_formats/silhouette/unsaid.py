"""What a Silhouette file says that no other format is told, since the model has no words for it, or nobody knows it.

Silhouette gets it back with the text itself; whoever writes another format has to tell that it is lost.
"""

import re
from collections.abc import Iterator

from roto_formats.notes import Fate, Note
from roto_formats.xml_tree import Element, parse_xml
from roto_shared.errors import FormatError
from roto_shared.shapes import Element as ModelElement
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument

from .placement import PINS, UNMOVED, UNMOVED_PINS
from .properties import INTERPOLATIONS, MODES, properties_of, word_of
from .session import HOST

READ_OF_LAYERS = {"note", "objects", "color", *(f"transform.{name}" for name in UNMOVED)}
READ_OF_SHAPES = {"note", "path", "opacity", "motionBlur", "outlineColor", "mode", "invert"}
NEUTRAL = {
    "opacity": (100.0,),
    **{f"transform.{name}": values for name, values in UNMOVED.items()},
    **{f"transform.surface_{corner}": pin for corner, pin in zip(PINS, UNMOVED_PINS, strict=True)},
}
"""Numbers that say nothing, besides zeros."""

_NUMBER = re.compile(r"-?\d+\.?\d*")


def silhouette_unsaid(document: ShapeDocument) -> list[Note]:
    """A note for everything of the kind in the document, topmost first; none where it does not come from Silhouette."""
    return [note for child in document.children for note in _of_element(child)]


def _of_element(element: ModelElement) -> Iterator[Note]:
    if not isinstance(element, (KeyedShape, Layer)):
        return
    own = _own(element)
    if own is not None:
        reasons = layer_unsaid(own) if isinstance(element, Layer) else _of_shape(own)
        yield from (Note(element.name, Fate.LOST, reason) for reason in reasons)
    if isinstance(element, Layer):
        yield from (note for child in element.children for note in _of_element(child))


def _own(element: KeyedShape | Layer) -> Element | None:
    if element.native is None or element.native.host != HOST:
        return None
    try:
        return parse_xml(element.native.text)
    except FormatError:
        return None  # a text that nobody can read says nothing to Silhouette either


def layer_unsaid(own: Element) -> Iterator[str]:
    """What a layer's XML says of the kind, a sentence each."""
    properties = properties_of(own)
    mode = word_of(properties.get("mode"), "Add")
    if mode != "Add":
        yield f"its mode {mode}: only shapes can have one"
    yield from _of_both(own, READ_OF_LAYERS)


def _of_shape(own: Element) -> Iterator[str]:
    properties = properties_of(own)
    mode = word_of(properties.get("mode"), "Add")
    if mode not in MODES:
        yield f"mode {mode}: it is added"
    for name in ("mode", "invert"):
        keys = properties[name].findall("Key") if name in properties else []
        if len({key.text for key in keys}) > 1:
            yield f"that its {name} changes: it stays as it begins"
    yield from _of_both(own, READ_OF_SHAPES)


def _of_both(own: Element, read: set[str]) -> Iterator[str]:
    for name, found in properties_of(own).items():
        if name not in read and any(_says_something(name, value) for value in found):
            yield f"its {name}: nothing here has words for it [?]"
    unknown = {key.get("interp", "linear") for key in own.iter("Key")} - set(INTERPOLATIONS)
    if unknown:
        yield f"how its keys run ({', '.join(sorted(unknown))}): they run straight [?]"


def _says_something(name: str, value: Element) -> bool:
    """Whether a value is true, or a number other than those that stand where nothing was done."""
    text = (value.text or "").strip()
    numbers = tuple(float(word) for word in _NUMBER.findall(text))
    return text == "true" or (any(numbers) and numbers != NEUTRAL.get(name))
