"""Engines under one contract, and pictures whose truth is known."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from roto_daemon.backends import table
from roto_daemon.backends.base import Backend, Image
from roto_daemon.weights import WeightStore
from roto_shared.errors import RotoError


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
    """A store filled once from the real source, in the user's cache; without a network its tests are skipped."""
    folder = Path(os.environ.get("ROTO_TEST_WEIGHTS") or platformdirs.user_cache_path("roto-tests") / "weights")
    store = WeightStore(folder)
    try:
        store.pull("u2netp")
    except RotoError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no u2netp weights: {error}")
    return store


@pytest.fixture(scope="session", params=["disc", "embedded"])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    if table.find_model(request.param).weights:
        return table.load(request.param, table.Place(request.getfixturevalue("weight_store")))
    return table.load(request.param, table.Place(WeightStore(tmp_path_factory.mktemp("empty"))))


@pytest.fixture(scope="session")
def embedded(weight_store: WeightStore) -> Backend:
    return table.load("embedded", table.Place(weight_store))
