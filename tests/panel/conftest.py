"""A real daemon over a real socket, and a clip whose truth is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from desk import Desk
from desk_host import DeskHost
from main_thread import MainThread

from roto_panel.errands import Errands
from roto_panel.presenter import Presenter
from roto_panel.state import PanelState
from running_daemon import RunningDaemon, run_daemon

WIDTH, HEIGHT, RADIUS_PX = 97, 63, 12
FIRST, LAST = 1001, 1024


@dataclass(frozen=True)
class Clip:
    """Frames 1001 to 1024 of a red disc that moves right over grey."""

    folder: Path
    last: int = LAST

    @property
    def pattern(self) -> str:
        return str(self.folder / "disc.####.png")

    def centre(self, frame: int) -> tuple[float, float]:
        return (20.0 + 2 * (frame - FIRST), 30.0)

    def truth(self, frame: int) -> np.ndarray:
        x, y = self.centre(frame)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
        return np.hypot(columns - x, rows - y) <= RADIUS_PX


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    clip = Clip(tmp_path / "plate")
    clip.folder.mkdir()
    for frame in range(FIRST, LAST + 1):
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        image[clip.truth(frame)] = (0, 0, 255)
        assert cv2.imwrite(str(clip.folder / f"disc.{frame}.png"), image)
    return clip


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningDaemon]:
    running = run_daemon(tmp_path)
    yield running
    if running.thread.is_alive():
        running.stop()


@pytest.fixture
def main_thread() -> MainThread:
    return MainThread()


@pytest.fixture
def errands(running: RunningDaemon, main_thread: MainThread) -> Iterator[Errands]:
    errands = Errands(running.connect, main_thread.deliver)
    yield errands
    errands.close()


@pytest.fixture
def make_desk(running, main_thread, clip):
    desks: list[Desk] = []

    def make(kept: dict[str, str] | None = None, pattern: str | None = None) -> Desk:
        host = DeskHost(clip.pattern if pattern is None else pattern, main_thread.deliver)
        host.kept = kept or {}
        shown: list[PanelState] = []
        presenter = Presenter(host, Errands(running.connect, main_thread.deliver), shown.append)
        desks.append(Desk(presenter, host, shown, main_thread))
        presenter.open()
        return desks[-1]

    yield make
    for desk in desks:
        desk.presenter.close()


@pytest.fixture
def desk(make_desk) -> Desk:
    desk = make_desk()
    desk.until(lambda state: state.picture is not None)
    return desk


@pytest.fixture
def clicked(desk, clip) -> Desk:
    desk.presenter.prompting.click(clip.centre(1001))
    desk.until(lambda state: bool(state.masks))
    return desk


@pytest.fixture
def tracked(clicked) -> Desk:
    clicked.presenter.tracking.track()
    clicked.until(
        lambda state: state.working is None and "frames" in state.told and len(state.timeline["object1"]) == 24
    )
    return clicked
