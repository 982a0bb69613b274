"""Cutie as a model that tracks."""

from __future__ import annotations

from roto_daemon.backends.cutie.network import CutieNetwork
from roto_daemon.backends.cutie.tracking import CutieTracking
from roto_daemon.backends.neural.device import choose_device
from roto_daemon.backends.table import Model, Place


class CutieBackend:
    """The model; all tracks share one network."""

    def __init__(self, name: str, network: CutieNetwork) -> None:
        self.name = name
        self._network = network

    def start_tracking(self) -> CutieTracking:
        return CutieTracking(self._network)

    def unload(self) -> None:
        self._network.unload()


def load(model: Model, place: Place) -> CutieBackend:
    """Build the model; the network itself is loaded at its first use."""
    device = choose_device(place.device, place.precision, place.compiled)
    size = model.name.removeprefix("cutie-")
    return CutieBackend(model.name, CutieNetwork(size, device, place.store.load_path(model.weights[0])))
