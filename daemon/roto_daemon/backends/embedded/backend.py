"""The ``embedded`` engine: prompts and tracking on any machine, from a 4.6 MB network and classical vision."""

from __future__ import annotations

from roto_daemon.backends.base import Image, Mask, Prompt, Segmentation
from roto_daemon.backends.embedded.edges import decided
from roto_daemon.backends.embedded.grid import Grid
from roto_daemon.backends.embedded.network import SaliencyNetwork
from roto_daemon.backends.embedded.prompting import Prompter
from roto_daemon.backends.embedded.tracking import EmbeddedTracking
from roto_daemon.backends.table import Model, Place
from roto_daemon.backends.tracked import decidedness


class EmbeddedBackend:
    """The engine; it shares one network between everything it hands out."""

    name = "embedded"

    def __init__(self, network: SaliencyNetwork) -> None:
        self._network = network

    def embed(self, image: Image) -> EmbeddedFrame:
        return EmbeddedFrame(self._network, image)

    def start_tracking(self) -> EmbeddedTracking:
        return EmbeddedTracking(self._network)

    def unload(self) -> None:
        self._network.unload()


class EmbeddedFrame:
    """One frame, ready for prompts."""

    def __init__(self, network: SaliencyNetwork, image: Image) -> None:
        self._grid = Grid.for_plate(*image.shape[:2])
        self._prompter = Prompter(network, self._grid.shrink_image(image))

    def segment(self, prompt: Prompt, previous: Mask | None = None) -> Segmentation:
        mask = self._segment_on_grid(prompt, previous)
        return Segmentation(self._grid.enlarge_mask(decided(mask)), decidedness(mask))

    def _segment_on_grid(self, prompt: Prompt, previous: Mask | None) -> Mask:
        positive = [self._grid.pixel(point) for point in prompt.positive]
        negative = [self._grid.pixel(point) for point in prompt.negative]
        if prompt.mask is not None:
            return self._prompter.corrected(self._grid.shrink_mask(prompt.mask), positive, negative)
        memory = None if previous is None else self._grid.shrink_mask(previous)
        if prompt.box is not None and memory is None:
            return self._prompter.object_in(self._grid.box(prompt.box), positive, negative)
        return self._prompter.object_at(positive, negative, memory)


def load(model: Model, place: Place) -> EmbeddedBackend:
    """Build the engine from its weights."""
    return EmbeddedBackend(SaliencyNetwork(place.store.load_path(model.weights[0])))
