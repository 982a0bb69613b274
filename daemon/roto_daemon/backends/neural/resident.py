"""A network in memory: built at its first use, given back on request, built again at the next use."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import torch

from roto_daemon.backends.neural.device import Device

N = TypeVar("N", bound=torch.nn.Module)


class Resident(Generic[N]):
    """Holds what ``build`` makes, on ``device``, ready for inference."""

    def __init__(self, build: Callable[[], N], device: Device) -> None:
        self.device = device
        self._build = build
        self._network: N | None = None
        self._lock = threading.Lock()

    @property
    def network(self) -> N:
        """The network; loads it if need be."""
        with self._lock:
            if self._network is None:
                with self.device.run():
                    self._network = self._build().to(self.device.kind).eval()
                self._compile(self._network)
            return self._network

    def _compile(self, network: N) -> None:
        """Have the parts compiled, not the whole: the packages call encoders and decoders by themselves."""
        if self.device.compiled:
            for part in network.children():
                part.compile()

    def unload(self) -> None:
        """Let go of the network and its memory."""
        with self._lock:
            self._network = None
        self.device.free()
