"""Plates, masks and points as the networks of the SAM family want them, and their answers as masks.

A plate is squeezed into a square, whatever its proportions. Pixel areas agree on both, so that pixel centres do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import interpolate

from roto_daemon.backends.base import Image, Mask, Point, Prompt

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Of ImageNet, 0..1."""

OUTSIDE, INSIDE, TOP_LEFT, BOTTOM_RIGHT = 0, 1, 2, 3
"""Labels of points, as these networks were trained."""


def squeezed(image: Image, size: int, device: str) -> torch.Tensor:
    """A plate as (1, 3, size, size): averaged where it shrinks, standardised."""
    pixels = torch.from_numpy(np.ascontiguousarray(image)).to(device)
    picture = pixels.permute(2, 0, 1)[None].float() / 255
    square = interpolate(picture, (size, size), mode="bilinear", antialias=True)
    mean, std = (torch.tensor(values, device=square.device)[:, None, None] for values in (MEAN, STD))
    return (square - mean) / std


def squeezed_mask(mask: Mask, size: int, device: str) -> torch.Tensor:
    """A mask as (1, 1, size, size), averaged where it shrinks."""
    whole = torch.from_numpy(np.ascontiguousarray(mask, np.float32)).to(device)[None, None]
    return interpolate(whole, (size, size), mode="bilinear", antialias=True)


def log_odds(mask: torch.Tensor) -> torch.Tensor:
    """A mask as these networks answer it; 8-bit masks keep all that they know."""
    return torch.logit(mask, eps=1 / 512)


def enlarge(logits: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    """Logits (n, height, width) at another (height, width)."""
    return interpolate(logits[None].float(), shape, mode="bilinear", align_corners=False)[0]


def probabilities(logits: torch.Tensor) -> Mask:
    """Logits (height, width) as a mask."""
    return torch.sigmoid(logits.float()).cpu().numpy().astype(np.float32)


def points_of(prompt: Prompt, shape: tuple[int, int], size: int, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """A prompt's box and clicks as places (1, n, 2) on the square and their labels (1, n); a box is its two corners."""
    corners = [] if prompt.box is None else [prompt.box[:2], prompt.box[2:]]
    labels = [TOP_LEFT, BOTTOM_RIGHT] if corners else []
    labels += [INSIDE] * len(prompt.positive) + [OUTSIDE] * len(prompt.negative)
    places = torch.tensor(place_points([*corners, *prompt.positive, *prompt.negative], shape, size), device=device)
    return places[None], torch.tensor([labels], dtype=torch.int32, device=device)


def place_points(points: Sequence[Point], shape: tuple[int, int], size: int) -> NDArray[np.float32]:
    """Plate points as the prompt encoders count: pixels of the square, whose centres are whole numbers; (n, 2)."""
    scale = np.array([size / shape[1], size / shape[0]])
    return (np.array(points, dtype=np.float64).reshape(-1, 2) * scale - 0.5).astype(np.float32)
