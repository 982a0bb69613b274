"""The whole loop in Nuke, with a real daemon over a real socket: open, click, track, commit, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]
from roto_formats.nuke.script import read_nuke
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_nuke.host import NukeHost
from roto_panel.errands import Errands
from roto_panel.presenter import Presenter
from roto_panel.state import PanelState
from roto_shared.shapes import ShapeDocument
from running_daemon import run_daemon

HEIGHT, WIDTH = 96, 128
FRAMES = range(1001, 1013)


def truth(frame: int) -> np.ndarray:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.hypot(columns - 30 - 5 * (frame - 1001), rows - 40) <= 16


@pytest.fixture
def plate(tmp_path: Path) -> str:
    folder = tmp_path / "plate"
    folder.mkdir()
    for frame in FRAMES:
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        image[truth(frame)] = (0, 0, 255)
        assert cv2.imwrite(str(folder / f"disc.{frame}.png"), image)
    return str(folder / "disc.%04d.png")


class Panel:
    """A presenter in Nuke; ``until`` lets Nuke's main thread be idle."""

    def __init__(self, presenter: Presenter) -> None:
        self.presenter = presenter

    def until(self, is_so: Callable[[PanelState], bool]) -> PanelState:
        for _ in range(400):
            if is_so(self.presenter.state):
                return self.presenter.state
            assert self.presenter.state.trouble is None, self.presenter.state.trouble
            _studio.main.run_waiting(0.05)
        raise AssertionError(f"it did not happen: {self.presenter.state.told}")


@pytest.fixture
def panel(tmp_path: Path, plate: str) -> Iterator[Panel]:
    read = nuke.createNode("Read")
    read["file"].setValue(plate)
    nuke.frame(1001)
    running, host = run_daemon(tmp_path), NukeHost()
    panel = Panel(Presenter(host, Errands(running.connect, host.deliver), lambda _state: None))
    panel.presenter.open()
    panel.until(lambda state: state.picture is not None)
    yield panel
    panel.presenter.close()
    running.stop()


def test_a_click_becomes_a_native_node_that_draws_the_disc_on_every_frame(panel) -> None:
    presenter = panel.presenter
    presenter.prompting.click((30.0, 40.0))
    panel.until(lambda state: bool(state.masks))
    presenter.tracking.track()
    panel.until(lambda state: state.working is None and len(state.timeline["object1"]) == len(FRAMES))
    presenter.shaping.commit()
    told = panel.until(lambda state: "Roto1" in state.told).told
    node = nuke.toNode(told.splitlines()[0])
    assert node is not None
    text = node["curves"].toScript().removeprefix(_studio.script.curves_prefix)
    shapes = read_nuke(f"# roto width={WIDTH} height={HEIGHT} first_frame=1001 last_frame=1012\n{text}")
    assert isinstance(shapes, ShapeDocument)
    drawn = [jaccard(rasterise(shapes, frame) >= 0.5, truth(frame)) for frame in FRAMES]
    assert min(drawn) > 0.95
    nuke.Undo.undo()
    assert nuke.toNode(node._name) is None
    assert "object1" in nuke.root()["roto_prompts"].value()
