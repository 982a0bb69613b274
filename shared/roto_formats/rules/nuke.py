"""The rules of Nuke's ``curves`` knob, in a script or alone."""

import re
from collections.abc import Iterator

from roto_formats.nuke.tree import Branch, line_of, parse, part
from roto_formats.rules.finding import Finding

_KNOB = re.compile(r"^\s*curves\s+(?=\{)", re.MULTILINE)
_WHOLE = re.compile(r"-?\d+$")
_FLOAT = re.compile(r"x[0-9a-f]{8}$")
_NUMBER_LIKE = re.compile(r"-?\.?\d|[xX][0-9a-fA-F]{5,}$")
_ELEMENTS = ("layer", "curvegroup", "cubiccurve")
_LAYER_PARTS = ("f", "t", "tx", "a")
_CURVES = {"bezier": 3, "bspline": 1}


def nuke_findings(text: str) -> list[Finding]:
    """Every broken rule of a script's curves knobs, or of one knob's text, by line. Raises FormatError for no list."""
    starts = [match.end() for match in _KNOB.finditer(text)]
    found = [finding for start in starts or [text.index("{") if "{" in text else 0] for finding in _knob(text, start)]
    return sorted(found, key=lambda finding: finding.line)


def _knob(text: str, start: int) -> Iterator[Finding]:
    knob = parse(text, start)
    while len(knob.items) == 1 and isinstance(knob.items[0], Branch):
        knob = knob.items[0]
    if knob.head == "AnimTree:":
        yield _finding(text, knob, "the long form of Nuke 6", "seen")
        return
    heads = [item.head for item in knob.items if isinstance(item, Branch)]
    if heads[:3] != ["v", "f", "n"]:
        yield _finding(text, knob, "a list that does not begin with v, f and n", "seen")
        return
    elements = part(knob, "n")
    roots = [item for item in elements.items if isinstance(item, Branch)] if elements else []
    if not roots or roots[0].head != "layer" or roots[0].items[1:2] != ("Root",):
        yield _finding(text, knob, "the first element is not the layer Root", "seen")
    for root in roots:
        yield from _element(text, root)


def _element(text: str, element: Branch) -> Iterator[Finding]:
    if element.head not in _ELEMENTS:
        yield _finding(text, element, f"an element “{element.head}”", "seen")
        return
    for item in element.items[2:]:
        if isinstance(item, Branch) and (item.head in _ELEMENTS or _is_stray(element, item)):
            yield from _element(text, item)
        elif isinstance(item, Branch):
            yield from _numbers(text, item)
    if element.head == "curvegroup":
        kind = str(element.items[3]) if len(element.items) > 3 else ""
        if kind not in _CURVES:
            yield _finding(text, element, f"a shape of kind “{kind}”", "seen")
            return
        lists = element.items[4] if len(element.items) > 4 else ""
        for curve in lists.items if isinstance(lists, Branch) else ():
            if isinstance(curve, Branch):
                yield from _curve(text, curve, _CURVES[kind])


def _is_stray(element: Branch, item: Branch) -> bool:
    """Whether a list in a layer is neither its flags, transform and attributes nor an element that is known."""
    return element.head == "layer" and item.head not in _LAYER_PARTS


def _curve(text: str, curve: Branch, step: int) -> Iterator[Finding]:
    points = part(curve, "p", "px")
    if points is None:
        yield _finding(text, curve, "a curve without points", "seen")
        return
    placed = points.items[1:] if points.head == "p" else points.items[2:]
    if len(placed) % step:
        yield _finding(text, points, f"{len(placed)} points, which is no multiple of {step}", "seen")
    if points.head != "px" or len(points.items) < 2:
        return
    times = points.items[1]
    count = len(times.items) if isinstance(times, Branch) else 1
    for point in placed:
        for curve_of in point.items if isinstance(point, Branch) else ():
            yield from _coordinate(text, curve_of, count)


def _coordinate(text: str, coordinate: object, count: int) -> Iterator[Finding]:
    """A coordinate has one key or as many as there are times; a run ``{x N key}`` counts N."""
    if not isinstance(coordinate, Branch) or coordinate.head.startswith(("=", '"=')):
        return
    keys = 0
    for key in coordinate.items:
        is_run = isinstance(key, Branch) and key.head == "x" and len(key.items) == 3
        count_of_run = str(key.items[1]) if is_run and isinstance(key, Branch) else "1"
        if not _WHOLE.match(count_of_run):
            yield _finding(text, coordinate, "a run of keys that does not say how many", "seen")
            return
        keys += int(count_of_run)
        if isinstance(key, Branch) and not is_run and len(key.items) == 5 and key.items[2::2] != ("1", "1"):
            yield _finding(text, key, "tangent weights other than 1", "seen")
    if keys not in (1, count):
        yield _finding(text, coordinate, f"{keys} keys where there are {count} times", "seen")


def _numbers(text: str, branch: Branch) -> Iterator[Finding]:
    for item in branch.items:
        if isinstance(item, Branch):
            yield from _numbers(text, item)
        elif _NUMBER_LIKE.match(item) and not (_WHOLE.match(item) or _FLOAT.match(item)):
            yield _finding(text, branch, f"“{item}”, which is no whole number and no x with eight hex digits", "seen")


def _finding(text: str, branch: Branch, what: str, mark: str) -> Finding:
    return Finding(line_of(text, branch.start), what, mark)
