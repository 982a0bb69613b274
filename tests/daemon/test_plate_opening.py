"""A plate may take minutes to open: whoever asks for something else is answered meanwhile."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from roto_daemon.plates import Plate, open_plate
from roto_daemon.sessions.session import SessionHead
from roto_daemon.sessions.shelf import SessionShelf
from roto_shared.client import DaemonClient
from roto_shared.errors import PlateError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Combination, FinishSettings, ObjectPrompt, PlateRef
from roto_shared.transport.memory import MemoryTransport

QUICKLY_S = 5


class SlowPlates:
    """Opens plates once it is let, so that a test decides what waits for one."""

    def __init__(self) -> None:
        self.entered, self.released = threading.Event(), threading.Event()
        self.opened: list[str] = []

    def open(self, ref: PlateRef) -> Plate:
        self.opened.append(ref.path)
        self.entered.set()
        assert self.released.wait(30)
        return open_plate(ref.path)


@pytest.fixture
def plates() -> SlowPlates:
    return SlowPlates()


@pytest.fixture
def threads(plates) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as threads:
        yield threads
        plates.released.set()


@pytest.fixture
def shelf(plates, tmp_path) -> SessionShelf:
    return SessionShelf(tmp_path / "sessions", plates.open)


def test_the_shelf_tells_what_is_open_while_a_plate_is_opened(shelf, plates, threads, disc_clip):
    opening = threads.submit(shelf.open, SessionHead(PlateRef(disc_clip.pattern), "disc"))
    assert plates.entered.wait(QUICKLY_S)
    assert threads.submit(shelf.names).result(QUICKLY_S) == ()
    plates.released.set()
    name = opening.result().name
    assert shelf.names() == (name,)


def test_two_that_ask_for_one_session_at_once_share_it(shelf, plates, threads, disc_clip):
    head = SessionHead(PlateRef(disc_clip.pattern), "disc")
    asking = [threads.submit(shelf.open, head) for _ in range(2)]
    assert plates.entered.wait(QUICKLY_S)
    plates.released.set()
    first, second = (asked.result() for asked in asking)
    assert first is second
    assert len(plates.opened) == 1


def test_the_daemon_answers_others_while_a_plate_is_opened(daemon, client, session, plates, threads, settings):
    daemon.house.shelf = SessionShelf(settings.state_dir / "sessions", plates.open)  # as after a restart
    other = DaemonClient(MemoryTransport(daemon.desk.receive))
    asking = threads.submit(client.ask, messages.MaskQuery(session, 1001))
    assert plates.entered.wait(QUICKLY_S)
    status = threads.submit(other.ask, messages.StatusQuery()).result(QUICKLY_S)
    assert [job.session for job in status.jobs] == [session]
    plates.released.set()
    assert asking.result().frame == 1001


@pytest.mark.parametrize(
    ("request_of", "more"),
    [
        (messages.FrameQuery, (1001,)),
        (messages.MaskQuery, (1001,)),
        (messages.Segment, (1001, (ObjectPrompt("disc", ((20.5, 30.5),)),))),
        (messages.Find, (1001, "disc")),
        (messages.Track, ()),
        (messages.RefineEdges, ()),
        (messages.FinishMasks, (FinishSettings(),)),
        (messages.CombineObjects, (Combination("both", "union", ("disc",)),)),
        (messages.MeasureBlur, ()),
        (messages.DeleteObject, ("disc",)),
        (messages.RenameObject, ("disc", "ball")),
        (messages.PromptShapes, ((1001,), "json", "{}")),
        (messages.TakeEdits, ("json", "{}")),
        (messages.ReadShapes, ("shapes.json", "json")),
        (messages.Fit, ()),
        (messages.Export, (("json",),)),
    ],
)
def test_a_request_for_a_session_on_disk_opens_its_plate_in_a_lane(
    daemon, client, session, settings, request_of: type, more: tuple[Any, ...]
):
    opened_by: list[str] = []

    def refuse(ref: PlateRef) -> Plate:
        opened_by.append(threading.current_thread().name)
        raise PlateError(f"{ref.path} is away.")

    daemon.house.shelf = SessionShelf(settings.state_dir / "sessions", refuse)  # as after a restart
    with pytest.raises(PlateError, match="is away"):
        client.ask(request_of(session, *more))
    assert opened_by[0].startswith("lane-")
