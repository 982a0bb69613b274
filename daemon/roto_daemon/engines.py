"""Engines in memory: loaded when first used, given back when idle."""

import threading
import time
from collections.abc import Callable

from roto_daemon.backends.base import Backend

Load = Callable[[str], Backend]


class EngineRoom:
    """Holds loaded engines; ``load`` makes one by name and raises UnknownEngineError or MissingWeightsError."""

    def __init__(self, load: Load, clock: Callable[[], float] = time.monotonic) -> None:
        self._load = load
        self._clock = clock
        self._engines: dict[str, Backend] = {}
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Backend:
        """The engine ``name``, loaded if need be."""
        with self._lock:
            if name not in self._engines:
                self._engines[name] = self._load(name)
            self._used[name] = self._clock()
            return self._engines[name]

    def names(self) -> tuple[str, ...]:
        """Loaded engines."""
        with self._lock:
            return tuple(self._engines)

    def unload_idle(self, idle_s: float) -> tuple[str, ...]:
        """Give back engines that nobody used for ``idle_s``; their names."""
        with self._lock:
            idle = tuple(name for name, used in self._used.items() if self._clock() - used > idle_s)
            for name in idle:
                self._engines.pop(name).unload()
                del self._used[name]
            return idle
