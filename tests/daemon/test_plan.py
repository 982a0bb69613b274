"""A plan says which sweeps bring which object where, and when a stored mask is stale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roto_daemon.pipelines.plan import Sides, make_plan
from roto_daemon.sessions.masks import Sweep
from roto_shared.errors import InputError

FRAMES = range(1001, 1011)


def plan(keyframes, direction="both", first=None, last=None, frames=FRAMES, anew=()):
    pictures = {frame: "anew" if frame in anew else "as it was" for frame in frames}
    return make_plan("disc", keyframes, pictures, direction, (first, last))


def test_one_keyframe_is_left_by_a_forward_and_a_backward_sweep():
    steps = [(step.sweep, step.frame) for step in plan({"dog": {1004: "x"}}).steps()]
    assert steps == [(Sweep.FORWARD, f) for f in range(1005, 1011)] + [(Sweep.BACKWARD, f) for f in (1003, 1002, 1001)]


def test_frames_between_two_keyframes_are_reached_from_both():
    assert plan({"dog": {1002: "x", 1008: "y"}}).sides("dog", 1005) == Sides(1002, 1008)


def test_a_direction_keeps_the_other_sweep_out():
    assert {step.sweep for step in plan({"dog": {1004: "x"}}, "forward").steps()} == {Sweep.FORWARD}
    assert plan({"dog": {1002: "x", 1008: "y"}}, "backward").sides("dog", 1005) == Sides(None, 1008)


def test_objects_join_a_sweep_after_their_own_keyframe():
    steps = {step.frame: step.objects for step in plan({"a": {1001: "x"}, "b": {1005: "y"}}, "forward").steps()}
    assert steps[1003] == ("a",)
    assert steps[1005] == ("a",)
    assert steps[1006] == ("a", "b")


def test_a_correction_makes_only_the_frames_up_to_the_neighbouring_keyframes_stale():
    before = plan({"dog": {1001: "x", 1005: "y", 1010: "z"}})
    after = plan({"dog": {1001: "x", 1005: "CORRECTED", 1010: "z"}})
    assert stale(before, after) == [1002, 1003, 1004, 1006, 1007, 1008, 1009]
    grown = plan({"dog": {1001: "x", 1005: "y", 1008: "new", 1010: "z"}})
    assert stale(before, grown) == [1006, 1007, 1009]


def test_a_picture_that_is_rendered_anew_makes_its_own_frame_stale():
    keyframes = {"dog": {1001: "x", 1010: "z"}}
    assert stale(plan(keyframes), plan(keyframes, anew=(1004, 1007))) == [1004, 1007]


def stale(before, after):
    followed = [f for f in FRAMES if f not in before.keyframes["dog"] and f not in after.keyframes["dog"]]
    return [f for f in followed if before.digest("dog", f, Sweep.FINAL) != after.digest("dog", f, Sweep.FINAL)]


def test_a_range_without_a_keyframe_grows_to_the_nearest_one():
    assert list(plan({"dog": {1002: "x"}}, first=1006, last=1008).frames) == list(range(1002, 1009))


@pytest.mark.parametrize(
    ("keyframes", "direction", "first", "last", "word"),
    [
        ({}, "both", None, None, "prompted"),
        ({"dog": {1001: "x"}}, "sideways", None, None, "sideways"),
        ({"dog": {1001: "x"}}, "both", 2000, 2010, "2000-2010"),
    ],
)
def test_what_cannot_be_tracked_is_said(keyframes, direction, first, last, word):
    with pytest.raises(InputError, match=word):
        plan(keyframes, direction, first, last)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=20, unique=True).map(sorted),
    st.sets(st.integers(0, 30), min_size=1, max_size=4),
)
def test_every_frame_of_the_range_is_keyed_or_reached(frames, keyed):
    chosen = {frame: "x" for frame in keyed if frame in frames}
    if not chosen:
        return
    whole = plan({"dog": chosen}, frames=frames)
    assert {step.frame for step in whole.steps()} | set(chosen) == set(frames)
