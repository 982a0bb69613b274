"""SAM 3 against the library's own processing, with random weights and a few words."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import Sam3Config, Sam3ImageProcessor, Sam3Model, Sam3Processor

from roto_daemon.backends.neural.checkpoint import load_weights, save_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.sam3 import END, LEAST, PREFIX, Sam3, build, read_tokenizer

SIDE = 112


def small_network() -> Sam3Model:
    torch.manual_seed(3)
    small = {"hidden_size": 32, "intermediate_size": 32, "num_attention_heads": 2}
    backbone = {
        **small,
        "num_hidden_layers": 2,
        "image_size": SIDE,
        "patch_size": 14,
        "window_size": 4,
        "global_attn_indexes": [1],
        "pretrain_image_size": SIDE,
    }
    sizes = [[SIDE // 14 * scale] * 2 for scale in (4, 2, 1)]
    vision = {
        "backbone_config": {**backbone, "model_type": "sam3_vit_model"},
        "fpn_hidden_size": 32,
        "backbone_feature_sizes": sizes,
    }
    text = {
        **small,
        "vocab_size": 20,
        "num_hidden_layers": 1,
        "projection_dim": 16,
        "max_position_embeddings": 32,
        "eos_token_id": 1,
    }
    network = Sam3Model(
        Sam3Config(
            vision_config=vision,
            text_config={**text, "model_type": "clip_text_model"},
            geometry_encoder_config={**small, "num_layers": 1},
            detr_encoder_config={**small, "num_layers": 1},
            detr_decoder_config={**small, "num_layers": 2, "num_queries": 20},
            mask_decoder_config={"hidden_size": 32, "num_attention_heads": 2},
        )
    )
    network.detr_decoder.presence_head.layer3.bias.data.fill_(4.0)  # present, or nothing is found
    return network


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = {"<unk>": 0, END: 1, "cat": 2, "person": 3, "in": 4, "red": 5}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    path = tmp_path_factory.mktemp("words") / "tokenizer.json"
    made.save(str(path))
    return path


@pytest.fixture(scope="module")
def model(tokenizer: Path) -> Sam3:
    return Sam3(small_network, tokenizer, Device("cpu"), SIDE)


@pytest.mark.parametrize("shape", [(60, 91), (33, 40)])
def test_boxes_confidences_and_masks_are_those_of_the_library(model, tokenizer, shape):
    image = np.random.default_rng(1).integers(0, 255, (*shape, 3), np.uint8)
    processor = Sam3Processor(Sam3ImageProcessor(size={"height": SIDE, "width": SIDE}), read_tokenizer(tokenizer))
    inputs = processor(images=image, text="person in red", return_tensors="pt")
    inputs.pop("original_sizes")
    with torch.inference_mode():
        (theirs,) = processor.post_process_instance_segmentation(
            small_network().eval()(**inputs), threshold=LEAST, target_sizes=[shape]
        )
    ours = model.detect(image, "person in red")
    assert len(ours) == len(theirs["scores"]) > 0
    order = theirs["scores"].argsort(descending=True).tolist()
    edge = torch.tensor([shape[1], shape[0]] * 2)
    for one, index in zip(ours, order, strict=True):
        assert abs(one.confidence - float(theirs["scores"][index])) < 1e-5
        box = torch.minimum(theirs["boxes"][index].clamp(min=0), edge)
        assert (torch.tensor(one.box) - box).abs().max() < 1e-3
        assert one.mask is not None
        assert one.mask.shape == shape
        assert ((one.mask >= 0.5) == theirs["masks"][index].bool().numpy()).mean() > 0.97, (
            "it enlarges before it decides"
        )


def test_each_class_is_looked_for_and_named_as_written(model):
    image = np.random.default_rng(1).integers(0, 255, (60, 91, 3), np.uint8)
    both = model.detect(image, "the cat, person in red")
    assert {one.label for one in both} == {"cat", "person in red"}
    assert [one.confidence for one in both] == sorted((one.confidence for one in both), reverse=True)
    alone = model.detect(image, "cat")
    assert [one.box for one in both if one.label == "cat"] == [one.box for one in alone]


def test_the_same_text_gives_the_same_answer_after_unload(model):
    image = np.random.default_rng(1).integers(0, 255, (60, 91, 3), np.uint8)
    before = [one.confidence for one in model.detect(image, "cat")]
    model.unload()
    assert [one.confidence for one in model.detect(image, "cat")] == before


def test_the_detector_is_taken_out_of_the_published_file(tmp_path):
    stored, loaded = small_network(), small_network()
    with torch.no_grad():
        for tensor in loaded.parameters():
            tensor.zero_()
    whole = torch.nn.ModuleDict({PREFIX.rstrip("."): stored, "tracker_model": torch.nn.Linear(2, 2)})
    save_weights(whole, tmp_path / "sam3.safetensors")
    load_weights(loaded, tmp_path / "sam3.safetensors", PREFIX)
    assert all(torch.equal(one, stored.state_dict()[name]) for name, one in loaded.state_dict().items())


def test_the_published_size_is_built():
    with torch.device("meta"):
        assert sum(p.numel() for p in build().parameters()) / 1e6 == pytest.approx(840, abs=2)
