"""A small, strict Nuke: nodes, knobs, undo, threads. It keeps state, and raises where Nuke would misbehave.

Every public name is one of the vendor's stubs with the same parameters (``test_fake_nuke.py`` sees to that). What a
test alone needs is in :mod:`nuke._studio`.
"""

from ._menu import Menu, MenuItem, menu, tprint
from ._script import (
    Knob,
    Node,
    Root,
    String_Knob,
    Undo,
    createNode,
    delete,
    executeInMainThread,
    executeInMainThreadWithResult,
    frame,
    root,
    selectedNode,
    selectedNodes,
    toNode,
)

INVISIBLE = 1024
"""The flag that hides a knob."""

__all__ = [
    "INVISIBLE",
    "Knob",
    "Menu",
    "MenuItem",
    "Node",
    "Root",
    "String_Knob",
    "Undo",
    "createNode",
    "delete",
    "executeInMainThread",
    "executeInMainThreadWithResult",
    "frame",
    "menu",
    "root",
    "selectedNode",
    "selectedNodes",
    "toNode",
    "tprint",
]
