"""An object is known again by what it looked like."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from roto_daemon.backends.embedded.likeness import Likeness
from roto_geometry.measure.mask_metrics import jaccard

HEIGHT, WIDTH, RADIUS_PX = 180, 320, 30


def texture(seed: int, low: int, high: int) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), np.empty(0), low, high, cv2.NORM_MINMAX)


GROUND, SKIN, OTHER = texture(1, 60, 160), texture(2, 0, 255), texture(3, 0, 255)


def scene(x: float, y: float, skin: np.ndarray = SKIN, size: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A disc with its own texture over the ground, and its mask."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    mask = np.hypot(columns - x, rows - y) <= RADIUS_PX * size
    shift = np.float32([[size, 0, x - 100 * size], [0, size, y - 90 * size]])
    moved = cv2.warpAffine(skin, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return np.where(mask[..., None], moved, GROUND).astype(np.uint8), mask


@pytest.fixture
def likeness() -> Likeness:
    picture, mask = scene(100, 90)
    found = Likeness.of(picture, mask.astype(np.float32))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("x", "y", "size"), [(100, 90, 1.0), (250, 60, 1.0), (40, 140, 1.0), (220, 100, 0.87), (200, 90, 1.15)]
)
def test_it_is_found_wherever_it_is_and_a_little_smaller_or_larger(likeness, x, y, size) -> None:
    picture, mask = scene(x, y, size=size)
    found = likeness.find(picture)
    assert found is not None
    assert jaccard(found >= 0.5, mask) > 0.85


def test_another_thing_and_the_bare_ground_are_not_it(likeness) -> None:
    assert likeness.find(scene(200, 90, OTHER)[0]) is None
    assert likeness.find(GROUND) is None


def test_it_is_the_one_among_others(likeness) -> None:
    picture, mask = scene(240, 90)
    other, beside = scene(80, 60, OTHER)
    picture[beside] = other[beside]
    assert jaccard(likeness.find(picture) >= 0.5, mask) > 0.85


@pytest.mark.parametrize("shape", [(4, 4), (20, 20)])
def test_a_frame_that_is_smaller_than_it_has_nothing_to_find(likeness, shape) -> None:
    assert likeness.find(np.zeros((*shape, 3), np.uint8)) is None


def test_of_nothing_there_is_no_likeness() -> None:
    assert Likeness.of(GROUND, np.zeros((HEIGHT, WIDTH), np.float32)) is None
