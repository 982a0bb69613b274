"""``roto segment``: one picture, exact with the disc engine."""

import json

import cv2
import numpy as np
import pytest

from roto_daemon.plates import read_mask
from roto_formats.registry import read_document
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise

FRAME = 1003


def test_the_mask_is_the_disc_and_lies_in_the_current_folder(roto, clip, own_folders):
    result = roto("segment", clip.image(FRAME), "--point", clip.click(FRAME), "--in-process")
    assert result.exit_code == 0, result.stderr
    written = own_folders / f"disc.{FRAME}.mask.png"
    mask = cv2.imread(str(written), cv2.IMREAD_UNCHANGED)
    assert (mask.dtype, mask.shape) == (np.uint8, clip.truth(FRAME).shape)
    assert ((mask == 255) == clip.truth(FRAME)).all()
    assert list(own_folders.iterdir()) == [written]


def test_an_exr_mask_holds_the_same_coverage(roto, clip):
    roto("segment", clip.image(FRAME), "--point", clip.click(FRAME), "--out", "m.exr", "--in-process")
    assert (read_mask("m.exr") == clip.truth(FRAME)).all()


@pytest.mark.parametrize("ending", ["nk", "fxs", "json"])
def test_shapes_cover_the_disc(roto, clip, ending):
    target = f"shapes.{ending}"
    result = roto("segment", clip.image(FRAME), "--point", clip.click(FRAME), "--out", target, "--in-process")
    assert result.exit_code == 0, result.stderr
    drawn = rasterise(read_document(target), FRAME)
    assert jaccard(drawn >= 0.5, clip.truth(FRAME)) >= 0.95


def test_a_negative_click_takes_the_disc_away_again(roto, clip):
    click = clip.click(FRAME)
    roto("segment", clip.image(FRAME), "--box", "0,0,128,96", "--negative", click, "--out", "m.png", "--in-process")
    assert not cv2.imread("m.png", cv2.IMREAD_UNCHANGED).any()


@pytest.mark.usefixtures("stop_daemon_after")
def test_through_the_daemon_programs_get_one_json_object(roto_process, clip):
    result = roto_process("segment", clip.image(FRAME), "--point", clip.click(FRAME), "--out", "m.png", "--json")
    assert json.loads(result.stdout) == {"file": "m.png", "engine": "disc", "confidence": 1.0}
    assert "Starting the daemon" in result.stderr
    assert ((cv2.imread("m.png", cv2.IMREAD_UNCHANGED) == 255) == clip.truth(FRAME)).all()


def test_nothing_stays_in_the_daemon_s_sessions(roto, clip, tmp_path):
    roto("segment", clip.image(FRAME), "--point", clip.click(FRAME), "--in-process")
    assert list((tmp_path / "state" / "sessions").iterdir()) == []
