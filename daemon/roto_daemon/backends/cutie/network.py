"""The published architectures of Cutie, built from the configuration that its own evaluation uses for any video."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import cutie
import numpy as np
import torch
from cutie.model.cutie import CUTIE
from cutie.model.utils import resnet
from omegaconf import DictConfig, OmegaConf

from roto_daemon.backends.base import Image, Mask
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device
from roto_daemon.backends.neural.resident import Resident

SHORTER_PX = (96, 480)
"""The shorter side that the network sees: 480 as in its published evaluation; less has too few cells for its memory."""

LONGER_PX = 2048

_building = threading.Lock()


def configuration(size: str) -> DictConfig:
    """The package's settings for evaluation on any video, of the size ``base`` or ``small``."""
    folder = Path(cutie.__path__[0]) / "config"
    whole = OmegaConf.load(folder / "eval_config.yaml")
    model = OmegaConf.load(folder / "model" / "base.yaml")
    if size != "base":
        model = OmegaConf.merge(model, OmegaConf.load(folder / "model" / f"{size}.yaml"))
    settings = OmegaConf.merge(whole, whole.datasets.generic, {"model": model})
    assert isinstance(settings, DictConfig)
    return settings


def build(size: str, weights: Path | None = None) -> CUTIE:
    """The network, with random weights where there is no file."""
    with _without_download():
        network = CUTIE(configuration(size))
    if weights is not None:
        load_weights(network, weights)
    return network


@contextmanager
def _without_download() -> Iterator[None]:
    """The constructor fetches weights of ImageNet, which those of Cutie replace: where there is no network it fails."""
    makers: dict[str, Callable[..., Any]] = {name: getattr(resnet, name) for name in ("resnet18", "resnet50")}
    with _building:
        for name, make in makers.items():
            setattr(resnet, name, lambda make=make, **given: make(**{**given, "pretrained": False}))
        try:
            yield
        finally:
            for name, make in makers.items():
                setattr(resnet, name, make)


class CutieNetwork:
    """A network in memory, and what goes into it and comes out of it."""

    def __init__(self, size: str, device: Device, weights: Path | None = None) -> None:
        self.device = device
        self.settings = configuration(size)
        self._resident = Resident(partial(build, size, weights), device)

    @property
    def model(self) -> CUTIE:
        """The network itself; loaded if need be."""
        return self._resident.network

    def unload(self) -> None:
        """Let go of the network; it is loaded again at the next use."""
        self._resident.unload()

    def picture(self, image: Image) -> torch.Tensor:
        """A frame as (3, height, width) in 0..1 at the network's size."""
        pixels = torch.from_numpy(np.ascontiguousarray(image)).to(self.device.kind).permute(2, 0, 1).float() / 255
        return resize(pixels, seen_shape(image.shape[:2]))

    def masks(self, masks: list[Mask]) -> torch.Tensor:
        """Masks as (objects, height, width) at the network's size."""
        stacked = torch.from_numpy(np.stack(masks)).to(self.device.kind)
        return resize(stacked, seen_shape(masks[0].shape))


def seen_shape(shape: tuple[int, int]) -> tuple[int, int]:
    """The (height, width) at which a plate is looked at: its own proportions, neither too small nor too large."""
    shorter, longer = sorted(shape)
    scale = min(max(SHORTER_PX[0] / shorter, min(1.0, SHORTER_PX[1] / shorter)), LONGER_PX / longer)
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def resize(layers: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """(n, height, width) at another (height, width), averaged where it shrinks; pixel areas agree."""
    if layers.shape[-2:] == shape:
        return layers
    return torch.nn.functional.interpolate(layers[None], shape, mode="bilinear", antialias=True)[0]
