"""A disk with no room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

HardlyAnyDisk = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def hardly_any_disk() -> HardlyAnyDisk:
    """While it is entered, files may grow to 64 bytes only: pytest's own output too, so it is left before the dot."""
    resource = pytest.importorskip("resource", reason="file size limits are a POSIX thing")

    @contextmanager
    def limited() -> Iterator[None]:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    return limited
