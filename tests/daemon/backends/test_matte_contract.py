"""What every matte model owes its callers, trained or not."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roto_daemon.backends.base import Matter
from roto_daemon.backends.closed_form import ClosedForm
from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.vitmatte import VitMatte, build, configure


@pytest.fixture(scope="module", params=["closed-form", "vitmatte-small"])
def matter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Matter:
    if request.param == "closed-form":
        return ClosedForm()
    torch.manual_seed(1)
    weights = tmp_path_factory.mktemp("vitmatte") / "vitmatte.safetensors"
    config = configure("vitmatte-small")
    save_weights(build(config), weights)
    return VitMatte("vitmatte-small", Resident(lambda: build(config, weights), Device("cpu")))


def scene(height: int, width: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    trimap = np.zeros((height, width), np.uint8)
    trimap[:, width // 3 :] = 128
    trimap[:, 2 * width // 3 :] = 255
    return rng.integers(0, 255, (height, width, 3), np.uint8), trimap


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 5))
def test_any_size_gives_a_matte_of_that_size_that_keeps_what_is_known(matter, height, width, seed):
    image, trimap = scene(height, width, seed)
    matte = matter.matte(image, trimap)
    assert matte.shape == (height, width)
    assert matte.dtype == np.float32
    assert matte.min() >= 0 and matte.max() <= 1
    assert (matte[trimap == 0] == 0).all() and (matte[trimap == 255] == 1).all()


def test_the_same_picture_gives_the_same_matte_after_unload(matter):
    image, trimap = scene(40, 50, 1)
    before = matter.matte(image, trimap)
    matter.unload()
    assert np.array_equal(matter.matte(image, trimap), before)


def test_nothing_unknown_gives_the_trimap_itself(matter):
    image, trimap = scene(20, 30, 2)
    trimap[trimap == 128] = 255
    assert np.array_equal(matter.matte(image, trimap), trimap / np.float32(255))
