"""Which frames are keyed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roto_geometry.guards import is_sound
from roto_geometry.keys import reduction
from roto_geometry.keys.placed import PlacedKeys
from roto_geometry.keys.reduction import reduce_keys
from roto_geometry.keys.spacetime import Holds, Keying, PlacedWanted, exact_values, refine_values
from roto_geometry.keys.wanted import LEAST_WEIGHT, Wanted, rms, sampled
from roto_shared.timeline import Interpolation

square = np.hstack([np.array([[0.0, 0], [20, 0], [20, 20], [0, 20]]), np.zeros((4, 4))])


def moved(way: np.ndarray) -> np.ndarray:
    """The square shifted along x by each number of ``way``."""
    outlines = np.repeat(square[None], len(way), axis=0)
    outlines[:, :, 0] += way[:, None]
    return outlines


def test_a_steady_motion_needs_two_keys():
    assert reduce_keys(Wanted(moved(np.arange(12.0) * 3), range(1, 13), 0.5)).chosen == [0, 11]


def test_a_turn_is_keyed_where_it_happens():
    way = np.abs(np.arange(-6.0, 7)) * 4
    assert reduce_keys(Wanted(moved(way), range(13), 0.5)).chosen == [0, 6, 12]


def test_frames_that_are_missing_from_the_plate_do_not_bend_the_motion():
    frames = [1, 2, 3, 7, 8, 20]
    assert len(reduce_keys(Wanted(moved(np.array(frames) * 2.0), frames, 0.1)).chosen) == 2


def test_sliding_along_the_outline_needs_no_keys():
    angle = np.arange(16) * (np.pi / 8)
    turns = [angle + 0.002 * frame**2 for frame in range(8)]
    outlines = np.array([np.column_stack([50 * np.cos(a), 50 * np.sin(a), *np.zeros((4, 16))]) for a in turns])
    assert len(reduce_keys(Wanted(outlines, range(8), 0.6)).chosen) == 2


def test_a_frame_errs_in_its_own_tolerances_and_one_without_weight_holds():
    weight = np.repeat([[1.0], [1.0], [0.0]], 4, axis=1)
    wanted = Wanted(moved(np.zeros(3)), range(3), np.array([1.0, 2.0, 1.0]), weight=weight)
    first, second, third = wanted.errors(sampled(moved(np.full(3, 4.0)))[0])
    assert first == pytest.approx(2 * second)
    assert first > 2
    assert third == 0


def test_a_knot_counts_as_much_as_the_heavier_of_its_two_segments_and_never_nothing():
    wanted = Wanted(square[None], [1], 1.0, weight=np.array([[1.0, 0.0, 0.0, 0.5]]))
    assert wanted.knot_weight[0].tolist() == [1.0, 1.0, LEAST_WEIGHT, 0.5]


def test_keys_go_for_what_is_aimed_at_in_place_of_the_outlines_own_curve():
    still, beside = moved(np.zeros(5)), moved(np.full(5, 3.0))
    wanted = Wanted(still, range(5), 1.0, aim=sampled(beside))
    keying = Keying.of(wanted, [0, 4])
    values = refine_values(exact_values(still, wanted, keying), PlacedWanted.unplaced(wanted), keying)
    assert PlacedKeys([0, 4], values).drawn(wanted.times)[..., :2] == pytest.approx(beside[..., :2], abs=0.5)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 3))
def test_every_frame_stays_within_the_tolerance_and_is_sound(seed, tolerance):
    way = np.cumsum(np.random.default_rng(seed).normal(0, 2, 15))
    outlines = moved(way)
    drawn = reduce_keys(Wanted(outlines, range(15), tolerance)).drawn(np.arange(15.0))
    off = np.abs(drawn[:, :, 0] - outlines[:, :, 0]).max(axis=1) / np.sqrt(2)
    assert off.max() <= tolerance + 1e-9
    assert all(is_sound(outline) for outline in drawn)


def test_what_would_cross_itself_between_two_keys_is_sound_however_loose_the_tolerance():
    angle = np.radians([45, 135, 225, 315]) + np.radians([[0], [90], [180]])
    corners = 20 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    half_turn = np.concatenate([corners, np.zeros((3, 4, 4))], axis=-1)
    keys = reduce_keys(Wanted(half_turn, range(3), tolerance_px=100.0))
    assert not is_sound(half_turn[[0, 2]].mean(axis=0))
    assert all(map(is_sound, keys.drawn(np.arange(3.0))))


def test_knots_that_lie_together_keep_their_distance_and_those_far_apart_may_slide():
    corners = np.array([[0, 0], [30, 0], [60, 0], [61, 0], [100, 0], [100, 80], [0, 80]], dtype=float)
    still = np.repeat(np.hstack([corners, np.zeros((7, 4))])[None], 9, axis=0)
    wanted = Wanted(still, range(9), 1.0)
    keying = Keying.of(wanted, [0, 8])
    slid = exact_values(still, wanted, keying)
    slid[:, 1:3, 0] += 3
    refined = refine_values(slid, PlacedWanted.unplaced(wanted), keying)
    assert refined[:, 1, 0].min() > 31
    assert refined[:, 3, 0] - refined[:, 2, 0] == pytest.approx(1, abs=0.1)


def folding_arm(frames: int = 24) -> np.ndarray:
    """A box with an arm of five knots that comes out of its upper edge, leans to both sides, and goes in again."""
    time = np.arange(frames)
    out, lean = 60 * np.maximum(0, np.sin(time / 2)) ** 2, 25 * np.sin(time / 1.3)
    edge = [(48.0, 0.0), (49, 0), (50, 0), (51, 0), (52, 0)]
    box = np.array([(0, 0), *edge, (100, 0), (100, 60), (0, 60), (0, 30)])
    outlines = np.repeat(np.hstack([box, np.zeros((10, 4))])[None], frames, axis=0)
    for knot, (wide, high) in enumerate([(-6, 0.0), (-4, 0.6), (0, 1.0), (4, 0.6), (6, 0.0)], start=1):
        outlines[:, knot, 0] = 50 + np.where(out > 0, wide + lean * high, wide / 10)
        outlines[:, knot, 1] = -high * out
    return outlines


def test_knots_that_are_held_lie_where_they_are_wanted_at_that_time_and_what_is_far_from_them_stays():
    outlines = folding_arm(9)
    wanted = Wanted(outlines, range(9), 1.0)
    keying = Keying.of(wanted, [0, 8])
    tip = Holds(np.array([3.0]), np.eye(1, 10, 3) * 1e6)
    off = []
    for holds in (Holds.none(10), tip):
        values = refine_values(exact_values(outlines, wanted, keying), PlacedWanted.unplaced(wanted), keying, holds)
        drawn = np.einsum("k,knc->nc", keying.basis[3], values)
        off.append(np.linalg.norm(drawn[:, :2] - outlines[3, :, :2], axis=1))
    assert off[1][3] < 0.1 < 10 < off[0][3]
    assert np.abs(off[1] - off[0])[7:].max() < 0.1


def test_between_frames_knots_are_held_to_halfway():
    outlines = moved(np.array([0.0, 4, 4, 4]))
    wanted = Wanted(outlines, [1, 2, 3, 4], 1.0)
    keying = Keying.of(wanted, [0, 3])
    holds = Holds(np.array([1.5]), np.full((1, 4), 1e4))
    values = refine_values(exact_values(outlines, wanted, keying), PlacedWanted.unplaced(wanted), keying, holds)
    drawn = PlacedKeys([0, 3], values).unplaced(wanted.times, holds.times)
    assert drawn[0, :, 0] == pytest.approx(square[:, 0] + 2, abs=0.05)


def test_a_crossing_is_undone_where_it_is_and_costs_no_key(monkeypatch):
    outlines = folding_arm()
    wanted = Wanted(outlines, range(len(outlines)), 1.5, interpolation=Interpolation.SMOOTH)
    held = reduce_keys(wanted)
    monkeypatch.setattr(reduction, "FIRMNESS", ())
    keyed = reduce_keys(wanted)
    for keys in (held, keyed):
        assert all(map(is_sound, keys.drawn(wanted.times)))
    assert len(held.chosen) < len(keyed.chosen)


def test_keys_that_all_frames_hold_without_are_taken_out(monkeypatch):
    wanted = Wanted(waving(9, 24), range(24), 0.4, interpolation=Interpolation.SMOOTH)
    thinned = reduce_keys(wanted)
    monkeypatch.setattr(reduction, "_thinned", lambda held, *_: held)
    assert len(thinned.chosen) < len(reduce_keys(wanted).chosen)
    assert wanted.errors(sampled(thinned.drawn(wanted.times))[0]).max() <= 1


@pytest.mark.parametrize(("seed", "closer"), [(0, 0), (2, 1)])
def test_of_as_many_keys_from_either_slack_those_that_err_less_are_taken(monkeypatch, seed, closer):
    monkeypatch.setattr(reduction, "_thinned", lambda held, *_: held)
    wanted = Wanted(waving(seed), range(15), 0.6)
    found = [reduce_keys(wanted)]
    for slack in reduction.SLACKS:
        monkeypatch.setattr(reduction, "SLACKS", (slack,))
        found.append(reduce_keys(wanted))
    errors = [np.linalg.norm(wanted.errors(sampled(keys.drawn(wanted.times))[0])) for keys in found]
    assert len({len(keys.chosen) for keys in found}) == 1
    assert errors[0] == min(errors) == errors[1 + closer] < max(errors)


def test_where_every_frame_is_keyed_keys_are_the_frames_own():
    outlines = moved(np.array([0.0, 9, 1, 8, 2, 7]))
    keys = reduce_keys(Wanted(outlines, range(6), 0.1))
    assert keys.chosen == list(range(6))
    assert (keys.values == outlines).all()


def test_outlines_that_cross_themselves_whatever_is_done_are_keyed_as_they_are_unless_they_may():
    eights = moved(np.arange(6.0))[:, [0, 2, 1, 3]]
    assert (reduce_keys(Wanted(eights, range(6), 1.0)).values == eights).all()
    assert reduce_keys(Wanted(eights, range(6), 1.0, may_cross=True)).chosen == [0, 5]


def test_a_key_stays_whose_frames_would_err_by_more_than_it_is_worth(monkeypatch):
    wanted = Wanted(waving(2, 24), range(24), 0.4, interpolation=Interpolation.SMOOTH)
    kept = reduce_keys(wanted)
    monkeypatch.setattr(reduction, "KEY_WORTH", 25.0)
    assert len(reduce_keys(wanted).chosen) < len(kept.chosen)


def waving(seed: int, frames: int = 15) -> np.ndarray:
    """A ring of twelve knots, each of which wanders on its own, slowly enough to stay sound."""
    angle = np.arange(12) * (np.pi / 6)
    spoke = np.column_stack([60 * np.cos(angle), 60 * np.sin(angle)])
    handle = np.column_stack([-spoke[:, 1], spoke[:, 0]]) * 0.17
    outlines = np.repeat(np.hstack([spoke, -handle, handle])[None], frames, axis=0)
    outlines[..., :2] += np.cumsum(np.random.default_rng(seed).normal(0, 0.7, (frames, 12, 2)), axis=0)
    return outlines


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1),
    st.sets(st.integers(0, 14), min_size=1, max_size=4),
    st.floats(0.3, 2),
    st.sampled_from([Interpolation.LINEAR, Interpolation.SMOOTH]),
)
def test_a_pinned_key_is_kept_to_the_bit_and_every_other_frame_holds(seed, pinned, tolerance, interpolation):
    outlines = waving(seed)
    pulled = np.random.default_rng(seed).normal(0, 3, (len(pinned), 12, 6))
    outlines[sorted(pinned)] += pulled
    wanted = Wanted(outlines, range(15), tolerance, pinned=frozenset(pinned), interpolation=interpolation)
    keys = reduce_keys(wanted)
    drawn = keys.drawn(np.arange(15.0))
    assert pinned <= set(keys.chosen)
    for frame in pinned:
        assert (keys.values[keys.chosen.index(frame)] == outlines[frame]).all()
        assert (drawn[frame] == outlines[frame]).all()
    others = [frame for frame in range(15) if frame not in pinned]
    assert wanted.errors(sampled(drawn)[0])[others].max(initial=0.0) <= 1 + 1e-9
    assert all(is_sound(drawn[frame]) for frame in others if is_sound(outlines[frame]))


def test_what_keys_store_is_six_numbers_a_knot_as_many_for_its_slopes_and_six_a_placement():
    values = moved(np.zeros(2))
    assert PlacedKeys([0, 4], values).stored_values == 48
    assert PlacedKeys([0, 4], values, slopes=values).stored_values == 96
    assert PlacedKeys([0, 4], values, placement=np.repeat(np.eye(2, 3)[None], 5, axis=0)).stored_values == 78


def test_a_pinned_key_that_crosses_itself_keys_the_frames_beside_it_and_no_others_are_the_denser_for_it():
    outlines = moved(0.15 * np.arange(-10.0, 11) ** 2)
    outlines[10] = outlines[10, [0, 2, 1, 3]]
    keys = reduce_keys(Wanted(outlines, range(21), 0.5, pinned=frozenset({10})))
    assert not is_sound(outlines[10])
    assert {9, 10, 11} < set(keys.chosen)
    assert len(keys.chosen) <= 7


def test_where_every_frame_is_pinned_keys_are_the_outlines():
    outlines = waving(3, 4)
    keys = reduce_keys(Wanted(outlines, range(4), 1.0, pinned=frozenset(range(4))))
    assert keys.chosen == [0, 1, 2, 3]
    assert (keys.values == outlines).all()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_a_hidden_stretch_costs_no_keys_and_the_exposed_rest_holds(seed, hidden):
    steady = np.repeat(waving(0, 1), 15, axis=0)
    steady[..., 0] += np.arange(15.0)[:, None]
    outlines = steady.copy()
    trembling = np.random.default_rng(seed).normal(0, 2.0, (15, hidden, 2))
    outlines[:, 1 : hidden + 1, :2] += trembling
    weight = np.ones((15, 12))
    weight[:, : hidden + 1] = 0
    keys = reduce_keys(Wanted(outlines, range(15), 0.3, weight=weight))
    drawn = keys.drawn(np.arange(15.0))
    assert len(keys.chosen) == 2
    points, across = sampled(steady)
    shown = np.repeat(weight, points.shape[1] // 12, axis=1)
    assert rms(sampled(drawn)[0] - points, across, shown).max() <= 0.3


def test_a_stretch_that_matters_little_is_given_up_before_one_that_matters():
    outlines = np.repeat(waving(0, 1), 9, axis=0)
    outlines[:, :6, 0] += 3 * np.sin(np.arange(9.0) / 8 * np.pi)[:, None]
    light = np.ones((9, 12))
    light[:, :7] = light[:, 11] = 0.01
    assert len(reduce_keys(Wanted(outlines, range(9), 0.3)).chosen) > 2
    assert len(reduce_keys(Wanted(outlines, range(9), 0.3, weight=light)).chosen) == 2


def test_a_motion_that_starts_and_stops_softly_needs_two_smooth_keys_and_more_linear_ones():
    way = 25 * (1 - np.cos(np.arange(17.0) / 16 * np.pi))
    linear = reduce_keys(Wanted(moved(way), range(17), 0.3))
    smooth = reduce_keys(Wanted(moved(way), range(17), 0.3, interpolation=Interpolation.SMOOTH))
    assert len(smooth.chosen) == 2 < len(linear.chosen)
    assert linear.slopes is None
    assert smooth.slopes is not None


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.3, 2))
def test_smooth_keys_hold_on_every_frame_and_stay_sound(seed, tolerance):
    wanted = Wanted(waving(seed), [2 * frame for frame in range(15)], tolerance, interpolation=Interpolation.SMOOTH)
    drawn = reduce_keys(wanted).drawn(wanted.times)
    assert wanted.errors(sampled(drawn)[0]).max() <= 1 + 1e-9
    assert all(map(is_sound, drawn))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([Interpolation.LINEAR, Interpolation.SMOOTH]), st.booleans())
def test_a_stretch_of_a_shape_alone_is_drawn_as_before(seed, interpolation, is_placed):
    random = np.random.default_rng(seed)
    times = np.cumsum(random.integers(1, 4, 15)).astype(float)
    outlines = moved(np.cumsum(random.normal(0, 2, 15)))
    keys = reduce_keys(Wanted(outlines, times, 1.0, interpolation=interpolation))
    placement = np.eye(2, 3) + random.normal(0, 0.05, (15, 2, 3)) if is_placed else None
    keys = replace(keys, placement=placement)
    start, stop = sorted(random.choice(16, 2, replace=False).tolist())
    alone = keys.between(times, start, stop)
    assert {alone.chosen[0], alone.chosen[-1]} == {0, stop - start - 1}
    assert alone.drawn(times[start:stop]) == pytest.approx(keys.drawn(times)[start:stop], abs=1e-9)
