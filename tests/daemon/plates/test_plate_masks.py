"""What counts as the object in masks and mattes that others made."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as PilImage

from roto_daemon.plates import open_masks, read_mask
from roto_shared.errors import PlateError


def write(path: Path, pixels: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), pixels)
    return path


@pytest.fixture
def annotation(tmp_path: Path) -> Path:
    """Ids 0, 1, 2 and 1 in a palette whose colours are dark, as annotation tools write them."""
    image = PilImage.fromarray(np.array([[0, 1], [2, 1]], np.uint8), "P")
    image.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0])
    image.save(tmp_path / "ids.png")
    return tmp_path / "ids.png"


def test_grey_levels_are_coverage(tmp_path: Path) -> None:
    mask = read_mask(write(tmp_path / "m.png", np.array([[0, 51, 255]], np.uint8)))
    assert mask.dtype == np.float32
    assert mask[0].tolist() == pytest.approx([0, 0.2, 1])
    assert mask.max() <= 1


def test_16_bits_are_not_thrown_away(tmp_path: Path) -> None:
    assert read_mask(write(tmp_path / "m.png", np.array([[1000]], np.uint16)))[0, 0] == pytest.approx(1000 / 65535)


def test_float_mattes_stay_linear_and_within_0_and_1(write_exr) -> None:
    matte = np.array([[0.5, -0.25, 1.5, np.nan]], np.float16)
    assert read_mask(write_exr({"A": matte}))[0].tolist() == [0.5, 0, 1, 0]
    assert read_mask(write_exr({"Y": matte}))[0].tolist() == [0.5, 0, 1, 0]


def test_alpha_counts_where_it_varies(tmp_path: Path) -> None:
    pixels = np.full((1, 2, 4), 255, np.uint8)
    pixels[0, 0, 3] = 0
    assert read_mask(write(tmp_path / "m.png", pixels))[0].tolist() == [0, 1]


def test_colours_count_where_alpha_is_constant(tmp_path: Path) -> None:
    pixels = np.array([[[0, 0, 0, 255], [255, 255, 255, 255]]], np.uint8)
    assert read_mask(write(tmp_path / "m.png", pixels))[0].tolist() == pytest.approx([0, 1])


@pytest.mark.parametrize("everywhere", [0, 255])
def test_alpha_counts_beside_a_picture_where_the_object_is_gone_or_fills_the_frame(
    tmp_path: Path, everywhere: int
) -> None:
    pixels = np.array([[[90, 120, 200, everywhere], [10, 20, 30, everywhere]]], np.uint8)
    assert read_mask(write(tmp_path / "m.png", pixels))[0].tolist() == [everywhere / 255] * 2


def test_a_white_picture_with_an_empty_alpha_is_an_empty_mask(tmp_path: Path) -> None:
    pixels = np.full((1, 2, 4), 255, np.uint8)
    pixels[..., 3] = 0
    assert read_mask(write(tmp_path / "m.png", pixels))[0].tolist() == [0, 0]


def test_a_grey_mask_with_an_empty_alpha_is_the_mask(tmp_path: Path) -> None:
    pixels = np.array([[[0, 0, 0, 0], [255, 255, 255, 0]]], np.uint8)
    assert read_mask(write(tmp_path / "m.png", pixels))[0].tolist() == pytest.approx([0, 1])


def test_every_id_of_an_annotation_is_the_object_unless_one_is_asked_for(annotation: Path) -> None:
    assert read_mask(annotation).tolist() == [[0, 1], [1, 1]]
    assert read_mask(annotation, label=1).tolist() == [[0, 1], [0, 1]]
    assert read_mask(annotation, label=7).max() == 0


def test_ids_may_be_plain_grey_numbers(tmp_path: Path) -> None:
    assert read_mask(write(tmp_path / "m.png", np.array([[0, 1, 2]], np.uint8)), label=2)[0].tolist() == [0, 0, 1]


def test_an_id_of_a_colour_picture_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "m.png", np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(PlateError, match=r"m\.png holds no object ids"):
        read_mask(path, label=1)


def test_masks_keep_frame_numbers_and_shift_with_a_first_frame(write_stills) -> None:
    folder = write_stills("m.0.png", "m.1.png", "m.4.png")
    assert open_masks(folder).frames == (0, 1, 4)
    assert open_masks(folder, first_frame=1001).frames == (1001, 1002, 1005)


def test_a_video_of_mattes_is_read_by_its_luma(write_video) -> None:
    with open_masks(write_video(3, name="matte.mp4")) as masks:
        assert masks.read(2).shape == (48, 64)
        assert masks.read(2).mean() == pytest.approx((20 + 5 * 7) / 255, abs=0.01)


def test_real_annotations_cover_what_they_should(davis: Path) -> None:
    with open_masks(davis / "dog" / "gt") as truth, open_masks(davis / "dog" / "osvos") as network:
        assert set(np.unique(truth.read(0))) == {0.0, 1.0}
        assert truth.frames == network.frames == tuple(range(60))
        assert abs(truth.read(0).mean() - network.read(0).mean()) < 0.02
