"""A disk with no room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def hardly_any_disk() -> Iterator[None]:
    """Files may grow to 64 bytes only."""
    resource = pytest.importorskip("resource", reason="file size limits are a POSIX thing")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
