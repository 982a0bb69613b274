"""The published architectures of SAM 2 and 2.1, and frames as they want them.

The networks are those of Meta's package ``sam2``, built from its own configurations with the settings that its
predictors add. Filling small holes is left out: it needs a CUDA extension that no wheel brings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import sam2
import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf
from sam2.modeling.sam2_base import SAM2Base

from roto_daemon.backends.base import Image, Mask
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.resident import Resident

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)

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
        """A frame as (1, 3, size, size): squeezed into the square, averaged where it shrinks, standardised."""
        picture = (
            torch.from_numpy(np.ascontiguousarray(image)).to(self.device.kind).permute(2, 0, 1)[None].float() / 255
        )
        size = (self.image_size, self.image_size)
        squeezed = torch.nn.functional.interpolate(picture, size, mode="bilinear", antialias=True)
        mean, std = (torch.tensor(values, device=squeezed.device)[:, None, None] for values in (MEAN, STD))
        return (squeezed - mean) / std

    def mask_input(self, mask: Mask, size: int, odds: bool) -> torch.Tensor:
        """A mask as (1, 1, size, size), averaged where it shrinks; as log odds or as it is."""
        whole = torch.from_numpy(np.ascontiguousarray(mask, np.float32)).to(self.device.kind)[None, None]
        shrunk = torch.nn.functional.interpolate(whole, (size, size), mode="bilinear", antialias=True)
        return torch.logit(shrunk, eps=1 / 512) if odds else shrunk


def enlarge(logits: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """Logits (n, height, width) at another (height, width). Pixel areas agree, so that pixel centres do."""
    return torch.nn.functional.interpolate(logits[None].float(), shape, mode="bilinear", align_corners=False)[0]


def probabilities(logits: torch.Tensor) -> Mask:
    """Logits (height, width) as a mask."""
    return torch.sigmoid(logits.float()).cpu().numpy().astype(np.float32)
