"""Nuke's stand-in on the path, an empty script for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fake_nuke" / "host"))


@pytest.fixture(autouse=True)
def empty_script() -> Iterator[None]:
    from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]

    _studio.start_anew()
    yield
    assert _studio.script.open_group == [], "every undo group was closed"
