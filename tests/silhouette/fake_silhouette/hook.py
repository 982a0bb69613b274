"""Silhouette's hooks by name; a test fires them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_KNOWN = ("startupComplete", "post_load", "object_created", "session_created", "pre_save", "post_save")
_added: dict[str, list[Callable[..., Any]]] = {}


def add(name: str, call: Callable[..., Any]) -> None:
    if name not in _KNOWN:
        raise ValueError(f"no hook is called {name}")
    _added.setdefault(name, []).append(call)


def _fire(name: str) -> None:
    for call in list(_added.get(name, ())):
        call()
