"""The published architectures of SAM 2 and 2.1, and frames as they want them.

The networks are those of Meta's package ``sam2``, built from its own configurations with the settings that its
predictors add. Filling small holes is left out: it needs a CUDA extension that no wheel brings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sam2
import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf
from sam2.modeling.sam2_base import SAM2Base

from roto_daemon.backends.base import Image
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.picture import squeezed
from roto_daemon.backends.neural.resident import Resident

CONFIGS = {"tiny": "t", "small": "s", "base-plus": "b+", "large": "l"}
NAME = re.compile(r"(sam2|sam2\.1)-(.+)")

STABLE = {
    "dynamic_multimask_via_stability": True,
    "dynamic_multimask_stability_delta": 0.05,
    "dynamic_multimask_stability_thresh": 0.98,
}
"""What ``sam2.build_sam`` adds for inference: where the single mask is not stable, the best of three is taken."""


@dataclass(frozen=True)
class Features:
    """A frame as the image encoder sees it: maps from fine to coarse, (height · width, 1, channels) each."""

    maps: list[torch.Tensor]
    positions: list[torch.Tensor]
    sizes: list[tuple[int, int]]

    def pictures(self) -> list[torch.Tensor]:
        """The maps as (1, channels, height, width)."""
        return [one.permute(1, 2, 0).reshape(1, -1, *size) for one, size in zip(self.maps, self.sizes, strict=True)]


def build(name: str, weights: Path | None = None, image_size: int = 1024) -> SAM2Base:
    """The network of a model's name (``sam2.1-tiny``), with random weights where there is no file.

    ``image_size`` is what it was trained for; tests use less.
    """
    config = OmegaConf.load(_config_file(name)).model
    config.image_size = image_size
    config.binarize_mask_from_pts_for_mem_enc = True
    config.sam_mask_decoder_extra_args = STABLE
    network: SAM2Base = instantiate(config, _recursive_=True)
    if weights is not None:
        load_weights(network, weights)
    return network


def _config_file(name: str) -> Path:
    matched = NAME.fullmatch(name)
    assert matched is not None  # names come from the table of models
    family, size = matched.groups()
    return Path(sam2.__path__[0]) / "configs" / family / f"{family}_hiera_{CONFIGS[size]}.yaml"


class Sam2Network:
    """A network in memory, and what goes into it and comes out of it."""

    def __init__(self, name: str, device: Device, weights: Path | None = None, image_size: int = 1024) -> None:
        self.device = device
        self.image_size = image_size
        self._resident = Resident(partial(build, name, weights, image_size), device)

    @property
    def model(self) -> SAM2Base:
        """The network itself; loaded if need be."""
        return self._resident.network

    def unload(self) -> None:
        """Let go of the network; it is loaded again at the next use."""
        self._resident.unload()

    def encode(self, image: Image) -> Features:
        """A frame's features; most of the time that a frame takes."""
        model = self.model
        with self.device.run():
            answer = model.forward_image(self.input(image))
            _, maps, positions, sizes = model._prepare_backbone_features(answer)
        return Features(maps, positions, sizes)

    def input(self, image: Image) -> torch.Tensor:
        """A frame as (1, 3, size, size)."""
        return squeezed(image, self.image_size, self.device.kind)
