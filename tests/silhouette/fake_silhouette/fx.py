"""A small, strict Silhouette: sessions, nodes, shape files, undo. It keeps state, and has no name that is not in the
table of ``docs/silhouette.md``. What a test alone needs begins with an underscore.
"""

from __future__ import annotations

import copy
import threading
import xml.etree.ElementTree as ET
from typing import Any

_home = threading.get_ident()


class _State:
    """Everything that is open."""

    def __init__(self) -> None:
        self.session: Session | None = None
        self.node: Node | None = None
        self.selection: list[Any] = []
        self.undo: list[tuple[str, list[tuple[Node, list[Any]]], list[Node]]] = []
        self.groups = 0
        self.actions: list[Action] = []
        self.refuses = False


_state = _State()


def _mind(what: str) -> None:
    if threading.get_ident() != _home:
        raise RuntimeError(f"{what} was called off Silhouette's main thread")


class Action:
    """A menu entry: greyed while ``available`` raises."""

    def __init__(self, label: str) -> None:
        self.label = label


class Object:
    """A layer or a shape, held as its piece of a shape file."""

    def __init__(self, element: ET.Element) -> None:
        self._element = element

    @property
    def type(self) -> str:
        return self._element.get("type", "")

    @property
    def label(self) -> str:
        return self._element.get("label", "")

    @property
    def children(self) -> list[Object]:
        held = self._element.find("./Properties/Property[@id='objects']")
        return [] if held is None else [Object(child) for child in held.findall("Object")]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Object) and other._element is self._element

    def __hash__(self) -> int:
        return id(self._element)


class _Property:
    def __init__(self, value: Any) -> None:
        self._value = value

    def getValue(self) -> Any:
        return self._value


class _Pipe:
    def __init__(self, node: Node) -> None:
        self.source = self
        self.node = node


class _Port:
    def __init__(self, pipes: list[_Pipe]) -> None:
        self.pipes = pipes


class Node:
    """A node of a session."""

    def __init__(self, type: str) -> None:
        _mind("Node")
        self.type = type
        self.label = type
        self.properties: dict[str, _Property] = {}
        self._objects: list[ET.Element] = []
        self._state: dict[str, Any] = {}
        self._input: Node | None = None

    @property
    def children(self) -> list[Object]:
        return [Object(element) for element in self._objects]

    def getInput(self) -> _Port | None:
        return _Port([] if self._input is None else [_Pipe(self._input)])

    def getState(self, key: str) -> Any:
        _mind("Node.getState")
        return self._state.get(key)

    def setState(self, key: str, value: Any) -> None:
        _mind("Node.setState")
        self._state[key] = value


class Source:
    """Files; ``path`` is that of a session frame, counted from 0."""

    def __init__(self, pattern: str, first: int) -> None:
        self._pattern, self._first = pattern, first

    def path(self, frame: int) -> str:
        return self._pattern % (self._first + frame) if "%" in self._pattern else self._pattern


class Session:
    """A session of ``duration`` frames."""

    def __init__(self, width: int, height: int, startFrame: int, duration: int) -> None:
        self.width, self.height, self.startFrame, self.duration = width, height, startFrame, duration
        self.pixelAspect = 1.0
        self.nodes: list[Node] = []

    def node(self, type: str) -> Node | None:
        return next((node for node in self.nodes if node.type == type), None)

    def addNode(self, node: Node) -> None:
        _mind("Session.addNode")
        _remember()
        self.nodes.append(node)

    def uniqueLabel(self, label: str) -> str:
        number = 1
        while f"{label}{number}" in [node.label for node in self.nodes]:
            number += 1
        return f"{label}{number}"


class _Player:
    frame = 0


player = _Player()


class _ShapesModule:
    """Shape files: import goes to the active node, export takes what is selected, with its layers."""

    def importFile(self, path: str) -> None:
        _mind("importFile")
        root = ET.parse(path).getroot()
        if root.tag != "Silhouette":
            raise RuntimeError("not a shape file")
        if _state.node is None or _state.node.type != "RotoNode":
            raise RuntimeError("no Roto node is active")
        if _state.refuses:
            return
        _remember()
        for layer in root.findall("Layer"):
            _state.node._objects += _below(layer) if layer.get("label") == "Root" else [_as_object(layer)]

    def export(self, path: str) -> None:
        _mind("export")
        session, node = _state.session, _state.node
        assert session is not None
        assert node is not None
        chosen = {one._element for one in _state.selection if isinstance(one, Object)}
        root = ET.Element("Silhouette", width=str(session.width), height=str(session.height))
        root.set("pixelAspect", str(session.pixelAspect))
        root.set("workRangeStart", "0")
        root.set("workRangeEnd", str(session.duration - 1))
        root.set("sessionStartFrame", str(session.startFrame))
        layer = ET.SubElement(root, "Layer", type="Layer", id="0", label="Root", expanded="True")
        held = ET.SubElement(ET.SubElement(layer, "Properties"), "Property", id="objects", constant="True")
        held.extend(copy.deepcopy(element) for element in node._objects if element in chosen)
        ET.ElementTree(root).write(path, encoding="utf-8")


def _below(layer: ET.Element) -> list[ET.Element]:
    held = layer.find("./Properties/Property[@id='objects']")
    return [] if held is None else held.findall("Object")


def _as_object(layer: ET.Element) -> ET.Element:
    layer.tag = "Object"
    return layer


io_modules = {"Silhouette Shapes": _ShapesModule()}


def activeSession() -> Session | None:
    _mind("activeSession")
    return _state.session


def activeNode() -> Node | None:
    _mind("activeNode")
    return _state.node


def activate(item: Node) -> None:
    _mind("activate")
    _state.node = item


def selection() -> list[Any]:
    _mind("selection")
    return list(_state.selection)


def select(objects: list[Any]) -> None:
    _mind("select")
    _state.selection = list(objects)


def delete(objects: list[Object]) -> None:
    _mind("delete")
    _remember()
    gone = {one._element for one in objects}
    for node in _state.session.nodes if _state.session is not None else []:
        node._objects = [element for element in node._objects if element not in gone]


def addAction(action: Action) -> None:
    _mind("addAction")
    _state.actions.append(action)


def beginUndo(label: str = "") -> None:
    _mind("beginUndo")
    _remember(label)
    _state.groups += 1


def endUndo() -> None:
    _mind("endUndo")
    _state.groups -= 1


def _remember(label: str = "") -> None:
    """Before a change: what undo goes back to, unless a group is open that did so already."""
    if _state.groups == 0 and _state.session is not None:
        nodes = _state.session.nodes
        _state.undo.append((label, [(node, list(node._objects)) for node in nodes], list(nodes)))


def _undo() -> str:
    """As the artist's Ctrl+Z."""
    assert _state.groups == 0, "undo within a group"
    assert _state.session is not None
    label, objects, nodes = _state.undo.pop()
    _state.session.nodes = nodes
    for node, held in objects:
        node._objects = held
    return label


def _start_anew() -> None:
    global _home
    _home = threading.get_ident()
    _state.__init__()  # type: ignore[misc]
    player.frame = 0
