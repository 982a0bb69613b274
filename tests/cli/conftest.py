"""The command line as a user runs it, in folders of the test's own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner, Result

from roto_seg.program import app
from roto_shared import discovery
from roto_shared.protocol.messages import Shutdown

WIDTH, HEIGHT, RADIUS_PX = 128, 96, 14
FIRST, LAST = 1001, 1012

Run = Callable[..., Result]
RunProcess = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Clip:
    """PNG frames 1001 to 1012 of a red disc that moves right over grey, and true masks of it."""

    folder: Path

    @property
    def plate(self) -> str:
        return str(self.folder / "plate" / "disc.####.png")

    @property
    def masks(self) -> str:
        return str(self.folder / "masks" / "mask.####.png")

    def image(self, frame: int) -> Path:
        return self.folder / "plate" / f"disc.{frame}.png"

    def mask(self, frame: int) -> Path:
        return self.folder / "masks" / f"mask.{frame}.png"

    def centre(self, frame: int) -> tuple[float, float]:
        return (30.0 + 5 * (frame - FIRST), 40.0)

    def click(self, frame: int) -> str:
        x, y = self.centre(frame)
        return f"{x:g},{y:g}"

    def truth(self, frame: int) -> np.ndarray:
        x, y = self.centre(frame)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
        return np.hypot(columns - x, rows - y) <= RADIUS_PX


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    clip = Clip(tmp_path_factory.mktemp("clip"))
    clip.image(FIRST).parent.mkdir()
    clip.mask(FIRST).parent.mkdir()
    for frame in range(FIRST, LAST + 1):
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        image[clip.truth(frame)] = (0, 0, 255)
        assert cv2.imwrite(str(clip.image(frame)), image)
        assert cv2.imwrite(str(clip.mask(frame)), clip.truth(frame).astype(np.uint8) * 255)
    return clip


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that roto writes goes below ``tmp_path``; the current folder is ``tmp_path/work``."""
    for name in ("RUNTIME", "STATE", "WEIGHTS"):
        monkeypatch.setenv(f"ROTO_{name}_DIR", str(tmp_path / name.lower()))
    (tmp_path / "daemon.toml").touch()
    monkeypatch.setenv("ROTO_SETTINGS", str(tmp_path / "daemon.toml"))
    monkeypatch.setenv("ROTO_ENGINE", "disc")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def roto() -> Run:
    """The command line in this process: quick."""
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def roto_process() -> RunProcess:
    """The command line as a process of its own: the real thing."""

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "roto_seg", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, env=dict(os.environ)
        )

    return run


@pytest.fixture
def anothers_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder is another user's: the system's own, or for root one that is given away."""
    folder = Path("/")
    if os.getuid() == 0:
        folder = tmp_path / "another's"
        folder.mkdir()
        os.chown(folder, 1, -1)
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def stop_daemon_after() -> Iterator[None]:
    """Stops the daemon that the test's commands started."""
    yield
    client = discovery.connect()
    if client is not None:
        client.ask(Shutdown())
        client.close()
