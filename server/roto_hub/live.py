"""Events to live clients: one look at the database for all of them, and a queue for each."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roto_hub.db.connect import Database
from roto_hub.db.models import Event, now
from roto_hub.services.events import are_more_than, events_after, last_number

POLL_S = 0.1
"""How often the database is asked while anybody listens and no bell rang: without Redis, workers' events ring none."""

BEAT_S = 10.0
"""So often a client hears that the hub is there, and is it asked again what it may hear."""

LONGEST_QUEUE = 10_000
"""A client that lags further behind is let go; it comes back with the number of the last event it saw."""

MOST_MISSED = 5_000
"""A client that missed more hears only that it did: it has to ask for everything again anyway."""

MISSED = "missed"
"""The kind of what it hears then."""

Projects = list[str] | None
"""Ids of the projects that a client hears of; None is all."""

log = structlog.get_logger()


class LiveFeed:
    """Fans events out. Made in the event loop that it runs in."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._seen: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()

    def wake(self) -> None:
        """Look at once. May be called on any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._rung.set)

    async def events(self, after: int | None, allowed: Callable[[], Projects]) -> AsyncIterator[Event | None]:
        """Events after a number, or from now on, of the projects that ``allowed`` names; ends when the client lags, or
        by what ``allowed`` raises.

        None comes first, once nothing is missed any more, and at every beat: whoever sends it on notices that a client
        is gone. A client that missed more than ``MOST_MISSED`` hears of one event of the kind ``MISSED`` instead, which
        has the number of the last of them.
        """
        queue: asyncio.Queue[Event | None] = asyncio.Queue(LONGEST_QUEUE)
        self._listeners.add(queue)
        try:
            projects = await asyncio.to_thread(allowed)
            latest = await asyncio.to_thread(self._last)
            self._seen = latest if self._seen is None else self._seen
            self._loop = asyncio.get_running_loop()
            self._task = self._task or asyncio.create_task(self._watch())
            seen = latest if after is None else min(after, latest)  # an older database may have been restored
            yield None
            if await asyncio.to_thread(self._are_too_many, seen, projects):
                seen = latest
                yield Event(id=seen, at=now(), kind=MISSED, subject="", project_id=None, data={})
            while piece := await asyncio.to_thread(self._after, seen, projects):
                for event in piece:
                    seen = event.id
                    yield event
            beat = self._loop.time() + BEAT_S
            while True:
                if self._loop.time() >= beat:
                    projects = await self._again(allowed, projects)
                    beat = self._loop.time() + BEAT_S
                    yield None
                try:
                    fresh = await asyncio.wait_for(queue.get(), beat - self._loop.time())
                except TimeoutError:
                    continue
                if fresh is None:
                    return
                if fresh.id > seen and _is_for(fresh, projects):
                    yield fresh
        finally:
            self._listeners.discard(queue)

    async def close(self) -> None:
        """Let all clients go."""
        for queue in self._listeners:
            _offer(queue, None)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), POLL_S)
            self._rung.clear()
            if not self._listeners:
                self._seen = None  # whoever comes next reads what it missed, and says from where on to look
            if self._seen is None:
                continue
            try:
                fresh = await asyncio.to_thread(self._after, self._seen, None)
            except SQLAlchemyError as error:
                log.warning("The database does not answer; live clients wait.", error=str(error))
                continue
            for event in fresh:
                self._seen = event.id
                for queue in list(self._listeners):
                    _offer(queue, event)
            if fresh:
                self._rung.set()  # there may be more

    async def _again(self, allowed: Callable[[], Projects], before: Projects) -> Projects:
        """What a client may hear of now; as before while the database is gone, without which nothing is heard."""
        try:
            return await asyncio.to_thread(allowed)
        except SQLAlchemyError as error:
            log.warning("The database does not answer; live clients wait.", error=str(error))
            return before

    def _last(self) -> int:
        with self._database.read() as session:
            return last_number(session)

    def _after(self, number: int, projects: Projects) -> list[Event]:
        """The next events after a number, as many as are well read at once."""
        with self._database.read() as session:
            return events_after(session, number, projects)

    def _are_too_many(self, number: int, projects: Projects) -> bool:
        with self._database.read() as session:
            return are_more_than(session, MOST_MISSED, number, projects)


def _is_for(event: Event, projects: Projects) -> bool:
    return projects is None or event.project_id is None or event.project_id in projects


def _offer(queue: asyncio.Queue[Event | None], event: Event | None) -> None:
    """Hand an event to a client; one that lags too far is let go."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
    else:
        queue.put_nowait(event)
