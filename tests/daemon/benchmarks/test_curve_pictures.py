"""Pictures of a benchmark are real pictures and show what was measured."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from roto_daemon.benchmarks.curves.footage import Footage
from roto_daemon.benchmarks.curves.pictures import write_charts
from roto_daemon.benchmarks.curves.score import CurveScore, score_sequence
from roto_daemon.benchmarks.curves.style import check_plotting
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError

pytest.importorskip("matplotlib", reason="pictures are drawn by matplotlib, which is not installed here")

SHAPE_BGR = np.array([0x3C, 0xA6, 0xF0])


@pytest.fixture(scope="module")
def pictured(sequences: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sequence[CurveScore]]:
    folder = tmp_path_factory.mktemp("pictures")
    kinds = [("moving", "gt"), ("still", "gt"), ("moving", "osvos")]
    return folder, [score_sequence(Footage(sequences / name), kind, FitSettings(), folder) for name, kind in kinds]


def test_a_contact_sheet_shows_the_outline_of_every_sequence(pictured):
    folder, _ = pictured
    assert sorted(path.name for path in folder.glob("*.jpg")) == ["moving.gt.jpg", "moving.osvos.jpg", "still.gt.jpg"]
    for path in folder.glob("*.jpg"):
        sheet = cv2.imread(str(path), cv2.IMREAD_COLOR)
        assert sheet is not None
        assert sheet.shape[1] > 1000
        coloured = np.abs(sheet.astype(int) - SHAPE_BGR).max(axis=2) < 60
        assert coloured.sum() > 500


def test_the_charts_are_svg_with_a_line_for_each_method(pictured, tmp_path: Path):
    _, scores = pictured
    paths = list(write_charts(tmp_path, scores))
    assert [path.name for path in paths] == ["iou-points.svg", "iou-values.svg"]
    for path in paths:
        root = ElementTree.fromstring(path.read_bytes())
        assert root.tag.endswith("svg")
        assert {"#f0a63c", "#93c47d"} <= {colour for colour in ("#f0a63c", "#93c47d") if colour in path.read_text()}


def test_the_same_figures_give_the_same_bytes(pictured, tmp_path: Path):
    _, scores = pictured
    first, second = (
        [path.read_bytes() for path in write_charts(tmp_path / name, scores)] for name in ("first", "second")
    )
    assert first == second


def test_the_values_picture_has_several_settings_of_ours(pictured):
    _, scores = pictured
    assert [len(score.keyed) for score in scores] == [6, 6, 0]
    *closer, every_frame = (keyed.values_per_frame for keyed in scores[0].keyed)
    balanced = closer[len(closer) // 2]
    assert closer == sorted(closer)
    assert every_frame > balanced


def test_without_true_masks_there_are_no_charts(pictured, tmp_path: Path):
    _, scores = pictured
    assert list(write_charts(tmp_path, [replace(scores[-1])])) == []


def test_pictures_without_matplotlib_are_refused_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("roto_daemon.benchmarks.curves.style.find_spec", lambda _: None)
    with pytest.raises(InputError, match="roto-bezier\\[bench\\]"):
        check_plotting()
