"""ViTMatte, small and base: soft edges by a plain vision transformer and a light decoder.

Yao, Wang, Yang and Wang, "ViTMatte: Boosting image matting with pre-trained plain vision transformers", Information
Fusion 2024. The networks are those of the library ``transformers``, of the architectures that were published as
``hustvl/vitmatte-small-composition-1k`` and ``hustvl/vitmatte-base-composition-1k``.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import VitDetConfig, VitMatteConfig, VitMatteForImageMatting

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import choose_device
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.table import Model, Place

SIZES = {"vitmatte-small": (384, 6), "vitmatte-base": (768, 12)}
"""The channels of the transformer and its heads of attention, by a model's name."""

FUSION = (256, 128, 64, 32)
"""The channels of the decoder. Its own default is a tuple, which the network of transformers 5.24 trips over."""

BACKBONE: dict[str, Any] = {
    "num_channels": 4,
    "image_size": 512,
    "pretrain_image_size": 224,
    "patch_size": 16,
    "num_hidden_layers": 12,
    "use_absolute_position_embeddings": True,
    "use_relative_position_embeddings": True,
    "window_size": 14,
    "window_block_indices": [0, 1, 3, 4, 6, 7, 9, 10],
    "residual_block_indices": [2, 5, 8, 11],
    "out_features": ["stage12"],
}
"""What both sizes share. The blocks without a window see the whole picture and end in a residual block."""

MULTIPLE_PX = 32
"""Pictures are padded with 0 to sides of so many pixels."""


class VitMatte:
    """The matter. Its time and memory grow with the square of the area: give it tiles of about 1024 px."""

    def __init__(self, name: str, resident: Resident[VitMatteForImageMatting]) -> None:
        self.name = name
        self._resident = resident

    def matte(self, image: Image, trimap: Trimap) -> Mask:
        """Opacity, float32 (height, width) in 0..1; exactly 0 and 1 where the trimap says so.

        Raises OutOfMemoryError where the device's memory does not suffice for a picture of this size.
        """
        unknown = (trimap > 0) & (trimap < 255)
        known = (trimap == 255).astype(np.float32)
        if not unknown.any():
            return known
        network, device = self._resident.network, self._resident.device
        with device.run():
            opacity = network(as_input(image, trimap).to(device.kind)).alphas[0, 0].float().cpu().numpy()
        height, width = trimap.shape
        return np.where(unknown, opacity[:height, :width], known)

    def unload(self) -> None:
        self._resident.unload()


def as_input(image: Image, trimap: Trimap) -> torch.Tensor:
    """What the published processor makes of a picture: (1, 4, height, width), -1..1 and the trimap as 0..1, padded."""
    colours = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 127.5 - 1
    hints = torch.from_numpy(np.ascontiguousarray(trimap))[None, None].float() / 255
    height, width = trimap.shape
    padding = (0, -width % MULTIPLE_PX, 0, -height % MULTIPLE_PX)
    return torch.nn.functional.pad(torch.cat([colours, hints], dim=1), padding)


def configure(name: str) -> VitMatteConfig:
    """The published configuration of a model's name."""
    channels, heads = SIZES[name]
    backbone = VitDetConfig(**BACKBONE, hidden_size=channels, num_attention_heads=heads)
    return VitMatteConfig(backbone_config=backbone, hidden_size=channels, fusion_hidden_sizes=list(FUSION))


def build(config: VitMatteConfig, weights: Path | None = None) -> VitMatteForImageMatting:
    """The network of a configuration, with random weights where there is no file."""
    network = VitMatteForImageMatting(config)
    if weights is not None:
        load_weights(network, weights)
    return network


def load(model: Model, place: Place) -> VitMatte:
    """Build the matter; the network itself is loaded at its first use."""
    device = choose_device(place.device, place.precision, place.compiled)
    weights = place.store.load_path(model.weights[0])
    return VitMatte(model.name, Resident(partial(build, configure(model.name), weights), device))
