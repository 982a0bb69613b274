"""Plates that are no Read's files: rendered to temporary EXR files, a frame at a time, and cleaned up."""

from typing import Dict, Generator, Optional, Tuple

import nuke
from roto_nuke.scene import without_undo
from roto_panel.plate_folder import PlateFolder
from roto_shared.errors import InputError

PATTERN = "plate.%04d.exr"


class Renders:
    """What was rendered for this panel, by the node's name; another node that is called so later has none of it."""

    def __init__(self) -> None:
        self._rendered: "Dict[str, Tuple[nuke.Node, PlateFolder]]" = {}

    def of(self, node: "nuke.Node") -> Optional[str]:
        """The files of a node that was rendered, as a pattern; None where it was not."""
        if node.fullName() not in self._rendered:
            return None
        rendered, folder = self._rendered[node.fullName()]
        is_same = _is_there(rendered) and rendered == node
        return (folder.path / PATTERN).as_posix() if is_same else None

    def render(self, node: "nuke.Node", first: int, last: int) -> Generator[Tuple[int, int], None, None]:
        """Render a node's frames, one a step. The files go when it is stopped or fails. Raises InputError.

        A Write is made for it and taken out again; neither is a step of undo. The node is selected in the end, whatever
        was meanwhile.
        """
        if last < first:
            raise InputError("There is no frame between {} and {}.".format(first, last), "Correct the range.")
        folder = PlateFolder()
        with without_undo():
            write = _make_write(node, (folder.path / PATTERN).as_posix())
        try:
            for done, frame in enumerate(range(first, last + 1), 1):
                _check_there(node, write)
                _execute(write, frame)
                yield done, last - first + 1
            _check_there(node, write)
        except BaseException:
            folder.delete()
            raise
        finally:
            if _is_there(write):
                with without_undo():
                    nuke.delete(write)
        self._forget(node.fullName())
        self._rendered[node.fullName()] = (node, folder)
        _select(node)

    def close(self) -> None:
        """Delete all files."""
        for name in list(self._rendered):
            self._forget(name)

    def _forget(self, name: str) -> None:
        if name in self._rendered:
            _, folder = self._rendered.pop(name)
            folder.delete()


def _make_write(node: "nuke.Node", files: str) -> "nuke.Node":
    """A Write of half-float EXR files in the script's working space, which is what ``raw`` writes."""
    write = nuke.createNode("Write", inpanel=False)
    write.setInput(0, node)
    write["file"].setValue(files)
    write["file_type"].setValue("exr")
    write["raw"].setValue(True)
    write["channels"].setValue("rgb")
    write.setSelected(False)
    node.setSelected(True)
    return write


def _is_there(node: "nuke.Node") -> bool:
    """Whether a node still exists: the artist may have deleted it, or closed its script."""
    try:
        return bool(node.name())
    except ValueError:  # how Nuke tells that it is gone
        return False


def _select(node: "nuke.Node") -> None:
    for other in nuke.selectedNodes():
        other.setSelected(False)
    node.setSelected(True)


def _check_there(*nodes: "nuke.Node") -> None:
    if not all(map(_is_there, nodes)):
        raise InputError("The plate's node, or the Write that renders it, was deleted.", "Render the plate again.")


def _execute(write: "nuke.Node", frame: int) -> None:
    try:
        nuke.execute(write, frame, frame)
    except RuntimeError as error:  # how Nuke tells a failed render, and one that was cancelled in its own window
        raise InputError("Frame {} cannot be rendered: {}".format(frame, error), "Look at the node in Nuke.") from error
