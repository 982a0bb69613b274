"""Random weights in the place of published ones, so that a model's time and memory can be measured without them.

How long a network takes does not depend on its weights; what it finds does. Only benchmarks and tests use this.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from roto_daemon.backends.neural.checkpoint import save_weights
from roto_daemon.backends.table import Model
from roto_daemon.weights.table import find_weights

SEED = 1

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "ball")
"""Enough for a text detector to read "ball"."""


def write_untrained(model: Model, folder: Path) -> None:
    """Write files of random weights, and of a few words, for ``model`` into a weight store's ``folder``."""
    torch.manual_seed(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    weights, *vocabularies = (folder / find_weights(name).file for name in model.weights)
    save_weights(_builder(model)(), weights)
    for vocabulary in vocabularies:
        vocabulary.write_text("\n".join(WORDS), encoding="utf-8")


def _builder(model: Model) -> Callable[[], torch.nn.Module]:
    family = model.module.removeprefix("roto_daemon.backends.").split(".")[0]
    if family == "sam2":
        from roto_daemon.backends.sam2.network import build

        return lambda: build(model.name)
    if family == "cutie":
        from roto_daemon.backends.cutie.network import build as build_cutie

        return lambda: build_cutie(model.name.removeprefix("cutie-"))
    if family == "edgetam":
        from roto_daemon.backends.edgetam.network import build_for_shots

        return build_for_shots
    if family == "vitmatte":
        from roto_daemon.backends.vitmatte import build as build_vitmatte
        from roto_daemon.backends.vitmatte import configure

        return lambda: build_vitmatte(configure(model.name))
    from roto_daemon.backends.grounding_dino import build as build_dino

    return lambda: build_dino(model.name)
