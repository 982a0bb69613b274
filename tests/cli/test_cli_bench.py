"""``roto bench curves`` on masks of the tests' own."""

import json
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def data(clip, tmp_path: Path) -> Path:
    """One sequence of true masks and frames."""
    folder = tmp_path / "data" / "disc"
    shutil.copytree(Path(clip.masks).parent, folder / "gt")
    shutil.copytree(Path(clip.plate).parent, folder / "frames")
    return folder.parent


def test_the_tables_and_the_targets_are_printed(roto, data):
    result = roto("bench", "curves", "--data", data, "--only", "disc", "--jobs", 1)
    assert result.exit_code == 0, result.output
    for words in ("Edges of the keyed shapes", "slide median px", "frames/CPU s", "peak MiB", "Drift", "Targets"):
        assert words in result.stdout
    assert "disc gt: IoU" in result.stderr


def test_json_holds_figures_and_verdicts(roto, data):
    result = roto("bench", "curves", "--data", data, "--jobs", 1, "--json")
    figures = json.loads(result.stdout)["curves balanced"]
    assert figures["sequences"][0]["figures"]["iou"] > 0.97
    assert {target["name"] for target in figures["targets"]} >= {"IoU with sparse keys", "drift mean / p95, px"}


def test_pictures_are_written_where_they_are_wanted(roto, data, tmp_path):
    pytest.importorskip("matplotlib", reason="pictures are drawn by matplotlib, which is not installed here")
    result = roto("bench", "curves", "--data", data, "--jobs", 1, "--plot", tmp_path / "new" / "pictures")
    assert result.exit_code == 0, result.output
    names = {path.name for path in (tmp_path / "new" / "pictures").iterdir()}
    assert names == {"disc.gt.jpg", "iou-points.svg", "iou-values.svg"}


def test_a_sequence_that_is_not_there_is_named(roto, data):
    result = roto("bench", "curves", "--data", data, "--only", "disc,swan")
    assert result.exit_code == 3
    assert "“swan”" in result.stderr


def test_a_network_is_timed_without_its_weights(roto):
    told = roto("bench", "models", "cutie-small", "--json")
    assert told.exit_code == 0, told.stderr
    assert "random ones take their place" in told.stderr
    (figure,) = json.loads(told.stdout)["models"]
    assert figure["name"] == "cutie-small: a tracked 1080p frame"
    assert figure["value"] > 0


def test_a_network_that_is_none_is_named(roto):
    told = roto("bench", "models", "embedded")
    assert told.exit_code == 3
    assert "no network embedded" in told.stderr
