"""The engines by name. Listing them imports no network library; loading one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from roto_daemon.backends.base import Backend
from roto_daemon.weights.store import WeightStore
from roto_shared.errors import UnknownEngineError


@dataclass(frozen=True)
class Engine:
    """One engine: what it is for, the weights it needs, and the module whose ``load(store)`` builds it."""

    name: str
    purpose: str
    weights: tuple[str, ...]
    module: str


ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine("embedded", "real shots without a GPU", ("u2netp",), "roto_daemon.backends.embedded.backend"),
        Engine("disc", "exact tests: regions of one flat colour", (), "roto_daemon.backends.disc"),
    )
}


def find_engine(name: str) -> Engine:
    """The table's entry of that name."""
    try:
        return ENGINES[name]
    except KeyError:
        known = ", ".join(ENGINES)
        raise UnknownEngineError(f"There is no engine named '{name}'.", f"Use one of: {known}.") from None


def load(name: str, store: WeightStore) -> Backend:
    """Build the engine ``name``; its weights must be in ``store``."""
    engine = find_engine(name)
    for weights in engine.weights:
        store.load_path(weights)
    build: Callable[[WeightStore], Backend] = import_module(engine.module).load
    return build(store)
