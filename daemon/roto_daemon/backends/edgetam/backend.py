"""EdgeTAM as an engine."""

from __future__ import annotations

from roto_daemon.backends.base import Image
from roto_daemon.backends.edgetam.network import EdgeTamNetwork
from roto_daemon.backends.edgetam.prompting import EdgeTamFrame
from roto_daemon.backends.edgetam.tracking import EdgeTamTracking
from roto_daemon.backends.neural.device import choose_device
from roto_daemon.backends.table import Model, Place


class EdgeTamBackend:
    """The engine."""

    name = "edgetam"

    def __init__(self, network: EdgeTamNetwork) -> None:
        self._network = network

    def embed(self, image: Image) -> EdgeTamFrame:
        return EdgeTamFrame(self._network, image)

    def start_tracking(self) -> EdgeTamTracking:
        return EdgeTamTracking(self._network)

    def unload(self) -> None:
        self._network.unload()


def load(model: Model, place: Place) -> EdgeTamBackend:
    """Build the engine; its networks are loaded at their first use."""
    device = choose_device(place.device, place.precision, place.compiled)
    return EdgeTamBackend(EdgeTamNetwork(device, place.store.load_path(model.weights[0])))
