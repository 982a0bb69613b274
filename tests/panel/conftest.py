"""A real daemon over a real socket, and a clip whose truth is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
from main_thread import MainThread

from roto_daemon.app import Daemon
from roto_daemon.rpc.server import Server
from roto_daemon.settings import DaemonSettings
from roto_panel.errands import Errands
from roto_shared.client import DaemonClient
from roto_shared.transport.zmq import ZmqTransport

WIDTH, HEIGHT, RADIUS_PX = 97, 63, 12
FIRST, LAST = 1001, 1024


@dataclass(frozen=True)
class Clip:
    """Frames 1001 to 1024 of a red disc that moves right over grey."""

    folder: Path

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


@dataclass
class RunningDaemon:
    """A daemon that serves on a thread; ``stop`` ends it, ``connect`` gives a new client."""

    daemon: Daemon
    server: Server
    thread: Thread

    def connect(self) -> DaemonClient:
        return DaemonClient(ZmqTransport(self.server.endpoint), "secret")

    def stop(self) -> None:
        self.server.stop()
        self.thread.join()
        self.daemon.close()
        self.server.close()


def run_daemon(tmp_path: Path) -> RunningDaemon:
    settings = DaemonSettings(
        runtime_dir=tmp_path / "run", state_dir=tmp_path / "state", weights_dir=tmp_path / "weights", engine="disc"
    )
    daemon = Daemon(settings, "secret")
    server = Server(daemon.desk, daemon.house.drop_client)
    thread = Thread(target=server.serve, args=(daemon.rest,))
    thread.start()
    return RunningDaemon(daemon, server, thread)


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
