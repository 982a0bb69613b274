"""Models in memory: loaded when first used, given back when idle or when another needs the room."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from roto_daemon.backends.base import Backend, Embedding, Image, Prompter, Tracker, Tracking
from roto_daemon.backends.table import find_engine, find_model

Load = Callable[[str], Any]


@dataclass(frozen=True)
class Pair:
    """An engine of two models: one for prompts, one for tracking."""

    name: str
    prompter: Prompter
    tracker: Tracker

    def embed(self, image: Image) -> Embedding:
        return self.prompter.embed(image)

    def start_tracking(self) -> Tracking:
        return self.tracker.start_tracking()

    def unload(self) -> None:
        self.prompter.unload()
        self.tracker.unload()


class EngineRoom:
    """Holds loaded models; ``load`` makes one by name and raises UnknownEngineError, EngineError or WeightsError.

    All of them share ``budget_mb`` MiB of a GPU's memory, by what the table of models says they need; None, and models
    that need none, know no bounds. The one that was not used for longest goes first. Loading may take minutes: whoever
    asks for names, or for what is idle, does not wait for it.
    """

    def __init__(
        self,
        load: Load,
        clock: Callable[[], float] = time.monotonic,
        budget_mb: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._load = load
        self._clock = clock
        self._budget_mb = budget_mb
        self._models: dict[str, Any] = {}
        self._used: dict[str, float] = {}
        self._names: tuple[str, ...] = ()
        self._lock = threading.RLock()

    def get(self, name: str) -> Backend:
        """The engine ``name``, loaded if need be."""
        prompter, tracker = (model.name for model in find_engine(name))
        with self._lock:
            if prompter == tracker:
                return self.model(prompter)
            return Pair(name, self.model(prompter), self.model(tracker))

    def model(self, name: str) -> Any:
        """The model ``name``, an object of the protocols of its tasks; loaded if need be."""
        with self._lock:
            self._used[name] = self._clock()
            if name not in self._models:
                self._make_room(name)
                self._models[name] = self._load(name)
                self._names = tuple(self._models)
            return self._models[name]

    def names(self) -> tuple[str, ...]:
        """Loaded models."""
        return self._names

    def unload_idle(self, idle_s: float) -> tuple[str, ...]:
        """Give back models that nobody used for ``idle_s``; their names. None while another is loaded."""
        if not self._lock.acquire(blocking=False):
            return ()
        try:
            return self._unload([name for name in self._models if self._clock() - self._used[name] > idle_s])
        finally:
            self._lock.release()

    def unload_others(self, engine: str) -> tuple[str, ...]:
        """Give back all models but those of ``engine``, which lacks memory; their names."""
        kept = {model.name for model in find_engine(engine)}
        with self._lock:
            return self._unload([name for name in self._models if name not in kept and _needs_mb(name)])

    def _make_room(self, name: str) -> None:
        budget = self._budget_mb() if _needs_mb(name) else None
        oldest_first = sorted((n for n in self._models if _needs_mb(n)), key=lambda n: self._used[n])
        while budget is not None and oldest_first and sum(map(_needs_mb, (name, *oldest_first))) > budget:
            self._unload([oldest_first.pop(0)])

    def _unload(self, names: list[str]) -> tuple[str, ...]:
        for name in names:
            model = self._models.pop(name)
            del self._used[name]
            self._names = tuple(self._models)
            model.unload()
        return tuple(names)


def _needs_mb(name: str) -> int:
    return find_model(name).memory_mb
