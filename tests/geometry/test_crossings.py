"""What crosses itself between keys, and what undoes that."""

import numpy as np

from roto_geometry.follow.registration import unmoved
from roto_geometry.guards import is_sound, largest_loops
from roto_geometry.keys.crossings import (
    MOST_LOOP_PX2,
    crossing_frames,
    crossing_halves,
    holds_on_crossings,
    mended,
)
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.keys.reduction import reduce_keys
from roto_geometry.keys.wanted import Wanted


def folding() -> np.ndarray:
    """A box on four frames; two knots of its upper edge pass one another between the second and the third."""
    box = np.array([[0, 0], [15, -1], [5, -12], [20, 0], [20, 20], [0, 20]], dtype=float)
    step = np.array([[0, 0], [0, -11], [0, 11], [0, 0], [0, 0], [0, 0]], dtype=float)
    return np.concatenate([box + np.arange(-1, 3)[:, None, None] * step, np.zeros((4, 6, 4))], axis=-1)


def folding_at_its_ends() -> np.ndarray:
    """The same, with a straight upper edge on the frames in the middle."""
    outlines = folding()
    outlines[1:3] = np.array([[5, 0], [10, 0], [15, 0], [20, 0], [20, 20], [0, 20]] @ np.eye(2, 6))
    return outlines


def test_a_loop_between_frames_that_keys_on_both_would_draw_too_costs_no_key():
    assert all(map(is_sound, folding()))
    assert largest_loops(folding()[[1, 2]].mean(axis=0)[None])[0] > MOST_LOOP_PX2
    assert reduce_keys(Wanted(folding(), range(4), 1.0)).chosen == [0, 3]


def test_a_loop_between_frames_that_keys_on_both_would_not_draw_is_found():
    keys = PlacedKeys([0, 3], folding()[[0, 3]])
    assert crossing_halves(keys, Wanted(folding(), range(4), 1.0)) == []
    assert crossing_halves(keys, Wanted(folding_at_its_ends(), range(4), 1.0)) == [1]


def test_a_loop_where_the_outline_is_away_costs_nothing():
    keys = PlacedKeys([0, 3], folding()[[0, 3]])
    assert crossing_halves(keys, Wanted(folding_at_its_ends(), [1, 2, 7, 8], 1.0, returns=[7])) == []
    assert crossing_halves(keys, Wanted(folding_at_its_ends(), [1, 2, 7, 8], 1.0, returns=[2, 8])) == [1]


def test_a_loop_of_less_than_three_by_three_px_between_frames_may_stay():
    keys = PlacedKeys([0, 3], 0.9 * folding()[[0, 3]])
    assert 0 < largest_loops(keys.values.mean(axis=0)[None])[0] < MOST_LOOP_PX2
    assert crossing_halves(keys, Wanted(0.9 * folding_at_its_ends(), range(4), 1.0)) == []


def test_a_loop_between_frames_is_keyed_where_nothing_else_undoes_it():
    wanted = Wanted(folding_at_its_ends(), range(4), 50.0, pinned=frozenset({0, 3}))
    keys = reduce_keys(wanted)
    assert len(keys.chosen) > 2
    assert crossing_halves(keys, wanted) == []


def test_knots_around_a_crossing_are_held_at_the_time_of_the_crossing_and_no_others():
    wanted = Wanted(folding_at_its_ends(), [1, 2, 4, 5], 1.0)
    holds = holds_on_crossings(PlacedKeys([0, 3], folding()[[0, 3]]), wanted, [], [1], 10.0)
    assert holds.times.tolist() == [3.0]
    assert holds.firmness.tolist() == [[10.0, 10.0, 10.0, 10.0, 0.0, 0.0]]


def test_shorter_handles_undo_a_loop_and_a_pinned_key_keeps_its_own():
    square = np.hstack([np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]), np.zeros((4, 4))])
    looped = square.copy()
    looped[0, 4:6], looped[1, 2:4] = (40, 30), (-40, 30)
    keys = PlacedKeys([0, 4], np.stack([looped, looped]), placement=unmoved(5))
    wanted = Wanted(np.stack([looped, *[square] * 4]), range(5), 1.0, pinned=frozenset({0}))
    bad = crossing_frames(keys.drawn(wanted.times), wanted)
    better = mended(keys, wanted, bad, [])
    assert bad == [1, 2, 3, 4]
    assert better.placement is keys.placement
    assert (better.values[0] == looped).all()
    assert (better.values[1, :2, 2:] != looped[:2, 2:]).any()
    assert crossing_frames(better.drawn(wanted.times), wanted) != bad
