"""A killed daemon and Ctrl-C in the middle of a track: said plainly, and the same command goes on."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_shared.discovery import read_connection, runtime_folder

FRAMES = 160
ENOUGH = 5

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="a terminal, kill and interrupt as POSIX has them"),
    pytest.mark.usefixtures("stop_daemon_after"),
]


def command(plate: Path, *arguments: str, point: str = "150,100") -> list[str]:
    asked = ["track", str(plate), "--frame", "1", "--point", point, "--out", "out", "--format", "png", "--json"]
    return [sys.executable, "-m", "roto_seg", *asked, *arguments]


def go_on(plate: Path, *arguments: str) -> dict:
    finished = subprocess.run(command(plate, *arguments), capture_output=True, text=True, timeout=120, check=True)
    return json.loads(finished.stdout)


class Tracking:
    """The command with its stderr on a terminal, so that its progress bar can be read."""

    def __init__(self, plate: Path, *arguments: str) -> None:
        self._screen, terminal = os.openpty()
        self._shown = ""
        self.process = subprocess.Popen(
            command(plate, *arguments),
            stdout=subprocess.PIPE,
            stderr=terminal,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", "NO_COLOR": "1"},
        )
        os.close(terminal)

    def wait_until_some_are_done(self) -> None:
        while max((int(done) for done in re.findall(r"(\d+)/\d+", self._shown)), default=0) < ENOUGH:
            assert self._read_on(), self._shown[-300:]

    def finish(self) -> tuple[dict, str]:
        """What it told programs and what the screen showed."""
        while self._read_on():
            pass
        os.close(self._screen)
        told, _ = self.process.communicate(timeout=60)
        return json.loads(told), self._shown.replace("\r\n", "\n")

    def _read_on(self) -> bool:
        try:
            text = os.read(self._screen, 65536)
        except OSError:  # the way a terminal says that its other end is closed
            return False
        self._shown += text.decode(errors="replace")
        return bool(text)


@pytest.fixture(scope="module")
def long_plate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Frames that take long enough to be interrupted; all the same picture."""
    return frames_in(tmp_path_factory.mktemp("long"), FRAMES)


def frames_in(folder: Path, count: int) -> Path:
    image = np.full((270, 480, 3), 128, np.uint8)
    cv2.circle(image, (150, 100), 40, (0, 0, 255), -1)
    assert cv2.imwrite(str(folder / "p.0001.png"), image)
    for frame in range(2, count + 1):
        os.link(folder / "p.0001.png", folder / f"p.{frame:04}.png")
    return folder


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Whoever runs the tests in the background has Ctrl-C ignored by all that is started from here."""
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, ignored)


@pytest.fixture
def tracking(long_plate: Path, heeds_ctrl_c: None) -> Iterator[Callable[..., Tracking]]:
    """Starts the command and answers once its progress bar shows some frames."""
    running: list[Tracking] = []

    def start(*arguments: str, plate: Path = long_plate) -> Tracking:
        running.append(Tracking(plate, *arguments))
        running[-1].wait_until_some_are_done()
        return running[-1]

    yield start
    for tracking in running:
        tracking.process.kill()
        tracking.process.communicate()


def test_a_killed_daemon_is_told_and_the_same_command_resumes(tracking, long_plate):
    running = tracking()
    connection = read_connection(runtime_folder())
    assert connection is not None
    os.kill(connection.pid, signal.SIGKILL)
    told, shown = running.finish()
    assert running.process.returncode == 5
    assert told["error"]["code"] == "daemon"
    assert "The daemon is gone; every finished frame is stored. Run the same command again to go on." in shown
    assert "Traceback" not in shown
    resumed = go_on(long_plate)
    assert ENOUGH <= resumed["stored_before"] < resumed["frames"] == FRAMES - 1


def test_a_stopped_daemon_is_told_and_not_taken_for_ctrl_c(tracking):
    running = tracking()
    stop = [sys.executable, "-m", "roto_seg", "daemon", "stop"]
    subprocess.run(stop, capture_output=True, timeout=60, check=True)
    told, shown = running.finish()
    assert running.process.returncode == 5
    assert told["error"]["code"] == "daemon"
    assert "The daemon was stopped; what is done is kept. Run the same command again." in shown


@pytest.mark.parametrize("where", [[], ["--in-process"]], ids=["daemon", "in-process"])
def test_ctrl_c_writes_what_there_is_and_the_same_command_goes_on(tracking, long_plate, where):
    running = tracking(*where)
    running.process.send_signal(signal.SIGINT)
    told, shown = running.finish()
    assert running.process.returncode == 130, shown[-300:]
    assert "Traceback" not in shown
    assert told["interrupted"]
    written = len(list(Path("out/object").glob("mask.*.png")))
    assert ENOUGH <= told["frames"] <= written < FRAMES
    assert told["frames"] <= go_on(long_plate, *where)["stored_before"] < FRAMES - 1
    assert len(list(Path("out/object").glob("mask.*.png"))) == FRAMES


def test_a_second_command_for_the_same_folder_is_refused_and_changes_nothing(tracking, tmp_path):
    plate = frames_in(tmp_path, 10 * FRAMES)  # however long the second command takes to start, the first goes on
    running = tracking(plate=plate)
    other = command(plate, point="400,200")
    second = subprocess.run(other, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 5
    assert json.loads(second.stdout)["error"]["code"] == "busy"
    running.process.send_signal(signal.SIGINT)
    running.finish()
    first = cv2.imread("out/object/mask.0001.png", cv2.IMREAD_UNCHANGED)
    assert (first == cv2.imread("out/object/mask.0002.png", cv2.IMREAD_UNCHANGED)).all()
