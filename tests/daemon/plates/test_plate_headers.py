"""What files say beside their pixels."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.outputs.exr import write_exr as write_exr_file
from roto_daemon.outputs.prores import write_prores
from roto_daemon.plates import open_plate
from roto_daemon.plates.timecode import count_timecode, exact_rate, split_timecode
from roto_shared.errors import PlateError

NTSC_30 = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        *((23.976, Fraction(24000, 1001)), (23.98, Fraction(24000, 1001)), (24.0, Fraction(24))),
        *((29.97, NTSC_30), (59.94, Fraction(60000, 1001)), (25.0, Fraction(25)), (12.5, Fraction(25, 2))),
    ],
)
def test_a_rounded_rate_is_the_one_it_stands_for(fps: float, rate: Fraction) -> None:
    assert exact_rate(fps) == rate


@pytest.mark.parametrize(
    ("start", "frames", "rate", "expected"),
    [
        ("01:00:00:00", 25, Fraction(24), "01:00:01:01"),
        ("23:59:59:23", 1, Fraction(24), "00:00:00:00"),
        ("00:00:59;29", 1, NTSC_30, "00:01:00;02"),
        ("00:09:59;29", 1, NTSC_30, "00:10:00;00"),
        ("00:00:00;00", 17982, NTSC_30, "00:10:00;00"),
        ("23:59:59;29", 1, NTSC_30, "00:00:00;00"),
        ("00:00:59;59", 1, Fraction(60000, 1001), "00:01:00;04"),
        ("00:00:59:29", 1, NTSC_30, "00:01:00:00"),
    ],
)
def test_time_codes_count_on(start: str, frames: int, rate: Fraction, expected: str) -> None:
    assert count_timecode(start, frames, rate) == expected


@given(st.integers(0, 2_589_407), st.integers(0, 5000))
def test_drop_frame_steps_add_up(first: int, second: int) -> None:
    start = count_timecode("00:00:00;00", first, NTSC_30)
    assert count_timecode(start, second, NTSC_30) == count_timecode("00:00:00;00", first + second, NTSC_30)


@given(st.integers(0, 2_589_407))
def test_drop_frame_never_shows_a_number_that_is_dropped(frames: int) -> None:
    _, minutes, seconds, frame = split_timecode(count_timecode("00:00:00;00", frames, NTSC_30))
    assert minutes % 10 == 0 or seconds > 0 or frame >= 2


@pytest.mark.parametrize("text", ["", "01:00:00", "one:00:00:00", "01.00.00.00"])
def test_what_is_no_time_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time code"):
        split_timecode(text)


def test_an_exr_tells_its_time_code_windows_and_what_travels(write_exr) -> None:
    code = OpenEXR.TimeCode()
    code.hours, code.minutes, code.seconds, code.frame, code.dropFrame = 10, 11, 12, 13, True
    plane = np.zeros((4, 6), np.float16)
    file = write_exr(
        {"R": plane}, data=(2, 1, 7, 4), display=(0, 0, 9, 9), timeCode=code, owner="us", acesImageContainerFlag=1
    )
    header = open_plate(file).header(1)
    assert header.timecode == "10:11:12;13"
    assert header.windows is not None
    assert header.windows == ((2, 1, 7, 4), (0, 0, 9, 9))
    assert header.attributes["owner"] == "us"
    assert not {"timeCode", "acesImageContainerFlag", "compression", "dataWindow"} & set(header.attributes)


def test_an_empty_list_in_a_header_does_not_keep_a_matte_from_being_written(tmp_path: Path, write_exr) -> None:
    file = write_exr({"R": np.zeros((4, 6), np.float16)}, names=["a"])
    content = file.read_bytes()
    place = content.index(b"stringvector\0") + len(b"stringvector\0")
    (size,) = struct.unpack_from("<i", content, place)
    file.write_bytes(content[:place] + struct.pack("<i", 0) + content[place + 4 + size :])
    write_exr_file(tmp_path / "matte.exr", {"A": np.zeros((4, 6), np.float16)}, open_plate(file).header(1))
    assert (tmp_path / "matte.exr").is_file()


def test_a_header_with_a_text_in_another_encoding_is_named(write_exr) -> None:
    file = write_exr({"R": np.zeros((4, 6), np.float16)}, owner="M_ller")
    file.write_bytes(file.read_bytes().replace(b"M_ller", "Müller".encode("latin-1")))
    with pytest.raises(PlateError, match="not UTF-8"):
        open_plate(file)


def test_the_header_is_that_of_the_part_whose_colours_are_read(tmp_path: Path) -> None:
    def part(name: str, channels: str, data: tuple[int, int, int, int]) -> OpenEXR.Part:
        windows = {"dataWindow": data, "displayWindow": (0, 0, 9, 9)}
        told = {key: (np.array(v[:2], np.int32), np.array(v[2:], np.int32)) for key, v in windows.items()}
        plane = np.zeros((data[3] - data[1] + 1, data[2] - data[0] + 1), np.float16)
        told |= {"name": name, "type": OpenEXR.scanlineimage, "compression": OpenEXR.ZIP_COMPRESSION}
        return OpenEXR.Part(told, dict.fromkeys(channels, plane), name)

    file = tmp_path / "plate.0001.exr"
    parts = [part("garbage", "M", (2, 2, 4, 4)), part("beauty", "RGB", (0, 0, 9, 9)), part("fx", "RGB", (5, 5, 9, 9))]
    OpenEXR.File(parts).write(str(file))
    for layer, expected in {"": (0, 0, 9, 9), "fx": (5, 5, 9, 9), "garbage": (2, 2, 4, 4)}.items():
        windows = open_plate(file, layer=layer).header(1).windows
        assert windows is not None
        assert windows.data == expected


def test_a_dpx_tells_its_time_code_and_its_rate(tmp_path: Path) -> None:
    spec = oiio.ImageSpec(8, 6, 3, "uint16")
    spec.attribute("smpte:TimeCode", oiio.TypeTimeCode, (0x01020304, 0))
    spec.attribute("dpx:FrameRate", 23.976)
    path = tmp_path / "scan.0001.dpx"
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec)
    output.write_image(np.zeros((6, 8, 3), np.uint16))
    output.close()
    header = open_plate(path).header(1)
    assert header.timecode == "01:02:03:04"
    assert header.rate == Fraction(24000, 1001)


@pytest.mark.parametrize("rate", [float("inf"), float("nan"), 3e38, -24.0])
def test_a_rate_that_no_film_has_is_none(tmp_path: Path, rate: float) -> None:
    path = tmp_path / "scan.0001.dpx"
    output = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), oiio.ImageSpec(8, 6, 3, "uint16"))
    output.write_image(np.zeros((6, 8, 3), np.uint16))
    output.close()
    content = bytearray(path.read_bytes())
    big_endian = content.startswith(b"SDPX")
    content[1724:1728] = struct.pack(">f" if big_endian else "<f", rate)  # SMPTE ST 268, of the film
    path.write_bytes(content)
    plate = open_plate(path)
    assert plate.told_fps is None
    assert plate.header(1).rate is None


def test_a_film_counts_its_time_code_on_and_one_without_has_none(tmp_path: Path, write_video) -> None:
    assert open_plate(write_video(5, "plain.mov")).header(3).timecode == ""
    picture = (np.zeros((48, 64, 3), np.uint8), np.ones((48, 64), np.float32))
    list(write_prores(tmp_path / "coded.mov", iter([picture] * 5), 29.97, timecode="00:00:59;28"))
    plate = open_plate(tmp_path / "coded.mov", first_frame=1001)
    assert [plate.header(frame).timecode for frame in (1001, 1002, 1003)] == [
        *("00:00:59;28", "00:00:59;29", "00:01:00;02")
    ]
    assert plate.header(1001).rate == NTSC_30


def test_time_codes_of_fast_films_come_back_from_exr_files_which_number_frames_by_twos(tmp_path: Path) -> None:
    picture = (np.zeros((48, 64, 3), np.uint8), np.ones((48, 64), np.float32))
    list(write_prores(tmp_path / "fast.mov", iter([picture] * 4), 50, timecode="01:00:00:48"))
    plate = open_plate(tmp_path / "fast.mov", first_frame=1001)
    codes = ["01:00:00:48", "01:00:00:48", "01:00:01:00", "01:00:01:00"]
    for frame, code in zip(plate.frames, codes, strict=True):
        write_exr_file(tmp_path / f"matte.{frame}.exr", {"A": np.zeros((4, 4), np.float16)}, plate.header(frame))
        header = open_plate(tmp_path / f"matte.{frame}.exr").header(frame)
        assert (header.timecode, header.rate) == (code, Fraction(50))
