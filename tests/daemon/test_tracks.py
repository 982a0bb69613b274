"""Tracking over the daemon's messages: ways, keyframes, shared pixels and what is not computed again."""

import threading
from typing import Any

import cv2
import numpy as np
import pytest
from disc_work import DISC, SQUARE, open_session, pixels, track

from roto_daemon.backends.disc import DiscTracking
from roto_shared.errors import CancelledError
from roto_shared.protocol import messages
from roto_shared.protocol.messages import ObjectPrompt


@pytest.fixture
def session(client, disc_clip) -> str:
    return open_session(client, disc_clip).session


def test_a_track_streams_every_frame_with_its_mask(client, prompted, disc_clip):
    events, answer = track(client, prompted, masks=True)
    assert [event.frame for event in events] == list(range(1002, 1013))
    assert [event.done for event in events] == list(range(1, 12))
    assert {event.total for event in events} == {11}
    for event in events:
        assert np.array_equal(pixels(event.objects[0].mask) >= 0.5, disc_clip.truth(event.frame) > 0)
    assert answer.needs_click == {}


@pytest.mark.parametrize(("direction", "first", "frames"), [("forward", 1001, 6), ("backward", 1012, 5)])
def test_tracking_that_goes_on_behind_stored_frames_starts_from_the_correction_there(
    client, disc_clip, direction: str, first: int, frames: int
):
    paint_square_like_disc(disc_clip)
    session = open_session(client, disc_clip).session
    client.ask(messages.Segment(session, first, (ObjectPrompt("disc", (disc_clip.centre(first),)),)))
    track(client, session)
    client.ask(messages.Segment(session, 1006, (ObjectPrompt("disc", SQUARE.positive),)))
    events, _ = track(client, session, direction=direction, masks=True)
    corrected = [pixels(event.objects[0].mask) for event in events if not event.stored]
    assert len(corrected) == frames
    assert all(mask[54, 8] == 1 and mask.sum() == 64 for mask in corrected)


@pytest.mark.parametrize(("direction", "behind"), [("forward", range(1007, 1012)), ("backward", range(1002, 1006))])
def test_a_track_takes_up_what_was_prompted_on_its_way(client, disc_clip, direction: str, behind: range):
    paint_square_like_disc(disc_clip)
    session = open_session(client, disc_clip).session
    for frame in (1001, 1012):
        client.ask(messages.Segment(session, frame, (ObjectPrompt("disc", (disc_clip.centre(frame),)),)))
    client.ask(messages.Segment(session, 1006, (ObjectPrompt("disc", SQUARE.positive),)))
    events, _ = track(client, session, direction=direction, masks=True)
    found = {event.frame: pixels(event.objects[0].mask) for event in events}
    assert all(found[frame][54, 8] == 1 and found[frame].sum() == 64 for frame in behind)


def paint_square_like_disc(clip: Any) -> None:
    for frame in range(1001, 1013):
        image = np.asarray(cv2.imread(str(clip.path(frame))))
        image[50:58, 5:13] = (0, 0, 255)
        assert cv2.imwrite(str(clip.path(frame)), image)


def test_tracking_that_goes_on_behind_a_keyframe_of_another_object_starts_from_the_mask_before(
    client, prompted, disc_clip
):
    client.ask(messages.Segment(prompted, 1006, (SQUARE,)))
    track(client, prompted)
    render_anew(disc_clip, 1007)
    open_session(client, disc_clip)
    events, answer = track(client, prompted, direction="forward")
    assert [event.frame for event in events if not event.stored] == [1007]
    assert (answer.uncertain, answer.needs_click) == ({}, {})


def test_tracking_that_goes_on_behind_stored_frames_starts_from_the_last_of_them(client, session, disc_clip):
    client.ask(messages.Segment(session, 1001, (DISC,)))
    track(client, session)
    render_anew(disc_clip, 1002, 1009)
    open_session(client, disc_clip)
    events, answer = track(client, session)
    assert [event.frame for event in events if not event.stored] == [1002, 1009]
    assert (answer.uncertain, answer.needs_click) == ({}, {})


def render_anew(clip: Any, *frames: int) -> None:
    """Pictures of the same, in other files."""
    for path in (str(clip.path(frame)) for frame in frames):
        assert cv2.imwrite(path, np.maximum(np.asarray(cv2.imread(path)), 1))


def test_a_track_of_a_range_follows_every_object_frame_by_frame_from_where_it_was_prompted(client, prompted):
    client.ask(messages.Segment(prompted, 1010, (SQUARE,)))
    _, answer = track(client, prompted, first=1009, last=1012)
    assert answer.uncertain == {}


def test_a_track_goes_both_ways_from_a_frame_in_the_middle(client, session, disc_clip):
    x, y = disc_clip.centre(1006)
    client.ask(messages.Segment(session, 1006, (ObjectPrompt("disc", ((x, y),)),)))
    events, _ = track(client, session)
    assert [event.frame for event in events] == [*range(1007, 1013), *range(1005, 1000, -1)]


def test_a_second_track_computes_and_stores_nothing_again(client, daemon, prompted):
    track(client, prompted)
    stored = {path: path.stat().st_mtime_ns for path in daemon.house.shelf.get(prompted).folder.rglob("*.png")}
    events, _ = track(client, prompted)
    assert all(event.stored for event in events)
    assert {path: path.stat().st_mtime_ns for path in stored} == stored


def test_a_correction_computes_only_the_frames_that_depend_on_it(client, prompted, disc_clip):
    track(client, prompted)
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("disc", (disc_clip.centre(1012),)),)))
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),)),)))
    track(client, prompted)
    client.ask(messages.Segment(prompted, 1009, (ObjectPrompt("disc", (disc_clip.centre(1009),)),)))
    events, _ = track(client, prompted)
    assert {event.frame for event in events if not event.stored} == {1007, 1008, 1010, 1011}


def test_what_a_sweep_found_from_another_click_has_no_part_in_what_a_range_is_given(client, disc_clip):
    paint_square_like_disc(disc_clip)
    session = open_session(client, disc_clip).session
    client.ask(messages.Segment(session, 1001, (ObjectPrompt("disc", SQUARE.positive),)))
    client.ask(messages.Segment(session, 1012, (ObjectPrompt("disc", (disc_clip.centre(1012),)),)))
    track(client, session)
    client.ask(messages.Segment(session, 1001, (DISC,)))
    events, _ = track(client, session, first=1004, masks=True)
    for event in events:
        assert np.array_equal(pixels(event.objects[0].mask), disc_clip.truth(event.frame))


def test_of_two_ways_to_a_frame_the_surer_one_says_how_it_stands(client, prompted, disc_clip):
    jumped = np.roll(np.asarray(cv2.imread(str(disc_clip.path(1011)))), -48, axis=1)
    assert cv2.imwrite(str(disc_clip.path(1011)), jumped)
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("disc", (disc_clip.centre(1012),)),)))
    _, answer = track(client, prompted)
    assert answer.uncertain == {"disc": (1011,)}


def test_a_way_that_lost_the_object_has_no_say_beside_one_that_did_not(client, disc_clip):
    for frame in range(1001, 1013):
        image = np.asarray(cv2.imread(str(disc_clip.path(frame))))
        image[50:58, 5:13] = 128
        assert cv2.imwrite(str(disc_clip.path(frame)), image if frame < 1006 else image[..., ::-1])
    session = open_session(client, disc_clip).session
    for frame in (1001, 1012):
        client.ask(messages.Segment(session, frame, (ObjectPrompt("disc", (disc_clip.centre(frame),)),)))
    events, answer = track(client, session, masks=True)
    assert (answer.needs_click, answer.uncertain) == ({}, {})
    for event in events[-10:]:
        assert np.array_equal(pixels(event.objects[0].mask), disc_clip.truth(event.frame))


def test_a_mask_that_one_way_gave_is_not_taken_for_that_which_both_give(client, daemon, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("disc", (disc_clip.centre(1012),)),)))
    standing = daemon.house.shelf.get(prompted).standing
    track(client, prompted, first=1001, last=1010)
    by_one = standing.source("disc", 1006).digest
    track(client, prompted)
    assert standing.source("disc", 1006).digest != by_one


def test_several_objects_are_tracked_together_and_never_overlap(client, session):
    client.ask(messages.Segment(session, 1001, (DISC, SQUARE)))
    events, _ = track(client, session, masks=True)
    for event in events:
        disc, square = (pixels(state.mask) for state in event.objects)
        assert (disc + square).max() <= 1.0 + 1 / 255


def test_objects_that_are_tracked_from_both_ends_towards_each_other_never_overlap(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("same", (disc_clip.centre(1012),)),)))
    track(client, prompted)
    for frame in range(1002, 1012):
        disc, same = (pixels(state.mask) for state in client.ask(messages.MaskQuery(prompted, frame)).objects)
        assert (disc + same).max() <= 1.0 + 1 / 255
    assert all(event.stored for event in track(client, prompted)[0])


@pytest.mark.parametrize("direction", ["both", "forward"])
def test_an_object_that_is_tracked_alone_leaves_the_others_their_share(client, prompted, disc_clip, direction: str):
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("same", (disc_clip.centre(1012),)),)))
    track(client, prompted)
    before = client.ask(messages.MaskQuery(prompted, 1006))
    track(client, prompted, objects=("disc",))
    assert client.ask(messages.MaskQuery(prompted, 1006)) == before
    client.ask(messages.Segment(prompted, 1003, (ObjectPrompt("disc", (disc_clip.centre(1003),)),)))
    track(client, prompted, objects=("disc",), direction=direction)
    disc, same = (pixels(state.mask) for state in client.ask(messages.MaskQuery(prompted, 1006)).objects)
    assert (disc + same).max() <= 1.0 + 1 / 255


def test_pixels_are_given_back_when_the_object_that_took_them_is_deleted(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("same", (disc_clip.centre(1012),)),)))
    track(client, prompted)
    client.ask(messages.DeleteObject(prompted, "same"))
    events, _ = track(client, prompted, masks=True)
    assert all(event.stored for event in events)
    for event in events:
        assert np.array_equal(pixels(event.objects[0].mask), disc_clip.truth(event.frame))


def test_what_was_prompted_keeps_its_pixels_and_those_tracked_there_yield(client, prompted, disc_clip):
    track(client, prompted)
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("part", box=(20.0, 30.0, 45.0, 50.0)),)))
    events, _ = track(client, prompted)
    assert [event.stored for event in events if event.frame == 1006 and event.objects[0].object == "disc"] == [True]
    disc, part = shown(client, prompted, 1006)
    assert part[35, 40] == 1.0
    assert disc[35, 40] == 0.0
    assert np.array_equal(np.maximum(disc, part), np.maximum(disc_clip.truth(1006), part))
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("part"),)))
    track(client, prompted)
    assert np.array_equal(shown(client, prompted, 1006)[0], disc_clip.truth(1006))


def test_what_was_prompted_on_a_smaller_plate_takes_nothing_of_what_is_tracked_on_a_larger(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("part", box=(20.0, 30.0, 45.0, 50.0)),)))
    for frame in range(1001, 1013):
        picture = cv2.imread(str(disc_clip.path(frame)))
        assert cv2.imwrite(str(disc_clip.path(frame)), cv2.resize(picture, None, fx=2, fy=2))
    open_session(client, disc_clip)
    client.ask(messages.Segment(prompted, 1001, (ObjectPrompt("disc", ((40.5, 60.5),)),)))
    events, answer = track(client, prompted, objects=("disc",), masks=True)
    assert (len(events), answer.faults) == (11, ())
    assert {pixels(event.objects[0].mask).shape for event in events} == {(126, 194)}


def shown(client: Any, session: str, frame: int) -> list[np.ndarray]:
    """The masks that stand on a frame."""
    return [pixels(state.mask) for state in client.ask(messages.MaskQuery(session, frame)).objects]


def test_an_object_that_was_corrected_takes_nothing_of_others_where_it_was_believed_to_be(client, prompted, disc_clip):
    track(client, prompted)
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc", SQUARE.positive),)))
    client.ask(messages.Segment(prompted, 1012, (ObjectPrompt("same", (disc_clip.centre(1012),)),)))
    track(client, prompted)
    (same,) = client.ask(messages.MaskQuery(prompted, 1006, ("same",))).objects
    assert np.array_equal(pixels(same.mask), disc_clip.truth(1006))


def test_an_object_that_is_prompted_after_another_was_tracked_is_followed_too(client, prompted):
    track(client, prompted)
    client.ask(messages.Segment(prompted, 1001, (SQUARE,)))
    events, _ = track(client, prompted)
    assert all(len(event.objects) == 2 and not event.stored for event in events)


def test_an_object_may_join_in_mid_shot(client, prompted):
    client.ask(messages.Segment(prompted, 1006, (SQUARE,)))
    events, _ = track(client, prompted, direction="forward")
    found = {event.frame: [state.object for state in event.objects] for event in events}
    assert found[1005] == ["disc"]
    assert found[1008] == ["disc", "square"]


def test_a_damaged_frame_is_reported_and_the_rest_goes_on(client, prompted, disc_clip):
    disc_clip.path(1005).write_bytes(b"not a picture")
    events, answer = track(client, prompted)
    assert [fault.frame for fault in answer.faults] == [1005]
    assert "disc.1005.png" in answer.faults[0].message
    assert [event.frame for event in events if event.objects] == [f for f in range(1002, 1013) if f != 1005]


def test_a_keyframe_that_cannot_be_read_is_told_once_and_costs_what_comes_from_it_alone(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1003, (SQUARE,)))
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),)),)))
    disc_clip.path(1001).write_bytes(b"not a picture")
    events, answer = track(client, prompted, direction="forward", masks=True)
    assert [fault.frame for fault in answer.faults] == [1001]
    assert "disc.1001.png" in answer.faults[0].message
    assert "prompted" in answer.faults[0].message
    found = {event.frame: {state.object: pixels(state.mask) for state in event.objects} for event in events}
    assert [frame for frame, masks in found.items() if "disc" in masks] == list(range(1007, 1013))
    assert all(np.array_equal(found[frame]["disc"], disc_clip.truth(frame)) for frame in range(1007, 1013))
    assert [frame for frame, masks in found.items() if "square" in masks] == list(range(1004, 1013))
    again, _ = track(client, prompted, direction="forward")
    assert all(event.stored for event in again if event.objects)


def test_a_keyframe_that_cannot_be_read_on_the_way_does_not_lose_other_objects(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1006, (SQUARE,)))
    disc_clip.path(1006).write_bytes(b"not a picture")
    events, answer = track(client, prompted, masks=True)
    assert [fault.frame for fault in answer.faults] == [1006]
    discs = {event.frame: pixels(state.mask) for event in events for state in event.objects if state.object == "disc"}
    assert list(discs) == [1002, 1003, 1004, 1005, *range(1007, 1013)]
    assert all(np.array_equal(mask, disc_clip.truth(frame)) for frame, mask in discs.items())


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_picture_of_the_last_stored_frame_that_is_gone_costs_no_other_frame(client, session, disc_clip, direction):
    first, stored, gone = (1001, (1001, 1009), 1009) if direction == "forward" else (1012, (1004, 1012), 1004)
    client.ask(messages.Segment(session, first, (ObjectPrompt("disc", (disc_clip.centre(first),)),)))
    track(client, session, first=stored[0], last=stored[1])
    away = disc_clip.path(gone).rename(disc_clip.path(gone).with_suffix(".away"))
    events, answer = track(client, session, masks=True)
    assert [fault.frame for fault in answer.faults] == [gone]
    assert f"Frame {gone} is missing" in answer.faults[0].message
    assert (answer.uncertain, answer.needs_click) == ({}, {})
    assert len(events) == 11
    assert all(np.array_equal(pixels(event.objects[0].mask), disc_clip.truth(event.frame)) for event in events)
    away.rename(disc_clip.path(gone))
    events, answer = track(client, session)
    assert all(event.stored for event in events)
    assert answer.faults == ()


def test_where_no_picture_of_a_stored_frame_is_there_an_object_is_followed_from_where_it_was_prompted(
    client, prompted, disc_clip
):
    track(client, prompted, last=1003)
    for frame in (1002, 1003):
        disc_clip.path(frame).unlink()
    events, answer = track(client, prompted, masks=True)
    assert [fault.frame for fault in answer.faults] == [1003]
    assert all(np.array_equal(pixels(event.objects[0].mask), disc_clip.truth(event.frame)) for event in events)


def test_an_object_whose_keyframe_cannot_be_read_takes_nothing_of_others_from_where_it_was_last(
    client, prompted, disc_clip
):
    client.ask(messages.Segment(prompted, 1003, (ObjectPrompt("back", ((60.5, 5.5),)),)))
    track(client, prompted, direction="forward", last=1006)
    disc_clip.path(1003).unlink()
    events, answer = track(client, prompted, direction="forward", masks=True)
    assert [fault.frame for fault in answer.faults] == [1003]
    later = {event.frame: event.objects for event in events if event.frame > 1006}
    assert [[state.object for state in objects] for objects in later.values()] == [["disc"]] * 6
    assert all(np.array_equal(pixels(objects[0].mask), disc_clip.truth(at)) for at, objects in later.items())


def test_a_frame_that_cannot_be_read_is_told_beside_a_keyframe_that_cannot(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1003, (SQUARE,)))
    for frame in (1003, 1008):
        disc_clip.path(frame).write_bytes(b"not a picture")
    _, answer = track(client, prompted, direction="forward")
    assert sorted(fault.frame for fault in answer.faults) == [1003, 1008]


def test_every_keyframe_that_cannot_be_read_is_told(client, prompted, disc_clip):
    client.ask(messages.Segment(prompted, 1003, (SQUARE,)))
    for frame in (1001, 1003):
        disc_clip.path(frame).write_bytes(b"not a picture")
    events, answer = track(client, prompted, direction="forward")
    assert sorted(fault.frame for fault in answer.faults) == [1001, 1003]
    assert not any(event.objects for event in events)


def test_a_cancelled_track_ends_between_two_frames_and_goes_on_from_there(client, prompted, monkeypatch):
    cancelled, step = threading.Event(), DiscTracking.step

    def step_no_further_than_is_cancelled(self: DiscTracking, frame: int, image: Any) -> Any:
        assert frame < 1008 or cancelled.wait(60)
        return step(self, frame, image)

    monkeypatch.setattr(DiscTracking, "step", step_no_further_than_is_cancelled)
    request = client.start(messages.Track(prompted))
    seen: list[int] = []

    def stop_at_third(event: Any) -> None:
        if isinstance(event, messages.TrackedFrame):
            seen.append(event.frame)
            if len(seen) == 3:
                client.start(messages.Cancel(request))
                cancelled.set()

    with pytest.raises(CancelledError):
        client.finish(request, stop_at_third)
    assert seen[-1] < 1012
    events, _ = track(client, prompted)
    assert [event.frame for event in events if event.stored][: len(seen)] == seen


def test_what_was_tracked_from_a_click_of_meanwhile_is_not_taken_for_what_the_click_before_gave(
    client, session, disc_clip
):
    on_disc = messages.Segment(session, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),)),))
    on_square = messages.Segment(session, 1006, (ObjectPrompt("disc", SQUARE.positive),))

    def click_elsewhere(event: Any) -> None:
        if isinstance(event, messages.TrackedFrame) and event.frame == 1007:
            client.start(on_square)

    client.ask(on_disc)
    client.ask(messages.Track(session), click_elsewhere)
    client.ask(on_disc)
    events, _ = track(client, session, masks=True)
    for event in events:
        assert np.array_equal(pixels(event.objects[0].mask) >= 0.5, disc_clip.truth(event.frame) > 0)
