"""SAM 2 and 2.1 as an engine."""

from __future__ import annotations

from roto_daemon.backends.base import Image
from roto_daemon.backends.neural.device import choose_device
from roto_daemon.backends.sam2.network import Sam2Network
from roto_daemon.backends.sam2.prompting import Sam2Frame
from roto_daemon.backends.sam2.tracking import Sam2Tracking
from roto_daemon.backends.table import Model, Place


class Sam2Backend:
    """The engine; one network serves prompts and tracking."""

    def __init__(self, name: str, network: Sam2Network) -> None:
        self.name = name
        self._network = network

    def embed(self, image: Image) -> Sam2Frame:
        return Sam2Frame(self._network, image)

    def start_tracking(self) -> Sam2Tracking:
        return Sam2Tracking(self._network)

    def unload(self) -> None:
        self._network.unload()


def load(model: Model, place: Place) -> Sam2Backend:
    """Build the engine; the network itself is loaded at its first use."""
    device = choose_device(place.device, place.precision, place.compiled)
    return Sam2Backend(model.name, Sam2Network(model.name, device, place.store.load_path(model.weights[0])))
