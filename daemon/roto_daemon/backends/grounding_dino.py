"""What a text describes: Grounding DINO (Liu et al. 2023), as ``transformers`` runs it.

A text names classes, set apart by commas, semicolons, full stops or new lines; "all", "every" and articles in front of
one say nothing. A box belongs to the class that the surest of its words stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torchvision.ops import batched_nms
from transformers import (
    BertConfig,
    BertTokenizer,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    GroundingDinoImageProcessor,
    GroundingDinoProcessor,
    SwinConfig,
)

from roto_daemon.backends.base import Box, Candidate, Image
from roto_daemon.backends.neural.checkpoint import load_weights
from roto_daemon.backends.neural.device import Device, choose_device
from roto_daemon.backends.neural.resident import Resident
from roto_daemon.backends.table import Model, Place
from roto_shared.errors import InputError

LEAST = 0.25
"""Published threshold of a box's confidence."""

SAME = 0.8
"""Boxes of one class with this intersection over union are the same thing twice."""

SEPARATORS = re.compile(r"[,;.\n]+")
NEEDLESS = re.compile(r"^(all|every|each|the|a|an)\s+", re.IGNORECASE)

BACKBONES: dict[str, dict[str, Any]] = {
    "grounding-dino-tiny": {"embed_dim": 96, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24], "window_size": 7},
    "grounding-dino-base": {
        "image_size": 384,
        "embed_dim": 128,
        "depths": [2, 2, 18, 2],
        "num_heads": [4, 8, 16, 32],
        "window_size": 12,
    },
}
"""Swin T at windows of 7, and Swin B at windows of 12, as the published configurations have them."""


def classes_of(text: str) -> list[str]:
    """The classes a text names, in order, each once. Raises InputError where it names none."""
    parts = (NEEDLESS.sub("", part.strip()).strip() for part in SEPARATORS.split(text))
    classes = list(dict.fromkeys(part for part in parts if part))
    if not classes:
        raise InputError(f"“{text}” names nothing.", "Say what to look for, such as “person in red, dog”.")
    return classes


def build(name: str, weights: Path | None = None) -> GroundingDinoForObjectDetection:
    """The network of a model's name, with random weights where there is no file."""
    swin: Any = SwinConfig  # its options are not declared
    backbone = swin(**BACKBONES[name], out_indices=[2, 3, 4])
    network = GroundingDinoForObjectDetection(GroundingDinoConfig(backbone_config=backbone, text_config=BertConfig()))
    if weights is not None:
        load_weights(network, weights)
    return network


def read_processor(vocabulary: Path) -> GroundingDinoProcessor:
    """Pre- and post-processing, with the words of a vocabulary file: one a line, as BERT's ``vocab.txt``."""
    words = vocabulary.read_text(encoding="utf-8").splitlines()
    return GroundingDinoProcessor(
        GroundingDinoImageProcessor(), BertTokenizer(vocab={w: i for i, w in enumerate(words)})
    )


class GroundingDino:
    """The model that finds; ``build_network`` makes its network when it is first used."""

    def __init__(
        self, name: str, build_network: Callable[[], GroundingDinoForObjectDetection], vocabulary: Path, device: Device
    ) -> None:
        self.name = name
        self._device = device
        self._resident = Resident(build_network, device)
        self._processor: Any = read_processor(vocabulary)  # its options are not declared

    def detect(self, image: Image, text: str) -> tuple[Candidate, ...]:
        classes = classes_of(text)
        inputs = self._processor(images=image, text=asked_as(classes), return_tensors="pt").to(self._device.kind)
        with self._device.run():
            answer = self._resident.network(**inputs)
        height, width = image.shape[:2]
        (found,) = self._processor.post_process_grounded_object_detection(
            answer, inputs["input_ids"], threshold=LEAST, target_sizes=[(height, width)]
        )
        words = answer.logits[0].float().max(dim=1)
        kept = words.values.sigmoid() > LEAST
        place = self._class_places(inputs["input_ids"][0])
        labels = place[words.indices[kept].clamp(max=len(place) - 1).cpu()].clamp(0, len(classes) - 1)
        return _candidates(
            found["boxes"].float().cpu(), found["scores"].float().cpu(), labels, classes, (width, height)
        )

    def unload(self) -> None:
        self._resident.unload()

    def _class_places(self, tokens: torch.Tensor) -> torch.Tensor:
        """For every token which class it stands in, counted from 0: classes end with a full stop."""
        stop = self._processor.tokenizer.convert_tokens_to_ids(".")
        ends = (tokens == stop).cpu().long()
        return ends.cumsum(0) - ends


def asked_as(classes: Sequence[str]) -> str:
    """Classes as the network was trained to read them: small letters, a full stop after each."""
    return " ".join(f"{one.lower()}." for one in classes)


def _candidates(
    boxes: torch.Tensor, scores: torch.Tensor, labels: torch.Tensor, classes: Sequence[str], size: tuple[int, int]
) -> tuple[Candidate, ...]:
    """Surest first, within the picture, none twice."""
    edge = torch.tensor([*size, *size], dtype=torch.float32)
    boxes = torch.minimum(boxes.clamp(min=0), edge)
    kept = batched_nms(boxes, scores, labels, SAME)
    return tuple(
        Candidate(classes[int(labels[i])], _box(boxes[i]), float(scores[i]))
        for i in kept.tolist()
        if _has_area(boxes[i])
    )


def _box(corners: torch.Tensor) -> Box:
    x0, y0, x1, y1 = corners.tolist()
    return x0, y0, x1, y1


def _has_area(corners: torch.Tensor) -> bool:
    return bool((corners[2:] - corners[:2]).min() >= 1)


def load(model: Model, place: Place) -> GroundingDino:
    """Build the model from its weights and its vocabulary."""
    weights, vocabulary = (place.store.load_path(name) for name in model.weights)
    device = choose_device(place.device, place.precision, place.compiled)
    return GroundingDino(model.name, partial(build, model.name, weights), vocabulary, device)
