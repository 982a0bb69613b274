"""Where an edge is not known: bands that are as wide as the edge is soft."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from roto_daemon.mattes.softness import inner_edge
from roto_daemon.mattes.trimap import MatteSettings, draw_trimap
from roto_shared.errors import InputError

SETTINGS = MatteSettings(narrow_px=3, wide_px=16)


def halves(height: int = 80, width: int = 240, at_px: int = 40) -> np.ndarray:
    """Coverage 1 above a level edge, 0 below."""
    coverage = np.zeros((height, width), np.float32)
    coverage[:at_px] = 1
    return coverage


def picture_of(coverage: np.ndarray, noise: float = 3.0) -> np.ndarray:
    """A light object on a dark ground, with texture and noise of so many steps of 8 bits."""
    random = np.random.default_rng(7)
    image = 60 + 110 * coverage[..., None] + random.normal(0, noise, (*coverage.shape, 3))
    return np.rint(np.clip(image, 0, 255)).astype(np.uint8)


def reach_at(trimap: np.ndarray, column: int) -> float:
    """Half the height of the band in a column, px."""
    return float((trimap[:, column] == 128).sum() / 2)


@st.composite
def pictures_and_masks(draw) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of any size from 1×1 with masks from blobs to noise, hard and soft, empty and full."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    levels = st.sampled_from([0.0, 0.25, 0.49, 0.5, 0.51, 0.75, 1.0])
    mask = draw(arrays(np.float32, (height, width), elements=levels, fill=levels))
    blur = draw(st.sampled_from([0.0, 0.0, 2.0, 5.0]))
    if blur:
        mask = np.clip(cv2.GaussianBlur(mask, (0, 0), blur), 0, 1)
    seed = draw(st.integers(0, 1000))
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return image, mask.reshape(height, width)


@hypothesis_settings(max_examples=150, deadline=None)
@given(pictures_and_masks())
def test_known_pixels_say_what_the_mask_says(example):
    image, mask = example
    trimap = draw_trimap(image, mask, SETTINGS)
    assert trimap.shape == mask.shape and trimap.dtype == np.uint8
    assert set(np.unique(trimap)) <= {0, 128, 255}
    assert (mask[trimap == 255] >= 0.5).all()
    assert (mask[trimap == 0] < 0.5).all()


@hypothesis_settings(max_examples=100, deadline=None)
@given(pictures_and_masks())
def test_the_band_lies_within_its_widths(example):
    image, mask = example
    trimap = draw_trimap(image, mask, SETTINGS)
    edge = inner_edge(mask >= 0.5)
    if not edge.any():
        assert (trimap != 128).all()
        return
    distance = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    assert distance[trimap == 128].max(initial=0) <= SETTINGS.wide_px


@hypothesis_settings(max_examples=100, deadline=None)
@given(pictures_and_masks())
def test_every_piece_of_object_and_ground_keeps_a_known_core(example):
    image, mask = example
    trimap = draw_trimap(image, mask, SETTINGS)
    for side, known in ((mask >= 0.5, trimap == 255), (mask < 0.5, trimap == 0)):
        count, labels = cv2.connectedComponents(side.astype(np.uint8), connectivity=8)
        assert set(np.unique(labels[known])) == set(range(1, count))


@pytest.mark.parametrize("is_gap", [False, True])
def test_a_limb_and_a_gap_keep_a_core_all_along(is_gap):
    """10 px thick, and so soft in the picture that the bands of both its edges cover it."""
    limb = np.zeros((100, 200), np.float32)
    limb[:, :40] = 1
    limb[45:55, 40:160] = 1
    mask = 1 - limb if is_gap else limb
    image = picture_of(cv2.GaussianBlur(mask, (0, 0), 5))
    trimap = draw_trimap(image, mask, SETTINGS)
    assert (trimap[49:51, 60:150] == (0 if is_gap else 255)).all()
    assert (trimap[45:47, 60:150] == 128).all()


def test_a_thick_object_has_no_core_inside_its_band():
    soft = cv2.GaussianBlur(halves(), (0, 0), 6)
    trimap = draw_trimap(picture_of(soft), halves(), SETTINGS)
    assert (np.abs(np.diff(trimap.astype(int), axis=0)) > 0).sum(axis=0).max() == 2


@pytest.mark.parametrize("level", [0.0, 0.3, 0.5, 1.0])
def test_a_mask_without_an_edge_has_no_band(level):
    trimap = draw_trimap(picture_of(np.ones((20, 30), np.float32)), np.full((20, 30), level, np.float32), SETTINGS)
    assert (trimap == (255 if level >= 0.5 else 0)).all()


def test_the_plates_border_is_no_edge():
    trimap = draw_trimap(picture_of(halves()), halves(), SETTINGS)
    assert (trimap[0] == 255).all() and (trimap[-1] == 0).all()


@pytest.mark.parametrize("sigma_px", [1.0, 2.0, 4.0, 6.0])
def test_the_band_is_as_wide_as_the_picture_is_blurred(sigma_px):
    image = picture_of(cv2.GaussianBlur(halves(), (0, 0), sigma_px))
    reach = reach_at(draw_trimap(image, halves(), MatteSettings(narrow_px=1, wide_px=20)), 120)
    assert 1.4 * sigma_px < reach < 3.5 * sigma_px


def test_each_piece_of_edge_has_its_own_width():
    blurred = cv2.GaussianBlur(halves(), (0, 0), 5)
    blurred[:, :120] = halves()[:, :120]
    trimap = draw_trimap(picture_of(blurred), halves(), SETTINGS)
    assert reach_at(trimap, 40) < 5
    assert reach_at(trimap, 200) > 8


@pytest.mark.parametrize("contrast", [25, 60, 150])
def test_the_width_does_not_depend_on_contrast(contrast):
    soft = cv2.GaussianBlur(halves(), (0, 0), 4)
    image = np.rint(np.clip(50 + contrast * soft, 0, 255)).astype(np.uint8)[..., None].repeat(3, axis=2)
    assert 6 <= reach_at(draw_trimap(image, halves(), SETTINGS), 120) <= 13


def test_texture_on_both_sides_of_a_hard_edge_keeps_the_band_narrow():
    """Along a piece of edge the texture averages out; on single lines across the edge it looks like soft steps."""
    grain = np.random.default_rng(3).normal(size=(80, 240, 1)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 1.5)[..., None]
    image = 75 + 80 * halves()[..., None] + 25 * grain / grain.std()
    trimap = draw_trimap(np.rint(np.clip(image, 0, 255)).astype(np.uint8).repeat(3, axis=2), halves(), SETTINGS)
    assert np.mean([reach_at(trimap, column) for column in range(20, 220)]) < 4.5


def test_a_soft_ramp_in_the_mask_widens_the_band():
    down = np.clip((46 - np.arange(80)) / 14, 0, 1).astype(np.float32)
    ramp = down[:, None].repeat(240, axis=1)
    flat = np.full((80, 240, 3), 90, np.uint8)
    assert reach_at(draw_trimap(flat, ramp, SETTINGS), 120) > reach_at(draw_trimap(flat, halves(), SETTINGS), 120) + 2


def test_hair_gets_the_widest_band():
    fringe = halves()
    fringe[40:60, 100:140:4] = 1
    fringe[40:60, 101:140:4] = 1
    trimap = draw_trimap(picture_of(fringe), fringe, SETTINGS)
    assert (trimap[40:70, 110:130] == 128).all()
    assert reach_at(trimap, 30) < 5


@pytest.mark.parametrize(
    "wrong",
    [{"quality": "perfect"}, {"narrow_px": 0}, {"narrow_px": 9, "wide_px": 8}, {"steadiness": 1.1}, {"tile_px": 128}],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError):
        MatteSettings(**wrong)
