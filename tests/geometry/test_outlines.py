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
