"""ViTMatte: the published networks, fed as they were published. Weights are random; what is tested is the plumbing."""

from functools import partial

import numpy as np
import pytest
import torch
from transformers import VitDetConfig, VitMatteConfig, VitMatteForImageMatting, VitMatteImageProcessor

from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.vitmatte import BACKBONE, VitMatte, as_input, build, configure
from roto_shared.errors import WeightsError

SIZES = [(1, 1), (1, 40), (33, 31), (64, 64), (97, 61), (50, 230)]
"""(height, width)"""

TOLERANCE = 1e-5
"""Of an opacity in 0..1: float32 products in another order."""

PARAMETERS = {"vitmatte-small": 25.8e6, "vitmatte-base": 96.7e6}
"""As published (Yao et al. 2024, table 2)."""


def small_config() -> VitMatteConfig:
    """The published architecture with 3 blocks of 32 channels: one windowed, one global, one with a residual block."""
    smaller = {
        "image_size": 64,
        "pretrain_image_size": 64,
        "num_hidden_layers": 3,
        "window_size": 3,
        "window_block_indices": [0],
        "residual_block_indices": [2],
        "out_features": ["stage3"],
    }
    backbone = VitDetConfig(**BACKBONE | smaller, hidden_size=32, num_attention_heads=2)
    return VitMatteConfig(backbone_config=backbone, hidden_size=32, fusion_hidden_sizes=[32, 16, 8, 8])


@pytest.fixture(scope="module")
def network() -> VitMatteForImageMatting:
    """Random weights, large enough that every part of the network speaks."""
    torch.manual_seed(3)
    network = build(small_config()).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.uniform_(0.5, 1.5)
            else:
                parameter.normal_(0, 2 / parameter[0].numel() ** 0.5)
    return network


@pytest.fixture(scope="module")
def matter(network) -> VitMatte:
    return VitMatte("vitmatte-small", Resident(lambda: network, Device("cpu")))


def picture(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(height * 1000 + width)
    image = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return image, random.choice(np.array([0, 128, 255], np.uint8), (height, width), p=[0.2, 0.6, 0.2])


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_picture_goes_in_as_the_published_processor_makes_it(height, width):
    image, trimap = picture(height, width)
    wanted = VitMatteImageProcessor()(image, trimap, return_tensors="pt", input_data_format="channels_last")
    assert torch.allclose(as_input(image, trimap), wanted["pixel_values"], rtol=0, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_the_matte_is_that_of_the_published_processor_and_network(matter, network, height, width):
    image, trimap = picture(height, width)
    inputs = VitMatteImageProcessor()(image, trimap, return_tensors="pt", input_data_format="channels_last")
    with torch.inference_mode():
        wanted = network(**inputs).alphas[0, 0, :height, :width].numpy()
    opacity = matter.matte(image, trimap)
    unknown = trimap == 128
    assert opacity.dtype == np.float32 and opacity.shape == (height, width)
    np.testing.assert_allclose(opacity[unknown], wanted[unknown], rtol=0, atol=TOLERANCE)
    assert np.array_equal(opacity[~unknown], trimap[~unknown] / 255)
    assert min(height, width) < 30 or wanted.std() > 0.05  # the network says something


def test_the_network_sees_the_whole_trimap(matter):
    image, trimap = picture(64, 64)
    other = trimap.copy()
    other[:8] = 255
    assert np.abs(matter.matte(image, trimap) - matter.matte(image, other))[32:].max() > 1e-3


@pytest.mark.parametrize("value", [0, 255])
def test_where_all_is_known_the_network_is_not_even_loaded(value):
    def fail() -> VitMatteForImageMatting:
        raise AssertionError("loaded")

    matter = VitMatte("vitmatte-small", Resident(fail, Device("cpu")))
    opacity = matter.matte(*(np.full(shape, value, np.uint8) for shape in ((20, 30, 3), (20, 30))))
    assert (opacity == value / 255).all()


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_architectures_have_the_published_size(name):
    with torch.device("meta"):
        network = build(configure(name))
    assert sum(parameter.numel() for parameter in network.parameters()) == pytest.approx(PARAMETERS[name], rel=0.01)
    assert network.backbone.embeddings.position_embeddings.shape[1] == 14 * 14 + 1
    sides = [layer.attention.rel_pos_h.shape[0] for layer in network.backbone.encoder.layer]
    windowed, whole = 2 * 14 - 1, 2 * 32 - 1
    assert sides == [windowed, windowed, whole] * 4
    assert [bool(layer.use_residual_block) for layer in network.backbone.encoder.layer] == [False, False, True] * 4


def test_it_is_loaded_from_a_file_and_again_after_it_was_given_back(tmp_path, network, matter):
    file = tmp_path / "vitmatte.safetensors"
    save_weights(network, file)
    loaded = VitMatte("vitmatte-small", Resident(partial(build, small_config(), file), Device("cpu")))
    image, trimap = picture(40, 40)
    first = loaded.matte(image, trimap)
    loaded.unload()
    assert np.array_equal(first, loaded.matte(image, trimap))
    np.testing.assert_allclose(first, matter.matte(image, trimap), rtol=0, atol=TOLERANCE)


def test_weights_of_another_size_are_refused(tmp_path, network):
    file = tmp_path / "vitmatte.safetensors"
    save_weights(network, file)
    other = small_config()
    other.fusion_hidden_sizes = [64, 32, 16, 8]
    with pytest.raises(WeightsError, match="another network"):
        build(other, file)
