"""A zip of frames comes from outside: what is no sequence, or too much, is refused before it is unpacked."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from roto_hub.jobs import frames
from roto_hub.jobs.frames import unpack_frames
from roto_hub.problems import FullError
from roto_shared.errors import PlateError

PICTURE = b"a picture's bytes"


def anything_fits(_size: int) -> None:
    """There is room for everything."""


def packed(path: Path, *names: str, content: bytes = PICTURE) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return path


def test_frames_are_unpacked_into_one_folder_whatever_folder_they_were_in(tmp_path) -> None:
    path = packed(
        tmp_path / "plate.zip", "shot/", "shot/p.1001.png", "shot/p.1002.png", "shot/.DS_Store", "__MACOSX/p.txt"
    )
    folder = tmp_path / "plate"
    folder.mkdir()
    (folder / "p.0900.png").write_bytes(b"of an attempt before")
    unpack_frames(path, folder, anything_fits)
    assert sorted(file.name for file in folder.iterdir()) == ["p.1001.png", "p.1002.png"]
    assert (folder / "p.1001.png").read_bytes() == PICTURE


def test_names_that_lead_out_stay_in_the_folder(tmp_path) -> None:
    folder = tmp_path / "plate"
    unpack_frames(packed(tmp_path / "plate.zip", "../../evil.png", "/etc/passwd.png"), folder, anything_fits)
    assert sorted(file.name for file in folder.iterdir()) == ["evil.png", "passwd.png"]
    assert not (tmp_path.parent / "evil.png").exists()


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ((), "something other than pictures"),
        (("p.1001.png", "readme.txt"), "something other than pictures"),
        (("a/p.1001.png", "b/p.1001.png"), "more than one sequence"),
    ],
)
def test_what_is_no_sequence_is_refused(tmp_path, names, reason) -> None:
    with pytest.raises(PlateError, match=reason):
        unpack_frames(packed(tmp_path / "plate.zip", *names), tmp_path / "plate", anything_fits)
    assert not (tmp_path / "plate").exists()


@pytest.mark.parametrize(
    ("limit", "most", "reason"), [("MOST_FRAMES", 1, "too many frames"), ("MOST_UNPACKED", 30, "more than can be")]
)
def test_no_more_frames_or_bytes_are_unpacked_than_is_taken(tmp_path, monkeypatch, limit, most, reason) -> None:
    path = packed(tmp_path / "plate.zip", "p.1001.png", "p.1002.png")
    monkeypatch.setattr(frames, limit, most)
    with pytest.raises(PlateError, match=reason):
        unpack_frames(path, tmp_path / "plate", anything_fits)
    monkeypatch.setattr(frames, limit, 2 * len(PICTURE))
    unpack_frames(path, tmp_path / "plate", anything_fits)


def test_a_bomb_is_refused_before_a_byte_of_it_is_unpacked(tmp_path) -> None:
    path = packed(tmp_path / "plate.zip", "p.1001.png", content=bytes(20_000_000))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    size = struct.unpack_from("<I", data, at + 20)[0]
    struct.pack_into("<I", data, at + 24, min(size * 1200, 2**32 - 1))  # as a bomb says of itself
    path.write_bytes(bytes(data))
    with pytest.raises(PlateError, match="more than can be"):
        unpack_frames(path, tmp_path / "plate", anything_fits)
    assert not (tmp_path / "plate").exists()


def test_a_zip_that_is_none_is_refused(tmp_path) -> None:
    path = tmp_path / "plate.zip"
    path.write_bytes(b"PK\x03\x04 and nothing")
    with pytest.raises(PlateError, match="no zip that can be read"):
        unpack_frames(path, tmp_path / "plate", anything_fits)


def test_a_zip_that_is_not_there_is_refused_by_its_name(tmp_path) -> None:
    with pytest.raises(PlateError, match=r"There is no file .*plate\.zip"):
        unpack_frames(tmp_path / "plate.zip", tmp_path / "plate", anything_fits)


def says_less_than_it_holds(data: bytearray) -> None:
    for header, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.rfind(header) + at, 5)


def is_damaged(data: bytearray) -> None:
    data[data.rfind(b"PK\x03\x04") + 30 + len("p.1002.png")] = 0xFF


@pytest.mark.parametrize("spoil", [says_less_than_it_holds, is_damaged])
def test_of_a_zip_whose_last_picture_is_broken_nothing_is_left(tmp_path, spoil) -> None:
    path = packed(tmp_path / "plate.zip", "p.1001.png", "p.1002.png")
    data = bytearray(path.read_bytes())
    spoil(data)
    path.write_bytes(bytes(data))
    with pytest.raises(PlateError, match="no zip that can be read"):
        unpack_frames(path, tmp_path / "plate", anything_fits)
    assert not (tmp_path / "plate").exists()


def test_what_has_no_room_is_told_before_a_byte_of_it_is_unpacked(tmp_path) -> None:
    path = packed(tmp_path / "plate.zip", "p.1001.png", "p.1002.png")

    def is_full(size: int) -> None:
        assert size == 2 * len(PICTURE)
        raise FullError("The quota has no room for this.", "Delete old versions.")

    with pytest.raises(FullError):
        unpack_frames(path, tmp_path / "plate", is_full)
    assert not (tmp_path / "plate").exists()


def test_of_frames_that_the_disk_does_not_take_nothing_is_left(tmp_path) -> None:
    path = packed(tmp_path / "plate.zip", "p.1001.png", f"{'p' * 300}.png")
    with pytest.raises(OSError, match="too long"):
        unpack_frames(path, tmp_path / "plate", anything_fits)
    assert not (tmp_path / "plate").exists()
