"""What work costs this process: CPU seconds, since the machines are shared, and memory at its highest."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

Picture = TypeVar("Picture")


@dataclass
class CpuClock:
    """Adds up the CPU seconds of what runs inside of it: ``with clock: …``, as often as wanted; processes waited for
    count too."""

    seconds: float = 0.0
    _began: float = 0.0

    def paused(self, read: Callable[[int], Picture]) -> Callable[[int], Picture]:
        """``read`` so that what it costs is not counted."""

        def unclocked(frame: int) -> Picture:
            began = _cpu_seconds()
            picture = read(frame)
            self.seconds -= _cpu_seconds() - began
            return picture

        return unclocked

    def __enter__(self) -> "CpuClock":
        self._began = _cpu_seconds()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.seconds += _cpu_seconds() - self._began


def peak_memory_mb() -> float:
    """The most memory that this process has held so far, MiB; its libraries are about 120 of them."""
    try:
        import resource
    except ImportError:  # Windows keeps this figure elsewhere
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _cpu_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
