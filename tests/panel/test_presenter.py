"""The panel's mind with a real daemon behind it: what an artist does, and what is shown then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from roto_daemon.backends.disc import DiscTracking
from roto_geometry.measure.mask_metrics import jaccard
from roto_panel.book import PromptBook
from roto_panel.saved import PROMPTS, book_from_text, book_text
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import ObjectPrompt


def test_opening_shows_the_host_s_frame(desk) -> None:
    state = desk.presenter.state
    assert state.trouble is None
    assert state.frame == 1001
    assert (state.picture.width, state.picture.height) == (97, 63)
    assert "24 frames by disc" in state.told


def test_a_click_gives_the_mask_of_what_was_clicked_and_is_kept_with_the_scene(clicked, clip) -> None:
    assert np.array_equal(clicked.mask("object1"), clip.truth(1001))
    assert clicked.presenter.state.timeline["object1"][1001].state == "prompted"
    assert book_from_text(clicked.host.kept[PROMPTS]) == clicked.presenter.state.book


def test_undo_takes_the_click_back_in_the_daemon_too_and_redo_gives_it_again(clicked, clip) -> None:
    clicked.presenter.prompting.click((2.0, 60.0), positive=False)
    clicked.presenter.prompting.undo()
    clicked.presenter.prompting.undo()
    assert clicked.presenter.state.undone == ("Click on object1 at 1001", "Exclude on object1 at 1001")
    clicked.presenter.seeing.frame_changed(1001)
    clicked.until(lambda state: state.picture is not None)
    assert clicked.presenter.state.book.frames("object1") == ()
    clicked.presenter.prompting.redo()
    clicked.until(lambda state: bool(state.masks))
    assert np.array_equal(clicked.mask("object1"), clip.truth(1001))


def test_a_track_fills_the_timeline_and_tells_how_far_it_is(tracked) -> None:
    state = tracked.presenter.state
    assert set(state.timeline["object1"]) == set(range(1001, 1025))
    working = [shown.working for shown in tracked.shown if shown.working is not None]
    assert working[0].what == "Tracking"
    assert [one.done for one in working[1:]] == sorted(one.done for one in working[1:])
    assert working[-1].remaining_s == 0
    assert state.needs_click == ()


def test_a_track_tells_how_many_frames_are_uncertain(clicked, clip) -> None:
    last = str(clip.folder / "disc.1024.png")
    cv2.imwrite(last, cv2.imread(last)[:, ::-1])
    clicked.presenter.tracking.track("forward")
    clicked.until(lambda state: state.working is None and bool(state.told))
    assert clicked.presenter.state.told.endswith("frames, 1 are uncertain")


def test_going_to_a_frame_moves_the_host_and_shows_its_mask(tracked, clip) -> None:
    tracked.presenter.seeing.go_to(1012)
    tracked.until(lambda state: bool(state.masks) and state.picture is not None)
    assert tracked.host.shown_frame == 1012
    assert np.array_equal(tracked.mask("object1"), clip.truth(1012))


def test_a_click_does_not_wait_for_frames_that_were_passed(tracked, clip, monkeypatch) -> None:
    asked, start = [], DaemonClient.start

    def start_and_note(self, message):
        asked.append(message)
        return start(self, message)

    reached, goes_on = threading.Event(), threading.Event()

    def wait_first(self, message):
        reached.set()
        assert goes_on.wait(20)
        return start_and_note(self, message)

    monkeypatch.setattr(DaemonClient, "start", wait_first)
    tracked.presenter.seeing.go_to(1002)
    assert reached.wait(20)
    monkeypatch.setattr(DaemonClient, "start", start_and_note)
    for frame in (*range(1003, 1021), 1020, 1020):
        tracked.presenter.seeing.go_to(frame)
    goes_on.set()
    state = tracked.until(lambda state: state.picture is not None and bool(state.masks))
    assert {one.frame for one in asked if isinstance(one, messages.FrameQuery)} == {1002, 1020}
    assert [one.frame for one in asked if isinstance(one, messages.MaskQuery)] == [1020]
    assert state.trouble is None
    assert jaccard(tracked.mask("object1"), clip.truth(1020)) > 0.9


def test_masks_that_are_asked_for_again_before_they_came_come_once(tracked, monkeypatch) -> None:
    asked, start = [], DaemonClient.start
    reached, goes_on = threading.Event(), threading.Event()

    def start_when_told(self, message):
        reached.set()
        assert goes_on.wait(20)
        asked.append(message)
        return start(self, message)

    monkeypatch.setattr(DaemonClient, "start", start_when_told)
    tracked.presenter.seeing.go_to(1012)
    assert reached.wait(20)
    for _ in range(20):
        tracked.presenter.seeing.refresh()
    tracked.presenter.prompting.click((60.5, 30.5))
    goes_on.set()
    tracked.until(lambda state: state.timeline["object1"][1012].state == "prompted")
    assert [type(message) for message in asked] == [messages.FrameQuery, messages.MaskQuery, messages.Segment]


def test_shapes_are_committed_once_in_the_host_s_format(tracked) -> None:
    tracked.presenter.shaping.commit()
    state = tracked.until(lambda state: "Roto1" in state.told)
    assert state.trouble is None
    assert len(tracked.host.scene) == 1
    assert tracked.host.scene["Roto1"].lstrip("# ").startswith("roto")
    assert "Roto {" in tracked.host.scene["Roto1"]


def test_a_track_is_stopped_and_goes_on_from_there(clicked) -> None:
    clicked.presenter.tracking.track()
    clicked.presenter.stop()
    state = clicked.until(lambda state: state.working is None and "Stopped" in state.told)
    assert state.trouble is None
    clicked.presenter.tracking.track()
    clicked.until(lambda state: state.working is None and len(state.timeline["object1"]) == 24)


@pytest.fixture
def hold_track(clicked, main_thread, monkeypatch) -> Iterator[Callable[[], Callable[[], None]]]:
    """Begins a track, which waits in its midst until what this answers is called for its end."""
    began, goes_on, step = threading.Event(), threading.Event(), DiscTracking.step

    def step_when_told(self, frame, image):
        began.set()
        assert goes_on.wait(20)
        return step(self, frame, image)

    def begin() -> Callable[[], None]:
        clicked.presenter.tracking.track()
        assert began.wait(20)
        return end

    def end() -> None:
        goes_on.set()
        main_thread.until(lambda: clicked.presenter.state.working is None)

    monkeypatch.setattr(DiscTracking, "step", step_when_told)
    yield begin
    goes_on.set()


@pytest.fixture
def prompted(clicked) -> Callable[[], dict[str, tuple[int, ...]]]:
    """Asks the daemon what is prompted."""

    def ask() -> dict[str, tuple[int, ...]]:
        clicked.presenter.open()
        return clicked.until(lambda state: state.session is not None).session.prompted

    return ask


def test_a_click_that_is_taken_back_in_mid_track_is_taken_back_when_that_has_ended(
    clicked, main_thread, hold_track, prompted
) -> None:
    end_track = hold_track()
    clicked.presenter.prompting.undo()
    assert clicked.until(lambda state: "as soon as" in state.told).trouble is None
    end_track()
    main_thread.until(lambda: prompted() == {})


def test_objects_that_are_deleted_in_mid_track_are_deleted_when_that_has_ended(
    clicked, main_thread, hold_track, prompted
) -> None:
    clicked.presenter.prompting.add_object("another")
    clicked.presenter.prompting.click((8.5, 54.5))
    clicked.until(lambda state: "another" in state.masks)
    end_track = hold_track()
    clicked.presenter.prompting.delete_object("object1")
    clicked.presenter.prompting.delete_object("another")
    assert clicked.until(lambda state: "as soon as" in state.told).trouble is None
    end_track()
    main_thread.until(lambda: prompted() == {})


def test_a_scene_that_keeps_nothing_is_told_and_the_click_counts(desk, clip, monkeypatch) -> None:
    def refuse(*_: str) -> None:
        raise InputError("No session is open.", "Open one.")

    monkeypatch.setattr(desk.host, "save", refuse)
    desk.presenter.prompting.click(clip.centre(1001))
    assert desk.presenter.state.trouble.message == "No session is open."
    assert desk.presenter.state.book.frames("object1") == (1001,)


def test_a_tracked_object_is_renamed_with_its_masks_and_undo_gives_its_name_back(tracked, clip) -> None:
    prompting = tracked.presenter.prompting
    prompting.rename_object("object1", " hero ")
    state = tracked.until(lambda state: state.book.names == ("hero",))
    assert state.selected == "hero"
    assert (list(state.timeline), len(state.timeline["hero"]), list(state.masks)) == (["hero"], 24, ["hero"])
    tracked.presenter.seeing.frame_changed(1010)
    tracked.until(lambda state: "hero" in state.masks)
    assert jaccard(tracked.mask("hero"), clip.truth(1010)) > 0.9
    prompting.undo()
    assert tracked.presenter.state.book.names == ("object1",)
    tracked.presenter.seeing.frame_changed(1011)
    state = tracked.until(lambda state: "object1" in state.masks)
    assert (list(state.timeline), len(state.timeline["object1"]), state.trouble) == (["object1"], 24, None)


def test_an_object_keeps_its_name_where_the_daemon_refuses_the_new_one(tracked) -> None:
    prompting = tracked.presenter.prompting
    prompting.rename_object("object1", "object" * 50)  # longer than a folder's name may be
    state = tracked.until(lambda state: state.trouble is not None)
    assert "too long" in state.trouble.message
    assert state.book.names == ("object1",)


@pytest.fixture
def begin_commit(tracked, running, monkeypatch) -> Iterator[Callable[[], Callable[[], None]]]:
    """Begins a commit, which waits until what this answers is called."""
    blocked, release = threading.Event(), threading.Event()
    session = running.daemon.house.shelf.get(tracked.presenter.state.session.session)
    travel = session.travel

    def slow_travel(*order: Any, **bounds: Any) -> Any:
        blocked.set()
        assert release.wait(10)
        return travel(*order, **bounds)

    def begin() -> Callable[[], None]:
        monkeypatch.setattr(session, "travel", slow_travel)
        tracked.presenter.shaping.commit()
        assert blocked.wait(10)
        return release.set

    yield begin
    release.set()


def objects_of(desk, running) -> list[str]:
    """What the daemon has."""
    return running.daemon.house.shelf.get(desk.presenter.state.session.session).standing.objects


def test_an_object_is_renamed_as_soon_as_a_commit_has_ended(tracked, begin_commit) -> None:
    end_commit = begin_commit()
    tracked.presenter.prompting.rename_object("object1", "hero")
    state = tracked.until(lambda state: "as soon as" in state.told)
    assert (state.book.names, state.trouble) == (("object1",), None)
    end_commit()
    state = tracked.until(lambda state: state.book.names == ("hero",))
    assert (list(state.timeline), state.trouble) == (["hero"], None)


def test_an_object_is_deleted_in_the_daemon_as_soon_as_a_commit_has_ended(tracked, running, begin_commit) -> None:
    end_commit = begin_commit()
    tracked.presenter.prompting.delete_object("object1")
    tracked.until(lambda state: "as soon as" in state.told)
    end_commit()
    state = tracked.until(lambda _state: not objects_of(tracked, running))
    assert (state.book.names, state.trouble) == ((), None)


def test_a_name_that_is_taken_back_during_a_commit_is_so_in_the_daemon_once_it_has_ended(
    tracked, running, begin_commit
) -> None:
    tracked.presenter.prompting.rename_object("object1", "hero")
    tracked.until(lambda state: state.book.names == ("hero",))
    end_commit = begin_commit()
    tracked.presenter.prompting.undo()
    state = tracked.until(lambda state: "as soon as" in state.told)
    assert (objects_of(tracked, running), list(state.timeline)) == (["hero"], ["hero"])
    end_commit()
    state = tracked.until(lambda _state: objects_of(tracked, running) == ["object1"])
    assert (list(state.timeline), state.trouble) == (["object1"], None)


def test_a_click_that_is_undone_during_a_commit_is_taken_back_once_that_has_ended(
    tracked, running, begin_commit, clip
) -> None:
    tracked.presenter.seeing.go_to(1010)
    tracked.presenter.prompting.click(clip.centre(1010))
    session = running.daemon.house.shelf.get(tracked.presenter.state.session.session)
    tracked.until(lambda _state: 1010 in session.keyframe_digests("object1"))
    end_commit = begin_commit()
    tracked.presenter.prompting.undo()
    tracked.until(lambda state: "as soon as" in state.told)
    end_commit()
    state = tracked.until(lambda state: state.working is None and 1010 not in session.keyframe_digests("object1"))
    assert (state.trouble, state.book.frames("object1")) == (None, (1001,))


def test_one_long_work_at_a_time(clicked) -> None:
    clicked.presenter.tracking.track()
    clicked.presenter.shaping.commit()
    assert "not done yet" in clicked.presenter.state.trouble.message


def test_prompts_of_the_scene_are_there_again_in_another_panel(clicked, make_desk, clip) -> None:
    kept = dict(clicked.host.kept)
    again = make_desk(kept)
    again.until(lambda state: bool(state.masks))
    assert again.presenter.state.book == clicked.presenter.state.book
    assert np.array_equal(again.mask("object1"), clip.truth(1001))


def test_a_deleted_object_is_gone_from_list_timeline_and_daemon(clicked) -> None:
    clicked.presenter.prompting.delete_object("object1")
    state = clicked.presenter.state
    assert (state.book.names, state.timeline, state.masks) == ((), {}, {})
    clicked.presenter.seeing.frame_changed(1001)
    clicked.until(lambda state: state.picture is not None)
    assert clicked.presenter.state.masks == {}
    clicked.presenter.prompting.undo()
    clicked.until(lambda state: bool(state.masks))
    assert clicked.presenter.state.trouble is None


def test_what_the_daemon_refuses_is_shown_in_its_words(desk) -> None:
    desk.presenter.prompting.click((9000.0, 5.0))
    state = desk.until(lambda state: state.trouble is not None)
    assert "outside the picture" in state.trouble.message
    desk.presenter.prompting.undo()
    assert desk.presenter.state.trouble is None


def test_without_a_plate_the_host_says_what_to_select(make_desk) -> None:
    desk = make_desk(pattern="")
    assert desk.presenter.state.trouble.remedy == "Select a Read node."
    desk.presenter.tracking.track()
    assert "No plate" in desk.presenter.state.trouble.message


def test_before_a_plate_is_open_nothing_can_be_said_that_would_take_the_place_of_what_is_kept(make_desk) -> None:
    kept = {PROMPTS: book_text(PromptBook().with_object("hero"))}
    desk = make_desk(dict(kept), pattern="")
    for say in (lambda: desk.presenter.prompting.click((5.0, 5.0)), desk.presenter.prompting.add_object):
        say()
        assert "No plate is open" in desk.presenter.state.trouble.message
    assert desk.host.kept == kept


def test_handles_drawn_before_a_plate_is_open_are_taken_then_unless_the_scene_keeps_something_of_their_object(
    make_desk, clip
) -> None:
    book = PromptBook().with_object("hero").clicked(1001, "hero", clip.centre(1001))
    desk = make_desk({PROMPTS: book_text(book)}, pattern="")
    hero, other = ({1005: ObjectPrompt(name, (clip.centre(1005),))} for name in ("hero", "other"))
    assert not desk.host.moved(other, False)
    desk.host._pattern = clip.pattern
    desk.presenter.open()
    assert not desk.host.moved(other, True), "the plate is only being opened"
    desk.until(lambda state: state.session is not None)
    assert desk.host.moved(other, True)
    assert desk.host.moved(hero, True)
    state = desk.presenter.state
    assert (state.book.frames("other"), state.book.frames("hero")) == ((1005,), (1001,))
    assert desk.host.moved(hero, False)
    assert desk.presenter.state.book.frames("hero") == (1001, 1005)


def test_a_scene_with_damaged_prompts_opens_with_a_sentence(make_desk) -> None:
    desk = make_desk({PROMPTS: "{broken"})
    assert "damaged" in desk.presenter.state.trouble.message


def test_a_daemon_that_dies_in_mid_track_is_told_and_the_panel_lives(clicked, running) -> None:
    clicked.presenter.tracking.track()
    running.stop()
    state = clicked.until(lambda state: state.working is None)
    assert state.trouble is not None or state.working is None
    clicked.presenter.prompting.select("object1")
    assert clicked.presenter.state.selected == "object1"
