"""``roto matte`` and the finishing options of ``roto track``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

from roto_formats.registry import read_document
from roto_seg.exits import Exit
from roto_shared.shapes import MotionBlur

FRAMES = range(1001, 1013)


@pytest.fixture
def matte(roto, clip):
    """Run on the clip and its true masks into ``out``; answers what it tells programs."""

    def run(*arguments, masks: str | None = None, expect: int = 0):
        asked = ["--masks", masks or clip.masks, "--out", "out", "--in-process", "--json"]
        result = roto("matte", clip.plate, *asked, *arguments)
        assert result.exit_code == expect, result.output
        return json.loads(result.stdout) if result.exit_code in (0, Exit.PARTIAL) else result.stderr

    return run


def written(frame: int, ending: str = "png", name: str = "object") -> np.ndarray:
    return cv2.imread(f"out/{name}/mask.{frame}.{ending}", cv2.IMREAD_UNCHANGED)


def test_masks_come_out_as_they_are_where_nothing_is_asked(matte, clip):
    told = matte()
    assert len(told["files"]) == 2 * len(FRAMES) + 1
    assert told["faults"] == []
    for frame in FRAMES:
        assert np.array_equal(written(frame) == 255, clip.truth(frame))


def test_soft_mattes_come_out_as_fine_as_they_came(matte, clip, tmp_path):
    ramp = np.linspace(0, 1, 128 * 96, dtype=np.float16).reshape(96, 128)
    told = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    OpenEXR.File(told, {"A": ramp}).write(str(tmp_path / "soft.1001.exr"))
    matte("--bits", 16, masks=str(tmp_path / "soft.1001.exr"))
    assert np.abs(written(1001) / 65535 - ramp).max() < 1e-4
    with OpenEXR.File("out/object/mask.1001.exr", separate_channels=True) as file:
        assert np.abs(np.float32(file.channels()["A"].pixels) - ramp).max() < 6e-4
    matte("--format", "png", masks=str(tmp_path / "soft.1001.exr"))
    assert written(1001).dtype == np.uint8


def test_edges_are_refined_and_masks_finished(matte, clip):
    matte("--edges", "fast", "--feather", 6, "--steady", 1, "--object", "disc", "--format", "png")
    assert np.unique(written(1005, name="disc")).size > 8


def test_finishing_alone_grows(matte, clip):
    matte("--grow", 2)
    assert (written(1005) >= 128).sum() > clip.truth(1005).sum() * 1.2
    matte()
    assert np.array_equal(written(1005) == 255, clip.truth(1005)), "without the option it is as it was"


@pytest.mark.parametrize("asked", [("--edges", "fast"), ("--motion-blur", "--shutter", 1)])
def test_without_soft_edges_masks_are_hard_again(matte, clip, asked):
    matte(*asked, "--format", "png")
    assert np.unique(written(1005)).size > 2
    matte("--format", "png")
    assert np.array_equal(written(1005) == 255, clip.truth(1005))


def test_the_length_of_the_smear_is_written_with_the_motion(matte):
    matte("--motion", "--motion-blur", "--shutter", 0.5, "--format", "exr")
    with OpenEXR.File("out/object/mask.1005.exr", separate_channels=True) as file:
        channels = {name: np.array(channel.pixels) for name, channel in file.channels().items()}
    assert np.allclose(channels["blur.length"], 0.5 * np.hypot(channels["forward.u"], channels["forward.v"]), atol=0.01)
    assert channels["blur.length"].max() > 2


def test_masks_that_count_otherwise_are_matched_by_their_new_numbers(matte, clip, tmp_path):
    other = tmp_path / "zero"
    other.mkdir()
    for frame in FRAMES:
        (other / f"m.{frame - 1001}.png").write_bytes(clip.mask(frame).read_bytes())
    said = matte(masks=str(other), expect=Exit.INPUT)
    assert "--masks-start" in said
    matte("--masks-start", 1001, masks=str(other))
    assert np.array_equal(written(1012) == 255, clip.truth(1012))


def test_a_mask_that_cannot_be_read_is_named_and_the_rest_goes_on(matte, clip, tmp_path):
    other = tmp_path / "torn"
    other.mkdir()
    for frame in FRAMES:
        content = clip.mask(frame).read_bytes()
        (other / f"m.{frame}.png").write_bytes(content[:60] if frame == 1004 else content)
    told = matte(masks=str(other), expect=Exit.PARTIAL)
    assert ["m.1004" in fault for fault in told["faults"]] == [True]
    assert not Path("out/object/mask.1004.png").exists()
    assert Path("out/object/mask.1005.png").exists()


def test_a_frame_that_is_left_out_is_told_to_programs(roto, clip, tmp_path):
    plate = tmp_path / "torn"
    plate.mkdir()
    for frame in FRAMES:
        content = clip.image(frame).read_bytes()
        (plate / f"p.{frame}.png").write_bytes(content[:100] if frame == 1004 else content)
    asked = [
        "--masks",
        clip.masks,
        "--out",
        "out",
        "--in-process",
        "--json",
        "--content",
        "straight",
        "--format",
        "exr",
    ]
    result = roto("matte", plate, *asked)
    assert result.exit_code == Exit.PARTIAL
    assert ["frame 1004" in fault for fault in json.loads(result.stdout)["faults"]] == [True]


def test_masks_of_frames_that_the_plate_lacks_are_told(roto, clip, tmp_path):
    plate = tmp_path / "gap"
    plate.mkdir()
    for frame in (1001, 1002, 1006):
        (plate / f"p.{frame}.png").write_bytes(clip.image(frame).read_bytes())
    result = roto("matte", plate, "--masks", clip.masks, "--range", "1001-1006", "--out", "out", "--in-process")
    assert result.exit_code == 0
    assert "left out: 3, from 1003 to 1005" in result.stderr


def test_masks_of_another_size_are_refused(matte, tmp_path):
    assert cv2.imwrite(str(tmp_path / "m.1001.png"), np.zeros((5, 5), np.uint8))
    assert "5×5" in matte(masks=str(tmp_path / "m.1001.png"), expect=Exit.INPUT)


def test_shapes_are_no_mattes(roto, clip):
    result = roto("matte", clip.plate, "--masks", clip.masks, "--out", "out", "--format", "nk")
    assert result.exit_code == Exit.USAGE
    assert "roto track" in result.stderr


def test_a_track_is_finished_and_other_numbers_track_nothing_again(roto, clip):
    command = ["track", clip.plate, "--out", "out", "--in-process", "--json", "--frame", 1001]
    command += ["--point", clip.click(1001)]
    assert roto(*command, "--grow", 3).exit_code == 0
    grown = (written(1007) >= 128).sum()
    again = json.loads(roto(*command, "--grow", -3).stdout)
    assert again["stored_before"] == again["frames"]
    assert (written(1007) >= 128).sum() < clip.truth(1007).sum() < grown
    assert json.loads(Path("out/report.json").read_text())["objects"]["object"]["finish"]["grow_px"] == -3


def test_nothing_of_a_track_comes_out_among_mattes_though_its_report_is_gone(roto, matte, clip):
    click = ["--frame", "1001", "--point", "20,40", "--object", "hero", "--format", "png"]
    assert roto("track", clip.plate, *click, "--out", "out", "--engine", "disc", "--in-process").exit_code == 0
    shutil.rmtree("out")
    assert "another --out" in matte(expect=Exit.INPUT)
    assert not Path("out").exists()


def test_motion_blur_is_measured_or_told(roto, clip):
    command = ["track", clip.plate, "--out", "out", "--in-process", "--frame", 1001, "--point", clip.click(1001)]
    told = roto(*command, "--motion-blur", "--shutter", 0.5, "--format", "nk,png")
    assert told.exit_code == 0, told.output
    document = read_document("out/shapes.nk")
    assert {shape.motion_blur for shape in document.shapes()} == {MotionBlur(1.0, 0.5, -0.25)}
    assert roto(*command, "--motion-blur").exit_code == 0


def test_a_shutter_alone_is_refused(roto, clip):
    result = roto("matte", clip.plate, "--masks", clip.masks, "--out", "out", "--shutter", 0.5)
    assert result.exit_code == Exit.USAGE
    assert "--motion-blur" in result.stderr


def test_no_model_is_needed(matte, clip, monkeypatch):
    monkeypatch.setenv("ROTO_ENGINE", "sam2.1-large")
    assert matte()["faults"] == []
    assert np.array_equal(written(1005) == 255, clip.truth(1005))
