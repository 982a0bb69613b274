"""What a still's numbers become, and what is said of a damaged one."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import OpenImageIO
import pytest
from PIL import Image as PilImage

from roto_daemon.plates import open_plate
from roto_daemon.plates.colour.tables import display_table, show
from roto_daemon.plates.picture import Encoding
from roto_shared.errors import PlateError


def srgb_of(linear: float) -> int:
    """The sRGB byte of a linear value, worked out by hand."""
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))


def read(path: Path) -> np.ndarray:
    plate = open_plate(path)
    image = plate.read(plate.frames[0])
    assert image.dtype == np.uint8
    assert image.shape == (plate.height, plate.width, 3)
    assert image.flags.c_contiguous
    return image


def flat(value: float, dtype: type = np.float16, size: tuple[int, int] = (4, 6)) -> np.ndarray:
    return np.full(size, value, dtype)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_an_exr_is_linear_and_is_shown_as_srgb(write_exr, dtype: type) -> None:
    path = write_exr({"R": flat(0.18, dtype), "G": flat(1.0, dtype), "B": flat(0.001, dtype)})
    assert read(path)[0, 0].tolist() == [srgb_of(0.18), 255, srgb_of(0.001)]


def test_pixels_out_of_range_or_no_numbers_are_clipped(write_exr) -> None:
    odd = np.array([[np.nan, np.inf, -np.inf, -3.0, 70000.0, 0.5]], np.float32)
    assert read(write_exr({"R": odd, "G": odd, "B": odd}))[0, :, 0].tolist() == [0, 255, 0, 0, 255, srgb_of(0.5)]


def test_a_data_window_inside_the_display_window_leaves_black_around_it(write_exr) -> None:
    path = write_exr({"Y": flat(1.0, size=(2, 3))}, data=(2, 1, 4, 2), display=(0, 0, 7, 4))
    expected = np.zeros((5, 8), np.uint8)
    expected[1:3, 2:5] = 255
    assert np.array_equal(read(path)[..., 1], expected)


def test_overscan_is_cut_off_at_the_display_window(write_exr) -> None:
    ramp = np.tile(np.arange(10, dtype=np.float32) / 16, (6, 1))
    path = write_exr({"Y": ramp}, data=(-3, -2, 6, 3), display=(0, 0, 3, 1))
    assert read(path)[0, :, 0].tolist() == [srgb_of(value / 16) for value in (3, 4, 5, 6)]


def test_the_main_layer_counts_before_others_and_a_named_one_if_there_is_no_main(write_exr) -> None:
    layers = {f"spec.{c}": flat(1.0) for c in "RGB"} | {"Z": flat(5.0)}
    assert read(write_exr(layers))[0, 0].tolist() == [255, 255, 255]
    assert read(write_exr(layers | {c: flat(0.0) for c in "RGB"}))[0, 0].tolist() == [0, 0, 0]


def test_a_multipart_exr_shows_the_part_with_colour(tmp_path: Path) -> None:
    kind = {"type": OpenEXR.scanlineimage}
    parts = [
        OpenEXR.Part({"name": "depth", **kind}, {"Z": flat(1.0)}),
        OpenEXR.Part({"name": "beauty", **kind}, {c: flat(0.0) for c in "RGB"}),
    ]
    OpenEXR.File(parts).write(str(tmp_path / "parts.exr"))
    assert read(tmp_path / "parts.exr").max() == 0


def test_pixel_aspect_and_rate_come_from_the_header(write_exr) -> None:
    plate = open_plate(write_exr({"Y": flat(0.5)}, pixelAspectRatio=2.0, framesPerSecond=Fraction(24000, 1001)))
    assert plate.pixel_aspect == 2.0
    assert plate.fps == pytest.approx(23.976, abs=1e-3)


def test_8_bit_pictures_keep_their_numbers(tmp_path: Path) -> None:
    image = np.random.default_rng(1).integers(0, 256, (5, 7, 3), np.uint8)
    for ending in ("png", "tif", "bmp", "tga"):
        path = tmp_path / f"p.1.{ending}"
        assert cv2.imwrite(str(path), image) if ending != "tga" else _write_with_oiio(path, image[..., ::-1])
        assert np.array_equal(read(path), image[..., ::-1]), ending


def test_16_bits_are_rounded_to_8_as_by_the_table() -> None:
    codes = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    assert np.array_equal(show(codes, Encoding.DISPLAY), display_table("uint16", Encoding.DISPLAY)[codes])


def test_16_bit_pictures_are_scaled(tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "p.png"), np.array([[0, 257 * 100, 65535]], np.uint16))
    assert read(tmp_path / "p.png")[0].tolist() == [[0] * 3, [100] * 3, [255] * 3]


def test_alpha_is_ignored_and_not_multiplied_in(tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "p.png"), np.array([[[10, 20, 30, 0]]], np.uint8))
    assert read(tmp_path / "p.png")[0, 0].tolist() == [30, 20, 10]


def test_a_palette_picture_shows_its_colours(tmp_path: Path) -> None:
    image = PilImage.fromarray(np.array([[0, 1], [1, 2]], np.uint8), "P")
    image.putpalette([0, 0, 0, 200, 10, 20, 1, 2, 3])
    image.save(tmp_path / "p.png")
    assert read(tmp_path / "p.png")[0, 1].tolist() == [200, 10, 20]


def test_a_cmyk_jpeg_shows_as_rgb(tmp_path: Path) -> None:
    PilImage.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "p.jpg", quality=95)
    red, green, blue = read(tmp_path / "p.jpg")[4, 4].tolist()
    assert red > 180 > 80 > max(green, blue)


LOG, VIDEO = 255, round(255 * 685 / 1023)


@pytest.mark.parametrize(
    ("transfer", "expected"),
    [
        *((0, LOG), (1, LOG), (2, VIDEO), (3, LOG), (4, VIDEO), (5, VIDEO), (6, VIDEO), (7, VIDEO), (8, VIDEO)),
        *((9, VIDEO), (10, VIDEO), (255, LOG)),
    ],
)
def test_a_dpx_is_cineon_log_unless_its_header_names_a_video_transfer(
    tmp_path: Path, transfer: int, expected: int
) -> None:
    code = 685 * 65535 // 1023
    plain = np.full((4, 6, 3), code, np.uint16)
    file = tmp_path / "scan.dpx"
    assert _write_with_oiio(file, plain, oiio_BitsPerSample=10)
    content = bytearray(file.read_bytes())
    content[801] = transfer  # SMPTE ST 268, table 5A, of the first image element
    file.write_bytes(content)
    assert read(file)[0, 0, 0] == expected


def _write_with_oiio(path: Path, pixels: np.ndarray, **attributes: object) -> bool:
    spec = OpenImageIO.ImageSpec(pixels.shape[1], pixels.shape[0], pixels.shape[2], str(pixels.dtype))
    for name, value in attributes.items():
        spec.attribute(name.replace("_", ":", 1), value)
    output = OpenImageIO.ImageOutput.create(str(path))
    return output.open(str(path), spec) and output.write_image(np.ascontiguousarray(pixels)) and output.close()


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "dpx", "exr"])
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_cut_off_file_is_named_and_the_others_stay_readable(
    tmp_path: Path, write_exr, ending: str, kept: float
) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8)
    good, bad = tmp_path / f"p.0001.{ending}", tmp_path / f"p.0002.{ending}"
    if ending == "exr":
        write_exr({c: noise[..., i].astype(np.float16) / 255 for i, c in enumerate("RGB")}, name=good.name)
    else:
        assert _write_with_oiio(good, noise)
    bad.write_bytes(good.read_bytes()[: int(good.stat().st_size * kept)])
    plate = open_plate(tmp_path / f"p.####.{ending}")
    with pytest.raises(
        PlateError, match=rf"Frame 2: .*p\.0002\.{ending} ({'is empty' if not kept else 'cannot be read'})"
    ):
        plate.read(2)
    assert plate.read(1).shape == (64, 64, 3)


def test_the_size_comes_from_the_first_file_that_can_be_read(write_stills) -> None:
    folder = write_stills("p.1.png", "p.2.png", size=(9, 5))
    (folder / "p.1.png").write_bytes(b"not a picture")
    plate = open_plate(folder)
    assert (plate.width, plate.height) == (9, 5)
    with pytest.raises(PlateError, match="Frame 1"):
        plate.read(1)


def test_a_frame_of_another_size_names_both_sizes(write_stills) -> None:
    folder = write_stills("p.1.png", "p.3.png", size=(9, 5))
    write_stills("p.2.png", size=(8, 5))
    plate = open_plate(folder)
    with pytest.raises(PlateError, match=r"Frame 2: .*p\.2\.png is 8×5, the rest is 9×5"):
        plate.read(2)
    assert plate.read(3).shape == (5, 9, 3)


def test_a_missing_frame_names_the_frame_and_the_range(write_stills) -> None:
    plate = open_plate(write_stills("p.1.png", "p.3.png"))
    with pytest.raises(PlateError, match=r"Frame 2 is missing.*2 frames from 1 to 3"):
        plate.read(2)


def test_a_file_that_went_away_is_named(write_stills) -> None:
    folder = write_stills("p.1.png", "p.2.png")
    plate = open_plate(folder)
    (folder / "p.2.png").unlink()
    with pytest.raises(PlateError, match=r"Frame 2: .*p\.2\.png cannot be opened"):
        plate.read(2)


def test_one_pixel_and_very_wide_pictures_are_read(tmp_path: Path) -> None:
    for width in (1, 16384):
        assert cv2.imwrite(str(tmp_path / f"w{width}.png"), np.zeros((1, width, 3), np.uint8))
        assert read(tmp_path / f"w{width}.png").shape == (1, width, 3)


def test_a_header_that_claims_an_impossible_size_is_refused_before_memory_is_taken(write_exr) -> None:
    path = write_exr({"Y": flat(1.0)}, display=(0, 0, 99_999, 99_999))
    with pytest.raises(PlateError, match=r"plate\.0001\.exr cannot be read: it says that it is 100000×100000"):
        open_plate(path)
