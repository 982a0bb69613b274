"""Shapes in Silhouette's Roto nodes, by its own shape files: one undo step, read back afterwards."""

import html
import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, List, Set

import fx

from roto_shared.errors import InputError
from roto_silhouette.plate import active_session

ROTO, MODULE = "RotoNode", "Silhouette Shapes"
UNDO_LABEL = "Roto shapes"
ROOT = "Root"
"""The label of a file's top layer where it stands for the node itself."""

KEY_STATE = "roto_key"
"""What a Roto node's state holds that was made to keep prompts; an empty one takes the first shapes."""

_TAG = re.compile(r"<(?:Object|Layer) ([^>]*)>")
_LABEL = re.compile(r'(?:^| )label="([^"]*)"')


def roto_nodes() -> List[Any]:
    """The session's nodes that hold shapes."""
    return [node for node in active_session().nodes if node.type == ROTO]


def find_node(label: str) -> Any:
    """The Roto node of a label. Raises InputError where there is none."""
    for node in roto_nodes():
        if node.label == label:
            return node
    raise InputError("There is no Roto node “{}” any more.".format(label), "Choose another, or a new one.")


def shapes_of(node: Any) -> str:
    """All shapes and layers of a node as the text of a shape file."""
    return _exported(node, _all_below(node))


def chosen_shapes() -> str:
    """The selected shapes and layers as the text of a shape file. Raises InputError for none."""
    chosen = [one for one in fx.selection() if one.type in ("Layer", "Shape")]
    if not chosen:
        raise InputError("No shape is selected.", "Select shapes or layers in the object list.")
    return _exported(fx.activeNode(), chosen)


def put_shapes(text: str, label: str = "") -> str:
    """Put a shape file's shapes into a new Roto node, or instead of what a node holds, in one undo step.

    Answers the node's label. Raises InputError where Silhouette did not take all of it.
    """
    fx.beginUndo(UNDO_LABEL)
    try:
        node = find_node(label) if label else _empty_node() or new_node()
        if node.children:
            fx.delete(list(node.children))
        _import(node, text)
        missing = _labels(text) - _labels(shapes_of(node))
    finally:
        fx.endUndo()
    if missing:
        raise InputError(
            "Silhouette did not take the shapes ({} of them, “{}” the first).".format(len(missing), sorted(missing)[0]),
            "Undo once; export a .fxs file and import it by hand; please report your version.",
        )
    return str(node.label)


def new_node() -> Any:
    """A new Roto node in the session."""
    session = active_session()
    node = fx.Node(ROTO)
    session.addNode(node)
    node.label = session.uniqueLabel("Roto")
    return node


def _empty_node() -> Any:
    return next((node for node in roto_nodes() if not node.children and node.getState(KEY_STATE)), None)


def _import(node: Any, text: str) -> None:
    fx.activate(node)
    with _file(text) as path:
        fx.io_modules[MODULE].importFile(str(path))


def _exported(node: Any, objects: List[Any]) -> str:
    """Export takes what is selected, and needs layers beside their shapes; the artist's selection is put back."""
    if not objects:
        return ""
    before = fx.selection()
    fx.activate(node)
    fx.select(objects)
    try:
        with _file("") as path:
            fx.io_modules[MODULE].export(str(path))
            return path.read_text(encoding="utf-8")
    finally:
        fx.select(before)


def _all_below(node: Any) -> List[Any]:
    found: List[Any] = []
    for child in node.children or ():
        found.append(child)
        if child.type == "Layer":
            found += _all_below(child)
    return found


def _labels(text: str) -> Set[str]:
    """Labels of all layers and shapes in a shape file, whatever the order of its attributes."""
    found = (_LABEL.search(attributes) for attributes in _TAG.findall(text))
    return {html.unescape(label.group(1)) for label in found if label is not None} - {ROOT}


@contextmanager
def _file(text: str) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(suffix=".fxs", prefix="roto-")
    os.close(handle)
    path = Path(name)
    try:
        path.write_text(text, encoding="utf-8")
        yield path
    finally:
        path.unlink()
