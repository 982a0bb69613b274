"""Edges moved and softened, measured where they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from roto_daemon.finishing.edges import feather, grow


def disc(radius: float, size: int = 160) -> np.ndarray:
    rows, columns = np.mgrid[:size, :size] + 0.5
    return np.clip(0.5 + radius - np.hypot(columns - size / 2, rows - size / 2), 0, 1).astype(np.float32)


def radius_of(mask: np.ndarray) -> float:
    return float(np.sqrt(mask.sum() / np.pi))


@pytest.mark.parametrize("distance", [-12.0, -3.5, -0.25, 0.25, 1.0, 2.5, 7.75, 20.0])
def test_a_disc_grows_by_what_is_asked(distance: float) -> None:
    grown = grow(disc(40), distance)
    assert abs(radius_of(grown) - 40 - distance) < 0.1 + 0.05 * abs(distance) / 4


@pytest.mark.parametrize("distance", [-5.0, 2.0, 9.0])
def test_growth_is_the_same_in_all_directions(distance: float) -> None:
    grown = grow(disc(40), distance)
    rows, columns = np.nonzero((grown >= 0.5) & ~(cv2.erode(grown, np.ones((3, 3))) >= 0.5))
    reach = np.hypot(columns + 0.5 - 80, rows + 0.5 - 80)
    assert reach.max() - reach.min() < 2.0


def test_growing_nothing_changes_nothing() -> None:
    soft = cv2.GaussianBlur(disc(30), (0, 0), 3)
    assert np.array_equal(grow(soft, 0.0), soft)
    assert feather(soft, 0.0) is soft


def test_a_soft_edge_stays_as_soft() -> None:
    soft = cv2.GaussianBlur(disc(40), (0, 0), 4)
    width = lambda mask: int(((mask[80] > 0.1) & (mask[80] < 0.9)).sum())  # noqa: E731 - one line, twice used
    assert abs(width(grow(soft, 6.0)) - width(soft)) <= 2


@pytest.mark.parametrize("width", [4.0, 12.0, 30.0])
def test_a_feather_is_as_wide_as_asked_and_lies_on_the_edge(width: float) -> None:
    step = np.zeros((40, 120), np.float32)
    step[:, 60:] = 1
    row = feather(step, width)[20]
    assert abs(((row > 0.023) & (row < 0.977)).sum() - width) <= 1.5
    assert abs(float(np.interp(0.5, row, np.arange(120) + 0.5)) - 60) < 0.05


def test_an_object_cut_by_the_frame_keeps_its_cut() -> None:
    half = np.zeros((40, 60), np.float32)
    half[:, :30] = 1
    assert feather(half, 10)[:, 0].min() == 1
    assert grow(half, -5)[:, 0].min() == 1
