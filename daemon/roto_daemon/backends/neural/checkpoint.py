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


def load_weights(network: torch.nn.Module, path: Path, prefix: str = "") -> None:
    """Fill all of ``network`` with the tensors of a file. Raises WeightsError where one lacks or has another shape.

    What the file holds beside them is passed over: some published files keep parts that only training needs, and some
    hold other networks, where the names of this one's tensors begin with ``prefix``.
    """
    state = {
        name.removeprefix(prefix): tensor for name, tensor in read_weights(path).items() if name.startswith(prefix)
    }
    wanted = network.state_dict()
    odd = [name for name in wanted if name in state and wanted[name].shape != state[name].shape]
    absent = _absent(wanted, state)
    if odd or absent:
        named = f"“{(odd or absent)[0]}” {'has another shape' if odd else 'is missing'}"
        raise WeightsError(f"{path.name} is of another network: {named}.", "Pull or import the right file.")
    network.load_state_dict(state, strict=False)


def _absent(wanted: Mapping[str, torch.Tensor], state: Mapping[str, torch.Tensor]) -> list[str]:
    """Names that the file lacks, apart from those that share their memory with one that it has (tied weights)."""
    given = {tensor.data_ptr() for name, tensor in wanted.items() if name in state}
    return [name for name, tensor in wanted.items() if name not in state and tensor.data_ptr() not in given]


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
