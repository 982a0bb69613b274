"""Shapes in Nuke's scene: one text, one undo step, verified by reading back."""

import re
from contextlib import contextmanager
from typing import Iterator, List

import nuke
from roto_shared.errors import InputError

UNDO_LABEL = "Roto shapes"
CLASSES = ("Roto", "RotoPaint")
_ELEMENT = re.compile(r"\{(?:curvegroup|layer|cubiccurve) (\"(?:[^\"\\]|\\.)*\"|\S+)")


def roto_nodes() -> "List[nuke.Node]":
    """The script's nodes that hold shapes."""
    return [node for kind in CLASSES for node in nuke.allNodes(kind)]


def curves_of(name: str) -> str:
    """The curves knob's list of a node, without the version's prefix. Raises InputError where the node is gone."""
    return _without_prefix(_knob(name).toScript())


def put_curves(curves: str, name: str = "") -> str:
    """Put a curves knob's text into a new Roto node below the selected node, or into ``name``, in one undo step.

    Answers the node's name. Raises InputError, with the script as it was, where Nuke did not take all of it.
    """
    nuke.Undo.begin(UNDO_LABEL)
    try:
        node = nuke.createNode("Roto", inpanel=False) if not name else _node(name)
        _set(node["curves"], curves)
    except Exception:
        nuke.Undo.cancel()
        raise
    nuke.Undo.end()
    return node.name()


def update_curves(curves: str, name: str) -> None:
    """Put a text into a node without an undo step: that in which the node came covers it. Raises InputError."""
    with without_undo():
        _set(_knob(name), curves)


def names_in(curves: str) -> "set[str]":
    """Names of layers, shapes and strokes in a curves knob's text."""
    return set(_ELEMENT.findall(curves))


@contextmanager
def without_undo() -> Iterator[None]:
    """What is done within is no step of undo."""
    nuke.Undo.disable()
    try:
        yield
    finally:
        nuke.Undo.enable()


def _set(knob: "nuke.Knob", curves: str) -> None:
    """Set a curves knob and read it back.

    Which prefix a version of Nuke puts before the list is not known [?], so that of the knob itself is followed.
    """
    before = knob.toScript()
    knob.fromScript(before[: before.index("{")] + curves)
    missing = names_in(curves) - names_in(knob.toScript())
    if missing:
        raise InputError(
            "Nuke did not take the shapes ({} of them, “{}” the first).".format(len(missing), sorted(missing)[0]),
            "Export a .nk file and paste it; please report your version of Nuke.",
        )


def _node(name: str) -> "nuke.Node":
    node = nuke.toNode(name)
    if node is None or node.Class() not in CLASSES:
        raise InputError("There is no Roto node “{}” any more.".format(name), "Choose another, or a new one.")
    return node


def _knob(name: str) -> "nuke.Knob":
    return _node(name)["curves"]


def _without_prefix(text: str) -> str:
    return text[text.index("{") :]
