"""Label propagation: a patch of a new frame takes the labels of the patches it most resembles on remembered frames.

The non-local reading of space-time memory networks (Oh et al., ICCV 2019) and of the training-free baselines before
them, in the features of the saliency network's first stages, whose answer to "same stuff, same place on the object?"
holds also where the object is not salient at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Box, Mask
from roto_daemon.backends.embedded.grid import Window, resize_mask

TOKENS = 40
"""Patches along each side of a view."""

NEIGHBOURS = 16
TEMPERATURE = 0.05
PLACE_WEIGHT = 0.5
"""How much similarity one box size of displacement costs (squared distance in box sizes)."""

Features = NDArray[np.float32]
"""(TOKENS², channels), each row of unit length."""


@dataclass(frozen=True)
class View:
    """A window of a frame as patches, placed relative to the object's box (so that size and motion do not count)."""

    features: Features
    places: NDArray[np.float32]
    window: Window

    @classmethod
    def of(cls, features: Features, window: Window, box: Box) -> View:
        x0, y0, x1, y1 = window
        steps = (np.arange(TOKENS, dtype=np.float32) + 0.5) / TOKENS
        width, height = max(1.0, box[2] - box[0]), max(1.0, box[3] - box[1])
        across = (x0 + steps * (x1 - x0) - (box[0] + box[2]) / 2) / width
        down = (y0 + steps * (y1 - y0) - (box[1] + box[3]) / 2) / height
        rows, columns = np.meshgrid(down, across, indexing="ij")
        places = np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32)
        return cls(features, places, window)


@dataclass(frozen=True)
class Memory:
    """A view whose labels are known: how much of each patch the object covers (0..1)."""

    view: View
    labels: NDArray[np.float32]

    @classmethod
    def of(cls, view: View, mask: Mask) -> Memory:
        x0, y0, x1, y1 = view.window
        return cls(view, resize_mask(mask[y0:y1, x0:x1], (TOKENS, TOKENS)).ravel())


def propagate(view: View, memories: Sequence[Memory], place_weight: float = PLACE_WEIGHT) -> Mask:
    """The object's probability in ``view``, in the shape of its window."""
    label = _labels_of(_similarity(view, memories, place_weight), memories)
    x0, y0, x1, y1 = view.window
    return resize_mask(label.reshape(TOKENS, TOKENS), (y1 - y0, x1 - x0))


def recall(memory: Memory) -> Mask:
    """What propagation says of a memory's own view when no patch may answer for itself: how far to trust it."""
    similarity = _similarity(memory.view, [memory], PLACE_WEIGHT)
    np.fill_diagonal(similarity, -np.inf)
    x0, y0, x1, y1 = memory.view.window
    label = _labels_of(similarity, [memory])
    return resize_mask(label.reshape(TOKENS, TOKENS), (y1 - y0, x1 - x0))


def _similarity(view: View, memories: Sequence[Memory], place_weight: float) -> NDArray[np.float32]:
    """(patches, remembered patches): correlation of features less the cost of displacement, in one product.

    With w the place weight, −w|p − q|² = 2w p·q − w|q|² up to a constant for each patch, which its ranking ignores.
    """
    features = np.concatenate([memory.view.features for memory in memories])
    places = np.concatenate([memory.view.places for memory in memories])
    cost = place_weight * (places * places).sum(axis=1, keepdims=True)
    remembered = np.concatenate([features, 2 * place_weight * places, -cost], axis=1)
    asked = np.concatenate([view.features, view.places, np.ones((len(view.places), 1), np.float32)], axis=1)
    return np.asarray(asked @ remembered.T, dtype=np.float32)


def _labels_of(similarity: NDArray[np.float32], memories: Sequence[Memory]) -> NDArray[np.float32]:
    """Each patch's label: the mean of its nearest remembered patches, weighted by closeness."""
    labels = np.concatenate([memory.labels for memory in memories])
    nearest = np.argpartition(similarity, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:]
    closeness = np.take_along_axis(similarity, nearest, axis=1)
    weights = np.exp((closeness - closeness.max(axis=1, keepdims=True)) / TEMPERATURE)
    return ((weights * labels[nearest]).sum(axis=1) / weights.sum(axis=1)).astype(np.float32)
