"""Objects made of objects."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from roto_daemon.finishing.combining import follow_piece, intersect, piece_at, subtract, union
from roto_daemon.motion.flow import dense_flow

MASKS = arrays(np.float32, (3, 4), elements=st.floats(0, 1, width=32))


@given(MASKS, MASKS)
def test_a_mask_is_what_it_shares_and_what_it_does_not(a: np.ndarray, b: np.ndarray) -> None:
    hard_a, hard_b = np.round(a), np.round(b)
    assert np.array_equal(union([subtract([hard_a, hard_b]), intersect([hard_a, hard_b])]), hard_a)


@given(MASKS, MASKS)
def test_combined_soft_edges_stay_between_none_and_all(a: np.ndarray, b: np.ndarray) -> None:
    for combine in (union, subtract, intersect):
        made = combine([a, b])
        assert made.dtype == np.float32
        assert (made >= 0).all()
        assert (made <= np.maximum(a, b)).all()


def two_discs(first: float, second: float, size: tuple[int, int] = (90, 200)) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.mgrid[: size[0], : size[1]] + 0.5
    made = [np.clip(20.5 - np.hypot(columns - x, rows - 45), 0, 1).astype(np.float32) for x in (first, second)]
    return made[0], made[1]


def test_the_piece_under_a_point_comes_with_its_soft_rim() -> None:
    left, right = (cv2.GaussianBlur(m, (0, 0), 2) for m in two_discs(40, 150))
    piece = piece_at(np.maximum(left, right), 42, 45)
    assert np.abs(piece - left).max() < 0.01
    assert piece_at(np.maximum(left, right), 100, 5).any()  # beside both: the nearest
    assert not piece_at(np.zeros_like(left), 3, 3).any()


def test_a_piece_is_followed_even_where_the_two_touch() -> None:
    rng = np.random.default_rng(2)
    ground = cv2.GaussianBlur(rng.integers(0, 120, (90, 200, 3)).astype(np.uint8), (0, 0), 2)
    skins = [cv2.GaussianBlur(rng.integers(120, 255, (90, 400, 3)).astype(np.uint8), (0, 0), 2) for _ in range(2)]

    def picture(x0: int, x1: int) -> np.ndarray:
        image = ground.copy()
        for x, skin, mask in zip((x0, x1), skins, two_discs(x0, x1), strict=True):
            image[mask >= 0.5] = skin[:, 200 - x : 400 - x][mask >= 0.5]
        return image

    left, right = two_discs(60, 110)
    for x0, x1 in ((63, 108), (66, 106), (69, 104)):  # at the last they overlap
        before, now = picture(x0 - 3, x1 + 2), picture(x0, x1)
        mask = union(two_discs(x0, x1))
        piece = follow_piece(left, right, dense_flow(now, before), mask)
        left, right = piece, mask - piece
        truth = two_discs(x0, x1)[0]
        assert np.minimum(piece, truth).sum() / np.maximum(piece, truth).sum() > 0.9


def test_a_piece_that_is_gone_stays_gone() -> None:
    left, right = two_discs(40, 150)
    assert not follow_piece(left, right, np.zeros((90, 200, 2), np.float32), right).any()
