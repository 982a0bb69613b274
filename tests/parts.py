"""Parts of the machine that some tests need and pip cannot bring: programs and other Pythons.

A test says ``@pytest.mark.needs("potrace")``. Where the part is missing it is skipped with the reason; with ``CI=true``
it fails instead, so that nothing goes untested unseen. ``python -m tests.system_parts`` installs what it may.
Standard library alone, since it is read before anything is installed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

HOST_PYTHONS = ("3.7", "3.9", "3.10", "3.11", "3.13")
"""Versions inside the hosts: Nuke 13 is 3.7, 14 is 3.9, 15 is 3.10, 16 is 3.11; Silhouette's newest is 3.13."""


@dataclass(frozen=True)
class Part:
    """A program called ``name``; ``package`` is its Debian package, empty where Debian has none."""

    name: str
    package: str = ""

    def find(self) -> Path | None:
        """The program's path, or None."""
        return _find_python(self.name) if self.name.startswith("python") else _find_on_path(self.name)

    @property
    def remedy(self) -> str:
        """One line that installs it."""
        version = self.name.removeprefix("python")
        return f"sudo apt-get install {self.package}" if self.package else f"pyenv install {version}"


PROGRAMS = (
    Part("potrace", "potrace"),
    Part("oiiotool", "openimageio-tools"),
    Part("ffmpeg", "ffmpeg"),
    Part("blender", "blender"),
    Part("pg_ctlcluster", "postgresql"),
    Part("redis-server", "redis-server"),
    Part("chromium", "chromium"),
    Part("npm", "npm"),
)
PARTS = {part.name: part for part in (*PROGRAMS, *(Part(f"python{v}") for v in HOST_PYTHONS))}


def missing_parts() -> list[Part]:
    """Parts that this machine lacks."""
    return [part for part in PARTS.values() if part.find() is None]


def is_ci() -> bool:
    """Whether nothing may be left untested."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def do_without(reason: str) -> None:
    """Skip the running test for ``reason``; fail it where nothing may be left untested."""
    if is_ci():
        pytest.fail(f"{reason} (a failure because CI is set)", pytrace=False)
    pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "needs(*names): parts of tests/parts.py that the test cannot do without")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose parts are missing."""
    missing = [PARTS[name] for name in _needed(item.iter_markers("needs")) if PARTS[name].find() is None]
    if missing:
        do_without("; ".join(f"no {part.name} here: {part.remedy}" for part in missing))


def _needed(markers: Iterable[pytest.Mark]) -> list[str]:
    return [name for marker in markers for name in marker.args]


def _find_on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return None if found is None else Path(found)


def _find_python(name: str) -> Path | None:
    """A real interpreter: one that pyenv keeps, or one on the path that is not a pyenv shim, which may lead nowhere."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(versions.glob(f"{name.removeprefix('python')}.*/bin/python"))
    if kept:
        return kept[-1]
    found = _find_on_path(name)
    return None if found is None or found.parent.name == "shims" else found
