"""Pictures around the frame at hand, each read once while a shot is gone through in ascending order."""

from __future__ import annotations

from collections.abc import Iterable

from roto_daemon.backends.base import Image
from roto_daemon.pipelines.track import Reader
from roto_shared.errors import PlateError


class PicturesAround:
    """What ``reader`` gives, held until it is let go."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._held: dict[int, Image | PlateError] = {}

    def at(self, frame: int) -> Image | None:
        """The picture of ``frame``; None where there is none that can be read."""
        outcome = self._outcome(frame)
        return None if isinstance(outcome, PlateError) else outcome

    def must_have(self, frame: int) -> Image:
        """The picture of ``frame``. Raises PlateError."""
        outcome = self._outcome(frame)
        if isinstance(outcome, PlateError):
            raise outcome
        return outcome

    def forget(self) -> None:
        """Let go of all."""
        self._held.clear()

    def drop_before(self, frame: int) -> None:
        """Let go of what lies before ``frame``."""
        self._held = {at: image for at, image in self._held.items() if at >= frame}

    def _outcome(self, frame: int) -> Image | PlateError:
        if frame not in self._held:
            try:
                self._held[frame] = self._reader.read(frame)
            except PlateError as error:
                self._held[frame] = error
        return self._held[frame]


def with_neighbours(frames: Iterable[int], reach: int, there_are: tuple[int, ...]) -> list[int]:
    """``frames`` and those up to ``reach`` before and after that there are, ascending."""
    wanted = {frame + step for frame in frames for step in range(-reach, reach + 1)}
    return sorted(wanted & set(there_are))
