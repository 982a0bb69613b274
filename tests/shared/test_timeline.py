"""Frame ranges, and what happens between keys."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_shared.errors import InputError
from roto_shared.timeline import (
    FrameRange,
    Interpolation,
    Key,
    automatic_slopes,
    evaluate,
    hermite,
    hold_keys,
    parse_frame_range,
)

HOLD, LINEAR, SMOOTH = Interpolation.HOLD, Interpolation.LINEAR, Interpolation.SMOOTH


@pytest.mark.parametrize(
    ("text", "frames"),
    [
        ("1001", [1001]),
        ("1001-1004", [1001, 1002, 1003, 1004]),
        (" 1 - 7 x 3 ", [1, 4, 7]),
        ("-3--1", [-3, -2, -1]),
        ("-1-1x2", [-1, 1]),
    ],
)
def test_a_range_is_written_as_people_write_it(text, frames):
    found = parse_frame_range(text)
    assert list(found) == frames
    assert len(found) == len(frames)
    assert parse_frame_range(str(found)) == found


@pytest.mark.parametrize("text", ["", "a", "1-", "1-2x", "5-1", "1-9x0", "1,2", "1.5"])
def test_what_is_no_range_is_told_with_how_to_write_one(text):
    with pytest.raises(InputError, match="1001-1100"):
        parse_frame_range(text)


@given(st.integers(-50, 50), st.integers(0, 40), st.integers(1, 7))
def test_a_range_holds_exactly_the_frames_it_gives(first, length, step):
    found = FrameRange(first, first + length, step)
    assert [frame for frame in range(-60, 100) if frame in found] == list(found)
    assert "1001" not in found


def track(*pairs, interpolation=LINEAR):
    return tuple(Key(frame, (value,), interpolation) for frame, value in pairs)


@pytest.mark.parametrize("interpolation", list(Interpolation))
def test_nothing_moves_before_the_first_key_or_after_the_last(interpolation):
    keys = track((1.0, 5.0), (3.0, 9.0), interpolation=interpolation)
    assert evaluate(keys, -100.0) == (5.0,)
    assert evaluate(keys, 100.0) == (9.0,)


@pytest.mark.parametrize("interpolation", list(Interpolation))
def test_a_key_is_met_exactly(interpolation):
    keys = track((1.0, 5.0), (2.5, 7.25), (9.0, -1.0), interpolation=interpolation)
    assert [evaluate(keys, key.frame) for key in keys] == [key.values for key in keys]


def test_linear_runs_straight_and_hold_jumps_at_the_next_key():
    assert evaluate(track((0.0, 0.0), (4.0, 8.0)), 1.0) == (2.0,)
    assert evaluate(track((0.0, 0.0), (4.0, 8.0), interpolation=HOLD), 3.999) == (0.0,)


def test_smooth_follows_the_slopes_that_it_was_given():
    keys = (Key(0.0, (0.0,), SMOOTH, slope_out=(3.0,)), Key(2.0, (4.0,), SMOOTH, slope_in=(1.0,)))
    assert evaluate(keys, 1.0) == pytest.approx((2.0 + (3.0 - 1.0) * 2 / 8,))


def test_smooth_runs_into_the_next_key_with_that_key_s_own_slope():
    keys = track((0.0, 0.0), (10.0, 4.0), (20.0, 20.0), interpolation=SMOOTH)
    (first,), (second,) = automatic_slopes(keys, 0), automatic_slopes(keys, 1)
    assert first != second
    assert evaluate(keys, 3.0) == pytest.approx((hermite(0.0, 4.0, 10 * first, 10 * second, 0.3),))


def test_equal_slopes_along_the_chord_make_a_straight_line():
    assert [hermite(2.0, 10.0, 8.0, 8.0, s / 8) for s in range(9)] == pytest.approx([2.0 + s for s in range(9)])


def test_two_keys_run_straight_by_themselves():
    keys = track((0.0, 0.0), (10.0, 5.0), interpolation=SMOOTH)
    assert automatic_slopes(keys, 0) == automatic_slopes(keys, 1) == (0.5,)


def test_a_single_key_has_no_slope():
    assert automatic_slopes(track((1.0, 4.0)), 0) == (0.0,)


def test_an_inner_key_takes_its_neighbours_chord():
    assert automatic_slopes(track((0.0, 0.0), (1.0, 1.0), (3.0, 6.0)), 1) == (2.0,)


def test_an_extremum_is_flat_and_so_is_a_key_beside_a_level():
    assert automatic_slopes(track((0.0, 0.0), (1.0, 5.0), (2.0, 1.0)), 1) == (0.0,)
    assert automatic_slopes(track((0.0, 0.0), (1.0, 5.0), (2.0, 5.0)), 1) == (0.0,)


def test_an_inner_slope_is_at_most_three_times_its_flatter_side():
    assert automatic_slopes(track((0.0, 0.0), (1.0, 1.0), (2.0, 101.0)), 1) == (3.0,)


def test_the_ends_lean_away_from_their_neighbour():
    keys = track((0.0, 0.0), (1.0, 5.0), (2.0, 1.0))
    assert automatic_slopes(keys, 0) == (7.5,)
    assert automatic_slopes(keys, 2) == (-6.0,)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=6), st.floats(0, 1))
def test_smooth_motion_between_inner_keys_never_leaves_their_span_of_values(values, s):
    keys = track(*((float(i), value) for i, value in enumerate(values)), interpolation=SMOOTH)
    for i in range(1, len(values) - 2):
        low, high = sorted(values[i : i + 2])
        (value,) = evaluate(keys, i + s)
        assert low - 1e-6 <= value <= high + 1e-6


@given(st.dictionaries(st.integers(-50, 50), st.sampled_from([0.0, 0.5, 1.0]), min_size=1))
def test_held_keys_give_every_frame_its_value_and_stand_only_where_it_changes(values: dict):
    keys = hold_keys(values.items())
    assert {frame: evaluate(keys, frame) for frame in values} == {frame: (value,) for frame, value in values.items()}
    assert all(key.values != following.values for key, following in pairwise(keys))
