"""The weights of the embedded engine, fetched once from the real source."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from roto_daemon.weights import WeightStore
from roto_shared.errors import RotoError


def embedded_weights() -> WeightStore:
    """A store that holds them, in the user's cache. Without a network the test is skipped; where CI is set it fails."""
    named = os.environ.get("ROTO_TEST_WEIGHTS")
    store = WeightStore(Path(named) if named else platformdirs.user_cache_path("roto-tests") / "weights")
    try:
        store.pull("u2netp")
    except RotoError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no u2netp weights: {error}")
    return store
