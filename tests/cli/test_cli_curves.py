"""``roto curves`` and ``roto convert``: what the options of curves change in the file."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from roto_daemon.outputs.exr import write_exr
from roto_daemon.plates.header import Header
from roto_formats.registry import read_document
from roto_formats.settings import FormatSettings
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import Layer
from roto_shared.timeline import Interpolation

SHAKE = (0.0, 5.0, -4.0, 3.0, -6.0, 2.0, 7.0, -3.0, 4.0, -5.0)


@pytest.fixture
def shaken_masks(tmp_path):
    """A bent blob that a shaking camera throws about: rigid, so one key and a track draw it."""
    rows, columns = np.mgrid[:96, :128] + 0.5
    folder = tmp_path / "shaken"
    folder.mkdir()
    for frame, shift in enumerate(SHAKE, 1001):
        x, y = columns - 60 - shift, rows - 48 + shift / 2
        mask = (x / 34) ** 2 + ((y - 6 * np.sin(x / 12)) / 18) ** 2 <= 1
        assert cv2.imwrite(str(folder / f"m.{frame}.png"), mask.astype(np.uint8) * 255)
    return str(folder / "m.####.png")


def moving_layers(document):
    inner = [child for layer in document.children for child in layer.children]
    return [child for child in inner if isinstance(child, Layer) and child.transform]


def test_baked_shapes_draw_the_same_without_a_transform(roto, shaken_masks):
    assert roto("curves", shaken_masks, "--out", "placed.json").exit_code == 0
    assert roto("curves", shaken_masks, "--bake", "--out", "baked.json").exit_code == 0
    assert roto("convert", "placed.json", "baked.nk", "--bake").exit_code == 0
    placed = read_document("placed.json")
    assert moving_layers(placed)
    for name in ("baked.nk", "baked.json"):
        baked = read_document(name)
        assert not moving_layers(baked)
        for frame in range(1001, 1001 + len(SHAKE)):
            assert abs(rasterise(baked, frame) - rasterise(placed, frame)).max() < 0.01


def test_without_a_track_the_motion_is_in_the_keys(roto, shaken_masks):
    keys = {}
    for option in ("--track", "--no-track"):
        assert roto("curves", shaken_masks, option, "--out", "s.json").exit_code == 0
        document = read_document("s.json")
        keys[option] = sum(len(shape.keys) for shape in document.shapes())
    assert not moving_layers(document)
    assert keys["--track"] < keys["--no-track"]


def test_more_detail_draws_more_knots(roto, shaken_masks):
    knots = []
    for detail in ("0.2", "6"):
        assert roto("curves", shaken_masks, "--detail", detail, "--out", "s.json").exit_code == 0
        knots.append(sum(shape.knot_count for shape in read_document("s.json").shapes()))
    assert knots[0] < knots[1]


def test_nuke_gets_smooth_keys_and_silhouette_linear_ones(roto, shaken_masks):
    ways = {}
    for name in ("s.nk", "s.fxs"):
        assert roto("curves", shaken_masks, "--no-track", "--out", name).exit_code == 0
        ways[name] = {key.interpolation for shape in read_document(name).shapes() for key in shape.keys[:-1]}
    assert ways == {"s.nk": {Interpolation.SMOOTH}, "s.fxs": {Interpolation.LINEAR}}


@pytest.fixture
def wheel(tmp_path):
    """Pictures of a wheel that turns by 4° a frame, and its masks, which are the same on every frame."""
    noise = np.random.default_rng(3).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    texture = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 0, 255, cv2.NORM_MINMAX)
    rows, columns = np.mgrid[:120, :160] + 0.5
    mask = (np.hypot(columns - 80, rows - 60) <= 45).astype(np.uint8) * 255
    for frame in range(1, 9):
        turned = cv2.warpAffine(texture, cv2.getRotationMatrix2D((79.5, 59.5), -4.0 * frame, 1), (160, 120))
        for name, picture in (("mask", mask), ("plate", turned), ("small", turned[::2, ::2])):
            (tmp_path / name).mkdir(exist_ok=True)
            assert cv2.imwrite(str(tmp_path / name / f"w.{frame}.png"), picture)
    return tmp_path


@pytest.mark.parametrize(("more", "turn"), [((), 0.0), (("--plate", "plate"), 28.0)])
def test_knots_go_with_the_picture_that_they_are_given(roto, wheel, more, turn):
    more = [str(wheel / part) if part == "plate" else part for part in more]
    dense = ("--tolerance", "0.02", "--key-density", "8", "--between-keys", "linear", "--no-track")
    assert roto("curves", str(wheel / "mask"), *more, *dense, "--out", "wheel.json").exit_code == 0
    (shape,) = read_document("wheel.json").shapes()
    angles = [
        np.degrees([np.arctan2(knot.y - 60, knot.x - 80) for knot in key.knots])
        for key in (shape.keys[0], shape.keys[-1])
    ]
    turned = np.mod(angles[1] - angles[0] + 180, 360) - 180
    assert np.median(turned) == pytest.approx(turn, abs=4)


@pytest.fixture
def wide_pixels(tmp_path):
    """EXR masks of a disc whose pixels are twice as wide as high, 30 a second."""
    rows, columns = np.mgrid[:96, :128] + 0.5
    disc = (np.hypot(columns - 80, rows - 40) <= 20).astype(np.float16)
    for frame in (1001, 1002):
        told = Header(attributes={"framesPerSecond": Fraction(30)})
        write_exr(tmp_path / "wide" / f"m.{frame}.exr", {"A": disc}, told, pixel_aspect=2.0)
    return tmp_path / "wide", disc


@pytest.mark.parametrize("ending", ["fxs", "json"])
def test_shapes_are_for_pixels_as_wide_as_those_of_the_masks(roto, wide_pixels, ending):
    masks, disc = wide_pixels
    assert roto("curves", masks, "--out", f"s.{ending}").exit_code == 0
    document = read_document(f"s.{ending}", FormatSettings(pixel_aspect=2.0))
    assert document.pixel_aspect == 2.0
    assert jaccard(rasterise(document, 1001) >= 0.5, disc > 0) > 0.95


def test_shapes_have_the_rate_of_the_masks(roto, wide_pixels):
    masks, _ = wide_pixels
    assert roto("curves", masks, "--out", "s.json").exit_code == 0
    assert read_document("s.json").fps == 30.0


def test_what_a_plate_says_of_its_pixels_goes_before_what_masks_say(roto, wide_pixels, tmp_path):
    masks, disc = wide_pixels
    for frame in (1001, 1002):
        colours = dict.fromkeys("RGB", disc)
        write_exr(tmp_path / "plate" / f"p.{frame}.exr", colours, Header(), pixel_aspect=1.5)
    assert roto("curves", masks, "--plate", tmp_path / "plate", "--out", "s.json").exit_code == 0
    assert read_document("s.json").pixel_aspect == 1.5


def test_a_plate_of_another_size_is_refused(roto, wheel):
    refused = roto("curves", str(wheel / "mask"), "--plate", str(wheel / "small"), "--out", "wheel.json")
    assert refused.exit_code == 3
    assert "80×60" in refused.output
