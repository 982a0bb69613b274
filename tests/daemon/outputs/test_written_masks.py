"""Masks on disk: exact, whole, and with a sentence where the disk refuses."""

from __future__ import annotations

import errno
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

from roto_daemon.outputs import mask_path, write_mask
from roto_daemon.plates import open_masks
from roto_shared.errors import InputError, StorageError
from roto_shared.whole_file import written_whole

RAMP = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (3, 1))


@pytest.mark.parametrize(
    ("frame", "name"),
    [(7, "mask.0007.png"), (1001, "mask.1001.png"), (123456, "mask.123456.png"), (-3, "mask.-003.png")],
)
def test_the_frame_is_in_the_name_and_comes_back_from_it(tmp_path: Path, frame: int, name: str) -> None:
    path = mask_path(tmp_path, frame)
    assert path.name == name
    write_mask(path, RAMP)
    assert open_masks(tmp_path).frames == (frame,)


def test_a_png_holds_0_to_255_in_one_grey_channel(tmp_path: Path) -> None:
    write_mask(tmp_path / "m.png", RAMP)
    stored = cv2.imread(str(tmp_path / "m.png"), cv2.IMREAD_UNCHANGED)
    assert stored.dtype == np.uint8
    assert stored.tolist() == np.tile(np.arange(256), (3, 1)).tolist()


def test_an_exr_holds_half_alpha_alone_and_the_pixel_aspect(tmp_path: Path) -> None:
    write_mask(tmp_path / "m.exr", RAMP, pixel_aspect=2.0)
    file = OpenEXR.File(str(tmp_path / "m.exr"), separate_channels=True)
    assert list(file.channels()) == ["A"]
    assert file.channels()["A"].pixels.dtype == np.float16
    assert np.array_equal(file.channels()["A"].pixels, RAMP.astype(np.float16))
    assert file.header()["pixelAspectRatio"] == 2.0


def test_values_beyond_0_and_1_are_clipped(tmp_path: Path) -> None:
    write_mask(tmp_path / "m.png", np.array([[-1.0, 2.0]], np.float32))
    assert cv2.imread(str(tmp_path / "m.png"), cv2.IMREAD_UNCHANGED).tolist() == [[0, 255]]


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"“\.jpg”.*\.png, \.exr"):
        write_mask(tmp_path / "m.jpg", RAMP)


def test_nothing_is_left_of_a_write_that_failed_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "m.png"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), written_whole(path) as part:
        part.write_bytes(b"half")
        raise ZeroDivisionError
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.png"]
    assert path.read_bytes() == b"old"


def test_a_file_in_the_folder_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StorageError, match=r"m\.png cannot be written: .*another"):
        write_mask(tmp_path / "out" / "m.png", RAMP)


@pytest.mark.parametrize("ending", [".png", ".exr"])
def test_a_disk_that_takes_no_more_is_told_and_nothing_half_written_stays(
    tmp_path: Path, hardly_any_disk, ending: str
) -> None:
    with hardly_any_disk(), pytest.raises(StorageError, match=rf"mask\.0001\{ending} cannot be written"):
        write_mask(mask_path(tmp_path, 1, ending), np.random.default_rng(1).random((64, 64), np.float32))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free some space"),
        (errno.EROFS, "Choose a folder that can be written"),
        (errno.EACCES, "Choose a folder that you may write to"),
        (errno.EIO, "Check the folder"),
    ],
)
def test_what_the_disk_refuses_comes_with_what_to_do(tmp_path: Path, number: int, remedy: str) -> None:
    with pytest.raises(StorageError, match=rf"m\.png cannot be written: .*{remedy}"), written_whole(tmp_path / "m.png"):
        raise OSError(number, "the disk's own words")
