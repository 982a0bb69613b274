"""EXR files that go back into the plate's own script."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name
import pytest

from roto_daemon.outputs.exr import COMPRESSIONS, LOSSLESS, layer_names, write_exr
from roto_daemon.plates.header import Header, Windows, read_still_header
from roto_shared.errors import InputError, StorageError

RNG = np.random.default_rng(3)


@pytest.fixture
def planes() -> dict[str, np.ndarray]:
    return {name: RNG.random((10, 12)).astype(np.float16) for name in ("hero.A", "tree.A")}


def read(path: Path) -> tuple[dict[str, np.ndarray], dict]:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {name: np.array(c.pixels) for name, c in file.channels().items()}, {**file.header()}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_compression_comes_back(tmp_path: Path, planes, compression: str) -> None:
    write_exr(tmp_path / "m.exr", planes, Header(), compression)
    found, header = read(tmp_path / "m.exr")
    assert header["compression"] == COMPRESSIONS[compression]
    for name, plane in planes.items():
        worst = np.abs(found[name].astype(float) - plane).max()
        assert worst == 0 if compression in LOSSLESS else worst < 0.3


def test_the_windows_of_the_plate_are_kept(tmp_path: Path, planes) -> None:
    windows = Windows((3, 2, 20, 8), (0, 0, 11, 9))  # a data window that is smaller, and overscan on the right
    write_exr(tmp_path / "m.exr", planes, Header(windows=windows))
    found, _ = read(tmp_path / "m.exr")
    assert read_still_header(tmp_path / "m.exr").windows == ((3, 2, 11, 8), (0, 0, 11, 9))
    assert np.array_equal(found["hero.A"], planes["hero.A"][2:9, 3:12])


def test_windows_that_do_not_begin_at_nought_are_kept(tmp_path: Path, planes) -> None:
    windows = Windows((100, 50, 111, 59), (100, 50, 111, 59))
    write_exr(tmp_path / "m.exr", planes, Header(windows=windows))
    assert read_still_header(tmp_path / "m.exr").windows == windows
    assert np.array_equal(read(tmp_path / "m.exr")[0]["tree.A"], planes["tree.A"])


def test_a_data_window_beside_the_display_window_gives_the_whole_frame(tmp_path: Path, planes) -> None:
    write_exr(tmp_path / "m.exr", planes, Header(windows=Windows((50, 50, 60, 60), (0, 0, 11, 9))))
    assert np.array_equal(read(tmp_path / "m.exr")[0]["tree.A"], planes["tree.A"])


def test_what_the_plate_said_travels_on(tmp_path: Path, planes) -> None:
    attributes = {"owner": "us", "framesPerSecond": Fraction(24000, 1001), "isoSpeed": 800.0}
    write_exr(tmp_path / "m.exr", planes, Header("01:02:03;04", attributes), pixel_aspect=2.0)
    _, header = read(tmp_path / "m.exr")
    assert header["owner"] == "us"
    assert header["framesPerSecond"] == Fraction(24000, 1001)
    assert header["pixelAspectRatio"] == 2.0
    assert read_still_header(tmp_path / "m.exr").timecode == "01:02:03;04"


def test_a_time_code_that_no_clock_shows_is_left_out(tmp_path: Path, planes) -> None:
    write_exr(tmp_path / "m.exr", planes, Header("10:21:32:43", {"owner": "us"}))
    _, header = read(tmp_path / "m.exr")
    assert header["owner"] == "us"
    assert "timeCode" not in header


def test_other_programs_see_the_layers(tmp_path: Path, planes) -> None:
    write_exr(tmp_path / "m.exr", planes, Header("01:02:03:04"))
    seen = oiio.ImageInput.open(str(tmp_path / "m.exr"))
    assert seen.spec().channelnames == ("hero.A", "tree.A")
    assert seen.spec().get_string_attribute("smpte:TimeCode") == "01:02:03:04"
    assert np.allclose(seen.read_image("half")[..., 0], planes["hero.A"])


def test_layers_are_named_as_compositing_programs_keep_them() -> None:
    names = layer_names(["hero", "Tür 1", "T_r_1", "2nd", "дом", "сад", "a.b"])
    assert names["hero"] == "hero"
    assert names["2nd"] == "_2nd"
    assert len(set(names.values())) == len(names)
    assert all(name.isascii() and name.isidentifier() for name in names.values())


def test_an_unknown_compression_is_named(tmp_path: Path, planes) -> None:
    with pytest.raises(InputError, match="lzw"):
        write_exr(tmp_path / "m.exr", planes, Header(), "lzw")


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, planes, hardly_any_disk) -> None:
    with hardly_any_disk(), pytest.raises(StorageError):
        write_exr(tmp_path / "m.exr", planes, Header())
    assert list(tmp_path.iterdir()) == []
