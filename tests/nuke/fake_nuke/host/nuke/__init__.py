"""A small, strict Nuke: nodes, knobs, undo, threads. It keeps state, and raises where Nuke would misbehave.

Every public name is one of the vendor's stubs with the same parameters (``test_fake_nuke.py`` sees to that). What a
test alone needs is in :mod:`nuke._studio`.
"""

from ._menu import Menu, MenuItem, menu, tprint
from ._script import (
    BBox_Knob,
    Boolean_Knob,
    Int_Knob,
    Knob,
    Node,
    PyScript_Knob,
    Root,
    String_Knob,
    Tab_Knob,
    Undo,
    XY_Knob,
    addKnobChanged,
    allNodes,
    createNode,
    delete,
    execute,
    executeInMainThread,
    executeInMainThreadWithResult,
    frame,
    removeKnobChanged,
    root,
    selectedNode,
    selectedNodes,
    thisKnob,
    thisNode,
    toNode,
)

INVISIBLE = 1024
"""The flag that hides a knob."""

__all__ = [
    "INVISIBLE",
    "BBox_Knob",
    "Boolean_Knob",
    "Int_Knob",
    "Knob",
    "Menu",
    "MenuItem",
    "Node",
    "PyScript_Knob",
    "Root",
    "String_Knob",
    "Tab_Knob",
    "Undo",
    "XY_Knob",
    "addKnobChanged",
    "allNodes",
    "createNode",
    "delete",
    "execute",
    "executeInMainThread",
    "executeInMainThreadWithResult",
    "frame",
    "menu",
    "removeKnobChanged",
    "root",
    "selectedNode",
    "selectedNodes",
    "thisKnob",
    "thisNode",
    "toNode",
    "tprint",
]
