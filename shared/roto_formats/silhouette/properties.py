"""``<Property id=…>``: a constant ``<Value>`` or ``<Key frame=… interp=…>`` elements, both ways.

``linear`` and ``hold`` are confirmed spellings of ``interp``; any other is read as linear [?] and never written [code].
"""

from collections.abc import Iterable

from lxml import etree

from roto_formats.number_text import decimal_value, fixed_text, short_text
from roto_formats.xml_tree import Element
from roto_shared.errors import FormatError
from roto_shared.shapes import Blend
from roto_shared.timeline import Interpolation, Key, Track, Values

from .session import Session

DECIMALS = 9
"""Places of layer values, as the files of the checked converter have them [code]."""

MODES = {
    "Add": Blend.ADD,
    "Subtract": Blend.SUBTRACT,
    "Difference": Blend.DIFFERENCE,
    "Max": Blend.MAX,
    "Inside": Blend.MIN,
}
"""Spellings of ``mode`` [code]; that ``Inside`` keeps what both cover is [inferred]."""

INTERPOLATIONS = {"linear": Interpolation.LINEAR, "hold": Interpolation.HOLD}
SPELLINGS = {interpolation: text for text, interpolation in INTERPOLATIONS.items()}


def properties_of(element: Element) -> dict[str, Element]:
    """The properties of a layer or shape by their id."""
    return {found.get("id", ""): found for found in element.iterfind("Properties/Property")}


def key_frame(key: Element, session: Session) -> float:
    """Plate frame of a ``<Key>``. Raises FormatError, naming the line."""
    try:
        return session.plate_frame(key.get("frame", ""))
    except FormatError as error:
        raise FormatError(f"Line {key.sourceline}: a key's frame: {error.message}", error.remedy) from error


def key_interpolation(key: Element) -> Interpolation:
    """How a ``<Key>`` runs to the next."""
    return INTERPOLATIONS.get(key.get("interp", "linear"), Interpolation.LINEAR)


def track_of(found: Element | None, session: Session, count: int) -> Track:
    """A property's numbers, ``count`` of them, as a track in ascending frames; empty where it says nothing."""
    if found is None:
        return ()
    keys = found.findall("Key")
    if not keys:
        value = found.find("Value")
        text = "" if value is None else (value.text or "").strip()
        return (Key(session.start, _numbers(text, found, count)),) if text else ()
    return ascending(
        Key(key_frame(key, session), _numbers(key.text or "", key, count), key_interpolation(key)) for key in keys
    )


def ascending(keys: Iterable[Key]) -> Track:
    """Keys sorted by frame; of two on one frame the later in the file stays."""
    latest = {key.frame: key for key in keys}
    return tuple(latest[frame] for frame in sorted(latest))


def word_of(found: Element | None, default: str) -> str:
    """A constant property's word; of a keyed one the first key's."""
    if found is None:
        return default
    value = found.find("Value")
    value = found.find("Key") if value is None else value
    return default if value is None else (value.text or "").strip() or default


def _numbers(text: str, element: Element, count: int) -> Values:
    words = text.strip().strip("()").split(",")
    try:
        numbers = tuple(decimal_value(word) for word in words)
    except FormatError as error:
        raise FormatError(f"Line {element.sourceline}: {error.message}", error.remedy) from error
    if len(numbers) < count:
        raise FormatError(f"Line {element.sourceline}: {count} numbers are needed here.", "Export the file again.")
    return numbers[:count]


def property_element(name: str, word: str) -> Element:
    """A property that never changes."""
    found = etree.Element("Property", {"id": name, "constant": "True"})
    etree.SubElement(found, "Value").text = word
    return found


def track_element(name: str, track: Track, session: Session) -> Element:
    """A property of numbers: constant where its track is, else keyed. The track has no smooth keys."""
    if len({key.values for key in track}) == 1:
        return property_element(name, numbers_text(track[0].values))
    found = etree.Element("Property", {"id": name})
    for key in track:
        attributes = {"frame": session.frame_text(key.frame), "interp": SPELLINGS[key.interpolation]}
        etree.SubElement(found, "Key", attributes).text = numbers_text(key.values)
    return found


def numbers_text(values: Values) -> str:
    """``(1.000000000,2.000000000)``, or one number by itself."""
    if len(values) == 1:
        return short_text(values[0], DECIMALS)
    return "(" + ",".join(fixed_text(value, DECIMALS) for value in values) + ")"
