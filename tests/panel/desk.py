"""A panel at work without a screen: its presenter, its host, and all that was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from desk_host import DeskHost

from roto_panel.presenter import Presenter
from roto_panel.state import PanelState


class Desk:
    """A panel at work: ``shown`` are all its states; ``until`` lets the main thread run."""

    def __init__(self, presenter: Presenter, host: DeskHost, shown: list[PanelState], main_thread: Any) -> None:
        self.presenter = presenter
        self.host = host
        self.shown = shown
        self._main_thread = main_thread

    def until(self, is_so: Callable[[PanelState], bool]) -> PanelState:
        self._main_thread.until(lambda: is_so(self.presenter.state) or self.presenter.state.trouble is not None)
        return self.presenter.state

    def mask(self, name: str) -> np.ndarray:
        coded = self.presenter.state.masks[name].data
        return cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_UNCHANGED) >= 128
