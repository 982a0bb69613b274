"""The closed form: what it finds on composites whose opacity is known, and the system it solves."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roto_daemon.backends.closed_form import ClosedForm, enlarge, matting_laplacian, shrink, solve, unit

SIZES = [(1, 1), (1, 40), (40, 1), (2, 3), (7, 5), (33, 31), (64, 120)]
"""(height, width)"""


def texture(height: int, width: int, colour: tuple[int, int, int], seed: int) -> np.ndarray:
    """A colour that varies smoothly along one line of colours, as the method takes grounds to do."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32), (0, 0), 6)
    return np.array(colour, np.float32) + (noise / noise.std())[..., None] * np.array([14.0, 10.0, 6.0], np.float32)


def composite(height: int = 120, width: int = 160, softness_px: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """A soft disc of one texture over another: the picture, rounded to 8 bits, and the opacity it was made with."""
    rows, columns = np.mgrid[:height, :width] + 0.5
    far = np.hypot(columns - width / 2, rows - height / 2) - height / 3
    opacity = np.clip(0.5 - far / (2 * softness_px), 0, 1).astype(np.float32)
    inside, outside = texture(height, width, (200, 120, 90), 1), texture(height, width, (60, 90, 140), 2)
    image = opacity[..., None] * inside + (1 - opacity[..., None]) * outside
    return np.rint(np.clip(image, 0, 255)).astype(np.uint8), opacity


def band_of(opacity: np.ndarray, reach_px: int) -> np.ndarray:
    """A trimap whose band reaches so far beyond all that is soft."""
    square = np.ones((2 * reach_px + 1, 2 * reach_px + 1), np.uint8)
    soft = cv2.dilate(((opacity > 0) & (opacity < 1)).astype(np.uint8), square) > 0
    return np.where(soft, 128, np.rint(opacity) * 255).astype(np.uint8)


@pytest.mark.parametrize("softness_px", [2.0, 4.0, 8.0])
def test_the_opacity_of_a_composite_is_found(softness_px):
    image, truth = composite(softness_px=softness_px)
    trimap = band_of(truth, 4)
    unknown = trimap == 128
    opacity = ClosedForm().matte(image, trimap)
    assert np.abs(opacity - truth)[unknown].mean() < 0.02
    assert np.abs(opacity - truth).max() < 0.15


def test_it_beats_the_blur_of_the_right_mask_by_far():
    image, truth = composite()
    blurred = cv2.GaussianBlur((truth >= 0.5).astype(np.float32), (0, 0), 6)
    opacity = ClosedForm().matte(image, band_of(truth, 4))
    assert np.abs(opacity - truth).sum() < 0.2 * np.abs(blurred - truth).sum()


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_any_size_and_any_trimap_give_an_opacity(height, width):
    random = np.random.default_rng(height * 100 + width)
    image = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    for levels in ([0, 128, 255], [128], [0], [255], [0, 128], [128, 255]):
        trimap = random.choice(np.array(levels, np.uint8), (height, width))
        opacity = ClosedForm().matte(image, trimap)
        assert opacity.shape == (height, width) and opacity.dtype == np.float32
        assert opacity.min() >= 0 and opacity.max() <= 1
        known = trimap != 128
        assert np.array_equal(opacity[known], (trimap[known] == 255).astype(np.float32))


def test_a_picture_of_one_colour_gets_a_smooth_ramp_from_side_to_side():
    trimap = np.full((40, 60), 128, np.uint8)
    trimap[:, :5], trimap[:, -5:] = 0, 255
    opacity = ClosedForm().matte(np.full((40, 60, 3), 90, np.uint8), trimap)
    assert (np.diff(opacity, axis=1) >= -1e-3).all()
    assert np.abs(opacity[:, 28:32] - 0.5).max() < 0.05


def test_an_unknown_island_without_any_known_pixel_is_one_half():
    image = np.random.default_rng(1).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    assert np.abs(ClosedForm().matte(image, np.full((40, 40), 128, np.uint8)) - 0.5).max() < 1e-3


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**16))
def test_the_laplacian_is_symmetric_and_finds_nothing_wrong_with_a_constant(height, width, seed):
    picture = np.random.default_rng(seed).random((height, width, 3)).astype(np.float32)
    laplacian = matting_laplacian(picture, np.ones(height * width, np.bool_)).toarray()
    assert np.abs(laplacian - laplacian.T).max() < 1e-9
    assert np.abs(laplacian.sum(axis=1)).max() < 1e-9
    assert np.linalg.eigvalsh(laplacian).min() > -1e-9


def test_a_linear_function_of_the_colours_costs_next_to_nothing():
    picture = np.random.default_rng(4).random((9, 11, 3)).astype(np.float32)
    opacity = (picture @ np.array([0.3, -0.2, 0.5]) + 0.1).ravel()
    laplacian = matting_laplacian(picture, np.ones(99, np.bool_))
    other = np.random.default_rng(5).permutation(opacity)
    assert opacity @ (laplacian @ opacity) < 1e-4
    assert other @ (laplacian @ other) > 1


def test_the_rows_of_a_few_unknown_pixels_are_those_of_the_whole_laplacian():
    picture = np.random.default_rng(5).random((8, 9, 3)).astype(np.float32)
    unknown = np.random.default_rng(6).random(72) < 0.2
    whole = matting_laplacian(picture, np.ones(72, np.bool_)).toarray()
    assert np.abs(matting_laplacian(picture, unknown).toarray() - whole[unknown]).max() < 1e-12


def test_half_the_resolution_loses_little():
    image, truth = composite()
    trimap = band_of(truth, 4)
    whole = solve(unit(image), trimap)
    assert np.abs(ClosedForm().matte(image, trimap) - whole)[trimap == 128].mean() < 0.02


@pytest.mark.parametrize(("height", "width"), [(40, 60), (33, 47)])
def test_enlarging_puts_a_sharp_edge_back_where_the_picture_has_it(height, width):
    picture = np.full((height, width, 3), 0.2, np.float32)
    picture[:, 21:] = 0.8
    opacity = (picture[..., 0] > 0.5).astype(np.float32)
    small, _ = shrink(picture, np.full((height, width), 128, np.uint8))
    enlarged = enlarge((small[..., 0] - 0.2) / 0.6, small, picture)
    assert np.abs(enlarged - opacity).max() < 0.02


def test_a_hard_edge_between_two_coarse_pixels_stays_hard():
    image = np.full((40, 60, 3), 50, np.uint8)
    image[:, 21:] = 200
    trimap = np.full((40, 60), 128, np.uint8)
    trimap[:, :12], trimap[:, 30:] = 0, 255
    truth = (image[..., 0] > 100).astype(np.float32)
    assert np.abs(ClosedForm().matte(image, trimap) - truth).max() < 0.05
