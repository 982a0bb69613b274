"""Silhouette as the panel sees it."""

from typing import Any, Callable, Dict, Generator, Optional, Tuple

import fx
import hook

from roto_panel.host import Host, Prompts, PromptsChanged
from roto_panel.paths import PathTable
from roto_panel.widgets.main_thread import MainThread, run_later
from roto_shared.errors import InputError
from roto_shared.protocol.data import HostClock, PlateRef
from roto_silhouette.keeping import keep_text, kept_texts
from roto_silhouette.plate import active_session, plate_of, session_plate, source_files
from roto_silhouette.prompt_layer import PromptHandles, PromptWatch
from roto_silhouette.render import Renders, node_to_render
from roto_silhouette.scene import ShapePlacer, chosen_shapes, find_node, roto_nodes, shapes_of

LOOK_S = 0.2
"""Silhouette is not known to tell of another frame [?], so it is asked this often."""


class SilhouetteHost(Host):
    """Silhouette. ``frame_offset`` is added to the frames of its shape files, should they be found to land wrong."""

    scene = "session"
    shape_format = "fxs"
    interpolation = "linear"

    def __init__(self, paths: Optional[PathTable] = None, frame_offset: int = 0) -> None:
        self.paths = paths or PathTable()
        self._frame_offset = frame_offset
        self._placer = ShapePlacer(frame_offset)
        self._renders = Renders()
        self._handles = PromptHandles()
        self._prompt_watch = PromptWatch(self._handles)
        self._main_thread = MainThread()
        self._is_watching = False
        self._frame: Optional[int] = None
        self._session: Any = None
        self._tell_closed: Callable[[], None] = lambda: None

    def clock(self) -> HostClock:
        return HostClock(int(active_session().startFrame), self._frame_offset)

    def plate(self) -> PlateRef:
        self._leave_session()
        session = active_session()
        rendered = self._renders.plate(session)
        plate = session_plate(self.paths) if rendered is None else plate_of(*rendered, self.paths)
        self._session = session
        return plate

    def plate_name(self) -> str:
        try:
            return source_files()
        except InputError:
            return str(getattr(node_to_render(), "label", ""))  # without a source it is rendered, each time elsewhere

    def work_range(self) -> Tuple[Optional[int], Optional[int]]:
        first, last = active_session().workRange
        return (int(first), int(last))

    def can_render(self) -> bool:
        return fx.activeSession() is not None and node_to_render() is not None

    def render(self, first: Optional[int] = None, last: Optional[int] = None) -> Generator[Tuple[int, int], None, None]:
        return self._renders.render(first, last)

    def frame(self) -> int:
        return int(active_session().startFrame + fx.player.frame)

    def go_to(self, frame: int) -> None:
        fx.player.frame = frame - active_session().startFrame

    def deliver(self, callback: Callable[[], None]) -> None:
        self._main_thread.deliver(callback)

    def later(self, callback: Callable[[], None], seconds: float = 0.0) -> None:
        run_later(callback, seconds)

    def targets(self) -> Tuple[str, ...]:
        return tuple(str(node.label) for node in roto_nodes())

    def shapes_of(self, target: str) -> str:
        self._check_session()
        return shapes_of(find_node(target))

    def commit(self, shapes: str, target: str = "") -> str:
        self._check_session()
        return self._placer.put(shapes, target)

    def update(self, shapes: str, target: str) -> str:
        return self.commit(shapes, target)  # no way to leave undo out is known [?]: each is a step of its own

    def chosen_shapes(self) -> str:
        return chosen_shapes()

    def chosen_prompts(self) -> Prompts:
        return self._handles.of_selection(fx.selection())

    def watch_prompts(self, changed: PromptsChanged) -> None:
        self._prompt_watch.watch(changed)

    def watch_scene(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        self._is_watching, self._tell_closed = True, closed
        hook.add("post_load", lambda *_: self._is_watching and self._close_session())
        self._look(frame_changed)

    def saved(self) -> Dict[str, str]:
        return kept_texts()

    def save(self, name: str, text: str) -> None:
        self._check_session()
        keep_text(name, text)

    def close(self) -> None:
        self._is_watching = False
        self._prompt_watch.close()
        self._renders.close()

    def _look(self, frame_changed: Callable[[int], None]) -> None:
        if not self._is_watching:
            return
        try:
            self._look_once(frame_changed)
        finally:  # what is amiss once must not end all looking
            run_later(lambda: self._look(frame_changed), LOOK_S)

    def _look_once(self, frame_changed: Callable[[int], None]) -> None:
        if fx.activeSession() is None:
            return
        self._leave_session()
        frame = self.frame()
        if self._frame not in (None, frame):
            frame_changed(frame)
        self._frame = frame
        self._prompt_watch.look()

    @property
    def _is_elsewhere(self) -> bool:
        """Whether another session is worked on than the open plate's. Raises InputError without one."""
        return self._session is not None and self._session != active_session()

    def _check_session(self) -> None:
        """What is of a plate goes into its own session alone. Raises InputError where that is not the active one."""
        if self._is_elsewhere:
            raise InputError("The plate of another session is open.", "Press “Open plate”.")

    def _leave_session(self) -> None:
        """The plate of a session that is not worked on any more is open no more."""
        if self._is_elsewhere:
            self._close_session()

    def _close_session(self) -> None:
        self._session = None
        self._tell_closed()
