"""Contours that become outlines over a span of frames."""

import numpy as np
import pytest
from pictures import disc

from roto_geometry.follow.outlines import follow_outlines
from roto_geometry.trace.contour import trace

SIZE = (120, 100)
ball = disc(SIZE, (60, 50), 30)
ring = ball - disc(SIZE, (60, 50), 25)
fleck = disc(SIZE, (10, 10), 3)


def test_a_hole_that_opens_at_once_is_an_outline_of_its_own_and_takes_no_matter_over():
    tracking = follow_outlines({1: trace(ball), 2: trace(ring), 3: trace(ring)}, speck_px2=1.0, price=0.0)
    assert [(track.hole, track.frames) for track in tracking.tracks] == [(False, [1, 2, 3]), (True, [2, 3])]
    assert all(contour.area > 0 for track in tracking.tracks for contour in track.contours)


@pytest.mark.parametrize(("speck_px2", "price"), [(100.0, 0.0), (1.0, 0.1)])
def test_what_is_a_speck_or_not_worth_a_shape_is_left_out_and_said_on_its_frame(speck_px2, price):
    tracking = follow_outlines({1: trace(ball), 2: trace(np.maximum(ball, fleck))}, speck_px2, price)
    assert [track.frames for track in tracking.tracks] == [[1, 2]]
    assert tracking.dropped_px2[1] == 0
    assert tracking.dropped_px2[2] == pytest.approx(9 * np.pi, rel=0.1)


def test_the_largest_outline_comes_first():
    tracking = follow_outlines({1: trace(np.maximum(fleck, ball))}, speck_px2=1.0, price=0.0)
    assert [round(track.contours[0].area, -2) for track in tracking.tracks] == [2800, 0]


def balls(*centres: tuple[float, float]) -> list[np.ndarray]:
    return trace(np.max([disc(SIZE, centre, 15) for centre in centres], axis=0))


def lives(*frames: list[np.ndarray]) -> list[list[int]]:
    return sorted(track.frames for track in follow_outlines(dict(enumerate(frames, 1)), 1.0, 0.0).tracks)


def test_what_is_most_of_the_matter_is_followed_however_far_it_jumps():
    assert lives(balls((25, 50)), balls((95, 50))) == [[1, 2]]


def test_of_two_as_large_the_one_that_jumps_begins_anew():
    assert lives(balls((25, 25), (25, 75)), balls((25, 25), (95, 75))) == [[1], [1, 2], [2]]


def test_two_that_pass_one_another_slowly_are_not_exchanged():
    way = [balls((60 - x, 30), (60 + x, 68)) for x in (40, 20, 0, -20, -40)]
    tracks = follow_outlines(dict(enumerate(way, 1)), 1.0, 0.0).tracks
    assert [track.frames for track in tracks] == [[1, 2, 3, 4, 5]] * 2
    assert [np.ptp([contour.centre[1] for contour in track.contours]) for track in tracks] == pytest.approx(
        [0, 0], abs=1
    )
