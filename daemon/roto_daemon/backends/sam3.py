"""What a text describes, with masks: SAM 3 (Carion et al. 2025), as ``transformers`` runs it.

It looks for one concept at a time, so each class of a text is a pass; the picture is encoded once. The published file
holds the detector and a video tracker; only the detector is used. Its weights come under the SAM License, from Meta
alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerFast, Sam3Config, Sam3ImageProcessor, Sam3Model, Sam3Processor

from roto_daemon.backends.base import Box, Candidate, Image, Mask
from roto_daemon.backends.grounding_dino import classes_of
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device, choose_device
from roto_daemon.backends.neural.picture import enlarge, probabilities
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.table import Model, Place

LEAST = 0.3
"""The library's threshold of confidence."""

PREFIX = "detector_model."
"""Of the detector's tensors in the published file."""

END = "<|endoftext|>"
"""What CLIP's tokenizer ends and pads with."""


def build(weights: Path | None = None) -> Sam3Model:
    """The published architecture, with random weights where there is no file."""
    network = Sam3Model(Sam3Config())
    if weights is not None:
        load_weights(network, weights, PREFIX)
    return network


def read_tokenizer(file: Path) -> PreTrainedTokenizerFast:
    """The tokenizer of a ``tokenizer.json``."""
    return PreTrainedTokenizerFast(tokenizer_file=str(file), pad_token=END, eos_token=END)


class Sam3:
    """The model that finds; ``build_network`` makes its network when it is first used, for pictures of ``size`` px."""

    def __init__(
        self, build_network: Callable[[], Sam3Model], tokenizer: Path, device: Device, size: int = 1008
    ) -> None:
        self.name = "sam3"
        self._device = device
        self._resident = Resident(build_network, device)
        pictures = Sam3ImageProcessor(size={"height": size, "width": size})
        self._processor: Any = Sam3Processor(pictures, read_tokenizer(tokenizer))

    def detect(self, image: Image, text: str) -> tuple[Candidate, ...]:
        classes = classes_of(text)
        network, kind = self._resident.network, self._device.kind
        found: list[Candidate] = []
        with self._device.run():
            picture = self._processor(images=image, return_tensors="pt").to(kind)
            seen = network.get_vision_features(picture["pixel_values"])
            for label in classes:
                words = self._processor(text=label, return_tensors="pt").to(kind)
                answer = network(vision_embeds=seen, **words)
                found += _candidates(label, answer, image.shape[:2])
        return tuple(sorted(found, key=lambda one: -one.confidence))

    def unload(self) -> None:
        self._resident.unload()


def _candidates(label: str, answer: Any, shape: tuple[int, int]) -> list[Candidate]:
    """Instances that are sure enough, with soft masks at plate size."""
    scores = answer.pred_logits[0].float().sigmoid()
    if answer.presence_logits is not None:
        scores = scores * answer.presence_logits[0].float().sigmoid()
    kept = torch.nonzero(scores > LEAST).flatten().tolist()
    return [Candidate(label, _box(answer, i, shape), float(scores[i]), _mask(answer, i, shape)) for i in kept]


def _box(answer: Any, index: int, shape: tuple[int, int]) -> Box:
    height, width = shape
    x0, y0, x1, y1 = answer.pred_boxes[0, index].float().clamp(0, 1).tolist()
    return x0 * width, y0 * height, x1 * width, y1 * height


def _mask(answer: Any, index: int, shape: tuple[int, int]) -> Mask:
    return probabilities(enlarge(answer.pred_masks[0, index : index + 1], shape)[0])


def load(model: Model, place: Place) -> Sam3:
    """Build the model from its weights and its tokenizer."""
    weights, tokenizer = (place.store.load_path(name) for name in model.weights)
    return Sam3(partial(build, weights), tokenizer, choose_device(place.device, place.precision, place.compiled))
