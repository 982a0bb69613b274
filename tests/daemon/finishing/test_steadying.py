"""Flicker goes, motion stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from roto_daemon.finishing.steadying import Moment, steady

SIZE = (120, 160)


@pytest.fixture
def texture() -> np.ndarray:
    noise = np.random.default_rng(7).integers(0, 255, (SIZE[0], SIZE[1] + 80, 3)).astype(np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 1.5)


def disc(x: float, radius: float = 25) -> np.ndarray:
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]] + 0.5
    return np.clip(0.5 + radius - np.hypot(columns - x, rows - 60), 0, 1).astype(np.float32)


def moment(texture: np.ndarray, shift: int, mask: np.ndarray) -> Moment:
    return Moment(np.ascontiguousarray(texture[:, 40 - shift : 40 - shift + SIZE[1]]), mask)


def test_a_mask_that_flickers_on_one_frame_is_what_its_neighbours_say(texture) -> None:
    torn = disc(80)
    torn[40:50, 60:75] = 0
    now, others = moment(texture, 0, torn), [moment(texture, -3, disc(77)), moment(texture, 3, disc(83))]
    assert np.abs(steady(now, others) - disc(80)).mean() < 0.1 * np.abs(torn - disc(80)).mean()


@pytest.mark.parametrize("speed", [2, 6])
def test_nothing_lags_when_everything_moves(texture, speed: int) -> None:
    now = moment(texture, 0, disc(80))
    others = [moment(texture, step * speed, disc(80 + step * speed)) for step in (-2, -1, 1, 2)]
    assert np.abs(steady(now, others) - disc(80)).max() < 0.35
    assert np.abs(steady(now, others) - disc(80)).mean() < 2e-3


def test_what_stands_still_and_agrees_comes_back_to_the_bit(texture) -> None:
    now = moment(texture, 0, disc(80))
    assert np.array_equal(steady(now, [now, now]), now.mask)


def test_after_a_cut_the_frame_speaks_for_itself(texture) -> None:
    other = Moment(np.random.default_rng(1).integers(0, 255, (*SIZE, 3)).astype(np.uint8), disc(30))
    now = moment(texture, 0, disc(80))
    assert np.abs(steady(now, [other, other]) - now.mask).mean() < 1e-3


@pytest.mark.parametrize("sizes", [[], [(4, 4)]])
def test_without_neighbours_of_its_size_the_mask_stays(texture, sizes) -> None:
    around = [Moment(np.zeros((*size, 3), np.uint8), np.zeros(size, np.float32)) for size in sizes]
    now = moment(texture, 0, disc(80))
    assert steady(now, around) is now.mask


def test_at_the_end_of_a_shot_one_neighbour_cannot_outvote_the_frame(texture) -> None:
    now = moment(texture, 0, disc(80))
    assert np.array_equal(steady(now, [moment(texture, 0, disc(80, 10))]), now.mask)
