"""Shape files to objects and back. A property that nobody changed goes out as it came."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from typing import Any

from _objects import Layer, Object, Point, Shape, Tracker, _Color, _Path
from _property import ObjectsProperty, Property
from _state import state

MODES = ("Add", "Subtract", "Difference", "Max", "Inside")
_NUMBER = re.compile(r"[^(),\s]+")


def objects_of(root: ET.Element) -> list[Object]:
    """The objects of a file, without the layer that stands for the node."""
    found: list[Object] = []
    for layer in root.findall("Layer"):
        is_root = layer.get("label") == "Root"
        found += [_object(child) for child in _below(layer)] if is_root else [_object(layer)]
    return found


def element_of(one: Object, chosen: list[Object] | None) -> ET.Element:
    """An object as its element, with those below it that are ``chosen``; None for all."""
    element = ET.Element("Object", one._attributes or {"type": one.type, "label": one.label})
    element.set("label", one.label)
    if isinstance(one, Shape):
        element.attrib.update(shape_type=one.shapeType, hidden=str(not one.visible), locked=str(one.locked))
    properties = ET.SubElement(element, "Properties")
    for name, held in one._properties.items():
        properties.append(_property_element(name, held, one, chosen))
    return element


def _below(element: ET.Element) -> list[ET.Element]:
    held = element.find("./Properties/Property[@id='objects']")
    return [] if held is None else held.findall("Object")


def _object(element: ET.Element) -> Object:
    label, kind = element.get("label", ""), element.get("type")
    if kind == "Layer":
        one: Object = Layer(label)
        one._properties["objects"]._value = [_object(child) for child in _below(element)]
    elif kind == "Tracker":
        one = Tracker(label)
    else:
        one = Shape(element.get("shape_type", "Bezier"), label)
        one.visible = element.get("hidden", "False") != "True"
        one.locked = element.get("locked", "False") == "True"
    one._attributes = dict(element.attrib)
    for found in element.findall("./Properties/Property"):
        name = found.get("id", "")
        if name == "objects":
            continue
        held = _read(found)
        one._properties[name] = held
        if name == "mode":
            assert held._value in MODES
        if name in ("color", "outlineColor"):
            one.color = _Color(*_numbers(held._value))
    return one


def _read(found: ET.Element) -> Property:
    held = Property()
    for key in found.findall("Key"):
        path = key.find("Path")
        value = _value(key.text or "") if path is None else _path(path)
        held._keys[float(key.get("frame", "0"))] = (value, key.get("interp", "linear"))
    still = found.find("Value")
    if still is not None:
        held._value = _value(still.text or "")
    held.constant = found.get("constant") == "True"
    held._raw = copy.deepcopy(found)
    return held


def _path(element: ET.Element) -> _Path:
    path = _Path(element.get("type", "Bezier"), element.get("closed", "True") == "True")
    for point in element.findall("Point"):
        numbers = _numbers(point.text or "")
        if path._kind == "Bezier":
            centre, incoming, outgoing = (Point(*numbers[at : at + 2]) for at in (0, 2, 4))
            placed: list[Any] = [None, None, None]
            for place, part in zip(state.point_order, (incoming, centre, outgoing)):
                placed[place] = part
            path._points.append(tuple(placed))
        else:
            path._points.append((Point(*numbers[:2]), 1, 1.0))
    return path


def _value(text: str) -> Any:
    try:
        numbers = _numbers(text)
    except ValueError:
        return text
    if not numbers:
        return text
    return numbers[0] if len(numbers) == 1 else Point(*numbers[:2]) if len(numbers) == 2 else text


def _numbers(text: str) -> list[float]:
    return [float(word) for word in _NUMBER.findall(text)]


def _property_element(name: str, held: Property, one: Object, chosen: list[Object] | None) -> ET.Element:
    if isinstance(held, ObjectsProperty):
        element = ET.Element("Property", id=name, constant="True")
        element.extend(element_of(child, chosen) for child in one.children if chosen is None or child in chosen)
        return element
    if held._raw is not None:
        return copy.deepcopy(held._raw)
    element = ET.Element("Property", id=name)
    if held.constant:
        element.set("constant", "True")
        ET.SubElement(element, "Value").text = _text(held._value)
    for frame in [] if held.constant else held.keys:
        value, interpolation = held._keys[frame]
        key = ET.SubElement(element, "Key", frame=f"{frame:g}", interp=interpolation)
        if isinstance(value, _Path):
            path = ET.SubElement(key, "Path", closed=str(value.closed), type=value._kind)
            for point in value._points:
                ET.SubElement(path, "Point").text = _point_text(point, value._kind)
        else:
            key.text = _text(value)
    return element


def _point_text(point: tuple[Any, ...], kind: str) -> str:
    if kind != "Bezier":
        return _text(point[0])
    incoming, centre, outgoing = (point[place] for place in state.point_order)
    return ",".join(map(_text, (centre, incoming, outgoing)))


def _text(value: Any) -> str:
    return f"({value.x:.8f},{value.y:.8f})" if isinstance(value, Point) else str(value)
