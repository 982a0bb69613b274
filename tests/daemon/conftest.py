"""A clip whose truth is known exactly, and daemons of the tests' own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from disc_work import DISC, open_session
from host_texts import DENSE

from roto_daemon.app import Daemon
from roto_daemon.settings import DaemonSettings
from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.shapes import ShapeDocument
from roto_shared.transport.memory import MemoryTransport

WIDTH, HEIGHT, RADIUS_PX = 97, 63, 12
FIRST, LAST = 1001, 1012


@dataclass(frozen=True)
class DiscClip:
    """PNG frames 1001 to 1012 of a red disc that moves right over grey, with a blue square standing still."""

    folder: Path

    @property
    def pattern(self) -> str:
        return str(self.folder / "disc.####.png")

    def centre(self, frame: int) -> tuple[float, float]:
        return (20.0 + 4 * (frame - FIRST), 30.0)

    def truth(self, frame: int) -> np.ndarray:
        x, y = self.centre(frame)
        rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
        return (np.hypot(columns - x, rows - y) <= RADIUS_PX).astype(np.float32)

    def path(self, frame: int) -> Path:
        return self.folder / f"disc.{frame}.png"


@pytest.fixture
def disc_clip(tmp_path: Path) -> DiscClip:
    clip = DiscClip(tmp_path / "plate")
    clip.folder.mkdir()
    for frame in range(FIRST, LAST + 1):
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        image[50:58, 5:13] = (255, 0, 0)
        image[clip.truth(frame) > 0] = (0, 0, 255)
        assert cv2.imwrite(str(clip.path(frame)), image)
    return clip


@pytest.fixture
def settings(tmp_path: Path) -> DaemonSettings:
    return DaemonSettings(
        runtime_dir=tmp_path / "run", state_dir=tmp_path / "state", weights_dir=tmp_path / "weights", engine="disc"
    )


@pytest.fixture
def daemon(settings: DaemonSettings) -> Iterator[Daemon]:
    daemon = Daemon(settings)
    yield daemon
    daemon.close()


@pytest.fixture
def client(daemon: Daemon) -> DaemonClient:
    return DaemonClient(MemoryTransport(daemon.desk.receive))


@pytest.fixture
def prompted(client: DaemonClient, disc_clip: DiscClip) -> str:
    """A session in which the disc is clicked on the first frame."""
    name = open_session(client, disc_clip).session
    client.ask(messages.Segment(name, 1001, (DISC,)))
    return name


@pytest.fixture
def session(client: DaemonClient, prompted: str) -> str:
    """A session in which the disc is clicked on the first frame and tracked through all."""
    client.ask(messages.Track(prompted))
    return prompted


@pytest.fixture
def two(client, session) -> str:
    """The session with a second object, ``square``."""
    client.ask(messages.Segment(session, 1001, (messages.ObjectPrompt("square", ((8.5, 54.5),)),)))
    client.ask(messages.Track(session))
    return session


@pytest.fixture
def given(client: DaemonClient, session: str) -> ShapeDocument:
    """Shapes of the session with many keys, as a host may have them."""
    return client.ask(messages.Fit(session, settings=DENSE)).document
