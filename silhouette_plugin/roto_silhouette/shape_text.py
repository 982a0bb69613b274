"""A shape file's text as Silhouette's objects see it: labels, words, keys. Coordinates stay in the file's units."""

import re
import xml.etree.ElementTree as ET
from typing import Dict, List, NamedTuple, Tuple

ROOT = "Root"
"""The label of a file's top layer where it stands for the node itself."""

TOLERANCE = 1e-6
"""In units of the picture's height: a five-hundredth of a pixel at 2K. Files have six places and more."""

Numbers = Tuple[float, ...]

_NUMBER = re.compile(r"[^(),\s]+")


class NumberKey(NamedTuple):
    """A key of numbers; ``frame`` is the file's."""

    frame: float
    values: Numbers
    is_held: bool


class PathKey(NamedTuple):
    """A key of a spline: for every point the centre, and for a Bézier's the incoming and the outgoing handle."""

    frame: float
    points: Tuple[Numbers, ...]
    is_closed: bool
    is_held: bool


def elements_of(text: str) -> List[ET.Element]:
    """The layers and shapes directly below the node; none for an empty text."""
    found: List[ET.Element] = []
    for layer in ET.fromstring(text).findall("Layer") if text.strip() else []:
        found += below(layer) if layer.get("label") == ROOT else [layer]
    return found


def below(element: ET.Element) -> List[ET.Element]:
    """The layers and shapes in a layer; none for a shape."""
    return element.findall("./Properties/Property[@id='objects']/Object")


def labels_of(elements: List[ET.Element]) -> List[str]:
    """The labels of elements and of everything below them."""
    found: List[str] = []
    for element in elements:
        found += [element.get("label", ""), *labels_of(below(element))]
    return found


def words_of(element: ET.Element) -> Dict[str, ET.Element]:
    """Properties by their id, but for the objects of a layer."""
    found = {one.get("id", ""): one for one in element.findall("./Properties/Property")}
    found.pop("objects", None)
    return found


def number_keys(word: ET.Element) -> List[NumberKey]:
    """The keys of a property of numbers; one on frame 0 for a constant."""
    keys = word.findall("Key")
    if not keys:
        return [NumberKey(0.0, _numbers(_said(word)), False)]
    return [NumberKey(_frame(key), _numbers(key.text or ""), _is_held(key)) for key in keys]


def path_keys(word: ET.Element) -> List[PathKey]:
    """The keys of a shape's path."""
    found = []
    for key in word.findall("Key"):
        path = key.find("Path")
        if path is not None:
            points = tuple(_numbers(point.text or "") for point in path.findall("Point"))
            found.append(PathKey(_frame(key), points, path.get("closed", "True") == "True", _is_held(key)))
    return found


def constant_word(word: ET.Element) -> str:
    """A constant property's word."""
    return _said(word).strip()


def is_same(one: ET.Element, other: ET.Element) -> bool:
    """Whether two elements say the same, however they are laid out and however many places their numbers have."""
    return (
        one.tag == other.tag
        and one.attrib == other.attrib
        and _is_same_text((one.text or "").strip(), (other.text or "").strip())
        and len(one) == len(other)
        and all(map(is_same, one, other))
    )


def _is_same_text(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        ours, theirs = _numbers(one), _numbers(other)
    except ValueError:
        return False
    return len(ours) == len(theirs) and all(abs(a - b) <= TOLERANCE for a, b in zip(ours, theirs))


def _said(word: ET.Element) -> str:
    value = word.find("Value")
    return "" if value is None else value.text or ""


def _frame(key: ET.Element) -> float:
    return float(key.get("frame", "0"))


def _is_held(key: ET.Element) -> bool:
    return key.get("interp") == "hold"


def _numbers(text: str) -> Numbers:
    return tuple(float(word) for word in _NUMBER.findall(text))
