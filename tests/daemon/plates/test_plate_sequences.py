"""Which files a reference means and which frames they are."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from picture_greys import grey_of

from roto_daemon.plates import open_plate
from roto_daemon.plates.sequence import frame_of
from roto_shared.errors import PlateError


@pytest.mark.parametrize(
    ("name", "frame"),
    [
        ("plate.1001.exr", 1001),
        ("plate_7.png", 7),
        ("0012.jpg", 12),
        ("plate.-003.exr", -3),
        ("-5.png", -5),
        ("plate-003.exr", 3),
        ("take2-0100.dpx", 100),
        ("shot_v2.png", 2),
        ("shot_v2_final.png", None),
        ("plate.png", None),
    ],
)
def test_the_last_number_before_the_extension_is_the_frame(name: str, frame: int | None) -> None:
    assert frame_of(Path(name)) == frame


def test_a_folder_keeps_the_numbers_of_its_files_with_gaps_and_negatives(write_stills) -> None:
    folder = write_stills("a.-002.png", "a.-001.png", "a.0000.png", "a.0005.png", "a.12345.png")
    assert open_plate(folder).frames == (-2, -1, 0, 5, 12345)


def test_numbers_sort_as_numbers_where_they_are_not_padded(write_stills) -> None:
    folder = write_stills("a.9.png", "a.10.png", "a.8.png")
    plate = open_plate(folder)
    assert plate.frames == (8, 9, 10)
    assert plate.path(10).name == "a.10.png"


@pytest.mark.parametrize("token", ["%04d", "####", "@@@@", "$F4", "#", "@", "%d", "$F", "1001-1002####"])
def test_every_usual_pattern_finds_the_files(write_stills, token: str) -> None:
    folder = write_stills("plate.1001.png", "plate.1002.png", "other.1001.png", "plate.1003.tif")
    plate = open_plate(f"{folder}/plate.{token}.png")
    assert plate.frames == (1001, 1002)
    assert plate.path(1002) == folder / "plate.1002.png"


def test_a_file_that_is_written_anew_has_another_fingerprint_and_one_that_is_gone_has_none(write_stills) -> None:
    plate = open_plate(write_stills("p.1.png", "p.2.png", "p.3.png"))
    before = plate.fingerprints()
    write_stills("p.2.png", size=(9, 9))
    plate.path(3).unlink()
    after = plate.fingerprints()
    assert (after[1], after[3]) == (before[1], "")
    assert after[2] != before[2]
    assert all(before.values())


@pytest.mark.parametrize("base", ["a@b", "v#2", "$F", "50%d", "50% done", "x[1]", "##.@@"])
@pytest.mark.parametrize("token", ["####", "%04d", "$F4", "@@@@", "1001-1002####"])
def test_a_pattern_may_have_letters_of_patterns_in_its_name(write_stills, base: str, token: str) -> None:
    folder = write_stills(f"{base}.1001.png", f"{base}.1002.png", "a_b.1001.png")
    assert open_plate(f"{folder}/{base}.{token}.png").frames == (1001, 1002)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
@pytest.mark.parametrize("place", [b"shot", b"shot/gr\xfcn.1001.png", b"shot/gr\xfcn.####.png", b"shot/gr\xfcn.mp4"])
def test_a_name_that_is_not_utf_8_is_said_to_be(write_stills, tmp_path: Path, place: bytes) -> None:
    still = write_stills("a.1001.png") / "a.1001.png"
    still.rename(os.fsdecode(os.fsencode(still.parent) + b"/gr\xfcn.1001.png"))
    with pytest.raises(PlateError, match=r"The name of .*shot/gr\?n.* is not UTF-8") as told:
        open_plate(tmp_path / os.fsdecode(place))
    assert str(told.value).isprintable()


def test_a_range_in_the_pattern_is_kept_to(write_stills) -> None:
    folder = write_stills(*(f"p.{frame}.png" for frame in range(1001, 1011)))
    assert open_plate(folder / "p.1003-1007x2####.png").frames == (1003, 1005, 1007)


def test_of_two_files_of_one_frame_the_padding_of_the_pattern_decides(write_stills) -> None:
    folder = write_stills("p.1.png", "p.0001.png")
    assert open_plate(folder / "p.%04d.png").path(1).name == "p.0001.png"
    assert open_plate(folder / "p.%d.png").path(1).name == "p.1.png"


@pytest.mark.parametrize("token", ["%d", "#", "@", "$F", "", "%02d"])
def test_files_that_are_padded_in_two_ways_are_named_where_no_width_says_which_are_meant(write_stills, token) -> None:
    folder = write_stills("p.7.png", "p.0008.png", "p.1009.png")
    with pytest.raises(PlateError, match=r"p\.0008\.png and p\.7\.png .* padded in two ways.*%04d"):
        open_plate(folder / f"p.{token}.png" if token else folder)


@pytest.mark.parametrize(("token", "frames"), [("%04d", (8, 1009)), ("####", (8, 1009)), ("9-1009####", (1009,))])
def test_a_pattern_that_tells_a_width_means_the_files_of_it_alone(write_stills, token: str, frames) -> None:
    folder = write_stills("p.7.png", "p.0008.png", "p.1009.png")
    assert open_plate(folder / f"p.{token}.png").frames == frames


@pytest.mark.parametrize("token", ["%d", "%04d", "%06d"])
@pytest.mark.parametrize(
    "numbers", [("8", "9", "10"), ("0998", "0999", "1000", "10000"), ("-002", "0001"), ("-0002", "0001")]
)
def test_files_that_are_padded_alike_are_taken_whatever_width_the_pattern_tells(write_stills, numbers, token) -> None:
    folder = write_stills(*(f"p.{number}.png" for number in numbers))
    for reference in (folder, folder / f"p.{token}.png"):
        assert open_plate(reference).frames == tuple(map(int, numbers))


def test_a_single_still_keeps_its_number_and_is_frame_1_without_one(write_stills) -> None:
    folder = write_stills("beauty.1005.png", "plain.png")
    assert open_plate(folder / "beauty.1005.png").frames == (1005,)
    assert open_plate(folder / "plain.png").frames == (1,)
    assert open_plate(folder / "plain.png", first_frame=30).frames == (30,)


def test_a_first_frame_shifts_all_frames_and_keeps_gaps(write_stills) -> None:
    folder = write_stills("p.0.png", "p.1.png", "p.5.png")
    plate = open_plate(folder, first_frame=1001)
    assert plate.frames == (1001, 1002, 1006)
    assert plate.read(1006)[0, 0, 0] == grey_of(2)


def test_stray_stills_beside_the_only_sequence_do_not_disturb(write_stills) -> None:
    folder = write_stills("thumb.png", "poster.7.png", "p.1.png", "p.2.png", ".p.3.png")
    assert open_plate(folder).frames == (1, 2)


def test_a_folder_of_several_sequences_lists_them(write_stills) -> None:
    folder = write_stills("left.1.png", "left.2.png", "right.1.png", "right.2.png", "right.3.png")
    with pytest.raises(PlateError, match=r"left\.%d\.png \(2 frames\), right\.%d\.png \(3 frames\).*left\.%d\.png"):
        open_plate(folder)


def test_stills_without_numbers_are_named(write_stills) -> None:
    folder = write_stills("apple.png", "pear.png")
    with pytest.raises(PlateError, match=r"no frame numbers, apple\.png"):
        open_plate(folder)


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("shot", "holds no pictures"),
        ("shot/nothing.%04d.exr", "No file matches"),
        ("nowhere/plate.%04d.exr", "nowhere does not exist"),
        ("nowhere/plate.exr", "does not exist.*Give a folder of stills"),
    ],
)
def test_a_reference_to_nothing_says_what_to_give(tmp_path: Path, reference: str, sentence: str) -> None:
    (tmp_path / "shot").mkdir()
    with pytest.raises(PlateError, match=sentence):
        open_plate(tmp_path / reference)


@pytest.mark.parametrize("reference", ["", "p.####.png", "p.20240131120000000001.png"])
def test_a_number_that_no_message_can_hold_is_refused(write_stills, reference: str) -> None:
    folder = write_stills("p.20240131120000000000.png", "p.20240131120000000001.png")
    with pytest.raises(PlateError, match="too large for a frame"):
        open_plate(folder / reference)
