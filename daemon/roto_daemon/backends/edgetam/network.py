"""EdgeTAM's published architecture: one file of weights, one network for frames and one for shots."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from transformers import (
    EdgeTamConfig,
    EdgeTamModel,
    EdgeTamVideoConfig,
    EdgeTamVideoModel,
    EdgeTamVisionConfig,
    TimmWrapperConfig,
)

from roto_daemon.backends.base import Image
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.picture import squeezed
from roto_daemon.backends.neural.resident import Resident

N = TypeVar("N", bound=torch.nn.Module)

STRIDES = (4, 8, 16)


def vision(image_size: int) -> EdgeTamVisionConfig:
    """RepViT M1 and its feature maps, as published."""
    stages = {"in_chans": 3, "features_only": True, "out_indices": (0, 1, 2, 3)}
    backbone = TimmWrapperConfig(architecture="repvit_m1", model_args=stages)
    sizes = [[image_size // stride] * 2 for stride in STRIDES]
    return EdgeTamVisionConfig(backbone_config=backbone, backbone_feature_sizes=sizes)


def build_for_frames(weights: Path | None = None, image_size: int = 1024) -> EdgeTamModel:
    """The network for prompts; random weights where there is no file."""
    prompts = {"image_size": image_size}
    return _filled(
        EdgeTamModel(EdgeTamConfig(vision_config=vision(image_size), prompt_encoder_config=prompts)), weights
    )


def build_for_shots(weights: Path | None = None, image_size: int = 1024) -> EdgeTamVideoModel:
    """The network for tracking; random weights where there is no file. Its weights are those of both networks."""
    config = EdgeTamVideoConfig(
        vision_config=vision(image_size),
        prompt_encoder_config={"image_size": image_size},
        image_size=image_size,
        memory_attention_rope_feat_sizes=[image_size // STRIDES[-1]] * 2,
    )
    return _filled(EdgeTamVideoModel(config), weights)


def _filled(network: N, weights: Path | None) -> N:
    if weights is not None:
        load_weights(network, weights)
    return network


class EdgeTamNetwork:
    """Both networks in memory, each when it is needed."""

    def __init__(self, device: Device, weights: Path | None = None, image_size: int = 1024) -> None:
        self.device = device
        self.image_size = image_size
        self._frames = Resident(partial(build_for_frames, weights, image_size), device)
        self._shots = Resident(partial(build_for_shots, weights, image_size), device)

    @property
    def for_frames(self) -> EdgeTamModel:
        """The network for prompts; loaded if need be."""
        return self._frames.network

    @property
    def for_shots(self) -> EdgeTamVideoModel:
        """The network for tracking; loaded if need be."""
        return self._shots.network

    def unload(self) -> None:
        """Let go of both; they are loaded again at the next use."""
        self._frames.unload()
        self._shots.unload()

    def input(self, image: Image) -> torch.Tensor:
        """A frame as (1, 3, size, size)."""
        return squeezed(image, self.image_size, self.device.kind)
