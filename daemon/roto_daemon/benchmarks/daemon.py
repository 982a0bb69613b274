"""What the daemon costs over the bare engine call, to start, and in memory over a long track; what reading ahead saves.

Every figure is measured on a daemon process of the benchmark's own, in a temporary folder, beside the bare call in the
same run. Machines are shared and noisy: figures are medians, to be read and not to be tested.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Prompt
from roto_daemon.backends.table import load
from roto_daemon.plates import ReadAhead, open_masks, open_plate
from roto_daemon.settings import load_settings
from roto_daemon.weights.store import WeightStore
from roto_shared.client import DaemonClient
from roto_shared.discovery import connect
from roto_shared.errors import DaemonError, InputError
from roto_shared.protocol.messages import (
    CurveSettings,
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
SHORT_TRACK, LONG_TRACK = 100, 1000
CLIP_WIDTH, CLIP_HEIGHT = 640, 360


@dataclass(frozen=True)
class Figure:
    """One measured value; ``must`` is the bound that it should not pass, if there is one."""

    name: str
    value: float
    unit: str
    must: float | None = None


def measure_daemon(data: Path, say: Say) -> list[Figure]:
    """All figures; ``data`` holds DAVIS-like sequences. Raises InputError where it does not, MissingWeightsError …"""
    with tempfile.TemporaryDirectory(prefix="roto-bench-") as name:
        folder = Path(name)
        figures = [measure_help()]
        say("Clicks through the daemon against the bare engine …")
        for height, must_ms in ((480, 30.0), (1080, 80.0)):
            figures += measure_overhead(data, folder / str(height), height, must_ms)
        say(f"Memory over a track of {LONG_TRACK} frames …")
        figures += measure_long_track(folder / "long")
    return figures


def measure_help() -> Figure:
    """Seconds that ``roto --help`` takes."""
    return Figure("roto --help", median(_time(_run_help) for _ in range(HELP_RUNS)), "s", 0.4)


def measure_overhead(data: Path, folder: Path, height: int, must_ms: float) -> list[Figure]:
    """Click → shapes on fresh frames, through the daemon and by the bare engine in turns; the paired difference, ms."""
    frames, prompt = _clicked_clip(data, folder / "plate", height)
    engine = load("embedded", WeightStore(load_settings().weights_dir))
    bare, through = [], []
    with own_daemon(folder) as (client, hello_s):
        opened = client.ask(OpenSession(PlateRef(str(folder / "plate")), "embedded"))
        for frame, image in frames:
            ask = Segment(opened.session, frame, (prompt,), CurveSettings())
            bare.append(_time(lambda: engine.embed(image).segment(Prompt(positive=prompt.positive))))  # noqa: B023
            through.append(_time(lambda: client.ask(ask)))  # noqa: B023
    costs = [(b - a) * 1000 for a, b in zip(bare[1:], through[1:], strict=True)]  # the first one loads the networks
    return [
        Figure("hello after start", hello_s, "s", 1.5),
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
        seconds = _time(lambda: client.ask(Track(opened.session)))
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
        cv2.circle(image, (round(x), round(y)), 40, (0, 0, 255), -1)
        if not cv2.imwrite(str(folder / f"disc.{frame:04}.png"), image):
            raise InputError(f"{folder} cannot be written.", "Free some space.")


@contextmanager
def own_daemon(folder: Path) -> Iterator[tuple[DaemonClient, float]]:
    """A daemon with its runtime and state below ``folder``, and the seconds from its start to its first answer."""
    runtime = folder / "run"
    environment = {**os.environ, "ROTO_RUNTIME_DIR": str(runtime), "ROTO_STATE_DIR": str(folder / "state")}
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
    sequence = next(
        (path for path in sorted(data.iterdir()) if (path / "frames").is_dir() and (path / "gt").is_dir()), None
    )
    if sequence is None:
        raise InputError(f"{data} has no sequence with the folders “frames” and “gt”.", "Give DAVIS-like data.")
    folder.mkdir(parents=True)
    plate = open_plate(str(sequence / "frames"))
    scale = height / plate.height
    frames = []
    for frame in plate.frames[:CLICKED_FRAMES]:
        image = cv2.resize(plate.read(frame), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"plate.{frame:04}.png"), image[..., ::-1])
        frames.append((frame, image))
    return frames, ObjectPrompt("object", (_click_on(sequence / "gt", scale),))


def _click_on(masks: Path, scale: float) -> tuple[float, float]:
    """The point of the first true mask that is farthest from its edge."""
    with open_masks(masks) as truth:
        mask = truth.read(truth.frames[0])
    depth = cv2.distanceTransform((mask > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return (float(x) + 0.5) * scale, (float(y) + 0.5) * scale


def _disc_centre(frame: int) -> tuple[float, float]:
    turn = frame / 40
    return CLIP_WIDTH / 2 + 200 * np.cos(turn), CLIP_HEIGHT / 2 + 100 * np.sin(turn)


def _run_help() -> None:
    subprocess.run([sys.executable, "-m", "roto_seg", "--help"], stdout=subprocess.DEVNULL, check=True)


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
