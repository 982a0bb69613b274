"""``<Path>`` and its points, both ways.

A Bézier point is the centre and two absolute handles [code], incoming then outgoing [inferred, high]; a B-spline's is
its control point [code][checked]. X-splines, per-point feather and weights are never written [?].
"""

import re

from lxml import etree

from roto_formats.number_text import decimal_value, fixed_text
from roto_formats.xml_tree import Element
from roto_shared.errors import FormatError
from roto_shared.shapes import Knot, Knots, ShapeKey, ShapeKind
from roto_shared.space import SilhouetteSpace

from .properties import SPELLINGS, key_frame, key_interpolation
from .session import Session

KINDS = {"Bezier": ShapeKind.BEZIER, "Bspline": ShapeKind.BSPLINE}
KIND_NAMES = {kind: name for name, kind in KINDS.items()}
DECIMALS = 8
"""Places of a coordinate: a hundred-millionth of the picture's height."""

_NUMBER = re.compile(r"[^(),\s]+")


def path_keys(found: Element, kind: ShapeKind, session: Session) -> tuple[ShapeKey, ...]:
    """Keys of a ``path`` property in ascending frames; a constant one stands on the session's first frame."""
    keys = {
        key_frame(key, session): (key_interpolation(key), path)
        for key in found.iterfind("Key")
        if (path := key.find("Path")) is not None
    }
    still = found.find("Value/Path")
    if still is not None and not keys:
        keys = {session.start: (key_interpolation(still), still)}
    return tuple(
        ShapeKey(frame, _knots(path, kind, session.space), interpolation)
        for frame, (interpolation, path) in sorted(keys.items())
    )


def is_closed(found: Element) -> bool:
    """Whether the path meets its own start; the first key tells."""
    path = next(found.iter("Path"), None)
    return path is None or path.get("closed", "True") != "False"


def _knots(path: Element, kind: ShapeKind, space: SilhouetteSpace) -> Knots:
    return tuple(_knot(point, kind, space) for point in path.iterfind("Point"))


def _knot(point: Element, kind: ShapeKind, space: SilhouetteSpace) -> Knot:
    words = _NUMBER.findall(point.text or "")
    wanted = 6 if kind is ShapeKind.BEZIER else 2
    try:
        numbers = [decimal_value(word) for word in words]
    except FormatError as error:
        raise FormatError(f"Line {point.sourceline}: {error.message}", error.remedy) from error
    if len(numbers) != wanted:
        raise FormatError(f"Line {point.sourceline}: a point needs {wanted} numbers.", "Export the file again.")
    x, y = space.from_file(numbers[0], numbers[1])
    if kind is ShapeKind.BSPLINE:
        return Knot(x, y)
    in_x, in_y = space.from_file(numbers[2], numbers[3])
    out_x, out_y = space.from_file(numbers[4], numbers[5])
    return Knot(x, y, in_x - x, in_y - y, out_x - x, out_y - y)


def path_element(keys: tuple[ShapeKey, ...], kind: ShapeKind, closed: bool, session: Session) -> Element:
    """The ``path`` property of keys without smooth spans."""
    found = etree.Element("Property", {"id": "path"})
    for key in keys:
        attributes = {"frame": session.frame_text(key.frame), "interp": SPELLINGS[key.interpolation]}
        parent = etree.SubElement(found, "Key", attributes)
        path = etree.SubElement(parent, "Path", {"closed": str(closed), "type": KIND_NAMES[kind]})
        for knot in key.knots:
            etree.SubElement(path, "Point").text = _point_text(knot, kind, session.space)
    return found


def _point_text(knot: Knot, kind: ShapeKind, space: SilhouetteSpace) -> str:
    x, y, in_x, in_y, out_x, out_y = knot
    if kind is ShapeKind.BSPLINE:
        return _pair(space.to_file(x, y))
    points = ((x, y), (x + in_x, y + in_y), (x + out_x, y + out_y))
    return ",".join([_pair(space.to_file(*point)) for point in points])


def _pair(point: tuple[float, float]) -> str:
    return f"({fixed_text(point[0], DECIMALS)},{fixed_text(point[1], DECIMALS)})"
