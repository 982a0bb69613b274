"""Cryptomatte: all objects in one EXR, to be picked by name.

Source: Friedman and Jones, "Fully automatic ID mattes with support for motion blur and transparency" (SIGGRAPH 2015
posters), and their specification, version 1.2. Numbers must survive exactly: channels are 32-bit and the compression
is a lossless one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import mmh3
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask

TYPE_NAME = "crypto_object"
RANKS_A_LAYER = 2
LEAST_LAYERS = 1


def object_id(name: str) -> int:
    """The 32 bits that stand for a name: MurmurHash3 with a flipped bit where they would be no finite float."""
    bits = mmh3.hash(name.encode("utf-8"), seed=0, signed=False)
    exponent = bits >> 23 & 255
    return bits ^ 1 << 23 if exponent in (0, 255) else bits


def cryptomatte_attributes(names: list[str]) -> dict[str, str]:
    """The EXR attributes that name the layers and the objects."""
    key = f"cryptomatte/{mmh3.hash(TYPE_NAME.encode(), seed=0, signed=False):08x}"[: len("cryptomatte/") + 7]
    return {
        f"{key}/name": TYPE_NAME,
        f"{key}/hash": "MurmurHash3_32",
        f"{key}/conversion": "uint32_to_float32",
        f"{key}/manifest": json.dumps({name: f"{object_id(name):08x}" for name in names}, ensure_ascii=False),
    }


def cryptomatte_planes(masks: Mapping[str, Mask]) -> dict[str, NDArray[np.float32]]:
    """Channels of ranks: for each pixel (H, W) the objects by falling coverage, each as its id and its coverage.

    Coverage is what the masks say; where several overlap, it may be more than 1 together.
    """
    names = list(masks)
    coverage = np.stack([np.clip(masks[name], 0.0, 1.0).astype(np.float32) for name in names])
    ids = np.array([object_id(name) for name in names], np.uint32).view(np.float32)
    order = np.argsort(-coverage, axis=0, kind="stable")
    most = int((coverage > 0).sum(axis=0).max(initial=0))
    layers = max(LEAST_LAYERS, -(-most // RANKS_A_LAYER))
    planes: dict[str, NDArray[np.float32]] = {}
    for rank in range(layers * RANKS_A_LAYER):
        identity, covered = _rank(ids, coverage, order, rank)
        pair = ("R", "G") if rank % RANKS_A_LAYER == 0 else ("B", "A")
        layer = f"{TYPE_NAME}{rank // RANKS_A_LAYER:02d}"
        planes[f"{layer}.{pair[0]}"], planes[f"{layer}.{pair[1]}"] = identity, covered
    return planes


def _rank(
    ids: NDArray[np.float32], coverage: NDArray[np.float32], order: NDArray[np.intp], rank: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    if rank >= len(ids):
        nothing = np.zeros(coverage.shape[1:], np.float32)
        return nothing, nothing
    covered = np.take_along_axis(coverage, order[rank : rank + 1], axis=0)[0]
    return np.where(covered > 0, ids[order[rank]], np.float32(0)), covered
