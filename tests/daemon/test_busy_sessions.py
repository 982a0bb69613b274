"""What is asked for while other work of the session goes on: refused as busy, or in its turn."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from disc_work import DISC, open_session

from roto_daemon.scheduler import Lane, Task
from roto_shared.client import DaemonClient
from roto_shared.errors import BusyError, CancelledError, InputError, SupersededError
from roto_shared.protocol import messages
from roto_shared.protocol.codec import Envelope, decode, encode
from roto_shared.protocol.data import EdgeSettings, FinishSettings
from roto_shared.protocol.messages import ObjectPrompt
from roto_shared.transport.memory import MemoryTransport


@pytest.fixture
def other(daemon) -> DaemonClient:
    """Another client of the same daemon."""
    return DaemonClient(MemoryTransport(partial(daemon.desk.receive, client=b"other")))


@pytest.fixture
def hold(client, daemon, prompted) -> Iterator[Callable[[Any], Callable[[], Any]]]:
    """Begins what is asked for, which waits before it reads the plate until what this answers is called for its end."""
    blocked, release = threading.Event(), threading.Event()
    session = daemon.house.shelf.get(prompted)
    travel = session.travel

    def slow_travel(*order: Any, **bounds: Any) -> Any:
        blocked.set()
        assert release.wait(10)
        return travel(*order, **bounds)

    def begin(message: Any) -> Callable[[], Any]:
        session.travel = slow_travel
        request = client.start(message)
        assert blocked.wait(10)

        def end() -> Any:
            release.set()
            return client.finish(request)

        return end

    yield begin
    release.set()


@pytest.fixture
def held_track(hold, prompted) -> Callable[[], messages.Tracked]:
    """A track that has begun, and waits until this is called for its end."""
    return hold(messages.Track(prompted))


CHANGES = [
    lambda session: messages.DeleteObject(session, "disc"),
    lambda session: messages.RenameObject(session, "disc", "hero"),
]


@pytest.mark.parametrize("change", CHANGES, ids=["deleted", "renamed"])
@pytest.mark.parametrize(
    "work",
    [
        lambda session: messages.Export(session, ("nk",)),
        lambda session: messages.FinishMasks(session, FinishSettings(steady_frames=1)),
        lambda session: messages.RefineEdges(session, settings=EdgeSettings(quality="none", shutter=0.5)),
    ],
    ids=["export", "finishing", "refining"],
)
def test_no_object_is_taken_from_under_work_that_goes_on(client, other, prompted, hold, work, change):
    client.ask(messages.Track(prompted))
    end = hold(work(prompted))
    with pytest.raises(BusyError, match="Something else"):
        other.ask(change(prompted))
    assert end()
    assert other.ask(change(prompted)) == messages.Done()


@pytest.mark.parametrize(
    "work",
    [
        lambda session: messages.Export(session, ("nk",)),
        lambda session: messages.RefineEdges(session, settings=EdgeSettings(quality="none", shutter=0.5)),
    ],
    ids=["export", "refining"],
)
def test_no_prompt_is_taken_back_from_under_work_that_goes_on(client, other, prompted, disc_clip, hold, work):
    client.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc", (disc_clip.centre(1006),)),)))
    end = hold(work(prompted))
    with pytest.raises(BusyError, match="Something else"):
        other.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc"),)))
    assert end()
    other.ask(messages.Segment(prompted, 1006, (ObjectPrompt("disc"),)))
    assert open_session(client, disc_clip).prompted == {"disc": (1001,)}


def keep_busy(lane: Lane) -> Callable[[], None]:
    """Gives a lane something else to do until what this answers is called."""
    entered, leave = threading.Event(), threading.Event()

    def elsewhere() -> Any:
        entered.set()
        assert leave.wait(10)
        yield from ()

    def tell(_: Any) -> None:
        """Nobody listens."""

    lane.submit(Task("track", "another session", elsewhere, tell, tell, tell))
    assert entered.wait(10)
    return leave.set


def test_a_click_takes_the_place_of_one_on_the_same_objects_and_frame_alone(client, daemon, prompted):
    leave = keep_busy(daemon.house.engine_lane)
    other, square = replace(DISC, positive=((24.5, 30.5),)), ObjectPrompt("square", ((8.5, 54.5),))
    clicks = [(1001, (DISC,)), (1002, (DISC,)), (1001, (square,)), (1001, (DISC, square)), (1001, (other,))]
    waiting = [client.start(messages.Segment(prompted, frame, prompts)) for frame, prompts in clicks]
    leave()
    with pytest.raises(SupersededError):
        client.finish(waiting[0])
    for request, (frame, prompts) in zip(waiting[1:], clicks[1:], strict=True):
        answer = client.finish(request)
        assert (answer.frame, [one.object for one in answer.objects]) == (frame, [one.object for one in prompts])


@pytest.mark.parametrize("change", CHANGES, ids=["deleted", "renamed"])
def test_work_that_is_asked_for_before_an_object_s_change_comes_to_its_turn_goes_first(
    client, other, daemon, prompted, hold, change
):
    client.ask(messages.Track(prompted))
    leave = keep_busy(daemon.house.engine_lane)
    waiting = other.start(change(prompted))
    end = hold(messages.Export(prompted, ("nk",)))
    leave()
    with pytest.raises(BusyError, match="Something else"):
        other.finish(waiting)
    assert "disc" in end().keys


def test_work_in_one_session_keeps_nobody_from_changing_objects_of_another(client, other, disc_clip, prompted, hold):
    client.ask(messages.Track(prompted))
    another = open_session(client, disc_clip, key="another").session
    client.ask(messages.Segment(another, 1001, (DISC,)))
    end = hold(messages.Export(prompted, ("nk",)))
    assert other.ask(messages.RenameObject(another, "disc", "hero")) == messages.Done()
    assert "disc" in end().keys


def test_no_work_begins_while_objects_change(other, daemon, prompted, monkeypatch):
    begun, get = threading.Event(), daemon.house.shelf.get

    def get_and_tell(name: str) -> Any:
        begun.set()
        return get(name)

    monkeypatch.setattr(daemon.house.shelf, "get", get_and_tell)
    with daemon.house.undisturbed(prompted):
        waiting = other.start(messages.Export(prompted, ("json",)))
        assert not begun.wait(0.3)
    other.finish(waiting)
    assert begun.is_set()


@pytest.mark.parametrize("objects", [(), ("nobody",)], ids=["answered", "refused"])
def test_work_is_known_until_it_has_ended_and_no_longer(client, daemon, prompted, objects):
    with daemon.house.undisturbed(prompted):
        request = client.start(messages.Track(prompted, objects=objects))
        assert daemon.house.job(b"", request).name == "track"
    if objects:
        with pytest.raises(InputError, match="nobody"):
            client.finish(request)
    else:
        client.finish(request)
    assert daemon.house.job(b"", request) is None


def test_what_is_asked_for_is_accepted_before_anything_of_it_is_told(daemon, prompted, monkeypatch):
    told, submit = [], daemon.house.pictures_lane.submit

    def submit_and_wait(task: Task) -> None:
        submit(task)
        while task in daemon.house.pictures_lane.tasks() or len(told) < 1:
            time.sleep(0.001)

    monkeypatch.setattr(daemon.house.pictures_lane, "submit", submit_and_wait)
    asked = encode(Envelope(1, messages.MaskQuery(prompted, 1001)))
    daemon.desk.receive(asked, lambda parts: told.append(decode(parts).message))
    assert told[0] == messages.Accepted()


def test_work_ends_with_the_client_that_asked_for_it_and_with_no_other(daemon, client, other, prompted, hold):
    end = hold(messages.Track(prompted))
    daemon.house.drop_client(b"other")
    assert end().frames == 12
    leave = keep_busy(daemon.house.engine_lane)
    request = client.start(messages.Segment(prompted, 1003, (DISC,)))
    daemon.house.drop_client(b"")
    leave()
    with pytest.raises(CancelledError, match="client is gone"):
        client.finish(request)


def test_a_session_is_tracked_once_at_a_time(other, prompted, held_track):
    with pytest.raises(BusyError, match="tracked already"):
        other.ask(messages.Track(prompted))
    assert held_track().frames == 12


@pytest.mark.parametrize(
    "take_out",
    [
        lambda session: messages.Segment(session, 1001, (ObjectPrompt("disc"),)),
        lambda session: messages.DeleteObject(session, "disc"),
        lambda session: messages.RenameObject(session, "disc", "ball"),
    ],
    ids=["prompt", "object", "name"],
)
def test_nothing_is_taken_out_while_the_session_is_tracked(client, other, prompted, held_track, take_out):
    with pytest.raises(BusyError, match="tracked already"):
        other.ask(take_out(prompted))
    assert held_track().frames == 12
    assert [state.object for state in client.ask(messages.MaskQuery(prompted, 1001)).objects] == ["disc"]
    other.ask(take_out(prompted))


@pytest.mark.parametrize("forget", [False, True], ids=["let go of", "deleted"])
def test_a_session_stays_open_while_it_is_exported(client, other, daemon, prompted, hold, forget):
    client.ask(messages.Track(prompted))
    end = hold(messages.Export(prompted, ("nk",)))
    with pytest.raises(BusyError, match="Something else"):
        other.ask(messages.CloseSession(prompted, forget))
    assert "disc" in end().keys
    assert other.ask(messages.CloseSession(prompted, forget)) == messages.Done()
    assert daemon.house.shelf.names() == ()
    assert (daemon.house.settings.state_dir / "sessions" / prompted).exists() != forget


def test_a_session_stays_open_while_it_is_tracked(other, prompted, held_track):
    closing = other.start(messages.CloseSession(prompted, forget=True))
    assert held_track().frames == 12
    with pytest.raises(BusyError, match="Something else"):
        other.finish(closing)


def test_a_session_is_deleted_after_a_click_in_it_that_was_cancelled(client, daemon, prompted):
    leave = keep_busy(daemon.house.engine_lane)
    click = client.start(messages.Segment(prompted, 1002, (DISC,)))
    client.ask(messages.Cancel(click))
    closing = client.start(messages.CloseSession(prompted, forget=True))
    leave()
    assert client.finish(closing) == messages.Done()


def test_a_session_stays_open_where_work_in_it_was_asked_for_before_it_could_be_closed(client, daemon, prompted, other):
    leave = keep_busy(daemon.house.engine_lane)
    closing, begun = other.start(messages.CloseSession(prompted)), client.start(messages.Track(prompted))
    leave()
    with pytest.raises(BusyError, match="Something else"):
        other.finish(closing)
    assert client.finish(begun).frames == 12


def test_a_plate_that_changes_while_it_is_tracked_is_not_opened_again_until_the_end(other, disc_clip, held_track):
    assert open_session(other, disc_clip).frames[-1] == 1012
    disc_clip.path(1012).unlink()
    with pytest.raises(BusyError, match="tracked already"):
        open_session(other, disc_clip)
    held_track()
    assert open_session(other, disc_clip).frames[-1] == 1011
