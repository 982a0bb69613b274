"""A small, strict Silhouette: sessions, nodes, objects, shape files, undo. It keeps state, and has no name that is not
in the table of ``docs/silhouette.md``. What a test alone needs begins with an underscore.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import _shape_file
import _state
from _objects import Layer, Object, Point, Point3D, Shape, Tracker, _Matrix
from _property import ObjectsProperty, Property, PropertyEditor
from _state import mind, remember

__all__ = ["Layer", "Object", "Point", "Point3D", "Property", "PropertyEditor", "Shape", "Tracker"]

gui = True
_undo = _state.undo
_state = _state.state


class Action:
    """A menu entry: greyed while ``available`` raises."""

    def __init__(self, label: str) -> None:
        self.label = label


class _Pipe:
    def __init__(self, node: Node) -> None:
        self.source = self
        self.node = node


class _Port:
    def __init__(self, owner: Node) -> None:
        self._owner = owner

    @property
    def pipes(self) -> list[_Pipe]:
        return [] if self._owner._input is None else [_Pipe(self._owner._input)]

    def connect(self, other: _Port) -> None:
        mind("Port.connect")
        remember()
        other._owner._input = self._owner


class Node:
    """A node of a session."""

    def __init__(self, type: str) -> None:
        mind("Node")
        self.type = type
        self.label = type
        self.properties: dict[str, Property] = {}
        if type == "OutputNode":
            self.properties = {"path": Property(""), "format": Property(0)}
        self._objects = ObjectsProperty()
        self._state: dict[str, Any] = {}
        self._input: Node | None = None
        self.inputs, self.outputs = [_Port(self)], [_Port(self)]

    @property
    def children(self) -> list[Object]:
        return list(self._objects._value)

    def isType(self, name: str) -> bool:
        return self.type == name

    def property(self, name: str) -> Any:
        mind("Node.property")
        return self._objects if name == "objects" else self.properties.get(name)

    def getInput(self) -> _Port | None:
        return self.inputs[0]

    def getState(self, key: str) -> Any:
        mind("Node.getState")
        return self._state.get(key)

    def setState(self, key: str, value: Any) -> None:
        mind("Node.setState")
        self._state[key] = value

    def _parts(self) -> list[Any]:
        below = [part for child in self.children for part in child._parts()]
        return [self, self._objects, *self.properties.values(), *below]

    def _memento(self) -> dict[str, Any]:
        return {"label": self.label, "_input": self._input}

    def _restore(self, memento: dict[str, Any]) -> None:
        vars(self).update(memento)


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
        self.workRange = (startFrame, startFrame + duration - 1)
        self.nodes: list[Node] = []

    @property
    def imageToWorldTransform(self) -> _Matrix:
        return _Matrix(self.width, self.height, self.pixelAspect)

    def node(self, type: str) -> Node | None:
        return next((node for node in self.nodes if node.type == type), None)

    def addNode(self, node: Node) -> None:
        mind("Session.addNode")
        remember()
        self.nodes.append(node)

    def uniqueLabel(self, label: str) -> str:
        number = 1
        while f"{label}{number}" in [node.label for node in self.nodes]:
            number += 1
        return f"{label}{number}"

    def _parts(self) -> list[Any]:
        return [self, *(part for node in self.nodes for part in node._parts())]

    def _memento(self) -> dict[str, Any]:
        return {"nodes": list(self.nodes)}

    def _restore(self, memento: dict[str, Any]) -> None:
        vars(self).update(memento)


class Project:
    """What is saved."""

    def __init__(self) -> None:
        self._saves = 0

    def save(self) -> None:
        mind("Project.save")
        self._saves += 1


class PreviewProgressHandler:
    """A window with a bar and a button to cancel."""

    _cancels_at: int | None = None

    def __init__(self) -> None:
        mind("PreviewProgressHandler")
        self.title, self.total, self.preview, self.pixelAspect = "", 0, False, 1.0
        self._value = 0

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, value: int) -> None:
        assert 0 <= value <= self.total, "beyond the total"
        self._value = value

    @property
    def canceled(self) -> bool:
        return self._cancels_at is not None and self._value >= self._cancels_at


class _Player:
    def __init__(self) -> None:
        self.frame = 0


player = _Player()
_project = Project()


class _ShapesModule:
    """Shape files: import goes to the active node, export takes what is selected, with its layers."""

    def importFile(self, path: str) -> None:
        mind("importFile")
        root = ET.parse(path).getroot()
        if root.tag != "Silhouette":
            raise RuntimeError("not a shape file")
        if _state.node is None or _state.node.type != "RotoNode":
            raise RuntimeError("no Roto node is active")
        if not _state.refuses:
            _state.node._objects.addObjects(_shape_file.objects_of(root))

    def export(self, path: str) -> None:
        mind("export")
        session, node = _state.session, _state.node
        root = ET.Element("Silhouette", width=str(session.width), height=str(session.height))
        root.set("pixelAspect", str(session.pixelAspect))
        root.set("workRangeStart", "0")
        root.set("workRangeEnd", str(session.duration - 1))
        root.set("sessionStartFrame", str(session.startFrame))
        layer = ET.SubElement(root, "Layer", type="Layer", id="0", label="Root", expanded="True")
        held = ET.SubElement(ET.SubElement(layer, "Properties"), "Property", id="objects", constant="True")
        chosen = list(_state.selection)
        held.extend(_shape_file.element_of(one, chosen) for one in node.children if one in chosen)
        Path(path).write_bytes(ET.tostring(root))


io_modules: dict[str, Any] = {"Silhouette Shapes": _ShapesModule()}


def activeProject() -> Project:
    mind("activeProject")
    return _project


def activeSession() -> Session | None:
    mind("activeSession")
    return _state.session


def activeNode() -> Node | None:
    mind("activeNode")
    return _state.node


def activate(item: Node) -> None:
    mind("activate")
    _state.node = item


def selection() -> list[Any]:
    mind("selection")
    return list(_state.selection)


def select(objects: list[Any]) -> None:
    mind("select")
    _state.selection = list(objects)


def delete(objects: list[Any]) -> None:
    mind("delete")
    remember()
    _state.session.nodes = [node for node in _state.session.nodes if node not in objects]
    for node in _state.session.nodes:
        for holder in [node._objects, *(p for p in node._parts() if isinstance(p, ObjectsProperty))]:
            holder._value = [one for one in holder._value if one not in objects]


def addAction(action: Action) -> None:
    mind("addAction")
    _state.actions.append(action)


def bind(keys: str, call: Any) -> None:
    mind("bind")
    _state.binds[keys] = call


def _start_anew() -> None:
    """Nothing is open, and this thread is the main one."""
    for one in (_state, player, _project):
        one.__init__()


def beginUndo(label: str = "") -> None:
    mind("beginUndo")
    remember(label)
    _state.groups += 1


def endUndo() -> None:
    mind("endUndo")
    _state.groups -= 1
