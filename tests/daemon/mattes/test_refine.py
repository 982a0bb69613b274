"""Masks into mattes: windows, tiles and their seams, and what happens when memory runs out."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.backends.closed_form import ClosedForm
from roto_daemon.mattes.refine import matte_band, refine, tiles
from roto_daemon.mattes.trimap import MatteSettings, draw_trimap
from roto_shared.errors import OutOfMemoryError

QUALITIES = ["fast", "good", "best"]


class Small:
    """The closed form on a device that takes pictures up to a side; it notes what it was given."""

    name = "small"

    def __init__(self, longest_px: int = 10_000) -> None:
        self.longest_px = longest_px
        self.trimaps: list[Trimap] = []

    def matte(self, image: Image, trimap: Trimap) -> Mask:
        self.trimaps.append(trimap)
        if max(trimap.shape) > self.longest_px:
            raise OutOfMemoryError("The memory does not suffice.", "Choose a smaller model.")
        return ClosedForm().matte(image, trimap)

    def unload(self) -> None:
        """It holds nothing."""


class Even:
    """The same opacity for every unknown pixel."""

    name = "even"

    def matte(self, image: Image, trimap: Trimap) -> Mask:
        return np.where((trimap > 0) & (trimap < 255), 0.3, trimap / 255).astype(np.float32)

    def unload(self) -> None:
        """It holds nothing."""


def scene(height: int, width: int, softness_px: float = 3.0) -> tuple[Image, Mask, Mask]:
    """A soft disc over a textured ground: the picture, the opacity, and a mask that is a little off."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    far = np.hypot(columns - width / 2, rows - height / 2) - 0.36 * min(height, width)
    opacity = np.clip(0.5 - far / (2 * softness_px), 0, 1).astype(np.float32)
    ground = cv2.GaussianBlur(np.random.default_rng(2).normal(size=(height, width)).astype(np.float32), (0, 0), 5)
    ground = np.array([60, 90, 140]) + (ground / max(float(ground.std()), 1e-6))[..., None] * np.array([12, 10, 8])
    image = opacity[..., None] * np.array([205, 120, 80]) + (1 - opacity[..., None]) * ground
    wobble = np.sin(np.arctan2(rows - height / 2, columns - width / 2) * 9)
    mask = (far + 1.2 * wobble < 0).astype(np.float32)
    return np.rint(np.clip(image, 0, 255)).astype(np.uint8), opacity, mask


@pytest.mark.parametrize("quality", QUALITIES)
def test_a_matte_is_nearer_to_the_truth_than_its_mask_and_than_a_blur_of_it(quality):
    image, truth, mask = scene(200, 240)
    matte = refine(ClosedForm(), image, mask, MatteSettings(quality=quality))
    error = np.abs(matte - truth).sum()
    assert error < 0.6 * np.abs(mask - truth).sum()
    assert error < 0.6 * np.abs(cv2.GaussianBlur(mask, (0, 0), 6) - truth).sum()


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (2, 3), (33, 31), (150, 90)])
def test_outside_of_the_band_a_matte_is_exactly_0_and_1(quality, height, width):
    image, _, mask = scene(height, width)
    settings = MatteSettings(quality=quality)
    matte = refine(ClosedForm(), image, mask, settings)
    known = draw_trimap(image, mask, settings) != 128
    assert matte.shape == (height, width) and matte.dtype == np.float32
    assert matte.min() >= 0 and matte.max() <= 1
    assert np.array_equal(matte[known], (mask >= 0.5)[known].astype(np.float32))


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_without_an_edge_nothing_is_computed(quality, level):
    image, _, mask = scene(40, 60)
    matter = Small()
    matte = refine(matter, image, np.full_like(mask, level), MatteSettings(quality=quality))
    assert (matte == level).all()
    assert not matter.trimaps


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(64, 300), st.integers(0, 1000), st.sampled_from([1, 30]))
def test_tiles_cover_every_unknown_pixel_and_no_tile_is_for_nothing(height, width, side_px, seed, count):
    random = np.random.default_rng(seed)
    unknown = np.zeros((height, width), np.bool_)
    unknown[random.integers(0, height, count), random.integers(0, width, count)] = True
    covered = np.zeros_like(unknown)
    for tile in tiles(unknown, side_px):
        assert unknown[tile.place].any()
        assert unknown[tile.place].shape == (tile.height, tile.width)
        assert max(tile.height, tile.width) <= side_px
        covered[tile.place] = True
    assert covered[unknown].all()


def test_no_tile_is_given_to_the_matter_without_an_unknown_pixel():
    image, _, mask = scene(900, 1000)
    matter = Small()
    refine(matter, image, mask, MatteSettings(tile_px=256))
    assert 4 < len(matter.trimaps) < 16, "the middle of the disc and the corners are left out"
    assert all(((trimap > 0) & (trimap < 255)).any() for trimap in matter.trimaps)


def test_only_the_surroundings_of_the_band_are_looked_at():
    image, _, mask = scene(120, 140)
    plate = np.zeros((600, 900, 3), np.uint8)
    whole = np.zeros((600, 900), np.float32)
    plate[200:320, 300:440], whole[200:320, 300:440] = image, mask
    matter = Small()
    refine(matter, plate, whole, MatteSettings())
    assert [max(trimap.shape) < 300 for trimap in matter.trimaps] == [True]


def test_tiles_of_one_opacity_blend_into_that_opacity():
    image, _, mask = scene(700, 800)
    settings = MatteSettings(tile_px=256)
    band = draw_trimap(image, mask, settings) == 128
    np.testing.assert_allclose(refine(Even(), image, mask, settings)[band], 0.3, atol=1e-6)


def test_tiles_leave_no_seam():
    """Tiles may differ from the whole a little; what must not be is a step from one pixel to the next.

    The bound: where the tiled matte steps, the matte of the whole steps as much, to .02 in opacity.
    """
    image, _, mask = scene(700, 760, softness_px=8.0)
    trimap = draw_trimap(image, mask, MatteSettings())
    whole = matte_band(ClosedForm(), image, trimap, MatteSettings())
    tiled = matte_band(ClosedForm(), image, trimap, MatteSettings(tile_px=256))
    both_unknown = (trimap == 128)[1:-1, 1:-1]
    for axis in (0, 1):
        step = np.abs(np.diff(tiled - whole, axis=axis))
        step = step[:-1, 1:-1] if axis == 0 else step[1:-1, :-1]
        assert step[both_unknown].max() < 0.02
    assert np.abs(tiled - whole).mean() < 0.01


@pytest.mark.parametrize(("longest_px", "sides"), [(400, {600, 300}), (280, {600, 300, 256})])
def test_tiles_that_do_not_fit_into_the_memory_are_halved(longest_px, sides):
    image, truth, mask = scene(700, 760)
    matter = Small(longest_px)
    matte = refine(matter, image, mask, MatteSettings(tile_px=600))
    assert {max(trimap.shape) for trimap in matter.trimaps} == sides
    assert np.abs(matte - truth).sum() < np.abs(mask - truth).sum()


@pytest.mark.parametrize("size", [(700, 900), (60, 80)])
def test_when_the_smallest_tiles_do_not_fit_it_is_said(size):
    image, _, mask = scene(*size)
    matter = Small(20)
    with pytest.raises(OutOfMemoryError, match="does not suffice"):
        refine(matter, image, mask, MatteSettings())
    assert len(matter.trimaps) <= 3
