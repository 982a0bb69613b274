"""Nodes and what is done with them."""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nuke import _curves
from nuke._studio import COMMON, EMPTY_ROOT, EVALUATED, KNOBS, main, on_main_thread, script

_numbers = itertools.count(1)


class Knob:
    """One knob of a node (of ``Root`` for an empty name). Values are kept in the script, so handles never go stale."""

    def __init__(self, owner: str, name: str) -> None:
        self._owner, self._name = owner, name

    def name(self) -> str:
        on_main_thread("Knob.name")
        return self._name

    def value(self, index: int = 0) -> Any:
        on_main_thread("Knob.value")
        return self._values()[self._name]

    def getValue(self, channel: int = 0) -> Any:
        return self.value(channel)

    def setValue(self, val: Any, chan: int = 0) -> bool:
        on_main_thread("Knob.setValue")
        known = self._values()[self._name]
        if isinstance(known, tuple):
            val, known = (*known[:chan], float(val), *known[chan + 1 :]), None
        if known is not None and not isinstance(val, type(known)) and not isinstance(known, float):
            raise TypeError(f"{self._name} takes {type(known).__name__}, not {type(val).__name__}")
        script.remember(f"Set {self._owner}.{self._name}")
        self._values()[self._name] = val
        _tell_knob_changed(self._owner, self._name)
        return True

    def isAnimated(self, channel: int = 0) -> bool:
        on_main_thread("Knob.isAnimated")
        return (self._owner, self._name) in script.animated

    def getKeyList(self) -> list[int]:
        on_main_thread("Knob.getKeyList")
        return sorted(script.animated.get((self._owner, self._name), {}))

    def getValueAt(self, frame: float, index: int = 0) -> Any:
        """An animated knob holds the value of the last key, which is all that is asked of it here."""
        on_main_thread("Knob.getValueAt")
        keys = script.animated.get((self._owner, self._name))
        values = keys[max((f for f in keys if f <= frame), default=min(keys))] if keys else self.value()
        return values[index] if isinstance(values, (list, tuple)) else values

    def toScript(self, quote: bool = True, context: Any = None) -> str:
        on_main_thread("Knob.toScript")
        if self._name == "curves" and not self._values()["curves"]:
            return (
                script.curves_prefix
                + "{{{v x3f99999a} {f 0} {n {layer Root {f 2097152} {t x44700000 x44070000} {a}}}}}"
            )
        return str(self._values()[self._name])

    def fromScript(self, script: str) -> None:
        on_main_thread("Knob.fromScript")
        _set_from_script(self, self._owner, self._name, script)

    def _values(self) -> dict[str, Any]:
        if not self._owner:
            return script.root
        if self._owner not in script.nodes:
            raise ValueError("A PythonObject is not attached to a node")
        return script.nodes[self._owner]["knobs"]


class EvalString_Knob(Knob):
    """Text in which ``[getenv NAME]``, the one command known here, stands for what it answers."""

    def evaluate(self) -> str | None:
        on_main_thread("EvalString_Knob.evaluate")
        return re.sub(r"\[getenv (\w+)\]", lambda found: os.environ.get(found[1], ""), self._values()[self._name])


def _knob(owner: str, name: str) -> Knob:
    return (EvalString_Knob if name in EVALUATED else Knob)(owner, name)


def _set_from_script(knob: Knob, owner: str, name: str, text: str) -> None:
    """As Nuke, a curves knob takes only what it can read, and leaves itself as it was without saying so."""
    if name != "curves":
        knob.setValue(text)
        return
    prefix = script.curves_prefix
    readable = text.startswith(prefix) and not script.refuses_curves
    if readable:
        _curves.check(text[len(prefix) :])
        script.remember(f"Set {owner}.curves")
        script.nodes[owner]["knobs"]["curves"] = text


class Node:
    """A handle of a node; of none any more when that is gone, whatever is called like it then."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number = script.nodes[name]["number"] if name in script.nodes else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and other._number == self._number

    def __hash__(self) -> int:
        return hash(self._number)

    def __getitem__(self, name: str) -> Knob:
        found = self.knob(name)
        if found is None:
            raise NameError(f"knob {name} does not exist")
        return found

    def Class(self) -> str:
        on_main_thread("Node.Class")
        return self._entry()["class"]

    def name(self) -> str:
        on_main_thread("Node.name")
        self._entry()
        return self._name

    def fullName(self) -> str:
        return self.name()

    def knob(self, p: str, follow_link: bool = True) -> Knob | None:
        on_main_thread("Node.knob")
        return _knob(self._name, p) if p in self._entry()["knobs"] else None

    def input(self, index: int) -> Node | None:
        on_main_thread("Node.input")
        inputs = self._entry()["inputs"]
        return Node(inputs[index]) if index < len(inputs) and inputs[index] else None

    def inputs(self) -> int:
        on_main_thread("Node.inputs")
        return len(self._entry()["inputs"])

    def setInput(self, i: int, node: Node | None) -> bool:
        on_main_thread("Node.setInput")
        script.remember(f"Connect {self._name}")
        inputs = self._entry()["inputs"]
        inputs += [None] * (i + 1 - len(inputs))
        inputs[i] = None if node is None else node._name
        return True

    def knobs(self) -> dict[str, Knob]:
        on_main_thread("Node.knobs")
        return {name: Knob(self._name, name) for name in self._entry()["knobs"]}

    def addKnob(self, knob: String_Knob) -> None:
        on_main_thread("Node.addKnob")
        script.remember(f"Add {knob.name()}")
        self._entry()["knobs"][knob.name()] = knob.first_value

    def removeKnob(self, knob: Knob) -> None:
        on_main_thread("Node.removeKnob")
        script.remember(f"Remove {knob.name()}")
        del self._entry()["knobs"][knob.name()]

    def width(self) -> int:
        on_main_thread("Node.width")
        return script.size[0]

    def height(self) -> int:
        on_main_thread("Node.height")
        return script.size[1]

    def setSelected(self, selected: bool) -> None:
        on_main_thread("Node.setSelected")
        self._entry()["knobs"]["selected"] = selected

    def isSelected(self) -> bool:
        on_main_thread("Node.isSelected")
        return self._entry()["knobs"]["selected"]

    def _entry(self) -> dict[str, Any]:
        entry = script.nodes.get(self._name)
        if entry is None or entry["number"] != self._number:
            raise ValueError("A PythonObject is not attached to a node")
        return entry


class String_Knob(Knob):
    """A text knob that is not on any node yet."""

    def __init__(self, name: str, label: str = "", value: str = "") -> None:
        super().__init__("", name)
        self.first_value = value

    def setFlag(self, flag: int) -> None:
        on_main_thread("Knob.setFlag")


class _UserKnob(String_Knob):
    first: Any = ""

    def __init__(self, name: str, label: str = "", *more: Any) -> None:
        super().__init__(name, label, self.first)


class Tab_Knob(_UserKnob):
    pass


class PyScript_Knob(_UserKnob):
    pass


class Boolean_Knob(_UserKnob):
    first = False


class Int_Knob(_UserKnob):
    first = 0


class _ArrayKnob(_UserKnob):
    """A knob of several numbers; a value is set one by one."""

    def setValue(self, val: Any, chan: int = 0) -> bool:
        raise NotImplementedError("the knob is on no node yet")


class XY_Knob(_ArrayKnob):
    first = (0.0, 0.0)


class BBox_Knob(_ArrayKnob):
    first = (0.0, 0.0, 0.0, 0.0)


class Root(Node):
    """The script itself."""

    def __init__(self) -> None:
        super().__init__("")

    def name(self) -> str:
        on_main_thread("Root.name")
        return script.root["name"]

    def knob(self, p: str, follow_link: bool = True) -> Knob | None:
        on_main_thread("Root.knob")
        return _knob("", p) if p in script.root else None

    def addKnob(self, knob: String_Knob) -> None:
        on_main_thread("Root.addKnob")
        script.remember(f"Add {knob.name()}")
        script.root[knob.name()] = knob.first_value


class Undo:
    """``with nuke.Undo("name"):`` is one step for the artist; groups within count to the outer one."""

    def __init__(self, name: str = "") -> None:
        self._label = name

    def __enter__(self) -> Undo:
        Undo.begin(self._label)
        return self

    def __exit__(self, *_: object) -> None:
        Undo.end()

    @classmethod
    def begin(cls, name: str = "") -> None:
        on_main_thread("Undo.begin")
        script.remember(name)
        script.open_group.append((name, {}, {}))

    @classmethod
    def end(cls) -> None:
        on_main_thread("Undo.end")
        script.open_group.pop()

    @classmethod
    def disable(cls) -> None:
        on_main_thread("Undo.disable")
        script.undo_is_on = False

    @classmethod
    def enable(cls) -> None:
        on_main_thread("Undo.enable")
        script.undo_is_on = True

    @classmethod
    def cancel(cls) -> None:
        """End the group and take back what was done in it."""
        cls.end()
        cls.undo()

    @classmethod
    def undo(cls) -> None:
        on_main_thread("Undo.undo")
        if script.open_group:
            raise RuntimeError("undo within a group")
        _, script.nodes, script.root = script.undo.pop()


def createNode(typ: str, knobs: str = "", inpanel: bool = True) -> Node:
    on_main_thread("createNode")
    if typ not in KNOBS:
        raise RuntimeError(f"{typ}: Unknown command")
    script.remember(f"Create {typ}")
    number = 1
    while f"{typ}{number}" in script.nodes:
        number += 1
    name = f"{typ}{number}"
    chosen = selectedNodes()
    values = {**COMMON, **KNOBS[typ], "name": name}
    inputs = [chosen[0].name() if chosen else None]
    script.nodes[name] = {"class": typ, "knobs": values, "inputs": inputs, "number": next(_numbers)}
    for node in chosen:
        node.setSelected(False)
    Node(name).setSelected(True)
    return Node(name)


def delete(n: Node | None) -> None:
    on_main_thread("delete")
    if n is not None:
        script.remember(f"Delete {n.name()}")
        script.nodes.pop(n.name())


def allNodes(filter: str = "") -> list[Node]:
    on_main_thread("allNodes")
    return [Node(name) for name, entry in script.nodes.items() if filter in ("", entry["class"])]


def filename(node: Node, i: int = 0) -> str | None:
    """A Read's files with commands filled in, by its proxy in proxy mode, and a pattern for the frame."""
    on_main_thread("filename")
    name = "proxy" if Root()["proxy"].value() and node["proxy"].value() else "file"
    return EvalString_Knob(node.name(), name).evaluate()


def execute(nameOrNode: Node, start: int, end: int) -> None:
    """Write a Write's frames as files with nothing in them; fails where the test says so."""
    on_main_thread("execute")
    if script.this is not None:
        raise RuntimeError("execute in knobChanged: Nuke crashes")
    for frame_number in range(start, end + 1):
        if frame_number == script.fails_at:
            raise RuntimeError("Read1: error reading frame")
        Path(nameOrNode["file"].value() % frame_number).write_bytes(script.rendered_bytes)
        script.executed.append((nameOrNode.name(), frame_number))


def addKnobChanged(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("addKnobChanged")
    script.knob_changed.append((call, nodeClass))


def removeKnobChanged(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("removeKnobChanged")
    script.knob_changed.remove((call, nodeClass))


def addUpdateUI(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("addUpdateUI")
    script.update_ui.append(call)


def removeUpdateUI(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("removeUpdateUI")
    script.update_ui.remove(call)


def addOnScriptClose(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("addOnScriptClose")
    script.on_close.append(call)


def removeOnScriptClose(call: Callable[[], None], args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
    on_main_thread("removeOnScriptClose")
    script.on_close.remove(call)


def scriptClear(ignoreUnsavedChanges: bool = False) -> None:
    """Close the script and begin an empty one; callbacks stay."""
    on_main_thread("scriptClear")
    for call in list(script.on_close):
        call()
    script.nodes, script.root, script.undo, script.frame = {}, dict(EMPTY_ROOT), [], 1


def thisNode() -> Node:
    on_main_thread("thisNode")
    assert script.this is not None, "there is no such thing outside of a callback"
    return Node(script.this[0])


def thisKnob() -> Knob:
    on_main_thread("thisKnob")
    assert script.this is not None, "there is no such thing outside of a callback"
    return Knob(*script.this)


def _tell_knob_changed(owner: str, name: str) -> None:
    for call, kind in list(script.knob_changed):
        if owner and kind in ("*", script.nodes[owner]["class"]):
            before, script.this = script.this, (owner, name)
            try:
                call()
            finally:
                script.this = before


def selectedNodes(filter: str = "") -> list[Node]:
    on_main_thread("selectedNodes")
    return [Node(name) for name, entry in script.nodes.items() if entry["knobs"]["selected"]]


def selectedNode() -> Node:
    found = selectedNodes()
    if not found:
        raise ValueError("no node selected")
    return found[0]


def toNode(s: str) -> Node | None:
    on_main_thread("toNode")
    return Node(s) if s in script.nodes else None


def root() -> Root:
    on_main_thread("root")
    return Root()


def frame(f: int | None = None) -> int:
    on_main_thread("frame")
    if f is not None:
        script.frame = f
        for call in list(script.update_ui):
            call()
    return script.frame


def executeInMainThread(call: Callable[..., Any], args: Any = (), kwargs: dict[str, Any] | None = None) -> None:
    if threading.get_ident() == main.home:
        raise RuntimeError("executeInMainThread from the main thread: Nuke hangs")
    main.waiting.put(lambda: call(*args, **(kwargs or {})))


def executeInMainThreadWithResult(
    call: Callable[..., Any], args: Any = (), kwargs: dict[str, Any] | None = None
) -> Any:
    done, told = threading.Event(), []

    def run() -> None:
        told.append(call(*args, **(kwargs or {})))
        done.set()

    executeInMainThread(run)
    done.wait()
    return told[0]
