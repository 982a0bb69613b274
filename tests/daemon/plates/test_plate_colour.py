"""Colour: which space a plate is taken to be in, and what models and eyes get of it."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray

from roto_daemon.plates import Reading, open_plate
from roto_daemon.plates.colour.config import built_in, open_config
from roto_shared.errors import InputError, PlateError

REC709_TO_AP1 = np.array(
    [[0.61309732, 0.33952285, 0.04737928], [0.07019422, 0.91635557, 0.01345259], [0.02061560, 0.10956983, 0.86981512]]
)
"""Linear Rec.709 (D65) to ACEScg by Bradford's adaptation, as the Academy's transforms have it."""


@pytest.fixture
def colours() -> NDArray[np.float32]:
    """(H, W, 3) scene-linear Rec.709: smooth, saturated, within what both sRGB and AP1 hold."""
    rows, columns = np.mgrid[0:24, 0:32] / 32.0
    return np.stack([rows * 0.9, columns * 0.7, 0.6 - 0.5 * rows], axis=-1).astype(np.float32)


def planes_of(pixels: NDArray[np.floating]) -> dict[str, NDArray]:
    return {name: np.ascontiguousarray(pixels[..., i], np.float16) for i, name in enumerate("RGB")}


@pytest.fixture
def studio(tmp_path: Path) -> str:
    """A studio's configuration: files of the folder ``scans`` are LogC4, and its default view is not plain."""
    text = built_in()._config.serialize()
    rule = '  - !<Rule> {name: scans, colorspace: ARRI LogC4, pattern: "*/scans/*", extension: "*"}\n'
    head, rules, rest = text.partition("file_rules:\n")
    path = tmp_path / "studio.ocio"
    path.write_text(head + rules + rule + rest)
    return str(path)


@pytest.mark.parametrize(
    "header",
    [
        {"chromaticities": (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)},
        {"colorInteropID": "lin_ap1_scene"},
    ],
)
def test_an_exr_that_says_it_is_acescg_shows_the_colours_it_was_made_of(write_exr, colours, header) -> None:
    plain = open_plate(write_exr(planes_of(colours), "plain.0001.exr"))
    tagged = open_plate(write_exr(planes_of(colours @ REC709_TO_AP1.T), "tagged.0001.exr", **header))
    assert tagged.colour_space() in ("ACEScg", "lin_ap1_scene")
    assert np.abs(tagged.read(1).astype(int) - plain.read(1)).max() <= 1


def test_an_aces_container_is_aces2065_1(write_exr, colours) -> None:
    plate = open_plate(write_exr(planes_of(colours), acesImageContainerFlag=1))
    assert plate.colour_space() == "ACES2065-1"
    grey = open_plate(write_exr(planes_of(np.full((4, 4, 3), 0.18)), "g.0001.exr", acesImageContainerFlag=1)).read(1)
    assert np.abs(grey.astype(int) - 118).max() <= 1  # middle grey is grey in every scene-linear space


def test_an_identity_that_nobody_knows_leaves_the_kind_of_file_to_decide(write_exr, colours) -> None:
    plate = open_plate(write_exr(planes_of(colours), colorInteropID="our_own_space"))
    assert plate.colour_space() == "linear"
    assert np.array_equal(plate.read(1), open_plate(write_exr(planes_of(colours), "p.0001.exr")).read(1))


def test_a_chosen_space_counts_more_than_what_the_file_says(write_exr, colours) -> None:
    file = write_exr(planes_of(colours), acesImageContainerFlag=1)
    chosen = open_plate(file, reading=Reading("linear"))
    assert chosen.colour_space() == "linear"
    assert np.array_equal(chosen.read(1), open_plate(write_exr(planes_of(colours), "p.0001.exr")).read(1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_infinite_light_is_white_in_any_space(write_exr, dtype: type) -> None:
    light = np.array([[np.inf, np.nan, -np.inf, 0.18]], dtype)
    file = write_exr(dict.fromkeys("RGB", light))
    for space in ("linear", "ACEScg", "Linear P3-D65"):
        with open_plate(file, reading=Reading(space)) as plate:
            assert plate.read(1)[0, :3].tolist() == [[255] * 3, [0] * 3, [0] * 3]


def test_a_camera_log_picture_comes_out_as_light(tmp_path: Path) -> None:
    # ARRI, "ARRI LogC4 Logarithmic Color Space" (2022), table 1: 18 % grey is the code value .2784
    picture = np.full((4, 4, 3), round(0.2784 * 65535), np.uint16)
    cv2.imwrite(str(tmp_path / "log.0001.png"), picture)
    shown = open_plate(tmp_path / "log.0001.png", reading=Reading("ARRI LogC4")).read(1)
    assert np.abs(shown.astype(int) - 118).max() <= 1


@pytest.mark.parametrize(("space", "code"), [("ARRI LogC4", 0.2784), ("sRGB", 0.4614), ("Cineon", 470 / 1023)])
def test_floats_of_a_space_that_is_not_linear_become_light(write_exr, space: str, code: float) -> None:
    light, is_stored = open_plate(write_exr(planes_of(np.full((4, 4, 3), code))), reading=Reading(space)).light(1)
    assert light.mean() == pytest.approx(0.18, abs=0.01)
    assert not is_stored


@pytest.mark.parametrize("space", ["", "linear", "ACEScg"])
def test_floats_of_a_linear_space_stay_as_they_are(write_exr, space: str) -> None:
    light, is_stored = open_plate(write_exr(planes_of(np.full((4, 4, 3), 0.25))), reading=Reading(space)).light(1)
    assert (light == 0.25).all()
    assert is_stored


@pytest.mark.parametrize("space", ["", "ACEScg"])
def test_a_stop_of_exposure_doubles_the_light(write_exr, space) -> None:
    dark = open_plate(write_exr(planes_of(np.full((4, 4, 3), 0.09)), "d.0001.exr"), reading=Reading(space, 1.0))
    grey = open_plate(write_exr(planes_of(np.full((4, 4, 3), 0.18)), "g.0001.exr"), reading=Reading(space))
    assert np.abs(dark.read(1).astype(int) - grey.read(1)).max() <= 1


def test_exposure_reaches_a_display_referred_picture_too(write_stills) -> None:
    folder = write_stills("p.0001.png", "p.0002.png")
    plain, brighter = open_plate(folder), open_plate(folder, reading=Reading(exposure=1.0))
    assert plain.read(2).mean() < brighter.read(2).mean() < 255


def test_a_studios_file_rule_says_the_space(studio, tmp_path: Path) -> None:
    for folder in ("scans", "others"):
        (tmp_path / folder).mkdir()
        cv2.imwrite(str(tmp_path / folder / "p.0001.png"), np.full((4, 4, 3), 18245, np.uint16))
    scans = open_plate(tmp_path / "scans", reading=Reading(config=studio))
    others = open_plate(tmp_path / "others", reading=Reading(config=studio))
    assert scans.colour_space() == "ARRI LogC4"
    assert others.colour_space() == "sRGB"
    assert np.abs(scans.read(1).astype(int) - 118).max() <= 1
    assert np.abs(others.read(1).astype(int) - 71).max() <= 1


def test_a_space_that_the_configuration_lacks_is_named_with_those_like_it(studio, write_exr, colours) -> None:
    plate = open_plate(write_exr(planes_of(colours)), reading=Reading("ARRI LogC5", config=studio))
    with pytest.raises(InputError, match=r"has no space “ARRI LogC5”.*ARRI LogC4"):
        plate.read(1)


def test_a_configuration_that_is_not_there_is_named(write_exr, colours, tmp_path: Path) -> None:
    plate = open_plate(write_exr(planes_of(colours)), reading=Reading(config=str(tmp_path / "gone.ocio")))
    with pytest.raises(InputError, match=r"gone\.ocio"):
        plate.read(1)


def test_a_damaged_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "torn.ocio").write_text(built_in()._config.serialize()[:900])
    with pytest.raises(InputError, match=r"torn\.ocio cannot be used"):
        open_config(str(tmp_path / "torn.ocio"))


def test_eyes_see_through_the_studios_view_and_models_do_not(studio, write_exr) -> None:
    bright = planes_of(np.full((8, 8, 3), 4.0))
    plate = open_plate(write_exr(bright), reading=Reading(config=studio))
    assert plate.read(1).min() == 255  # two stops over white
    assert plate.look(1, (4, 4)).max() < 255  # the view's highlights roll off
    assert plate.look(1, (4, 4)).shape == (4, 4, 3)
    assert plate.look(1, (4, 4), "sRGB - Display/Un-tone-mapped").min() == 255


def test_a_view_that_is_not_there_is_named_with_those_that_are(studio, write_exr, colours) -> None:
    plate = open_plate(write_exr(planes_of(colours)), reading=Reading(config=studio))
    with pytest.raises(InputError, match=r"no view “sRGB - Display/Film”.*Un-tone-mapped"):
        plate.look(1, (4, 4), "sRGB - Display/Film")


def test_a_view_can_be_asked_for_without_a_studios_configuration(write_exr, write_stills) -> None:
    view = "sRGB - Display/Un-tone-mapped"
    plate = open_plate(write_exr(planes_of(np.full((8, 8, 3), 0.18))))
    assert np.abs(plate.look(1, (8, 8), view).astype(int) - 118).max() <= 1
    still = open_plate(write_stills("p.0001.png"))
    assert np.abs(still.look(1, (6, 4), view).astype(int) - still.read(1)).max() <= 1


def test_a_pixel_that_is_no_number_does_not_spread_over_a_proxy(write_exr) -> None:
    pixels = np.full((64, 64, 3), 0.18)
    pixels[10, 10], pixels[40, 40] = np.nan, np.inf
    plate = open_plate(write_exr(planes_of(pixels)))
    small = plate.look(1, (16, 16))
    assert (np.abs(small.astype(int) - 118) <= 1).all(axis=2).sum() >= 16 * 16 - 2


def test_a_film_of_high_dynamic_range_is_brought_to_srgb(tmp_path: Path) -> None:
    path = tmp_path / "hdr.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=24, options={"x264-params": "transfer=smpte2084"})
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        grey = np.full((32, 32, 3), 148, np.uint8)  # PQ .58: about 200 cd/m² (SMPTE ST 2084)
        film.mux(stream.encode(av.VideoFrame.from_ndarray(grey)))
        film.mux(stream.encode(None))
    plate = open_plate(path)
    assert plate.colour_space() == "Rec.2100-PQ - Display"
    assert plate.read(1).mean() > 240  # brighter than the 100 cd/m² that are sRGB's white


def test_a_layer_can_be_chosen_by_its_name(write_exr) -> None:
    planes = planes_of(np.full((4, 4, 3), 0.18)) | {
        f"key.{name}": plane for name, plane in planes_of(np.full((4, 4, 3), 1.0)).items()
    }
    file = write_exr(planes | {"depth.Z": np.full((4, 4), 0.5, np.float32)})
    assert np.abs(open_plate(file).read(1).astype(int) - 118).max() <= 1
    assert open_plate(file, layer="key").read(1).min() == 255
    assert np.abs(open_plate(file, layer="depth").read(1).astype(int) - 188).max() <= 1
    with pytest.raises(PlateError, match=r"no layer “spec” but rgba, depth, key"):
        open_plate(file, layer="spec")


def test_a_part_can_be_chosen_by_its_name(tmp_path: Path) -> None:
    parts = [
        OpenEXR.Part({"name": name, "type": OpenEXR.scanlineimage}, {"RGB": np.full((4, 4, 3), light, np.float16)})
        for name, light in (("left", 0.18), ("right", 1.0))
    ]
    OpenEXR.File(parts).write(str(tmp_path / "stereo.0001.exr"))
    assert np.abs(open_plate(tmp_path).read(1).astype(int) - 118).max() <= 1
    assert open_plate(tmp_path, layer="right").read(1).min() == 255


def test_only_exr_files_have_layers(write_stills) -> None:
    with pytest.raises(PlateError, match="only EXR files have layers"):
        open_plate(write_stills("p.0001.png"), layer="key")
