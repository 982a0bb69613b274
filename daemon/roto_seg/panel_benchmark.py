"""What the panel costs a host: to start, in its main thread while tracking, and from a click to the overlay.

Real Qt (offscreen unless told otherwise), a real daemon in a process of its own, footage at 1080 lines; the host
is one of the benchmark's own that takes no time itself: Nuke's ``fromScript`` can only be measured in Nuke.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from roto_daemon.benchmarks.daemon import Figure, Say, own_daemon, time_of, write_picture
from roto_daemon.benchmarks.engine import find_sequences, next_click
from roto_formats.registry import document_of_text, document_text
from roto_panel.errands import Errands
from roto_panel.host import Host, Prompts, PromptsChanged
from roto_panel.presenter import Presenter
from roto_shared.discovery import connect
from roto_shared.errors import DaemonError, InputError
from roto_shared.protocol.data import CurveSettings, ObjectPrompt, PlateRef
from roto_shared.protocol.messages import OpenSession, Segment
from roto_shared.shapes import KeyedShape, Knot, Layer, Point, ShapeDocument, ShapeKey

HEIGHT = 1080
FRAMES = 24
CLICKS = 9
START_RUNS = 5
TIMEOUT_S = 600.0
SHAPES, KNOTS, KEYS = 100, 30, 40

START = """
import time; began = time.perf_counter()
from roto_panel.qt import QtWidgets
from roto_panel.widgets.panel import RotoPanel
application = QtWidgets.QApplication([]); imported = time.perf_counter()
panel = RotoPanel(); panel.resize(1300, 760); panel.show(); panel.grab(); application.processEvents()
print(imported - began, time.perf_counter() - imported)
"""


def measure_panel(data: Path, say: Say, engine: str = "embedded") -> list[Figure]:
    """All figures; ``data`` holds sequences with true masks. Raises InputError without them or without Qt."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _check_qt()
    say("Starting the panel …")
    figures = measure_start()
    say(f"Committing {SHAPES} shapes …")
    figures += measure_commit()
    with tempfile.TemporaryDirectory(prefix="roto-bench-") as name:
        say("Clicks and a track through the panel …")
        figures += measure_work(data, Path(name), engine)
    return figures


def measure_start() -> list[Figure]:
    """Seconds for a host to import the panel and Qt, and from then until the panel is drawn."""
    told = [_started() for _ in range(START_RUNS)]
    imports, draws = zip(*told, strict=True)
    return [Figure("import of the panel and Qt", median(imports), "s"), Figure("panel drawn", median(draws), "s")]


def measure_commit() -> list[Figure]:
    """What many animated shapes cost apart from Nuke's own ``fromScript``: as text, and read back from it."""
    document = many_shapes()
    text = document_text(document, ".curves")[0]
    return [
        Figure(f"{SHAPES}×{KNOTS}×{KEYS}: text for Nuke", time_of(lambda: document_text(document, ".curves")), "s"),
        Figure("its size", len(text) / 2**20, "MiB"),
        Figure("edits read back from it", time_of(lambda: document_of_text(text, ".curves")), "s"),
    ]


def measure_work(data: Path, folder: Path, engine: str) -> list[Figure]:
    """Click to overlay, and gaps between turns of the main thread while a track runs."""
    click = _make_plate(data, folder / "plate")
    with own_daemon(folder, {"ROTO_ENGINE": engine}) as (client, _):
        desk = _Desk(str(folder / "plate"), folder / "run")
        try:
            desk.open()
            opened = client.ask(OpenSession(PlateRef(str(folder / "plate")), key="bare"))
            overlays, answers = [], []
            for index in range(CLICKS):
                point = _beside(click, index)
                overlays.append(desk.click(point))
                ask = Segment(opened.session, opened.frames[0], (ObjectPrompt("object1", (point,)),), CurveSettings())
                answers.append(time_of(lambda: client.ask(ask)))  # noqa: B023
            gaps = desk.track()
        finally:
            desk.close()
    return [
        Figure(f"{HEIGHT}p: click to overlay", median(overlays[1:]) * 1000, "ms"),  # the first one loads the networks
        Figure(f"{HEIGHT}p: of that beside the daemon's answer", _median_gap(overlays, answers) * 1000, "ms"),
        Figure(f"{HEIGHT}p: longest stall while tracking", max(gaps) * 1000, "ms", 50.0),
        Figure(f"{HEIGHT}p: stall, 99 of 100", float(np.percentile(gaps, 99)) * 1000, "ms"),
    ]


def _median_gap(whole: list[float], part: list[float]) -> float:
    return median(a - b for a, b in zip(whole[1:], part[1:], strict=True))


def many_shapes() -> ShapeDocument:
    """Shapes that wobble, each key another."""

    def knot(shape: int, key: int, index: int) -> Knot:
        turn, size = index / KNOTS * 2 * np.pi, 40 + 10 * np.sin(key + index)
        x, y = float(np.cos(turn) * size), float(np.sin(turn) * size)
        return Knot(960 + shape + x, 540 + y, -y / 8, x / 8, y / 8, -x / 8)

    def keys(shape: int) -> tuple[ShapeKey, ...]:
        return tuple(ShapeKey(float(key), tuple(knot(shape, key, i) for i in range(KNOTS))) for key in range(KEYS))

    shapes = tuple(KeyedShape(f"shape {number}", keys(number)) for number in range(SHAPES))
    return ShapeDocument(1920, HEIGHT, (Layer("object1", shapes),), 0, KEYS - 1)


class _BenchHost(Host):
    """A host that takes no time itself."""

    shape_format = "curves"

    def __init__(self, plate: str, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._plate = plate
        self._deliver = deliver
        self._shown = 0
        self._kept: dict[str, str] = {}

    def plate(self) -> PlateRef:
        return PlateRef(self._plate)

    def can_render(self) -> bool:
        return False

    def render(self, first: int | None = None, last: int | None = None) -> Generator[tuple[int, int], None, None]:
        raise InputError(f"Nothing is rendered here ({first} to {last}).", "Open files.")

    def frame(self) -> int:
        return self._shown

    def go_to(self, frame: int) -> None:
        self._shown = frame

    def deliver(self, callback: Callable[[], None]) -> None:
        self._deliver(callback)

    def later(self, callback: Callable[[], None], seconds: float = 0.0) -> None:
        from roto_panel.widgets.main_thread import run_later

        run_later(callback, seconds)

    def targets(self) -> tuple[str, ...]:
        return ()

    def shapes_of(self, target: str) -> str:
        raise InputError(f"There is no {target} here.", "Commit into a new node.")

    def commit(self, shapes: str, target: str = "") -> str:
        return target or f"{len(shapes)} letters"

    def update(self, shapes: str, target: str) -> str:
        return self.commit(shapes, target)

    def chosen_shapes(self) -> str:
        return self.shapes_of("selected node")

    def chosen_prompts(self) -> Prompts:
        return {}

    def watch_prompts(self, changed: PromptsChanged) -> None:
        self._changed = changed

    def watch_scene(self, frame_changed: Callable[[int], None], closed: Callable[[], None]) -> None:
        self._frame_changed, self._closed = frame_changed, closed

    def saved(self) -> dict[str, str]:
        return dict(self._kept)

    def save(self, name: str, text: str) -> None:
        self._kept[name] = text

    def close(self) -> None:
        self._kept.clear()


class _Desk:
    """The real panel on a plate, driven as by a mouse."""

    def __init__(self, plate: str, runtime: Path) -> None:
        from roto_panel.qt import QtWidgets
        from roto_panel.widgets.main_thread import MainThread
        from roto_panel.widgets.panel import RotoPanel

        self._application: Any = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
        self._panel: Any = RotoPanel()
        self._main_thread = MainThread()  # it must live as long as what delivers to it
        host = _BenchHost(plate, self._main_thread.deliver)

        def reach() -> Any:
            client = connect(runtime, "roto bench")
            if client is None:
                raise DaemonError("The benchmark's daemon is gone.", "Run it again.")
            return client

        self._presenter = Presenter(host, Errands(reach, host.deliver), self._panel.show_state)
        self._panel.attend(self._presenter)
        self._panel.resize(1500, 860)
        self._panel.show()

    def open(self) -> None:
        self._presenter.open()
        self._until(lambda: self._presenter.state.picture is not None)

    def click(self, point: Point) -> float:
        """Seconds from a click, on an empty frame, to the painted overlay."""
        self._presenter.prompting.clear_frame()
        self._until(lambda: not self._presenter.state.masks)
        began = time.perf_counter()
        self._presenter.prompting.click(point)
        self._until(lambda: bool(self._presenter.state.masks))
        self._panel.viewer.repaint()
        return time.perf_counter() - began

    def track(self) -> list[float]:
        """Seconds between turns of the main thread, from the start of a track to its end."""
        gaps: list[float] = []
        self._presenter.tracking.track()
        last = time.perf_counter()
        while self._presenter.state.working is not None:
            self._application.processEvents()
            now = time.perf_counter()
            gaps.append(now - last)
            last = now
            time.sleep(0.001)
        self._check()
        return gaps

    def close(self) -> None:
        self._presenter.close()
        self._presenter.wait_until_closed(5.0)
        self._panel.close()

    def _until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not is_so():
            self._application.processEvents()
            self._check()
            if time.monotonic() > deadline:
                raise DaemonError("The panel waited too long.", "Look at `roto daemon logs`.")
            time.sleep(0.0005)

    def _check(self) -> None:
        trouble = self._presenter.state.trouble
        if trouble is not None:
            raise DaemonError(trouble.message, trouble.remedy)


def _make_plate(data: Path, folder: Path) -> Point:
    """The first frames of a sequence at full HD, and a click on their object."""
    sequence = find_sequences(data)[0]
    truth = sequence.load(0)[1]
    first = next_click(np.zeros_like(truth), truth)
    if first is None:
        raise InputError(f"The first true mask of {sequence.name} is empty.", "Use another sequence.")
    scale = HEIGHT / truth.shape[0]
    folder.mkdir(parents=True)
    for index in range(min(FRAMES, len(sequence.frames))):
        image = cv2.resize(sequence.load(index)[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        write_picture(folder / f"plate.{index:04}.png", np.asarray(image, np.uint8))
    (x, y), _ = first
    return (x * scale, y * scale)


def _beside(point: Point, index: int) -> Point:
    """A few pixels off, so that no answer is one that was given before."""
    return (point[0] + index % 3 - 1, point[1] + index // 3 - 1)


def _started() -> tuple[float, float]:
    finished = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    imported, drawn = map(float, finished.stdout.split())
    return imported, drawn


def _check_qt() -> None:
    try:
        import_module("roto_panel.qt")
    except ImportError as error:
        raise InputError("There is no Qt here.", "pip install 'roto-bezier[panel]'") from error
