"""Shapes by Silhouette's own shape files: everything a text says, for a whole node at once."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator, List

import fx

from roto_shared.errors import InputError

MODULE = "Silhouette Shapes"


def import_shapes(node: Any, text: str) -> None:
    """Add a text's shapes to a Roto node. Raises InputError in a Silhouette that has no module for it."""
    fx.activate(node)
    with _file(text) as path:
        _module().importFile(str(path))


def exported_shapes(node: Any, objects: List[Any]) -> str:
    """Shapes and layers of a node as text. Export takes what is selected, and needs layers beside their shapes; the
    artist's selection is put back. Raises InputError in a Silhouette that has no module for it."""
    if not objects:
        return ""
    before = fx.selection()
    fx.activate(node)
    fx.select(objects)
    try:
        with _file("") as path:
            _module().export(str(path))
            return path.read_text(encoding="utf-8")
    finally:
        fx.select(before)


def all_below(holder: Any) -> List[Any]:
    """The objects of a node or layer, and those below them."""
    found: List[Any] = []
    for child in holder.children or ():
        found.append(child)
        if child.type == "Layer":
            found += all_below(child)
    return found


def _module() -> Any:
    found = fx.io_modules.get(MODULE)
    if found is None:
        named = ", ".join(sorted(map(str, fx.io_modules))) or "none"
        raise InputError(
            "This Silhouette has no “{}” ({}).".format(MODULE, named), "Export .fxs files by hand; report your version."
        )
    return found


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
