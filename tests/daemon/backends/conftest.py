"""Engines under one contract, and pictures whose truth is known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from embedded_weights import embedded_weights
from roto_daemon.backends import table
from roto_daemon.backends.base import Backend, Image
from roto_daemon.backends.cutie import network as cutie_network
from roto_daemon.backends.cutie.backend import CutieBackend
from roto_daemon.backends.cutie.network import CutieNetwork
from roto_daemon.backends.edgetam.backend import EdgeTamBackend
from roto_daemon.backends.edgetam.network import EdgeTamNetwork, build_for_shots
from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.sam2 import network as sam2_network
from roto_daemon.backends.sam2.backend import Sam2Backend
from roto_daemon.backends.sam2.network import Sam2Network
from roto_daemon.engines import Pair
from roto_daemon.weights import WeightStore


@dataclass(frozen=True)
class Scene:
    """A blob of one colour on a plain ground of another, and its true mask."""

    image: Image
    truth: np.ndarray
    centre: tuple[float, float]
    radius_px: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        (x, y), r = self.centre, self.radius_px
        return x - r, y - r, x + r, y + r


MakeScene = Callable[..., Scene]


@pytest.fixture(scope="session")
def make_scene() -> MakeScene:
    """Draws a disc of (x, y) and radius in a picture of (width, height)."""

    def make(
        width: int = 160,
        height: int = 120,
        centre: tuple[float, float] = (70.0, 60.0),
        radius_px: float = 28.0,
        colour: tuple[int, int, int] = (210, 60, 40),
    ) -> Scene:
        rows, columns = np.mgrid[:height, :width] + 0.5
        inside = np.hypot(columns - centre[0], rows - centre[1]) <= radius_px
        image = np.full((height, width, 3), (70, 90, 110), np.uint8)
        image[inside] = colour
        return Scene(image, inside, centre, radius_px)

    return make


@pytest.fixture(scope="session")
def weight_store() -> WeightStore:
    """The store with the embedded engine's weights."""
    return embedded_weights()


def untrained_sam2(folder: Path) -> Backend:
    """SAM 2 with random weights and small pictures: it keeps every rule, and finds nothing."""
    torch.manual_seed(11)
    weights = folder / "sam2.pt"
    save_weights(sam2_network.build("sam2.1-tiny", image_size=128), weights)
    return Sam2Backend("sam2.1-tiny", Sam2Network("sam2.1-tiny", Device("cpu"), weights, image_size=128))


def untrained_cutie(folder: Path) -> Backend:
    """Cutie with random weights behind SAM 2's prompts."""
    prompter = untrained_sam2(folder)
    torch.manual_seed(12)
    weights = folder / "cutie.pth"
    save_weights(cutie_network.build("small"), weights)
    return Pair("pair", prompter, CutieBackend("cutie-small", CutieNetwork("small", Device("cpu"), weights)))


def untrained_edgetam(folder: Path) -> Backend:
    """EdgeTAM with random weights and small pictures."""
    torch.manual_seed(13)
    weights = folder / "edgetam.safetensors"
    save_weights(build_for_shots(image_size=256), weights)
    return EdgeTamBackend(EdgeTamNetwork(Device("cpu"), weights, 256))


UNTRAINED = {
    "sam2.1-tiny": untrained_sam2,
    "sam2.1-tiny+cutie-small": untrained_cutie,
    "edgetam": untrained_edgetam,
}
"""Networks with random weights."""


@pytest.fixture(scope="session", params=["disc", "embedded", *UNTRAINED])
def any_backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """Every engine, whether it was trained or not."""
    if request.param in UNTRAINED:
        return UNTRAINED[request.param](tmp_path_factory.mktemp("untrained"))
    return build(request.param, request, tmp_path_factory)


@pytest.fixture(scope="session", params=["disc", "embedded"])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """Every engine that was trained, so that it finds things."""
    return build(request.param, request, tmp_path_factory)


def build(name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    """An engine of the table, with its real weights."""
    if table.find_model(name).weights:
        return table.load(name, table.Place(request.getfixturevalue("weight_store")))
    return table.load(name, table.Place(WeightStore(tmp_path_factory.mktemp("empty"))))


@pytest.fixture(scope="session")
def embedded(weight_store: WeightStore) -> Backend:
    return table.load("embedded", table.Place(weight_store))
