"""Frame n of a video is the n-th picture, in whatever order frames are asked for."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from picture_greys import grey_of

from roto_daemon.plates import Plate, open_plate
from roto_daemon.plates import video as video_module
from roto_shared.errors import PlateError

CODING_ERROR = 2.5


def shown(plate: Plate, frame: int) -> int:
    """Which picture of the made video comes for ``frame``."""
    level = float(plate.read(frame).mean())
    distances = [abs(level - grey_of(index)) for index in range(len(plate.frames))]
    assert min(distances) < CODING_ERROR
    return int(np.argmin(distances))


@pytest.fixture
def long_groups(write_video) -> Path:
    """40 pictures, a key picture every 10, two B-pictures between the others."""
    return write_video(40, g="10", bf="2", sc_threshold="0")


def test_a_video_starts_at_1_or_where_it_is_told(long_groups: Path) -> None:
    assert open_plate(long_groups).frames == tuple(range(1, 41))
    assert open_plate(long_groups, first_frame=1001).frames[0] == 1001


def test_a_film_of_ten_bits_keeps_them(tmp_path: Path) -> None:
    ramp = np.dstack([np.tile(np.linspace(0, 65535, 1920).astype(np.uint16), (48, 1))] * 3)
    with av.open(str(tmp_path / "deep.mov"), "w") as film:
        stream = film.add_stream("prores_ks", rate=24)
        stream.width, stream.height, stream.pix_fmt = 1920, 48, "yuv422p10le"
        film.mux(stream.encode(av.VideoFrame.from_ndarray(ramp, format="rgb48le")))
        film.mux(stream.encode(None))
    pixels = open_plate(tmp_path / "deep.mov").picture(1).pixels
    assert pixels.dtype == np.uint16
    assert len(np.unique(pixels)) > 600
    assert np.abs(pixels.astype(int) - ramp).max() < 65535 / 100


def test_size_and_rate_are_the_video_s(long_groups: Path) -> None:
    plate = open_plate(long_groups)
    assert (plate.width, plate.height, plate.fps, plate.pixel_aspect) == (64, 48, 24.0, 1.0)


@pytest.mark.parametrize("order", ["forward", "backward", "random"])
def test_every_frame_is_exact_in_any_order(long_groups: Path, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_module, "KEPT_BYTES", 20_000)  # four pictures, so that seeking has to work
    frames = list(range(1, 41))
    if order == "backward":
        frames.reverse()
    elif order == "random":
        np.random.default_rng(3).shuffle(frames)
    with open_plate(long_groups) as plate:
        assert [shown(plate, frame) for frame in frames] == [frame - 1 for frame in frames]


def test_a_film_whose_every_picture_is_a_key_is_opened_once_to_be_read_in_order(
    write_video, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int | None] = []
    decoder = video_module.Decoder
    monkeypatch.setattr(
        video_module, "Decoder", lambda path, timed, key: starts.append(key) or decoder(path, timed, key)
    )
    with open_plate(write_video(20, "keys.mp4", g="1")) as plate:
        assert [shown(plate, frame) for frame in plate.frames] == list(range(20))
    assert len(starts) == 1


def test_going_backwards_decodes_each_picture_only_a_few_times(
    long_groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[int | None] = []
    decoder = video_module.Decoder
    monkeypatch.setattr(
        video_module, "Decoder", lambda path, timed, key: starts.append(key) or decoder(path, timed, key)
    )
    with open_plate(long_groups) as plate:
        for frame in reversed(plate.frames):
            plate.read(frame)
    assert len(starts) <= 4


def test_a_variable_rate_counts_pictures_not_time(write_video) -> None:
    path = write_video(8, name="odd.mkv", times=[0, 1, 5, 6, 7, 30, 31, 60])
    plate = open_plate(path)
    assert [shown(plate, frame) for frame in (8, 3, 6, 1)] == [7, 2, 5, 0]


def test_containers_without_time_stamps_are_read_by_decoding(write_video) -> None:
    raw = write_video(12, name="raw.h264", g="4", bf="2", sc_threshold="0")
    avi = write_video(12, name="old.avi", g="4", bf="2", sc_threshold="0")
    for plate in (open_plate(raw), open_plate(avi)):
        assert len(plate.frames) == 12
        assert [shown(plate, frame) for frame in (12, 5, 6, 1)] == [11, 4, 5, 0]


def test_a_frame_that_the_video_does_not_have_names_its_range(long_groups: Path) -> None:
    with pytest.raises(PlateError, match=r"Frame 41 is not in .*shot\.mp4.*runs from 1 to 40"):
        open_plate(long_groups).read(41)


def test_a_file_that_is_no_video_is_named(tmp_path: Path, long_groups: Path) -> None:
    (tmp_path / "cut.mp4").write_bytes(long_groups.read_bytes()[:400])
    (tmp_path / "empty.mov").write_bytes(b"")
    for name in ("cut.mp4", "empty.mov"):
        with pytest.raises(PlateError, match=rf"{name} cannot be opened as a video"):
            open_plate(tmp_path / name)


def test_damage_in_the_middle_costs_only_the_frames_it_hit(long_groups: Path, tmp_path: Path) -> None:
    content = bytearray(long_groups.read_bytes())
    start = content.index(b"mdat") + 4
    span = (content.index(b"moov") if content.index(b"moov") > start else len(content)) - start
    hit = slice(start + span * 6 // 10, start + span * 8 // 10)
    content[hit] = bytes(hit.stop - hit.start)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)
    plate = open_plate(damaged)
    bad = []
    for frame in plate.frames:
        try:
            plate.read(frame)
        except PlateError as error:
            assert f"Frame {frame} of {damaged}" in str(error)
            bad.append(frame)
    assert bad
    assert len(bad) < 25
    assert shown(plate, 1) == 0
    assert shown(plate, 40) == 39
