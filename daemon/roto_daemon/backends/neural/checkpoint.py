"""Weight files into networks: safetensors, or PyTorch files read as plain tensors. Nothing in them is ever executed."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_model

from roto_shared.errors import WeightsError


def load_weights(network: torch.nn.Module, path: Path) -> None:
    """Fill ``network`` with the tensors of a file, every one of them. Raises WeightsError where they do not fit."""
    state = read_weights(path)
    wanted = network.state_dict()
    lacking = [name for name in wanted if name not in state]
    odd = [name for name, tensor in state.items() if name not in wanted or wanted[name].shape != tensor.shape]
    if lacking or odd:
        named = f"“{(lacking or odd)[0]}” {'is missing' if lacking else 'does not fit'}"
        raise WeightsError(
            f"{path.name} holds the weights of another network: {named}.", "Pull or import the right file."
        )
    network.load_state_dict(state)


def read_weights(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file by name. Raises WeightsError for a file that is damaged or holds anything but tensors."""
    try:
        plain: Any = load_file(path) if path.suffix == ".safetensors" else _load_pytorch(path)
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise WeightsError(f"{path} is damaged, or no file of weights.", "Pull or import it again.") from error
    tensors = plain.get("model", plain) if isinstance(plain, Mapping) else None
    if not isinstance(tensors, Mapping) or not all(isinstance(tensor, torch.Tensor) for tensor in tensors.values()):
        raise WeightsError(f"{path} holds more than a network's weights.", "Pull or import the published file.")
    return dict(tensors)


def save_weights(network: torch.nn.Module, path: Path) -> None:
    """Write a network's tensors as :func:`read_weights` reads them: for tests, and for timings without real weights."""
    if path.suffix == ".safetensors":
        save_model(network, str(path))
    else:
        torch.save({"model": network.state_dict()}, path)


def _load_pytorch(path: Path) -> object:
    return torch.load(path, map_location="cpu", weights_only=True)
