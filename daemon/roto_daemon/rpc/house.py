"""The parts that handlers work with, put together by the composition root."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from roto_daemon.backends.table import Place
from roto_daemon.engines import EngineRoom
from roto_daemon.rpc.desk import Request
from roto_daemon.scheduler import Lane, Steps, Task, Urgency
from roto_daemon.sessions.shelf import SessionShelf
from roto_daemon.settings import DaemonSettings
from roto_daemon.weights.store import WeightStore
from roto_shared.errors import BusyError, CancelledError
from roto_shared.protocol.messages import KINDS, Accepted

CHANGES = ("delete_object", "rename_object", "close_session")
"""Work that takes away from a session what other work needs; nothing else of the session may be under way."""

MOMENTARY = ("segment", "find")
"""Work that goes through no frames that it found before: a prompt may be taken back while it waits."""


@dataclass
class House:
    """A daemon's rooms. ``settings`` may be replaced while it runs; everything else stays.

    Three lanes keep quick things quick: ``engine`` runs the networks, ``curves`` fits and exports, ``pictures`` reads
    frames for panels.
    """

    settings: DaemonSettings
    shelf: SessionShelf
    engines: EngineRoom
    weights: WeightStore
    place: Place
    shutdown: Callable[[], None]
    engine_lane: Lane = field(default_factory=lambda: Lane("engine"))
    curves_lane: Lane = field(default_factory=lambda: Lane("curves"))
    pictures_lane: Lane = field(default_factory=lambda: Lane("pictures"))
    started: float = field(default_factory=time.monotonic)
    _jobs: dict[tuple[bytes, int], Task] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _beginning: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes."""
        return (self.engine_lane, self.curves_lane, self.pictures_lane)

    def put(
        self, lane: Lane, request: Request, steps: Callable[[], Steps], urgency: Urgency, supersedes: str = ""
    ) -> None:
        """Schedule a request's work; its events and its answer go back to the client."""
        key = (request.client, request.id)
        kind = KINDS[type(request.message)]
        session = getattr(request.message, "session", "")
        replies = request.replies

        def answer(message: object) -> None:
            self._end(key)
            replies.tell(message)

        def fail(error: BaseException) -> None:
            self._end(key)
            replies.fail(error)

        def begin() -> Steps:
            with self._beginning:
                pass
            return steps()

        task = Task(kind, session, begin, replies.tell, answer, fail, urgency, supersedes)
        with self._lock:
            self._jobs[key] = task
        replies.tell(Accepted())
        lane.submit(task)

    @contextmanager
    def undisturbed(self, session: str) -> Iterator[None]:
        """While this is held no work begins. Raises BusyError as :meth:`refuse_while_at_work`."""
        with self._beginning:
            self.refuse_while_at_work(session)
            yield

    def refuse_while_at_work(self, session: str, spared: Collection[str] = ()) -> None:
        """Raise BusyError while work on the masks or shapes of a session runs or waits.

        ``CHANGES`` do not count, and neither do those ``spared``.
        """
        lanes, others = (self.engine_lane, self.curves_lane), {*CHANGES, *spared}
        if any(task.session == session and task.name not in others for lane in lanes for task in lane.tasks()):
            raise BusyError("Something else is being done in this session.", "Wait for it or cancel it first.")

    def job(self, client: bytes, request: int) -> Task | None:
        """The running or waiting work of a client's request."""
        with self._lock:
            return self._jobs.get((client, request))

    def drop_client(self, client: bytes) -> None:
        """Stop the work of a client that is gone or does not read; what is done is stored."""
        with self._lock:
            orphans = [task for (owner, _), task in self._jobs.items() if owner == client]
        for task in orphans:
            task.stop(CancelledError("The client is gone or reads no answers.", "Run the same command again to go on."))

    def close(self) -> None:
        """Stop all work between two steps and let go of everything."""
        for lane in self.lanes:
            lane.close()
        self.shelf.close_all()

    def _end(self, key: tuple[bytes, int]) -> None:
        with self._lock:
            self._jobs.pop(key, None)
