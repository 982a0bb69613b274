"""Holes and specks, hard and soft."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from roto_daemon.finishing.cleaning import drop_specks, fill_holes

BODY = (slice(20, 80), slice(20, 80))


@pytest.fixture
def body() -> np.ndarray:
    mask = np.zeros((100, 120), np.float32)
    mask[BODY] = 1
    return mask


def softened(mask: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(mask, (0, 0), 1.2)


@pytest.mark.parametrize("soften", [np.copy, softened])
def test_a_small_hole_is_filled_with_its_rim_and_a_large_one_stays(body, soften) -> None:
    holed = body.copy()
    holed[30:34, 30:34] = 0
    holed[50:65, 50:65] = 0
    large_only = body.copy()
    large_only[50:65, 50:65] = 0
    filled = fill_holes(soften(holed), 30)
    assert np.abs(filled - soften(large_only)).max() < 0.02


@pytest.mark.parametrize("soften", [np.copy, softened])
def test_a_speck_is_dropped_with_its_rim_and_the_body_keeps_every_value(body, soften) -> None:
    specked = body.copy()
    specked[5:8, 100:104] = 1
    assert np.abs(drop_specks(soften(specked), 30) - soften(body)).max() < 0.02


def test_the_largest_piece_stays_however_small(body) -> None:
    tiny = np.zeros_like(body)
    tiny[10:12, 10:12] = 1
    tiny[40, 40] = 1
    assert drop_specks(tiny, 1000).sum() == 4


def test_what_opens_to_the_border_is_no_hole(body) -> None:
    notch = body.copy()
    notch[20:80, 0:30] = 1
    notch[40:43, 0:30] = 0
    assert np.array_equal(fill_holes(notch, 1e6), notch)


def test_a_diagonal_gap_is_a_hole_since_it_does_not_open(body) -> None:
    holed = body.copy()
    holed[40, 40] = holed[41, 41] = 0
    assert np.array_equal(fill_holes(holed, 1), body)


@pytest.mark.parametrize("clean", [fill_holes, drop_specks])
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_flat_masks_stay(clean, value: float) -> None:
    flat = np.full((7, 9), value, np.float32)
    assert np.array_equal(clean(flat, 1e6), flat)


@pytest.mark.parametrize("clean", [fill_holes, drop_specks])
def test_what_has_nothing_to_clean_comes_back_to_the_bit(body, clean) -> None:
    soft = softened(body)
    assert np.array_equal(clean(soft, 50), soft)
