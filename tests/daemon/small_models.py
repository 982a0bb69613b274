"""A text detector with random weights and few words, which finds something in every picture."""

import tempfile
from pathlib import Path

import torch
from transformers import BertConfig, GroundingDinoConfig, GroundingDinoForObjectDetection, SwinConfig

from roto_daemon.backends.grounding_dino import GroundingDino
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.table import Model, Place

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "cat", "dog", "person", "in", "red", "##s", "car"]


def small_network() -> GroundingDinoForObjectDetection:
    """Grounding DINO with a few narrow layers; the same weights every time."""
    torch.manual_seed(2)
    layers = {"encoder_layers": 1, "decoder_layers": 2, "encoder_ffn_dim": 32, "decoder_ffn_dim": 32}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2}
    swin = SwinConfig(embed_dim=12, depths=[1, 1, 1, 1], num_heads=[1, 1, 1, 1], window_size=4, out_indices=[2, 3, 4])
    bert = BertConfig(vocab_size=30, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    return GroundingDinoForObjectDetection(
        GroundingDinoConfig(backbone_config=swin, text_config=bert, d_model=32, num_queries=40, **layers, **heads)
    )


def write_words(path: Path) -> Path:
    """The vocabulary as a file."""
    path.write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return path


def load(model: Model, _place: Place) -> GroundingDino:
    """Build the detector."""
    with tempfile.TemporaryDirectory() as folder:
        return GroundingDino(model.name, small_network, write_words(Path(folder) / "vocab.txt"), Device("cpu"))
