"""A lane runs the most urgent job's next step, shares itself between equals, and can stop any job between two steps."""

import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from roto_daemon.scheduler import Lane, Task, Urgency
from roto_shared.errors import CancelledError, DaemonError, RotoError, SupersededError


@dataclass
class Outcome:
    """What a task told its client."""

    events: list[Any] = field(default_factory=list)
    answer: Any = None
    error: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> "Outcome":
        assert self.ended.wait(10)
        return self


def task(steps, urgency=Urgency.TRACK, supersedes="") -> tuple[Task, Outcome]:
    outcome = Outcome()

    def answer(value: Any) -> None:
        outcome.answer = value
        outcome.ended.set()

    def fail(error: BaseException) -> None:
        outcome.error = error
        outcome.ended.set()

    return Task("job", "session", steps, outcome.events.append, answer, fail, urgency, supersedes), outcome


def counting(name: str, count: int, diary: list[str]):
    def steps() -> Generator[str, None, str]:
        for number in range(count):
            diary.append(f"{name}{number}")
            yield f"{name}{number}"
        return f"{name} done"

    return steps


class Gate:
    """A job that holds the lane until it is let go, so that a test decides what waits together."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self.entered, self.released = threading.Event(), threading.Event()
        self.task, self.outcome = task(self._steps, Urgency.INTERACTIVE)
        lane.submit(self.task)
        assert self.entered.wait(10)

    def do(self, jobs: list[tuple[Task, Outcome]]) -> None:
        """Let these wait together, go, and end."""
        for job, _ in jobs:
            self._lane.submit(job)
        self.released.set()
        for _, outcome in jobs:
            outcome.wait()

    def _steps(self) -> Generator[None, None, None]:
        self.entered.set()
        assert self.released.wait(10)
        yield


@pytest.fixture
def lane():
    with Lane("test") as lane:
        yield lane


def test_a_job_streams_its_events_and_then_answers(lane):
    job, outcome = task(counting("a", 3, []))
    lane.submit(job)
    assert outcome.wait().events == ["a0", "a1", "a2"]
    assert outcome.answer == "a done"


def test_a_click_goes_between_two_frames_of_a_running_track(lane):
    diary: list[str] = []
    click, clicked = task(counting("click", 1, diary), Urgency.INTERACTIVE)

    def track() -> Generator[None, None, None]:
        for number in range(3):
            diary.append(f"track{number}")
            if number == 0:
                lane.submit(click)
            yield

    job, tracked = task(track)
    lane.submit(job)
    tracked.wait()
    clicked.wait()
    assert diary == ["track0", "click0", "track1", "track2"]


def test_a_track_goes_before_what_may_wait_though_that_came_first(lane):
    gate, diary = Gate(lane), []
    jobs = [task(counting(name, 2, diary), urgency) for name, urgency in (("b", Urgency.BATCH), ("t", Urgency.TRACK))]
    gate.do(jobs)
    assert diary == ["t0", "t1", "b0", "b1"]


def test_a_stopped_job_is_told_before_anything_else_is_done(lane):
    gate, diary = Gate(lane), []
    click, clicked = task(counting("click", 1, diary), Urgency.INTERACTIVE)
    batch, stopped = task(counting("batch", 1, diary), Urgency.BATCH)
    told = batch.on_error
    batch.on_error = lambda error: (diary.append("stopped"), told(error))
    lane.submit(click)
    lane.submit(batch)
    batch.stop(CancelledError("Stopped."))
    gate.released.set()
    assert isinstance(stopped.wait().error, CancelledError)
    clicked.wait()
    assert diary == ["stopped", "click0"]


def test_two_tracks_share_the_lane_in_turn(lane):
    gate, diary = Gate(lane), []
    jobs = [task(counting(name, 2, diary)) for name in "ab"]
    gate.do(jobs)
    assert diary == ["a0", "b0", "a1", "b1"]


def test_a_newer_click_takes_the_place_of_one_that_has_not_begun(lane):
    gate, diary = Gate(lane), []
    older, superseded = task(counting("old", 1, diary), Urgency.INTERACTIVE, supersedes="click")
    newer, answered = task(counting("new", 1, diary), Urgency.INTERACTIVE, supersedes="click")
    lane.submit(older)
    lane.submit(newer)
    gate.released.set()
    assert isinstance(superseded.wait().error, SupersededError)
    assert answered.wait().answer == "new done"
    assert diary == ["new0"]


def test_a_stopped_job_ends_between_two_steps_and_its_generator_is_closed(lane):
    closed = threading.Event()

    def steps() -> Generator[None, None, None]:
        try:
            while True:
                job.stop(CancelledError("Stopped."))
                yield
        finally:
            closed.set()

    job, outcome = task(steps)
    lane.submit(job)
    assert isinstance(outcome.wait().error, CancelledError)
    assert closed.is_set()


def test_a_job_that_fails_tells_its_client_and_the_lane_goes_on(lane):
    def broken() -> Generator[None, None, None]:
        yield
        raise ZeroDivisionError

    job, failed = task(broken)
    lane.submit(job)
    after, outcome = task(counting("next", 1, []))
    lane.submit(after)
    assert isinstance(failed.wait().error, ZeroDivisionError)
    assert outcome.wait().answer == "next done"


def test_an_answer_that_cannot_be_told_becomes_an_error_and_the_lane_goes_on(lane):
    def untold(value: Any) -> None:
        raise OverflowError(value)

    job, failed = task(counting("a", 1, []))
    job.on_answer = untold
    lane.submit(job)
    after, outcome = task(counting("next", 1, []))
    lane.submit(after)
    assert isinstance(failed.wait().error, OverflowError)
    assert outcome.wait().answer == "next done"


def test_closing_a_lane_ends_every_job_and_refuses_new_ones():
    lane = Lane("test")
    gate = Gate(lane)
    waiting, outcome = task(counting("a", 5, []))
    lane.submit(waiting)
    closer = threading.Thread(target=lane.close)
    closer.start()
    gate.released.set()
    closer.join(10)
    assert isinstance(outcome.wait().error, DaemonError)
    with pytest.raises(RotoError):
        lane.submit(task(counting("b", 1, []))[0])


def test_a_task_has_left_its_lane_when_its_ending_is_told():
    with Lane("test") as lane:
        first, outcome = task(counting("a", 1, []))
        seen: list[list[Task]] = []
        told = first.on_answer
        first.on_answer = lambda value: (seen.append(lane.tasks()), told(value))
        lane.submit(first)
        outcome.wait()
        assert seen == [[]]
