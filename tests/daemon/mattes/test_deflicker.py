"""Steadiness over time: less flicker, no lag, and nothing where nothing is needed."""

import cv2
import numpy as np
import pytest

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.mattes.deflicker import Deflicker

FRAMES = 8
SPEEDS_PX = [0.0, 0.3, 1.0, 2.5, 6.0]
"""A frame."""

LAG = 0.02
"""The mean error of opacity in the band that a moving edge may get from steadiness."""


def texture(seed: int, level: float) -> np.ndarray:
    noise = np.random.default_rng(seed).uniform(0, 255, (160, 200, 3)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return level + 4 * (smooth - smooth.mean())


def frame(number: int, speed_px: float) -> tuple[Image, Mask, Trimap]:
    """A soft textured disc that moves over a still textured ground: the picture, its opacity and a trimap."""
    dx, dy = speed_px * number, 0.4 * speed_px * number
    inside = cv2.warpAffine(
        texture(1, 170), np.array([[1, 0, dx], [0, 1, dy]]), (200, 160), borderMode=cv2.BORDER_REFLECT
    )
    rows, columns = np.mgrid[:160, :200] + 0.5
    far = np.hypot(columns - 70 - dx, rows - 70 - dy) - 35
    opacity = (1 / (1 + np.exp(far / 1.2))).astype(np.float32)
    image = opacity[..., None] * inside + (1 - opacity[..., None]) * texture(2, 90)
    trimap = np.where(np.abs(far) < 8, 128, np.where(far < 0, 255, 0)).astype(np.uint8)
    opacity = np.where(trimap == 128, opacity, trimap / 255).astype(np.float32)
    return np.rint(np.clip(image, 0, 255)).astype(np.uint8), opacity, trimap


def flicker(number: int, trimap: Trimap, strength: float) -> np.ndarray:
    """Noise in patches of a few pixels, another on each frame, in the band only."""
    noise = np.random.default_rng(number).normal(size=trimap.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 1.5)
    return np.where(trimap == 128, strength * noise / noise.std(), 0).astype(np.float32)


def errors(speed_px: float, steadiness: float, strength: float) -> tuple[float, float]:
    """The mean error in the band of the last frames, without and with steadiness."""
    deflicker, without, steadied = Deflicker(steadiness), [], []
    for number in range(FRAMES):
        image, truth, trimap = frame(number, speed_px)
        opacity = np.clip(truth + flicker(number, trimap, strength), 0, 1)
        result = deflicker.steady(image, opacity, trimap)
        if number >= 3:
            band = trimap == 128
            without.append(np.abs(opacity - truth)[band].mean())
            steadied.append(np.abs(result - truth)[band].mean())
    return float(np.mean(without)), float(np.mean(steadied))


@pytest.mark.parametrize("steadiness", [0.3, 1.0])
def test_a_still_matte_stays_itself(steadiness):
    deflicker = Deflicker(steadiness)
    image, opacity, trimap = frame(0, 0)
    for _ in range(4):
        assert np.array_equal(deflicker.steady(image, opacity, trimap), opacity)


@pytest.mark.parametrize("speed_px", SPEEDS_PX)
@pytest.mark.parametrize("steadiness", [0.5, 1.0])
def test_a_moving_edge_does_not_lag(speed_px, steadiness):
    _, steadied = errors(speed_px, steadiness, strength=0)
    assert steadied < LAG


@pytest.mark.parametrize("speed_px", [1.0, 2.5])
def test_the_past_is_moved_along(speed_px):
    """Without motion compensation a mean of the same weight lags more than twice as much."""
    naive, past = [], None
    for number in range(FRAMES):
        _, truth, trimap = frame(number, speed_px)
        past = truth if past is None else past + (1 - 0.85) * (truth - past)
        naive.append(np.abs(past - truth)[trimap == 128].mean())
    assert errors(speed_px, 1.0, strength=0)[1] < 0.5 * np.mean(naive[3:])


@pytest.mark.parametrize(("speed_px", "left"), [(0.0, 0.6), (0.3, 0.6), (1.0, 0.7), (2.5, 0.85), (6.0, 1.0)])
def test_flicker_gets_less(speed_px, left):
    without, steadied = errors(speed_px, 1.0, strength=0.1)
    assert steadied < left * without


def test_more_steadiness_leaves_less_flicker():
    still = [errors(0, steadiness, strength=0.1)[1] for steadiness in (0, 0.3, 0.6, 1)]
    assert still == sorted(still, reverse=True)
    assert still[0] == errors(0, 0, strength=0.1)[0]


def test_only_the_band_changes():
    deflicker = Deflicker(1.0)
    for number in range(4):
        image, truth, trimap = frame(number, 1.0)
        opacity = np.clip(truth + flicker(number, trimap, 0.1), 0, 1)
        steadied = deflicker.steady(image, opacity, trimap)
        assert np.array_equal(steadied[trimap != 128], opacity[trimap != 128])
        assert np.array_equal(steadied, opacity) == (number == 0)
        assert steadied.dtype == np.float32 and steadied.min() >= 0 and steadied.max() <= 1


def test_a_cut_brings_nothing_from_the_shot_before():
    image, opacity, trimap = frame(0, 0)
    deflicker = Deflicker(1.0)
    deflicker.steady(255 - image[:, ::-1], np.zeros_like(opacity), trimap)
    assert np.abs(deflicker.steady(image, opacity, trimap) - opacity).mean() < 0.005


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (20, 20), (33, 47)])
def test_any_size_and_a_change_of_size_are_taken(height, width):
    random = np.random.default_rng(1)
    deflicker = Deflicker(1.0)
    for size in ((height, width), (height, width), (height + 3, width)):
        image = random.integers(0, 256, (*size, 3), dtype=np.uint8)
        trimap = random.choice(np.array([0, 128, 255], np.uint8), size)
        opacity = random.random(size, np.float32)
        steadied = deflicker.steady(image, opacity, trimap)
        assert steadied.shape == size and steadied.min() >= 0 and steadied.max() <= 1


def test_an_empty_band_is_taken():
    image, opacity, _ = frame(0, 0)
    known = np.zeros(opacity.shape, np.uint8)
    deflicker = Deflicker(1.0)
    for _ in range(2):
        assert not deflicker.steady(image, np.zeros_like(opacity), known).any()
