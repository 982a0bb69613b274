"""Models on a small GPU: the ``disc`` engine, whose memory runs out while another model is loaded beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from roto_daemon.backends.base import Image, Mask, TrackedMask
from roto_daemon.backends.disc import DiscBackend, DiscEmbedding, DiscTracking
from roto_daemon.backends.table import Model, Place
from roto_daemon.engines import EngineRoom
from roto_shared.errors import OutOfMemoryError


@dataclass
class Crowding:
    """A model's memory runs out at the call after ``after`` more, and from then on until it is alone in ``room``."""

    room: EngineRoom
    after: int
    alone: tuple[str, ...]


ROOMS: dict[str, Crowding] = {}


def crowd(name: str, room: EngineRoom, after: int = 0) -> None:
    """Let the memory of the model ``name`` run out while others are loaded."""
    ROOMS[name] = Crowding(room, after, (name,))


class SmallGpu:
    """The ``disc`` engine where memory may run out."""

    def __init__(self, name: str) -> None:
        self.name = name

    def embed(self, image: Image) -> DiscEmbedding:
        take_memory(self.name)
        return DiscBackend().embed(image)

    def start_tracking(self) -> "CrowdedTracking":
        return CrowdedTracking(self.name)

    def unload(self) -> None:
        """It holds nothing."""


class CrowdedTracking:
    """Tracking whose steps take memory."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._inner = DiscTracking()

    def add_keyframe(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        self._inner.add_keyframe(frame, image, masks)

    def resume(self, frame: int, image: Image, masks: Mapping[str, Mask]) -> None:
        self._inner.resume(frame, image, masks)

    def step(self, frame: int, image: Image) -> dict[str, TrackedMask]:
        take_memory(self._name)
        return self._inner.step(frame, image)


def take_memory(name: str) -> None:
    """Raise OutOfMemoryError when it is time."""
    crowding = ROOMS.get(name)
    if crowding is None:
        return
    crowding.after -= 1
    alone = crowding.room.names() == crowding.alone and crowding.after < -1
    if crowding.after < 0 and not alone:
        raise OutOfMemoryError("The memory of the device “cuda” does not suffice for this.", "Choose a smaller model.")


def load(model: Model, _place: Place) -> SmallGpu:
    """Build the model."""
    return SmallGpu(model.name)
