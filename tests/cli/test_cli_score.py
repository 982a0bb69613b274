"""``roto score``: the official figures, and what it says where frames or sizes do not match."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_formats.number_text import hex_float


@pytest.mark.parametrize("sequence", ["car-shadow", "libby"])
def test_stored_network_masks_get_the_official_figures(roto, davis, sequence):
    rows = (line.split("\t") for line in (davis.parent / "osvos_golden.tsv").read_text().splitlines())
    official = next(row for row in rows if row[0] == sequence)
    told = json.loads(roto("score", "masks", davis / sequence / "osvos", davis / sequence / "gt", "--json").stdout)
    ours = [told[kind][figure] for figure in ("j", "davis_f") for kind in ("mean", "recall")]
    assert ours == pytest.approx([float(text) for text in official[3:7]], abs=5e-4)


def test_a_mask_against_itself_is_perfect_and_first_and_last_frame_do_not_count(roto, clip):
    told = json.loads(roto("score", "masks", clip.masks, clip.masks, "--json").stdout)
    assert told["mean"] == {"j": 1.0, "davis_f": 1.0, "f2": 1.0, "f1": 1.0}
    assert list(told["per_frame"]) == [str(frame) for frame in range(1002, 1012)]


def test_people_get_a_table(roto, clip):
    lines = roto("score", "masks", clip.masks, clip.masks).stdout.splitlines()
    assert lines[1].split() == ["J", "1.0000", "1.0000"]
    assert lines[-1] == "10 frames scored."


def test_a_frame_that_is_missing_on_the_scored_side_is_named(roto, clip, tmp_path):
    for frame in (1001, 1002, 1004):
        os.link(clip.mask(frame), tmp_path / f"mask.{frame}.png")
    result = roto("score", "masks", tmp_path / "mask.####.png", clip.masks)
    assert result.exit_code == 3
    assert "lack frame 1003 and 7 others" in result.stderr


def test_masks_of_different_sizes_are_refused(roto, clip, tmp_path):
    for frame in range(1001, 1013):
        assert cv2.imwrite(str(tmp_path / f"mask.{frame}.png"), np.zeros((10, 10), np.uint8))
    result = roto("score", "masks", tmp_path / "mask.####.png", clip.masks)
    assert result.exit_code == 3
    assert "sizes" in result.stderr


def test_shapes_are_scored_as_their_layers_in_nuke_let_them_be(roto, clip):
    assert roto("curves", clip.masks, "--out", "shapes.nk").exit_code == 0
    script = Path("shapes.nk").read_text()
    head, root, rest = script.split("{a}", 2)
    Path("ends.nk").write_text(f"{head}{{a}}{root}{{a ltt 1 ltn 0 ltm {hex_float(1006)}}}{rest}")
    names = ("shapes.nk", "ends.nk")
    worst = [json.loads(roto("score", "curves", name, clip.masks, "--json").stdout)["iou_min"] for name in names]
    assert worst == [pytest.approx(1, abs=0.1), 0.0]
