"""The placement that brings one sampled outline onto another."""

import numpy as np
import pytest

from roto_geometry.arclength import Contour
from roto_geometry.follow.registration import inverse, place, place_outlines, register, unmoved

BAR = Contour(np.array([(20, 40), (120, 40), (120, 60), (20, 60)], float))
PLACES = np.arange(0, BAR.length, 2.0)
SOURCE = BAR.at(PLACES)[None]
ACROSS = (BAR.directions(PLACES) @ np.array([(0.0, 1.0), (-1.0, 0.0)]))[None]
EVENLY = np.ones(SOURCE.shape[:2])
TURN = np.array([[(1.02, -0.1, 7.0), (0.1, 0.95, -4.0)]])
"""A turn, a stretch and a shift in one frame."""


def largest_stray(placement: np.ndarray, wanted: np.ndarray) -> float:
    """How far the two take any sample apart, px."""
    return float(np.linalg.norm(place(placement, SOURCE) - place(wanted, SOURCE), axis=-1).max())


def test_what_moved_as_a_whole_is_placed_where_it_is() -> None:
    assert largest_stray(register(SOURCE, place(TURN, SOURCE), ACROSS, EVENLY), TURN) < 0.05


def test_every_frame_has_a_placement_of_its_own() -> None:
    both = np.concatenate([TURN, unmoved(1)])
    source, across, weight = (np.repeat(each, 2, axis=0) for each in (SOURCE, ACROSS, EVENLY))
    found = register(source, place(both, source), across, weight)
    assert largest_stray(found[:1], TURN) < 0.05
    assert largest_stray(found[1:], unmoved(1)) < 0.05


def test_samples_that_slide_along_the_edge_take_the_whole_along_but_little() -> None:
    slid = SOURCE + 6 * np.isin(SOURCE[..., 1], (40, 60))[..., None] * (1, 0)
    assert largest_stray(register(SOURCE, slid, ACROSS, EVENLY), unmoved(1)) < 2


def test_what_moves_on_its_own_loses_its_say_where_that_is_asked_for() -> None:
    limb = (abs(SOURCE[..., 0] - 60) < 15) & (SOURCE[..., 1] == 60)
    goal = SOURCE + limb[..., None] * (0.0, 15.0)
    plain, robust = (register(SOURCE, goal, ACROSS, EVENLY, scale_px) for scale_px in (None, 1.0))
    assert largest_stray(plain, unmoved(1)) > 2
    assert largest_stray(robust, unmoved(1)) < 0.3


def test_samples_that_weigh_nothing_have_no_say() -> None:
    limb = SOURCE[..., 0] > 90
    found = register(SOURCE, SOURCE + limb[..., None] * (0.0, 15.0), ACROSS, np.where(limb, 0.0, 1.0))
    assert largest_stray(found, unmoved(1)) < 0.1


def test_where_all_samples_are_farther_off_than_asked_for_they_keep_their_say_together() -> None:
    noise = np.random.default_rng(5).normal(0, 2, SOURCE.shape)
    found = register(SOURCE, SOURCE + noise + (8, 0), ACROSS, EVENLY, scale_px=0.01)
    assert (place(found, SOURCE) - SOURCE).mean(axis=1)[0] == pytest.approx([8, 0], abs=1)


def test_samples_on_one_line_are_moved_across_it_and_else_stay() -> None:
    line = np.stack([np.arange(50.0), np.full(50, 20.0)], axis=1)[None]
    across = np.broadcast_to((0.0, 1.0), line.shape)
    goal = line + np.array([0.0, 5.0])
    assert place(register(line, goal, across, np.ones((1, 50))), line) == pytest.approx(goal, abs=0.05)


def test_the_way_back_leads_to_where_it_came_from_and_there_is_none_from_a_line() -> None:
    assert place(inverse(TURN), place(TURN, SOURCE)) == pytest.approx(SOURCE)
    with pytest.raises(np.linalg.LinAlgError):
        inverse(np.zeros((1, 2, 3)))


def test_tangents_turn_with_an_outline_and_are_not_shifted() -> None:
    knots = np.array([[(10.0, 20.0, -1.0, 2.0, 3.0, 4.0)]])
    placed = place_outlines(TURN, knots)[0, 0]
    ends = place(TURN, knots[..., :2] + np.array([(0, 0), (-1, 2), (3, 4)]))[0]
    assert placed[:2] == pytest.approx(ends[0])
    assert placed[2:4] == pytest.approx(ends[1] - ends[0])
    assert placed[4:] == pytest.approx(ends[2] - ends[0])
