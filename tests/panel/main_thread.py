"""A stand-in for a host's main thread: callbacks wait in a queue until the test lets them run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable


class MainThread:
    """``deliver`` may be called from any thread; callbacks run in :meth:`until` and nowhere else."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Callable[[], None]] = queue.Queue()
        self._home = threading.get_ident()

    def deliver(self, callback: Callable[[], None]) -> None:
        assert threading.get_ident() != self._home, "a host hangs when its main thread asks for itself"
        self._waiting.put(callback)

    def until(self, is_done: Callable[[], bool], timeout_s: float = 20.0) -> None:
        """Run callbacks until ``is_done``."""
        deadline = time.monotonic() + timeout_s
        while not is_done():
            left = deadline - time.monotonic()
            assert left > 0, "it did not happen"
            try:
                self._waiting.get(timeout=min(left, 0.1))()
            except queue.Empty:
                continue

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits."""
        return self._waiting.empty()
