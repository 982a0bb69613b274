"""The state of the one script that is open, and the thread that Nuke calls its main one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from copy import deepcopy
from typing import Any

KNOBS: dict[str, dict[str, Any]] = {
    "Read": {
        "file": "",
        "first": 1,
        "last": 1,
        "frame_mode": "expression",
        "frame": "",
        "colorspace": "default",
        "raw": False,
        "proxy": "",
    },
    "Write": {"file": "", "file_type": "exr", "raw": False, "channels": "rgb"},
    "Tracker4": {"tracks": ""},
    "Roto": {"curves": ""},
    "RotoPaint": {"curves": ""},
    "TimeOffset": {"time_offset": 0, "reverse_input": False},
    "Retime": {"speed": 1.0},
    "Grade": {"white": 1.0},
    "Dot": {},
    "Reformat": {"type": "to format"},
    "Merge2": {"operation": "over"},
    "NoOp": {},
}
"""Knobs that a node of each class has, with their defaults; every node has the common ones."""

COMMON = {"name": "", "disable": False, "label": "", "selected": False}


EMPTY_ROOT: dict[str, Any] = {
    "name": "",
    "first_frame": 1,
    "last_frame": 100,
    "proxy": False,
    "project_directory": "",
}

EVALUATED = frozenset({"file", "project_directory"})
"""Knobs whose text may hold commands."""


class Script:
    """Nodes by name: class, knob values, inputs; and the snapshots that undo goes back to."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, Any]] = {}
        self.frame = 1
        self.root: dict[str, Any] = dict(EMPTY_ROOT)
        self.undo: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.open_group: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.curves_prefix = "AddMode 0 0 0 0 "
        self.refuses_curves = False
        self.undo_is_on = True
        self.size = (1920, 1080)
        self.animated: dict[tuple[str, str], dict[int, Any]] = {}
        self.rendered_bytes = b""
        self.executed: list[tuple[str, int]] = []
        self.fails_at: int | None = None
        self.knob_changed: list[tuple[Callable[[], None], str]] = []
        self.update_ui: list[Callable[[], None]] = []
        self.on_close: list[Callable[[], None]] = []
        self.this: tuple[str, str] | None = None

    def remember(self, label: str) -> None:
        """Before a change: what undo goes back to, unless a group is open that did so already."""
        if not self.open_group and self.undo_is_on:
            self.undo.append((label, deepcopy(self.nodes), deepcopy(self.root)))


class MainThread:
    """Callbacks for the main thread wait until it is idle."""

    def __init__(self) -> None:
        self.home = threading.get_ident()
        self.waiting: queue.Queue[Callable[[], None]] = queue.Queue()

    def run_waiting(self, timeout_s: float = 0.0) -> int:
        """Run what waits; how many there were."""
        count = 0
        while True:
            try:
                callback = self.waiting.get(timeout=timeout_s) if timeout_s else self.waiting.get_nowait()
            except queue.Empty:
                return count
            callback()
            count += 1
            timeout_s = 0.0


class Windows:
    """What is on the screen: menus by name, and the script editor's lines."""

    def __init__(self) -> None:
        self.menus: dict[str, Any] = {}
        self.lines: list[str] = []
        self.plugin_path: list[str] = []


script = Script()
windows = Windows()
main = MainThread()


def start_anew() -> None:
    """An empty script, on the calling thread."""
    script.__init__()  # type: ignore[misc]
    main.__init__()  # type: ignore[misc]
    windows.__init__()  # type: ignore[misc]


def on_main_thread(what: str) -> None:
    """Raise where Nuke's API is used off the main thread: Nuke itself crashes, sooner or later."""
    if threading.get_ident() != main.home:
        raise RuntimeError(f"{what} was called off Nuke's main thread")
