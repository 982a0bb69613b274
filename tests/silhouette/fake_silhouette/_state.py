"""What is open in the stand-in, and what undo goes back to."""

from __future__ import annotations

import threading
from typing import Any


class State:
    """Everything that is open, and what a test wants to go wrong."""

    def __init__(self) -> None:
        self.home = threading.get_ident()
        self.session: Any = None
        self.node: Any = None
        self.selection: list[Any] = []
        self.undo: list[tuple[str, list[tuple[Any, dict[str, Any]]]]] = []
        self.groups = 0
        self.actions: list[Any] = []
        self.binds: dict[str, Any] = {}
        self.refuses = False
        self.point_order = (0, 1, 2)
        self.key_interpolation = "linear"
        self.world_scale = 1.0


state = State()


def mind(what: str) -> None:
    """Raises off the main thread."""
    if threading.get_ident() != state.home:
        raise RuntimeError(f"{what} was called off Silhouette's main thread")


def remember(label: str = "") -> None:
    """Before a change: what undo goes back to, unless a group is open that did so already."""
    if state.groups == 0 and state.session is not None:
        state.undo.append((label, [(part, part._memento()) for part in state.session._parts()]))


def undo() -> str:
    """As the artist's Ctrl+Z; answers the step's name."""
    assert state.groups == 0, "undo within a group"
    label, mementos = state.undo.pop()
    for part, memento in mementos:
        part._restore(memento)
    return label
