"""Contours that become outlines over a span of frames."""

import numpy as np
import pytest
from pictures import disc

from roto_geometry.bezier import polygon_area
from roto_geometry.follow.outlines import follow_outlines, matter_px2
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


def test_a_contour_as_large_as_a_speck_may_be_and_a_shape_worth_its_price_stay():
    speck_px2 = min(polygon_area(points) for points in trace(np.maximum(ball, fleck)))
    assert len(follow_outlines({1: trace(np.maximum(ball, fleck))}, speck_px2, price=0.0).tracks) == 2
    tracking = follow_outlines({1: trace(ball)}, speck_px2=1.0, price=1.0)
    assert (len(tracking.tracks), tracking.dropped_px2) == (1, {1: 0.0})


def test_matter_is_what_outlines_cover_without_their_holes_and_never_nothing():
    assert matter_px2(trace(ring)) == pytest.approx(ring.sum(), rel=0.02)
    assert matter_px2([]) == 1.0


def test_the_largest_outline_comes_first():
    tracking = follow_outlines({1: trace(np.maximum(fleck, ball))}, speck_px2=1.0, price=0.0)
    assert [round(track.contours[0].area, -2) for track in tracking.tracks] == [2800, 0]


def balls(*centres: tuple[float, float], radii: tuple[float, ...] = (15, 15)) -> list[np.ndarray]:
    return trace(np.max([disc(SIZE, centre, radius) for centre, radius in zip(centres, radii, strict=False)], axis=0))


def bars(*widths: float) -> list[np.ndarray]:
    """Bars of these widths below one another, thirty px apart, each ten px high."""
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]] + 0.5
    each = [(abs(columns - 60) < width / 2) & (abs(rows - 30 - 30 * at) < 5) for at, width in enumerate(widths)]
    return trace(np.max(each, axis=0).astype(np.float32))


def ways(*frames: list[np.ndarray]) -> list[list[tuple[float, float]]]:
    """Where the centres of outlines go, to 5 px."""
    tracks = follow_outlines(dict(enumerate(frames, 1)), 1.0, 0.0).tracks
    return sorted([tuple(5 * np.round(one.centre / 5)) for one in track.contours] for track in tracks)


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


LEFT, RIGHT = (30.0, 50.0), (90.0, 50.0)


def test_what_grows_to_twice_its_area_is_the_same_still_and_what_shrinks_to_a_tenth_is_not():
    assert ways(balls(LEFT, RIGHT), balls(LEFT, RIGHT, radii=(21, 15))) == [[LEFT, LEFT], [RIGHT, RIGHT]]
    assert ways(balls(LEFT, RIGHT), balls(LEFT, RIGHT, radii=(5, 15))) == [[LEFT], [LEFT], [RIGHT, RIGHT]]


def test_most_of_the_matter_is_not_followed_to_what_is_far_smaller():
    assert ways(balls(LEFT, radii=(25,)), balls(RIGHT, radii=(6,))) == [[LEFT], [RIGHT]]


def test_what_becomes_most_of_the_matter_where_it_was_does_not_go_on_as_what_was_most_of_it():
    assert ways(balls(LEFT, RIGHT, radii=(20, 12)), balls(RIGHT, radii=(20,))) == [[LEFT], [RIGHT, RIGHT]]


def test_what_was_most_of_the_matter_and_stays_does_not_go_on_as_something_larger_that_comes():
    assert ways(balls(RIGHT, radii=(12,)), balls(LEFT, RIGHT, radii=(20, 12))) == [[LEFT], [RIGHT, RIGHT]]


def test_of_two_that_are_alike_each_goes_on_where_it_is():
    above, below = (60.0, 30.0), (60.0, 60.0)
    assert ways(bars(60, 57), bars(57, 60)) == [[above, above], [below, below]]
