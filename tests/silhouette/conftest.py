"""Silhouette's stand-in on the path, one session on a plate for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent / "fake_silhouette"))

import fx
from session_clip import FIRST, HEIGHT, LAST, WIDTH, truth


@pytest.fixture
def session(tmp_path: Path) -> Iterator[fx.Session]:
    """A session of 12 frames from 1001 on, with the disc as its source and nothing else."""
    fx._start_anew()
    for frame in range(FIRST, LAST + 1):
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        image[truth(frame)] = (0, 0, 255)
        assert cv2.imwrite(str(tmp_path / f"disc.{frame}.png"), image)
    session = fx.Session(WIDTH, HEIGHT, FIRST, LAST - FIRST + 1)
    node = fx.Node("SourceNode")
    node.properties["stream.primary"] = fx.Property(fx.Source(str(tmp_path / "disc.%d.png"), FIRST))
    session.nodes.append(node)
    fx._state.session = session
    yield session
    assert fx._state.groups == 0, "every undo group was closed"
    fx._start_anew()
