"""What the daemon costs over the bare engine call, to start, and in memory over a long track; what reading ahead saves.

Every figure is measured on a daemon process of the benchmark's own, in a temporary folder, beside the bare call in the
same run. Machines are shared and noisy: figures are medians, to be read and not to be tested.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Prompt
from roto_daemon.backends.table import Place, load
from roto_daemon.benchmarks.engine import find_sequences, next_click
from roto_daemon.plates import ReadAhead, open_plate
from roto_daemon.settings import load_settings
from roto_daemon.weights.store import WeightStore
from roto_shared.client import DaemonClient
from roto_shared.discovery import connect
from roto_shared.errors import DaemonError, InputError, StorageError
from roto_shared.protocol.messages import (
    CurveSettings,
    FrameQuery,
    ObjectPrompt,
    OpenSession,
    PlateRef,
    Segment,
    StatusQuery,
    Track,
)

Say = Callable[[str], None]

START_TIMEOUT_S = 30.0
CLICKED_FRAMES = 9
HELP_RUNS = 7
START_RUNS = 3
SHORT_TRACK, LONG_TRACK = 100, 1000
AHEAD_FRAMES = 24
CLIP_WIDTH, CLIP_HEIGHT = 640, 360


@dataclass(frozen=True)
class Figure:
    """One measured value; ``must`` is the bound that it should not pass, if there is one."""

    name: str
    value: float
    unit: str
    must: float | None = None

    def __str__(self) -> str:
        bound = "" if self.must is None else f"  (must: at most {self.must:g})"
        return f"{self.name:46} {self.value:8.2f} {self.unit}{bound}"


def measure_daemon(data: Path, say: Say) -> list[Figure]:
    """All figures; ``data`` holds DAVIS-like sequences. Raises InputError where it does not, MissingWeightsError …"""
    with tempfile.TemporaryDirectory(prefix="roto-bench-") as name:
        folder = Path(name)
        figures = [measure_help(), measure_start(folder / "start"), *measure_read_ahead(folder / "ahead")]
        say("Clicks through the daemon against the bare engine …")
        for height, must_ms in ((480, 30.0), (1080, 80.0)):
            figures += measure_overhead(data, folder / str(height), height, must_ms)
        say(f"Memory over a track of {LONG_TRACK} frames …")
        figures += measure_long_track(folder / "long")
    return figures


def measure_help() -> Figure:
    """Seconds that ``roto --help`` takes."""
    return Figure("roto --help", median(time_of(_run_help) for _ in range(HELP_RUNS)), "s", 0.4)


def measure_start(folder: Path) -> Figure:
    """Seconds from a daemon's start to its answer to ``hello``."""
    seconds = []
    for run in range(START_RUNS):
        with own_daemon(folder / str(run)) as (_, hello_s):
            seconds.append(hello_s)
    return Figure("hello after start", median(seconds), "s", 1.5)


def measure_overhead(data: Path, folder: Path, height: int, must_ms: float) -> list[Figure]:
    """Click → shapes on fresh frames, through the daemon and by the bare engine in turns; the paired difference, ms."""
    frames, prompt = _clicked_clip(data, folder / "plate", height)
    engine = load("embedded", Place(WeightStore(load_settings().weights_dir)))
    bare, through = [], []
    with own_daemon(folder) as (client, _):
        opened = client.ask(OpenSession(PlateRef(str(folder / "plate")), "embedded"))
        for frame, image in frames:
            ask = Segment(opened.session, frame, (prompt,), CurveSettings())
            client.ask(FrameQuery(opened.session, frame))  # an artist sees a frame before clicking on it
            bare.append(time_of(lambda: engine.embed(image).segment(Prompt(positive=prompt.positive))))  # noqa: B023
            through.append(time_of(lambda: client.ask(ask)))  # noqa: B023
    costs = [(b - a) * 1000 for a, b in zip(bare[1:], through[1:], strict=True)]  # the first one loads the networks
    return [
        Figure(f"{height}p: bare engine call", median(bare[1:]) * 1000, "ms"),
        Figure(f"{height}p: click to shapes over it", median(costs), "ms", must_ms),
    ]


def measure_long_track(folder: Path) -> list[Figure]:
    """Memory of the daemon after a long track against a short one, and the rate, with the ``disc`` engine."""
    write_disc_clip(folder / "plate", LONG_TRACK)
    with own_daemon(folder) as (client, _):
        opened = client.ask(OpenSession(PlateRef(str(folder / "plate")), "disc"))
        client.ask(Segment(opened.session, 1, (ObjectPrompt("disc", (_disc_centre(1),)),)))
        client.ask(Track(opened.session, last=SHORT_TRACK))
        short = client.ask(StatusQuery()).memory_mb
        seconds = time_of(lambda: client.ask(Track(opened.session)))
        long = client.ask(StatusQuery()).memory_mb
    return [
        Figure(f"memory after {SHORT_TRACK} frames", short, "MB"),
        Figure(f"memory after {LONG_TRACK} frames against {SHORT_TRACK}", long / short, "×", 1.1),
        Figure("disc track at 360p", (LONG_TRACK - SHORT_TRACK) / seconds, "frames/s"),
    ]


def write_disc_clip(folder: Path, count: int) -> None:
    """PNG frames 1 to ``count`` of a red disc that wanders over a grey ramp."""
    folder.mkdir(parents=True)
    ramp = np.repeat(np.linspace(60, 180, CLIP_WIDTH).astype(np.uint8)[None, :, None], CLIP_HEIGHT, axis=0)
    for frame in range(1, count + 1):
        image = np.repeat(ramp, 3, axis=2)
        x, y = _disc_centre(frame)
        cv2.circle(image, (round(x), round(y)), 40, (255, 0, 0), -1)
        write_picture(folder / f"disc.{frame:04}.png", image)


def measure_read_ahead(folder: Path) -> list[Figure]:
    """Seconds for reading a 1080p plate and working on it, with reading ahead and without, as a ratio.

    The work leaves the interpreter as an engine's does, and takes as long as the reading.
    """
    _write_plate(folder)
    with open_plate(folder) as plate:
        reading = time_of(lambda: [plate.read(frame) for frame in plate.frames]) / len(plate.frames)
        plain = time_of(lambda: [(plate.read(frame), time.sleep(reading)) for frame in plate.frames])
        with ReadAhead(plate.read, plate.frames) as ahead:
            overlapped = time_of(lambda: [(ahead.read(frame), time.sleep(reading)) for frame in plate.frames])
    return [
        Figure("1080p PNG: reading a frame", reading * 1000, "ms"),
        Figure("read ahead while computing, against in turns", overlapped / plain, "×"),
    ]


def _write_plate(folder: Path) -> None:
    folder.mkdir(parents=True)
    noise = np.random.default_rng(1).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 8), np.uint8)
    for frame in range(1, AHEAD_FRAMES + 1):
        write_picture(folder / f"plate.{frame:04}.png", np.roll(soft, frame, axis=1))


@contextmanager
def own_daemon(folder: Path, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[tuple[DaemonClient, float]]:
    """A daemon with its runtime and state below ``folder``, and the seconds from its start to its first answer.

    ``more`` are environment variables that it gets as well.
    """
    runtime = folder / "run"
    environment = {**os.environ, "ROTO_RUNTIME_DIR": str(runtime), "ROTO_STATE_DIR": str(folder / "state"), **more}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "roto_daemon"], env=environment)
    try:
        with closing(_greet(runtime, process)) as client:
            yield client, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(START_TIMEOUT_S)


def _greet(runtime: Path, process: "subprocess.Popen[bytes]") -> DaemonClient:
    deadline = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        client = connect(runtime, "roto bench")
        if client is not None:
            return client
        time.sleep(0.005)  # the connection file appears when the daemon is ready
    raise DaemonError("The benchmark's daemon did not start.", "Run `roto daemon start --foreground` to see why.")


def _clicked_clip(data: Path, folder: Path, height: int) -> tuple[list[tuple[int, Image]], ObjectPrompt]:
    """The first frames of a sequence at ``height`` px as PNG files in ``folder``, and a click on their object."""
    sequence = find_sequences(data)[0]
    truth = sequence.load(0)[1]
    scale = height / truth.shape[0]
    first = next_click(np.zeros_like(truth), truth)
    if first is None:
        raise InputError(
            f"The first true mask of {sequence.name} is empty.", "Start from a frame that shows the object."
        )
    folder.mkdir(parents=True)
    frames = []
    for index in range(min(CLICKED_FRAMES, len(sequence.frames))):
        image = cv2.resize(sequence.load(index)[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        frames.append((index, np.asarray(image, np.uint8)))
        write_picture(folder / f"plate.{index:04}.png", frames[-1][1])
    (x, y), _ = first
    return frames, ObjectPrompt("object", ((x * scale, y * scale),))


def write_picture(path: Path, image: Image) -> None:
    """Write an RGB picture. Raises StorageError."""
    if not cv2.imwrite(str(path), image[..., ::-1]):
        raise StorageError(f"{path} cannot be written.", "Free some space.")


def _disc_centre(frame: int) -> tuple[float, float]:
    turn = frame / 40
    return CLIP_WIDTH / 2 + 200 * np.cos(turn), CLIP_HEIGHT / 2 + 100 * np.sin(turn)


def _run_help() -> None:
    subprocess.run([sys.executable, "-m", "roto_seg", "--help"], stdout=subprocess.DEVNULL, check=True)


def time_of(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
