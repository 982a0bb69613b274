"""Which files a node shows: found by walking up to its Read. Pixels never travel; the daemon reads the files itself."""

from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Optional

import nuke
from roto_panel.paths import PathTable
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef

PASSES = frozenset(
    {"Dot", "NoOp", "Viewer", "Roto", "RotoPaint", "Grade", "ColorCorrect", "Colorspace", "OCIOColorSpace"}
)
"""Nodes that leave time and the picture's geometry as they are; their colours are not the plate's, which is what models
should see."""

RETIMES = frozenset({"TimeOffset", "Retime", "TimeWarp", "Kronos", "OFlow2", "FrameRange", "FrameHold", "TimeClip"})

DEFAULT_SPACE = "default"


def plate_above(node: "nuke.Node", paths: PathTable) -> PlateRef:
    """The plate that a node shows, by the files of its Read, as the daemon finds them.

    Raises InputError that names the node which makes this impossible, and what to do.
    """
    read = find_read(node)
    file = file_of(read)
    if not file:
        raise InputError("{} has no file.".format(read.name()), "Choose one in the Read node.")
    return PlateRef(paths.to_daemon(file), first_frame=_first_frame(read), colour_space=_colour_space(read))


def find_read(node: "nuke.Node") -> "nuke.Node":
    """The Read above a node, or the node itself. Raises InputError."""
    above: Optional["nuke.Node"] = node
    while above is not None:
        kind = above.Class()
        if kind == "Read":
            return above
        _check_passes(above, kind)
        above = above.input(0)
    raise InputError("There is no Read above {}.".format(node.name()), "Select a Read, or a node below one.")


def _check_passes(node: "nuke.Node", kind: str) -> None:
    disabled = node.knob("disable")
    if kind in PASSES or (disabled is not None and disabled.value()):
        return
    if kind in RETIMES:
        raise InputError(
            "{} changes the time between the Read and here.".format(node.name()),
            "Work on the Read itself and put the retime below the Roto, or press “Render plate”.",
        )
    raise InputError(
        "{} ({}) changes the picture between the Read and here.".format(node.name(), kind),
        "Work on the Read itself, or press “Render plate”.",
    )


def file_of(read: "nuke.Node") -> str:
    """A Read's files, commands and the project's directory filled in, the frame a pattern. Raises InputError."""
    file = _text(read, "file")
    if "[" in file:
        if nuke.root()["proxy"].value() and _text(read, "proxy"):  # then Nuke tells the proxy's name [doc]
            raise InputError("{} shows its proxy now.".format(read.name()), "Switch proxy mode off, and open again.")
        file = nuke.filename(read) or ""
    if not file or PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute():
        return file
    directory: Any = nuke.root()["project_directory"]  # text with commands, which only this kind of knob evaluates
    project = directory.evaluate()
    return (PurePosixPath(project) / file).as_posix() if project else file


def _first_frame(read: "nuke.Node") -> Optional[int]:
    """The number of the first file's frame where the Read gives it one; None where files keep their own."""
    mode, said = _text(read, "frame_mode"), _text(read, "frame").strip()
    if not said:
        return None
    if mode == "start at":
        try:
            return int(said)
        except ValueError:
            raise InputError("{} starts at “{}”, which is no frame.".format(read.name(), said), "Correct it.") from None
    raise InputError(
        "{} shifts its frames by “{}: {}”.".format(read.name(), mode, said),
        "Set its frame mode to “start at”, or clear the field.",
    )


def _colour_space(read: "nuke.Node") -> str:
    """The space that the Read takes its files to be in; empty where that is left to the daemon's own rules."""
    raw, space = read.knob("raw"), _text(read, "colorspace")
    if (raw is not None and raw.value()) or space.startswith(DEFAULT_SPACE):
        return ""
    return space


def _text(node: "nuke.Node", name: str) -> str:
    knob = node.knob(name)
    return "" if knob is None else str(knob.value())
