"""A host that keeps what it is given, for panels that need one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from roto_panel.host import Host
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef


class DeskHost(Host):
    """A host that keeps what it is given, and minds that it is spoken to on its main thread."""

    shape_format = "nk"

    def __init__(self, pattern: str, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._pattern = pattern
        self._deliver = deliver
        self._home = threading.get_ident()
        self.shown_frame = 1001
        self.scene: list[str] = []
        self.kept: dict[str, str] = {}

    def plate(self) -> PlateRef:
        self._mind()
        if not self._pattern:
            raise InputError("Nothing is selected.", "Select a Read node.")
        return PlateRef(self._pattern)

    def frame(self) -> int:
        self._mind()
        return self.shown_frame

    def go_to(self, frame: int) -> None:
        self._mind()
        self.shown_frame = frame

    def deliver(self, callback: Callable[[], None]) -> None:
        self._deliver(callback)

    def commit(self, shapes: str) -> str:
        self._mind()
        self.scene.append(shapes)
        return f"Roto{len(self.scene)}"

    def saved(self) -> dict[str, str]:
        self._mind()
        return dict(self.kept)

    def save(self, name: str, text: str) -> None:
        self._mind()
        self.kept[name] = text

    def _mind(self) -> None:
        assert threading.get_ident() == self._home, "a host's API is for its main thread alone"
