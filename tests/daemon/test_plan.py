"""A plan says which sweeps bring which object where, and when a stored mask is stale."""

from dataclasses import replace

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


def test_what_one_sweep_found_depends_on_the_keyframe_that_it_comes_from_alone():
    before, after = plan({"dog": {1001: "x", 1010: "y"}}), plan({"dog": {1001: "x", 1010: "CORRECTED"}})
    same = {s for s in Sweep if before.digest("dog", 1005, s) == after.digest("dog", 1005, s)}
    assert same >= {Sweep.FORWARD}
    assert not same & {Sweep.BACKWARD, Sweep.FINAL}


def test_masks_of_another_engine_or_release_are_stale(monkeypatch):
    before = plan({"dog": {1001: "x"}})
    ours = before.digest("dog", 1005, Sweep.FINAL)
    assert replace(before, engine="another").digest("dog", 1005, Sweep.FINAL) != ours
    monkeypatch.setattr("roto_daemon.pipelines.plan.VERSION", "another")
    assert before.digest("dog", 1005, Sweep.FINAL) != ours


def stale(before, after):
    followed = [f for f in FRAMES if f not in before.keyframes["dog"] and f not in after.keyframes["dog"]]
    return [f for f in followed if before.digest("dog", f, Sweep.FINAL) != after.digest("dog", f, Sweep.FINAL)]


def test_a_range_without_a_keyframe_grows_to_the_nearest_one():
    assert list(plan({"dog": {1002: "x"}}, first=1006, last=1008).frames) == list(range(1002, 1009))


@pytest.mark.parametrize(
    ("direction", "expected"), [("both", (1006, 1009)), ("forward", (1002, 1008)), ("backward", (1006, 1009))]
)
def test_a_range_grows_to_the_keyframe_that_a_sweep_has_to_come_from(direction: str, expected: tuple[int, int]):
    frames = plan({"dog": {1002: "x", 1009: "y"}}, direction, first=1006, last=1008).frames
    assert (frames[0], frames[-1]) == expected


def test_a_range_grows_for_objects_without_a_keyframe_in_it_alone():
    steps = list(plan({"dog": {1007: "x"}, "cat": {1002: "y"}}, first=1006, last=1008).steps())
    assert {step.frame for step in steps if "dog" in step.objects} == {1006, 1008}
    assert {step.frame for step in steps if "cat" in step.objects} == set(range(1003, 1009))


@given(
    st.dictionaries(st.sampled_from("ab"), st.sets(st.integers(0, 15), min_size=1, max_size=4), min_size=1),
    st.sampled_from(["both", "forward", "backward"]),
    st.tuples(st.integers(0, 15), st.integers(0, 15)).map(sorted),
)
def test_an_object_comes_to_every_frame_by_the_one_before_and_is_missing_on_none_that_it_can_come_to(
    keyed, direction, bounds
):
    part = plan({name: dict.fromkeys(frames, "x") for name, frames in keyed.items()}, direction, *bounds, range(16))
    reached = {(name, step.sweep, step.frame) for step in part.steps() for name in step.objects}
    for name, sweep, frame in reached:
        origin = frame - 1 if sweep is Sweep.FORWARD else frame + 1
        assert origin in keyed[name] or (name, sweep, origin) in reached
    for name, frames in keyed.items():
        for frame in set(range(bounds[0], bounds[1] + 1)) - frames:
            can_come = part.sides(name, frame) != Sides(None, None)
            assert any((name, sweep, frame) in reached for sweep in part.sweeps) is can_come


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
