"""A host that keeps what it is given, for panels that need one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator

from roto_panel.host import Host, Prompts, PromptsChanged
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef

NO_FILES = "a node that is no Read"


class DeskHost(Host):
    """A host that keeps what it is given, and minds that it is spoken to on its main thread."""

    shape_format = "nk"

    def __init__(self, pattern: str, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._pattern = pattern
        self._deliver = deliver
        self._home = threading.get_ident()
        self.shown_frame = 1001
        self.scene: dict[str, str] = {}
        self.undo: list[dict[str, str]] = []
        self.waiting: list[Callable[[], None]] = []
        self.prompts: Prompts = {}
        self.rendered = ""
        self.rendered_range: tuple[int | None, int | None] = (None, None)
        self.render_fails_at = 0
        self.is_closed = False
        self.kept: dict[str, str] = {}

    def plate(self) -> PlateRef:
        self._mind()
        if self._pattern == NO_FILES:
            raise InputError("That is no Read.", "Render it.")
        if not self._pattern:
            raise InputError("Nothing is selected.", "Select a Read node.")
        return PlateRef(self._pattern)

    def plate_name(self) -> str:
        self._mind()
        return self._pattern

    def frame(self) -> int:
        self._mind()
        return self.shown_frame

    def go_to(self, frame: int) -> None:
        self._mind()
        self.shown_frame = frame

    def deliver(self, callback: Callable[[], None]) -> None:
        self._deliver(callback)

    def later(self, callback: Callable[[], None], seconds: float = 0.0) -> None:
        """Nothing happens by itself: a test runs what waits."""
        self._mind()
        self.waiting.append(callback)

    def run_waiting(self) -> None:
        """What the host would run when it is idle."""
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()

    def can_render(self) -> bool:
        return self._pattern == NO_FILES

    def render(self, first: int | None = None, last: int | None = None) -> Generator[tuple[int, int], None, None]:
        self._mind()
        if not self._pattern:
            raise InputError("Nothing is selected.", "Select a Read node.")
        self.rendered_range = (first, last)
        return self._rendering()

    def _rendering(self) -> Generator[tuple[int, int], None, None]:
        for done in range(1, 4):
            if done == self.render_fails_at:
                raise InputError("A frame cannot be rendered.", "Look at it.")
            yield done, 3
        self._pattern = self.rendered

    def targets(self) -> tuple[str, ...]:
        self._mind()
        return tuple(self.scene)

    def shapes_of(self, target: str) -> str:
        self._mind()
        if target not in self.scene:
            raise InputError(f"There is no {target} any more.", "Choose another.")
        return self.scene[target]

    def commit(self, shapes: str, target: str = "") -> str:
        self._mind()
        target = target or f"Roto{len(self.scene) + 1}"
        self.undo.append(dict(self.scene))
        self.scene[target] = shapes
        return target

    def update(self, shapes: str, target: str) -> str:
        self._mind()
        self.shapes_of(target)
        self.scene[target] = shapes
        return target

    def chosen_shapes(self) -> str:
        self._mind()
        return self.shapes_of(next(iter(self.scene), "node"))

    def chosen_prompts(self) -> Prompts:
        self._mind()
        if not self.prompts:
            raise InputError("Nothing says prompts.", "Select a tracker.")
        return self.prompts

    def watch_prompts(self, changed: PromptsChanged) -> None:
        self.moved = changed

    def watch_scene(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        self.frame_changed, self.scene_closed = frame_changed, closed

    def close(self) -> None:
        self.is_closed = True

    def saved(self) -> dict[str, str]:
        self._mind()
        return dict(self.kept)

    def save(self, name: str, text: str) -> None:
        self._mind()
        self.kept[name] = text

    def _mind(self) -> None:
        assert threading.get_ident() == self._home, "a host's API is for its main thread alone"
