"""``roto info``: what a plate is, before work begins."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest


@pytest.fixture
def own_clip(clip, tmp_path: Path):
    """The clip, to be damaged."""
    shutil.copytree(clip.folder, tmp_path / "own")
    return type(clip)(tmp_path / "own")


def test_a_sequence_is_told_with_its_gaps(roto, own_clip):
    own_clip.image(1004).unlink()
    own_clip.image(1007).unlink()
    own_clip.image(1008).unlink()
    told = json.loads(roto("info", own_clip.plate, "--json").stdout)
    assert (told["first"], told["last"], told["frames"]) == (1001, 1012, 9)
    assert told["missing"] == [[1004, 1004], [1007, 1008]]
    assert (told["width"], told["height"], told["pixel_aspect"]) == (128, 96, 1.0)
    assert (told["channels"], told["samples"], told["taken_as"]) == (["R", "G", "B"], "uint8", "sRGB")
    read = roto("info", own_clip.plate).stdout
    assert "1001-1012, 9 of them" in read and "missing       1004, 1007-1008" in read


def test_frames_are_numbered_as_work_would_number_them(roto, own_clip):
    told = json.loads(roto("info", own_clip.plate, "--start", "1", "--json").stdout)
    assert (told["first"], told["last"]) == (1, 12)


def test_a_check_names_every_frame_that_cannot_be_used(roto, own_clip):
    own_clip.image(1003).write_bytes(b"")
    cv2.imwrite(str(own_clip.image(1005)), np.zeros((10, 10, 3), np.uint8))
    own_clip.image(1009).write_bytes(own_clip.image(1009).read_bytes()[:60])
    checked = roto("info", own_clip.plate, "--check", "--json")
    assert checked.exit_code == 7
    faults = json.loads(checked.stdout)["unusable"]
    assert [fault["frame"] for fault in faults] == [1003, 1005, 1009]
    assert "0 bytes" in faults[0]["why"] and "10×10" in faults[1]["why"]
    assert roto("info", own_clip.plate).exit_code == 0, "without --check frames are not read"


def test_a_sound_plate_passes_the_check(roto, own_clip):
    checked = roto("info", own_clip.plate, "--check")
    assert checked.exit_code == 0
    assert "unusable      none" in checked.stdout


def test_a_first_frame_that_is_damaged_does_not_hide_the_rest(roto, own_clip):
    own_clip.image(1001).write_bytes(b"")
    told = roto("info", own_clip.plate, "--json")
    assert json.loads(told.stdout)["channels"] == ["R", "G", "B"]
    assert "1001" in told.stderr


def test_layers_and_spaces_to_choose_from_are_listed(roto, tmp_path):
    planes = {name: np.full((4, 6), 0.5, np.float16) for name in ("R", "G", "B", "key.R", "key.G", "key.B")}
    OpenEXR.File({"type": OpenEXR.scanlineimage}, planes).write(str(tmp_path / "plate.0001.exr"))
    told = json.loads(roto("info", tmp_path / "plate.0001.exr", "--layer", "key", "--spaces", "--json").stdout)
    assert told["layers"] == ["rgba", "key"]
    assert {"sRGB", "Cineon", "ACEScg", "ARRI LogC4"} <= set(told["spaces"])
    shown = roto("info", tmp_path / "plate.0001.exr").stdout
    assert "layers        rgba, key" in shown
    assert "taken as      scene-linear Rec.709" in shown


def test_a_space_that_is_not_there_is_bad_input(roto, clip):
    failed = roto("info", clip.plate, "--colour-space", "ARRI LogC44")
    assert failed.exit_code == 3
    assert "no space “ARRI LogC44”" in failed.stderr
