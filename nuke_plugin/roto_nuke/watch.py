"""What happens in Nuke that the panel must follow: another frame, and a script that goes."""

from typing import Callable

import nuke


class SceneWatch:
    """Calls back on Nuke's main thread until it is closed."""

    def __init__(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        self._frame_changed = frame_changed
        self._closed = closed
        self._frame = int(nuke.frame())
        nuke.addUpdateUI(self._look)
        nuke.addOnScriptClose(self._close_scene)

    def close(self) -> None:
        """Call back no more."""
        nuke.removeUpdateUI(self._look)
        nuke.removeOnScriptClose(self._close_scene)

    def _look(self) -> None:
        """Nuke calls this often, after anything was done; a frame that is the same costs nothing."""
        frame = int(nuke.frame())
        if frame != self._frame:
            self._frame = frame
            self._frame_changed(frame)

    def _close_scene(self) -> None:
        self._closed()
