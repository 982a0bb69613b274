"""What the networks cost on this machine: alone, through the daemon, a frame, and in memory over a long track.

Where the weight store lacks a model's weights, random ones take their place: time and memory are the same, and nothing
is said of quality.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil

from roto_daemon.backends.base import Image, Mask, Prompt
from roto_daemon.backends.choice import can_run
from roto_daemon.backends.table import MODELS, Model, Place, Task, load
from roto_daemon.benchmarks.daemon import Figure, own_daemon, time_of, write_picture
from roto_daemon.settings import DaemonSettings
from roto_daemon.weights.store import WeightStore
from roto_daemon.weights.table import find_weights
from roto_shared.errors import InputError
from roto_shared.protocol.messages import FrameQuery, ObjectPrompt, OpenSession, PlateRef, Segment

Say = Callable[[str], None]

HEIGHT, WIDTH = 1080, 1920
BLOCK_PX = 20
CLICK = (960.5, 540.5)
SHORT, LONG = 100, 1000
THROUGH_FRAMES = 6
OVERHEAD_MODEL = "sam2.1-tiny"
MEMORY_INPUT_PX = 128
"""The input of the network in the long track: at its own 1024 px a CPU would need more than an hour."""


@dataclass(frozen=True)
class Bench:
    """Where models are measured: a store that lacks nothing, and the device."""

    store: WeightStore
    settings: DaemonSettings

    @property
    def place(self) -> Place:
        """Where models are built."""
        return Place(self.store, self.settings.device, self.settings.precision)


def measure_models(names: Sequence[str], settings: DaemonSettings, say: Say) -> list[Figure]:
    """Time a frame of the named models, then overhead and memory of SAM 2 tiny.

    Without names all whose library is here, apart from those that cannot be pulled (SAM 3: 3.4 GB of random weights).
    """
    chosen = [
        model for model in MODELS.values() if model.needs and (model.name in names if names else _is_measured(model))
    ]
    unknown = set(names) - {model.name for model in chosen}
    if unknown or not chosen:
        raise InputError(f"There is no network {' or '.join(unknown) or 'here'}.", "Install roto-bezier[torch].")
    with tempfile.TemporaryDirectory(prefix="roto-bench-") as folder:
        bench = Bench(_whole_store(chosen, settings, Path(folder) / "weights", say), settings)
        figures = [figure for model in chosen for figure in measure_model(model, bench, say)]
        if any(model.name == OVERHEAD_MODEL for model in chosen):
            say(f"{OVERHEAD_MODEL} through the daemon against the bare model …")
            figures += measure_through_daemon(bench, Path(folder))
            say(f"Memory over a track of {LONG} frames …")
            figures += measure_long_track(bench)
    return figures


def measure_model(model: Model, bench: Bench, say: Say) -> list[Figure]:
    """Seconds a 1080p frame, for each of the model's tasks."""
    say(f"{model.name} …")
    loaded = load(model.name, bench.place)
    measured = [figure for task in model.tasks for figure in _MEASURES[task](model.name, loaded)]
    loaded.unload()
    return measured


def measure_through_daemon(bench: Bench, folder: Path) -> list[Figure]:
    """A first click on fresh frames by Meta's predictor and through the daemon, in turns, and a second click."""
    from roto_daemon.backends.sam2.reference import reference_click

    images = {frame: make_frame(frame) for frame in range(1, THROUGH_FRAMES + 1)}
    (folder / "plate").mkdir()
    for frame, image in images.items():
        write_picture(folder / "plate" / f"plate.{frame:04}.png", image)
    click = reference_click(OVERHEAD_MODEL, bench.place)
    bare, first, second = [], [], []
    with own_daemon(folder, {"ROTO_WEIGHTS_DIR": str(bench.store.folder)}) as (client, _):
        opened = client.ask(OpenSession(PlateRef(str(folder / "plate")), OVERHEAD_MODEL))
        for frame, image in images.items():
            client.ask(FrameQuery(opened.session, frame))  # an artist sees a frame before clicking on it
            bare.append(time_of(lambda: click(image, CLICK)))  # noqa: B023
            ask = Segment(opened.session, frame, (ObjectPrompt("object", (CLICK,)),))
            first.append(time_of(lambda: client.ask(ask)))  # noqa: B023
            more = Segment(opened.session, frame, (ObjectPrompt("object", (CLICK,), ((100.5, 100.5),)),))
            second.append(time_of(lambda: client.ask(more)))  # noqa: B023
    ratios = [
        through / alone for alone, through in zip(bare[1:], first[1:], strict=True)
    ]  # the first loads the network
    clicks = [later / before for before, later in zip(first[1:], second[1:], strict=True)]
    return [
        Figure(f"{OVERHEAD_MODEL}: bare click on a fresh 1080p frame", median(bare[1:]), "s"),
        Figure("the same through the daemon, against it", median(ratios), "×", 1.05),
        Figure("second click, against the first", median(clicks), "×", 0.10),
    ]


def measure_long_track(bench: Bench) -> list[Figure]:
    """Memory of this process after a long track of SAM 2's network against a short one."""
    from roto_daemon.backends.sam2.reference import small_engine

    image, mask = make_frame(1, 180, 320), make_mask(180, 320)
    tracking = small_engine(OVERHEAD_MODEL, MEMORY_INPUT_PX, bench.place).start_tracking()
    tracking.add_keyframe(0, image, {"object": mask})
    held = {}
    for frame in range(1, LONG + 1):
        tracking.step(frame, np.roll(image, frame, axis=1))
        if frame in (SHORT, LONG):
            held[frame] = psutil.Process(os.getpid()).memory_info().rss / 2**20
    return [
        Figure(f"{OVERHEAD_MODEL}: memory after {SHORT} frames ({MEMORY_INPUT_PX} px input)", held[SHORT], "MB"),
        Figure(f"memory after {LONG} frames against {SHORT}", held[LONG] / held[SHORT], "×", 1.05),
    ]


def make_frame(frame: int, height: int = HEIGHT, width: int = WIDTH) -> Image:
    """A picture with soft structure and a bright disc in its middle; another one for every frame."""
    rng = np.random.default_rng(frame)
    coarse = rng.integers(0, 200, (height // BLOCK_PX, width // BLOCK_PX, 3), dtype=np.uint8)
    image = np.kron(coarse, np.ones((BLOCK_PX, BLOCK_PX, 1), np.uint8))
    image[make_mask(height, width) > 0.5] = (230, 60, 40)
    return image


def make_mask(height: int = HEIGHT, width: int = WIDTH) -> Mask:
    """The disc of :func:`make_frame`."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    return (np.hypot(columns - width / 2, rows - height / 2) <= height / 5).astype(np.float32)


def _is_measured(model: Model) -> bool:
    return model.is_installed and all(find_weights(name).sources for name in model.weights)


def _prompting(name: str, model: Any) -> list[Figure]:
    frame = model.embed(make_frame(1))
    first = time_of(lambda: model.embed(make_frame(2)))
    click = Prompt(positive=(CLICK,))
    frame.segment(click)
    return [
        Figure(f"{name}: preparing a 1080p frame", first, "s"),
        Figure(f"{name}: a click on it", time_of(lambda: frame.segment(click)), "s"),
    ]


def _tracking(name: str, model: Any) -> list[Figure]:
    tracking = model.start_tracking()
    tracking.add_keyframe(0, make_frame(1), {"object": make_mask()})
    images = [make_frame(frame) for frame in (2, 3, 4)]
    tracking.step(1, make_frame(1))
    seconds = [time_of(lambda: tracking.step(frame, image)) for frame, image in enumerate(images, 2)]  # noqa: B023
    return [Figure(f"{name}: a tracked 1080p frame", median(seconds), "s")]


def _matting(name: str, model: Any) -> list[Figure]:
    from roto_daemon.mattes.refine import refine
    from roto_daemon.mattes.trimap import MatteSettings

    work: Callable[[], object] = lambda: refine(model, make_frame(1), make_mask(), MatteSettings())  # noqa: E731
    work()
    return [Figure(f"{name}: a 1080p matte", time_of(work), "s")]


def _detecting(name: str, model: Any) -> list[Figure]:
    model.detect(make_frame(1), "ball")
    return [Figure(f"{name}: a text on a 1080p frame", time_of(lambda: model.detect(make_frame(2), "ball")), "s")]


_MEASURES: dict[Task, Callable[[str, Any], list[Figure]]] = {
    Task.PROMPT: _prompting,
    Task.TRACK: _tracking,
    Task.MATTE: _matting,
    Task.DETECT: _detecting,
}


def _whole_store(models: Iterable[Model], settings: DaemonSettings, folder: Path, say: Say) -> WeightStore:
    """The user's own store if it has all weights, else one of random weights in ``folder``."""
    own = WeightStore(settings.weights_dir, settings.mirror_dir)
    if all(can_run(model, own) for model in models):
        return own
    from roto_daemon.backends.neural.untrained import write_untrained

    say("Weights are missing: random ones take their place, which costs the same time.")
    for model in models:
        write_untrained(model, folder)
    return WeightStore(folder)
