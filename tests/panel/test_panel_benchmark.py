"""``roto bench nuke`` measures the real panel with a real daemon."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_seg.panel_benchmark import KEYS, KNOTS, SHAPES, many_shapes, measure_panel


@pytest.fixture
def data(clip, tmp_path: Path) -> Path:
    """The disc clip as a sequence with true masks."""
    for frame in range(1001, 1009):
        for kind, picture in (
            ("frames", cv2.imread(str(clip.folder / f"disc.{frame}.png"))),
            ("gt", np.where(clip.truth(frame), 255, 0).astype(np.uint8)),
        ):
            folder = tmp_path / "data" / "disc" / kind
            folder.mkdir(parents=True, exist_ok=True)
            assert cv2.imwrite(str(folder / f"{frame}.png"), picture)
    return tmp_path / "data"


def test_the_heavy_document_is_as_heavy_as_it_says() -> None:
    shapes = list(many_shapes().shapes())
    assert len(shapes) == SHAPES
    assert {(shape.knot_count, len(shape.keys)) for shape in shapes} == {(KNOTS, KEYS)}


def test_every_figure_is_measured(data) -> None:
    figures = {figure.name: figure.value for figure in measure_panel(data, lambda _: None, "disc")}
    assert len(figures) == 9
    below = {name for name, value in figures.items() if value <= 0}
    assert below <= {"1080p: of that beside the daemon's answer"}, "all but a difference of two noisy times are above 0"
