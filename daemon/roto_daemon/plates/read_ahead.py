"""Frames decoded on a thread before they are asked for, so that decoding and inference overlap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Self

from roto_daemon.backends.base import Image

CACHE_BYTES = 512 << 20
"""Default bound of the cache: about 80 frames of 1080p."""

FRAMES_AHEAD = 16
"""More frames ahead than these hide no more waiting and only take memory."""

Outcome = Image | Exception


class ReadAhead:
    """A plate's frames, read in the direction of travel while the caller is busy with earlier ones.

    ``frames`` is the order of travel, e.g. descending for a backward track. After every :meth:`read` the thread goes on
    with the frames that follow the one just taken, until a few are ready or ``cache_bytes`` are full; frames left
    behind are dropped. A frame off that order is read on demand. All reading happens on the one thread, which ends with
    :meth:`close`.
    """

    def __init__(self, read: Callable[[int], Image], frames: Sequence[int], cache_bytes: int = CACHE_BYTES) -> None:
        self._read = read
        self._frames = tuple(frames)
        self._places = {frame: place for place, frame in enumerate(self._frames)}
        self._limit = cache_bytes
        self._cache: dict[int, Outcome] = {}
        self._place = 0
        self._wanted: int | None = None
        self._closed = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="read-ahead", daemon=True)
        self._thread.start()

    def read(self, frame: int) -> Image:
        """The picture of ``frame``; waits for it if need be. Raises what reading that frame raised."""
        with self._changed:
            self._place = self._places.get(frame, self._place)
            self._wanted = frame
            self._changed.notify_all()
            self._changed.wait_for(lambda: frame in self._cache or self._closed)
            if frame not in self._cache:
                raise ValueError("read from a closed ReadAhead")
            outcome = self._cache[frame]
            self._wanted = None
            self._changed.notify_all()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    @property
    def cached(self) -> frozenset[int]:
        """Frames that are ready."""
        with self._changed:
            return frozenset(self._cache)

    def close(self) -> None:
        """Stop the thread once its present frame is read, and drop the cache."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        self._cache.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while (frame := self._next()) is not None:
            try:
                outcome: Outcome = self._read(frame)
            except Exception as error:  # noqa: BLE001 - handed to whoever asks for the frame
                outcome = error
            with self._changed:
                self._cache[frame] = outcome
                self._drop_passed()
                self._changed.notify_all()

    def _next(self) -> int | None:
        """The frame to read now, waiting for one; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._choose() is not None)
            return None if self._closed else self._choose()

    def _choose(self) -> int | None:
        if self._wanted is not None and self._wanted not in self._cache:
            return self._wanted
        upcoming = (frame for frame in self._frames[self._place :] if frame not in self._cache)
        frame = next(upcoming, None)
        return None if frame is None or self._is_full() else frame

    def _is_full(self) -> bool:
        """Whether one more frame would push out one that is still to come."""
        ahead = [outcome for frame, outcome in self._cache.items() if self._is_ahead(frame)]
        largest = max((_size(outcome) for outcome in ahead), default=0)
        return len(ahead) >= FRAMES_AHEAD or (bool(ahead) and sum(map(_size, ahead)) + largest > self._limit)

    def _is_ahead(self, frame: int) -> bool:
        return self._places.get(frame, -1) >= self._place

    def _drop_passed(self) -> None:
        for frame in [frame for frame in self._cache if frame != self._wanted and not self._is_ahead(frame)]:
            del self._cache[frame]


def _size(outcome: Outcome) -> int:
    return 0 if isinstance(outcome, Exception) else outcome.nbytes
