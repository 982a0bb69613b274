"""Motion, shutter and smear against a composite whose truth is exact."""

from __future__ import annotations

import numpy as np
import pytest
from moving_disc import HEIGHT, WIDTH, MovingDisc

from roto_daemon.motion_blur.blur import blur_mask, smear_length
from roto_daemon.motion_blur.motion import object_motion
from roto_daemon.motion_blur.shutter import add_evidence, find_shutter, shutter_evidence
from roto_daemon.motion_blur.smear import describe_smear, edge_speeds, smear_matte


def hard(alpha: np.ndarray) -> np.ndarray:
    return (alpha >= 0.5).astype(np.float32)


def motion_of(disc: MovingDisc) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Picture, mask, motion and true alpha of frame 0."""
    (before, _), (image, alpha), (after, _) = (disc.frame(frame) for frame in (-1, 0, 1))
    mask = hard(alpha)
    return image, mask, object_motion(image, mask, before, after), alpha


@pytest.mark.parametrize("speed", [3.0, 12.0])
@pytest.mark.parametrize("shutter", [0.0, 0.5])
def test_motion_is_the_object_s_up_to_and_beyond_its_edge(speed: float, shutter: float) -> None:
    _, mask, motion, _ = motion_of(MovingDisc(speed, shutter))
    near = blur_mask(mask, np.full_like(motion, 16.0), 1.0) > 0
    assert np.abs(motion[near] - (speed, 0.0)).max() < 0.5 + 0.05 * speed


@pytest.mark.parametrize("side", ["before", "after"])
def test_one_neighbour_is_enough(side: str) -> None:
    disc = MovingDisc(6.0, 0.0)
    image, alpha = disc.frame(0)
    others = {"before": None, "after": None, side: disc.frame(-1 if side == "before" else 1)[0]}
    motion = object_motion(image, hard(alpha), others["before"], others["after"])
    assert np.abs(np.median(motion[alpha > 0.5], axis=0) - (6.0, 0.0)).max() < 0.3


@pytest.mark.parametrize("mask", [np.zeros((HEIGHT, WIDTH), np.float32), np.ones((4, 4), np.float32)])
def test_without_an_object_or_room_nothing_moves(mask: np.ndarray) -> None:
    image = np.zeros((*mask.shape, 3), np.uint8)
    assert not object_motion(image, mask, image, image).any()
    assert not object_motion(image, mask, None, None).any()


@pytest.mark.parametrize("length", [6.0, 20.0])
def test_a_straight_edge_becomes_a_ramp_as_long_as_it_moved_and_stays_in_place(length: float) -> None:
    step = np.zeros((9, 120), np.float32)
    step[:, 60:] = 1
    motion = np.zeros((9, 120, 2), np.float32)
    motion[..., 0] = 2 * length
    row = blur_mask(step, motion, 0.5)[4]
    expected = np.clip((np.arange(120) + 0.5 - 60) / length + 0.5, 0, 1)
    assert np.abs(row - expected).max() < 0.5 / length + 0.02
    assert np.interp(0.5, row, np.arange(120) + 0.5) == pytest.approx(60, abs=0.1)


def test_motion_along_an_edge_leaves_it_hard() -> None:
    step = np.zeros((80, 40), np.float32)
    step[:, 20:] = 1
    motion = np.zeros((80, 40, 2), np.float32)
    motion[..., 1] = 20
    assert np.array_equal(blur_mask(step, motion, 1.0), step)


@pytest.mark.parametrize(("speed", "shutter"), [(0.0, 0.5), (1.0, 0.5), (20.0, 0.0)])
def test_what_hardly_moves_keeps_every_value(speed: float, shutter: float) -> None:
    mask = MovingDisc(0, 0).opacity_at(0)
    motion = np.full((HEIGHT, WIDTH, 2), speed / np.sqrt(2), np.float32)
    assert blur_mask(mask, motion, shutter) is mask
    assert np.array_equal(smear_matte(mask, mask, motion, shutter), mask)


@pytest.mark.parametrize(("speed", "shutter"), [(28.0, 0.25), (16.0, 0.5), (16.0, 1.0)])
def test_the_shutter_is_measured_and_the_smeared_mask_is_nearer_to_the_truth(speed: float, shutter: float) -> None:
    image, mask, motion, alpha = motion_of(MovingDisc(speed, shutter))
    measured = find_shutter(shutter_evidence(image, mask, motion))
    assert measured == pytest.approx(shutter, abs=0.15)
    none, smeared = np.abs(mask - alpha).sum(), np.abs(blur_mask(mask, motion, measured) - alpha).sum()
    assert smeared < 0.45 * none


def test_a_still_object_tells_no_shutter() -> None:
    image, mask, motion, _ = motion_of(MovingDisc(0.0, 0.5))
    assert find_shutter(shutter_evidence(image, mask, motion)) is None
    assert find_shutter(add_evidence([])) is None


def test_the_smear_is_described() -> None:
    _, mask, motion, _ = motion_of(MovingDisc(16.0, 0.5))
    smear = describe_smear(edge_speeds(mask, motion), 0.5)
    assert smear.share > 0.95
    assert smear.mean_px == pytest.approx(8.0, abs=1.0)
    assert smear_length(motion, 0.5)[mask > 0].max() >= smear.most_px - 0.5
    assert describe_smear(edge_speeds(mask, motion), 0.0).share == 0
