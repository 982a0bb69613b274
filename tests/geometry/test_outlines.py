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


def returns(*frames: list[np.ndarray]) -> list[tuple[list[int], list[int]]]:
    tracks = follow_outlines(dict(enumerate(frames, 1)), 1.0, 0.0).tracks
    return sorted((track.frames, track.returns) for track in tracks)


def test_what_comes_back_to_its_place_is_the_outline_that_went_away_however_often():
    both, one = balls(LEFT, RIGHT), balls(LEFT)
    assert returns(both, one, one, both, one, both) == [([1, 2, 3, 4, 5, 6], []), ([1, 4, 6], [4, 6])]


def test_what_comes_back_by_more_than_its_size_away_begins_anew():
    near, far, radii = (90.0, 35.0), (90.0, 20.0), (15, 10)
    before, away = balls(LEFT, RIGHT, radii=radii), balls(LEFT)
    assert ways(before, away, balls(LEFT, near, radii=radii)) == [[LEFT] * 3, [RIGHT, near]]
    assert ways(before, away, balls(LEFT, far, radii=radii)) == [[LEFT] * 3, [far], [RIGHT]]


@pytest.mark.parametrize(
    ("back_at", "is_same"), [(20, True), (65, True), (43, False)], ids=["there", "taken along", "else"]
)
def test_what_comes_back_where_it_was_or_where_the_largest_thing_went_meanwhile_is_the_outline_that_went(
    back_at, is_same
):
    def frame(at: float, *more: tuple[float, float]) -> list[np.ndarray]:
        return balls((at, 30), (112, 90), *more, radii=(18, 4, 7))

    found = returns(frame(20, (20, 80)), frame(35), frame(50), frame(65, (back_at, 80)))
    steady = [([1, 2, 3, 4], [])] * 2
    assert found == sorted([*steady, ([1, 4], [4])] if is_same else [*steady, ([1], []), ([4], [])])


def test_of_two_that_were_where_something_comes_back_it_is_the_one_more_like_it():
    small, large = balls(LEFT, RIGHT, radii=(15, 10)), balls(LEFT, RIGHT, radii=(15, 18))
    tracks = follow_outlines({1: small, 2: balls(LEFT), 3: large, 4: balls(LEFT), 5: small}, 1.0, 0.0).tracks
    assert sorted(track.frames for track in tracks) == [[1, 2, 3, 4, 5], [1, 3, 5]]
    far_larger = balls(LEFT, RIGHT, radii=(15, 28))
    tracks = follow_outlines({1: small, 2: balls(LEFT), 3: far_larger, 4: balls(LEFT), 5: small}, 1.0, 0.0).tracks
    assert sorted(track.frames for track in tracks) == [[1, 2, 3, 4, 5], [1, 5], [3]]


def test_a_hole_does_not_come_back_as_matter():
    inside = trace(disc(SIZE, (60, 50), 24))
    assert returns(trace(ring), trace(ball), trace(ring)) == [([1, 2, 3], []), ([1, 3], [3])]
    assert [track.hole for track in follow_outlines({1: trace(ring), 2: [], 3: inside}, 1.0, 0.0).tracks] == [
        False,
        True,
    ]


def test_an_object_that_is_seen_again_is_the_same_wherever_it_is():
    assert returns(balls(LEFT), [], [], balls(RIGHT)) == [([1, 4], [4])]
    assert returns([], balls(LEFT), balls(LEFT)) == [([2, 3], [])]


def test_on_frames_that_nobody_gave_nothing_is_away():
    tracks = follow_outlines({frame: balls(LEFT) for frame in (1, 3, 5)}, 1.0, 0.0).tracks
    assert [(track.frames, track.returns, track.runs) for track in tracks] == [([1, 3, 5], [], [slice(0, 3)])]


def test_part_of_a_life_knows_where_it_is_away():
    both, one = balls(LEFT, RIGHT), balls(LEFT)
    track = follow_outlines(dict(enumerate((both, both, one, both, one, both), 1)), 1.0, 0.0).tracks[1]
    assert (track.runs, track.returns) == ([slice(0, 2), slice(2, 3), slice(3, 4)], [4, 6])
    assert (track.part(2, 4).frames, track.part(2, 4).returns) == ([4, 6], [6])


def test_a_piece_that_shows_for_single_frames_is_worth_what_they_show_together():
    both, one = balls(LEFT, RIGHT, radii=(20, 10)), balls(LEFT, radii=(20,))
    assert lives_worth(0.5, both, one, both, one, both) == [[1, 2, 3, 4, 5], [1, 3, 5]]
    assert lives_worth(0.5, both, one, one, one, both) == [[1, 2, 3, 4, 5]]


def lives_worth(price: float, *frames: list[np.ndarray]) -> list[list[int]]:
    return sorted(track.frames for track in follow_outlines(dict(enumerate(frames, 1)), 1.0, price).tracks)
