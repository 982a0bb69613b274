"""Shapes into Nuke's scene: one text, one undo step, verified by reading back."""

import re

import nuke
from roto_shared.errors import InputError

UNDO_LABEL = "Roto shapes"
_ELEMENT = re.compile(r"\{(?:curvegroup|layer|cubiccurve) (\"(?:[^\"\\]|\\.)*\"|\S+)")


def commit_curves(curves: str) -> str:
    """Make a Roto node with the shapes of a curves knob's text below the selected node; answers the node's name.

    Which prefix a version of Nuke puts before that text is not known [?], so that of an empty node is followed. Raises
    InputError, with nothing left behind, where Nuke did not take all of it.
    """
    nuke.Undo.begin(UNDO_LABEL)
    try:
        node = nuke.createNode("Roto", inpanel=False)
        knob = node["curves"]
        empty = knob.toScript()
        knob.fromScript(empty[: empty.index("{")] + curves)
        missing = names_in(curves) - names_in(knob.toScript())
        if missing:
            raise InputError(
                "Nuke did not take the shapes ({} of them, “{}” the first).".format(len(missing), sorted(missing)[0]),
                "Export a .nk file and paste it; please report your version of Nuke.",
            )
    except Exception:
        nuke.Undo.cancel()
        raise
    nuke.Undo.end()
    return node.name()


def names_in(curves: str) -> "set[str]":
    """Names of layers, shapes and strokes in a curves knob's text."""
    return set(_ELEMENT.findall(curves))
