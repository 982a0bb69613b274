"""Requests on threads of their own: over a real socket, with a daemon that works, is stopped, and dies."""

from __future__ import annotations

import os
import threading
from typing import Any

import pytest

from roto_panel.errands import LONG, Errands
from roto_shared.errors import CancelledError, DaemonError, InputError, RotoError
from roto_shared.protocol import messages
from roto_shared.protocol.data import ObjectPrompt, PlateRef
from running_daemon import run_daemon


class Heard:
    """What an errand told, in order, and on which threads."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.answers: list[Any] = []
        self.errors: list[RotoError] = []
        self.threads: set[int] = set()

    def send(self, errands: Errands, message: Any, **more: Any):
        return errands.send(message, self._to(self.answers), self._to(self.errors), self._to(self.events), **more)

    @property
    def is_done(self) -> bool:
        return bool(self.answers or self.errors)

    def _to(self, told: list) -> Any:
        def hear(what: Any) -> None:
            self.threads.add(threading.get_ident())
            told.append(what)

        return hear


@pytest.fixture
def ask(errands, main_thread):
    def run(message: Any, **more: Any) -> Heard:
        heard = Heard()
        heard.send(errands, message, **more)
        main_thread.until(lambda: heard.is_done)
        return heard

    return run


@pytest.fixture
def long_clip(clip):
    """It goes on for so long that a click on it is answered before a track has ended, however slow the machine is."""
    for frame in range(clip.last + 1, clip.last + 600):
        os.link(clip.folder / f"disc.{clip.last}.png", clip.folder / f"disc.{frame}.png")
    return clip


@pytest.fixture
def prompted(ask, clip) -> str:
    session = ask(messages.OpenSession(PlateRef(clip.pattern))).answers[0].session
    ask(messages.Segment(session, 1001, (ObjectPrompt("disc", (clip.centre(1001),)),)))
    return session


def test_answers_come_on_the_main_thread_after_all_events(ask, prompted) -> None:
    heard = ask(messages.Track(prompted), lane=LONG)
    assert heard.threads == {threading.get_ident()}
    assert [event.frame for event in heard.events if isinstance(event, messages.TrackedFrame)] == list(
        range(1002, 1025)
    )
    assert isinstance(heard.answers[0], messages.Tracked)


def test_a_refusal_comes_as_the_daemon_s_error(ask) -> None:
    heard = ask(messages.Track("nothing"))
    assert heard.answers == []
    assert isinstance(heard.errors[0], InputError)


def test_a_click_does_not_wait_for_a_track(errands, main_thread, long_clip, prompted) -> None:
    track, click = Heard(), Heard()
    track.send(errands, messages.Track(prompted), lane=LONG)
    main_thread.until(lambda: bool(track.events))
    click.send(errands, messages.Segment(prompted, 1001, (ObjectPrompt("wall", ((2.5, 60.5),)),)))
    main_thread.until(lambda: click.is_done)
    assert click.answers
    assert not track.is_done


def test_a_track_is_stopped_between_frames_and_goes_on_from_there(errands, main_thread, prompted) -> None:
    first, second = Heard(), Heard()
    errand = first.send(errands, messages.Track(prompted), lane=LONG)
    errand.cancel()
    main_thread.until(lambda: first.is_done)
    assert isinstance(first.errors[0], CancelledError)
    second.send(errands, messages.Track(prompted), lane=LONG)
    main_thread.until(lambda: second.is_done)
    assert second.answers


def test_a_daemon_that_dies_is_an_error_and_the_next_one_is_found(tmp_path, main_thread, clip) -> None:
    running = [run_daemon(tmp_path)]
    errands = Errands(lambda: running[-1].connect(), main_thread.deliver)  # noqa: PLW0108 - the last one, each time
    first, second, third = Heard(), Heard(), Heard()
    first.send(errands, messages.StatusQuery())
    main_thread.until(lambda: first.is_done)
    running[-1].stop()
    second.send(errands, messages.StatusQuery())
    main_thread.until(lambda: second.is_done)
    assert isinstance(second.errors[0], DaemonError)
    assert second.errors[0].remedy == "Open the plate again to go on.", "a panel runs no commands"
    running.append(run_daemon(tmp_path))
    third.send(errands, messages.StatusQuery())
    main_thread.until(lambda: third.is_done)
    assert third.answers
    errands.close()
    running[-1].stop()


def test_a_daemon_that_went_while_nothing_was_asked_is_no_error_for_what_comes_next(tmp_path, main_thread) -> None:
    running = [run_daemon(tmp_path)]
    errands = Errands(lambda: running[-1].connect(), main_thread.deliver)  # noqa: PLW0108 - the last one, each time
    first, second = Heard(), Heard()
    first.send(errands, messages.StatusQuery())
    main_thread.until(lambda: first.is_done)
    running[-1].stop()
    running.append(run_daemon(tmp_path))
    second.send(errands, messages.StatusQuery())
    main_thread.until(lambda: second.is_done)
    assert second.answers
    errands.close()
    running[-1].stop()


def test_where_no_daemon_can_be_reached_every_errand_says_so(main_thread) -> None:
    def nowhere() -> Any:
        raise DaemonError("There is none.", "Start one.")

    errands, heard = Errands(nowhere, main_thread.deliver), Heard()
    heard.send(errands, messages.StatusQuery())
    heard.send(errands, messages.StatusQuery())
    main_thread.until(lambda: len(heard.errors) == 2)
    errands.close()


def test_a_fault_of_the_panel_s_own_is_told_and_not_swallowed(main_thread) -> None:
    errands, heard = Errands(lambda: 1 / 0, main_thread.deliver), Heard()  # type: ignore[arg-type,return-value]
    heard.send(errands, messages.StatusQuery())
    main_thread.until(lambda: heard.is_done)
    assert "ZeroDivisionError" in str(heard.errors[0])
    errands.close()


def test_nothing_is_heard_of_what_was_abandoned_and_what_is_sent_after_is_answered(errands, main_thread) -> None:
    abandoned, heard = Heard(), Heard()
    abandoned.send(errands, messages.StatusQuery())
    errands.abandon()
    heard.send(errands, messages.StatusQuery())
    main_thread.until(lambda: heard.is_done)
    assert heard.answers
    assert not abandoned.is_done


def test_nothing_is_delivered_after_closing(running, main_thread, clip) -> None:
    of_other_tests = threading.enumerate()
    errands, heard = Errands(running.connect, main_thread.deliver), Heard()
    heard.send(errands, messages.OpenSession(PlateRef(clip.pattern)))
    errands.close()
    while not main_thread.is_idle:
        main_thread.until(lambda: main_thread.is_idle)
    before = len(heard.answers) + len(heard.errors)
    assert before == 0
    errands.wait_until_closed(5.0)
    left = [thread.name for thread in threading.enumerate() if thread not in of_other_tests]
    assert not [name for name in left if name.startswith("roto-")]
