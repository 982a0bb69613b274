"""The rules of Silhouette's shape files."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from roto_formats.rules.finding import Finding
from roto_formats.xml_tree import Element, parse_xml

_FIXED = re.compile(r"-?\d+(\.\d+)?$")
_PAIR = re.compile(r"\(([^()]*)\)")
_MODES = ("Add", "Subtract", "Difference", "Max", "Inside")
_INTERPOLATIONS = ("linear", "hold")
_PAIRS = {"Bezier": 3, "Bspline": 1}
_NAMED_BOOLEANS = ("expanded", "hidden", "locked", "constant", "closed")
_VALUE_BOOLEANS = ("invert", "motionBlur")
_NEEDED = ("width", "height")


def silhouette_findings(text: str) -> list[Finding]:
    """Every broken rule of a ``.fxs``, by line. Raises FormatError where it is no XML at all."""
    root = parse_xml(text)
    found = [*_root(root), *(finding for element in root.iter() for finding in _element(element))]
    return sorted(found, key=lambda finding: finding.line)


def _root(root: Element) -> Iterator[Finding]:
    if root.tag != "Silhouette":
        yield _finding(root, f"the file holds <{root.tag}>, not <Silhouette>", "code")
        return
    for name in _NEEDED:
        if root.get(name) is None:
            yield _finding(root, f"<Silhouette> lacks “{name}”", "code")
    for child in root:
        if child.tag not in ("Layer", "Shape"):
            yield _finding(child, f"<{child.tag}> at the top, where only <Layer> and <Shape> may be", "code")


def _element(element: Element) -> Iterator[Finding]:
    for name in _NAMED_BOOLEANS:
        if element.get(name, "True") not in ("True", "False"):
            yield _finding(element, f"{name}=“{element.get(name)}”, which is neither True nor False", "code")
    check = _CHECKS.get(str(element.tag))
    if check is not None:
        yield from check(element)


def _layer(element: Element) -> Iterator[Finding]:
    parent = element.getparent()
    if parent is not None and parent.tag != "Silhouette":
        yield _finding(element, "a <Layer> below the top, where everything is <Object>", "code")
    yield from _labels(element)


def _object(element: Element) -> Iterator[Finding]:
    kind = element.get("type")
    if kind not in ("Layer", "Shape"):
        yield _finding(element, f"an <Object> of type “{kind}”", "code")
    if kind == "Layer":
        yield from _labels(element)
    if kind == "Shape":
        yield from _counts(element)


def _labels(layer: Element) -> Iterator[Finding]:
    objects = layer.findall("./Properties/Property[@id='objects']/Object")
    for label, times in Counter(one.get("label", "") for one in objects).items():
        if times > 1:
            yield _finding(layer, f"{times} siblings are called “{label}”", "code")


def _counts(shape: Element) -> Iterator[Finding]:
    paths = shape.findall("./Properties/Property[@id='path']//Path")
    counts = {len(path.findall("Point")) for path in paths}
    if len(counts) > 1:
        yield _finding(shape, "the number of points changes between keys", "doc")
    if not counts or min(counts) < 2:
        yield _finding(shape, "a shape of fewer than two points", "code")


def _path(path: Element) -> Iterator[Finding]:
    kind = path.get("type", "")
    if kind not in _PAIRS:
        yield _finding(path, f"a path of type “{kind}”, whose points nobody knows", "?")
        return
    for point in path.findall("Point"):
        pairs = _PAIR.findall(point.text or "")
        if len(pairs) != _PAIRS[kind]:
            yield _finding(point, f"a point of {len(pairs)} pairs; {kind} has {_PAIRS[kind]}", "code")
        yield from _numbers(point, [number for pair in pairs for number in pair.split(",")])


def _property(element: Element) -> Iterator[Finding]:
    name = element.get("id", "")
    values = [one.text or "" for one in element.iter("Value")]
    if name == "transform.matrix":
        yield _finding(element, "transform.matrix, whose order is unknown", "?")
    if name == "mode":
        yield from (_finding(element, f"the mode “{one}”", "code") for one in values if one not in _MODES)
    if name in _VALUE_BOOLEANS:
        wrong = [one for one in values if one not in ("true", "false")]
        yield from (_finding(element, f"{name} is “{one}”, neither true nor false", "code") for one in wrong)
    if name == "opacity" or name.startswith("transform."):
        numbers = [part for one in values for part in one.strip("()").split(",") if part]
        yield from _numbers(element, numbers)
    yield from _keys(element)


def _keys(element: Element) -> Iterator[Finding]:
    frames: list[float] = []
    for key in element.findall("Key"):
        if key.get("interp", "linear") not in _INTERPOLATIONS:
            yield _finding(key, f"interp=“{key.get('interp')}”, which is not known to be a spelling", "?")
        said = key.get("frame", "")
        broken = list(_numbers(key, [said]))
        yield from broken
        if not broken:
            frames.append(float(said))
    if any(after <= before for before, after in pairwise(frames)):
        yield _finding(element, "keys that do not ascend", "code")


def _numbers(element: Element, numbers: list[str]) -> Iterator[Finding]:
    for number in numbers:
        if not _FIXED.match(number.strip()):
            yield _finding(element, f"“{number.strip()}”, which is no fixed-point number", "code")


def _finding(element: Element, what: str, mark: str) -> Finding:
    return Finding(element.sourceline or 1, what, mark)


_CHECKS = {"Layer": _layer, "Object": _object, "Path": _path, "Property": _property}
