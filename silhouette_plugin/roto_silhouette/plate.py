"""Which files the session shows: those of the source above the active node. Pixels never travel."""

import os
import re
from typing import Any, Optional, Tuple

import fx

from roto_panel.paths import PathTable
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef

SOURCE, ROTO = "SourceNode", "RotoNode"
STREAM, STREAM_VARIABLE = "stream.primary", "ROTO_FXS_STREAM"
"""A source node's property with the picture that is worked on. What a stereo session's other view is called is not
known [?]; the studio can name it."""

_NUMBER = re.compile(r"\d+")


def active_session() -> Any:
    """The session that is worked on. Raises InputError without one."""
    session = fx.activeSession()
    if session is None:
        raise InputError("No session is open.", "Open a project with a session.")
    return session


def session_plate(paths: PathTable) -> PlateRef:
    """The plate of the source above the active node, else of the session's first one. Raises InputError."""
    return plate_of(_first_files(), int(active_session().startFrame), paths)


def source_files() -> str:
    """The files of :func:`session_plate` as this machine names them. Raises InputError."""
    return pattern_of(*_first_files())


def plate_of(files: Tuple[str, str], first: int, paths: PathTable) -> PlateRef:
    """The plate of whose first two frames these are the files; ``first`` is the first one's number in the session."""
    return PlateRef(paths.to_daemon(pattern_of(*files)), None if frame_number(*files) == first else first)


def source_above(node: Any) -> Optional[Any]:
    """The source node above a node, or the node itself; None where there is none."""
    while node is not None and node.type != SOURCE:
        node = node_above(node)
    return node


def node_above(node: Any) -> Optional[Any]:
    """The node that feeds another; None where nothing does."""
    port = node.getInput()
    pipes = port.pipes if port is not None else ()
    return pipes[0].source.node if pipes else None


def pattern_of(first: str, second: str) -> str:
    """The pattern of which two frames' files are the first two; the file itself where both are the same (a film)."""
    span = _differing_number(first, second)
    if span is None:
        return first
    return "{}{}{}".format(first[: span[0]], "#" * (span[1] - span[0]), first[span[1] :])


def frame_number(first: str, second: str) -> Optional[int]:
    """The number in the first frame's file; None for a film."""
    span = _differing_number(first, second)
    return None if span is None else int(first[span[0] : span[1]])


def _first_files() -> Tuple[str, str]:
    """The files of the source's first two frames; twice the same where there is one frame."""
    session = active_session()
    node = source_above(fx.activeNode()) or session.node(type=SOURCE)
    if node is None:
        raise InputError("The session has no source.", "Add the plate as a source first.")
    source = _stream(node).getValue()
    if source is None:
        raise InputError("{} shows no source.".format(node.label), "Choose a source in it.")
    return (source.path(0), source.path(1 if session.duration > 1 else 0))


def _stream(node: Any) -> Any:
    name = os.environ.get(STREAM_VARIABLE, STREAM)
    if name not in node.properties:
        raise InputError(
            "{} has no “{}”.".format(node.label, name),
            "Correct {}: it has {}.".format(STREAM_VARIABLE, ", ".join(sorted(node.properties))),
        )
    return node.properties[name]


def _differing_number(first: str, second: str) -> Optional["tuple[int, int]"]:
    """Where the number is that differs between two names: the last one that does."""
    ours, theirs = list(_NUMBER.finditer(first)), list(_NUMBER.finditer(second))
    if len(ours) != len(theirs):
        return None
    differing = [one.span() for one, other in zip(ours, theirs) if one.group() != other.group()]
    return differing[-1] if differing else None
