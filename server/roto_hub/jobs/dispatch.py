"""Hands workers one job per free slot, from the database's queue."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from roto_hub.background import Background
from roto_hub.db.connect import Database
from roto_hub.db.models import Job
from roto_hub.services import jobs
from roto_hub.services.workers import workers_with_room

Send = Callable[[str, str, int], None]
"""Tells a worker (its name, the job, the attempt) to begin."""

log = structlog.get_logger()


class Dispatcher(Background):
    """A thread that looks now and then, and at once when it is woken. Several may run beside one another."""

    def __init__(self, database: Database, send: Send, lease_s: float, tick_s: float) -> None:
        self._database = database
        self._send = send
        self._lease_s = lease_s
        self._tick_s = tick_s
        self._woken = threading.Event()
        super().__init__("dispatcher")

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def close(self) -> None:
        """End, once what is being handed out is."""
        self._is_closing.set()
        self._woken.set()
        super().close()

    def dispatch(self) -> int:
        """Take jobs from workers that fell silent, and give out what can be; how many were given. Once the broker takes
        no message, the others wait too."""
        with self._database.begin() as session:
            jobs.take_from_dead(session)
        given = 0
        while (job := self._claim()) is not None and self._give(job):
            given += 1
        return given

    def _claim(self) -> Job | None:
        with self._database.begin() as session:
            jobs.take_turn_to_claim(session)
            for is_fleeting in (True, False):
                for worker in workers_with_room(session, self._lease_s, is_fleeting):
                    job = jobs.claim_next(session, worker, self._lease_s, is_fleeting)
                    if job is not None:
                        return job
        return None

    def _give(self, job: Job) -> bool:
        assert job.worker is not None
        try:
            self._send(job.worker, job.id, job.attempt)
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the job must not be lost
            log.warning("The broker takes no message; the job waits.", job=job.id, error=str(error))
            with self._database.begin() as session:
                mine = jobs.held(session, job.id, job.attempt)
                if mine is not None:
                    jobs.give_back(session, mine)
            self._is_closing.wait(1.0)
            return False
        return True

    def _run(self) -> None:
        while not self._is_closing.is_set():
            self._woken.clear()
            try:
                self.dispatch()
            except SQLAlchemyError as error:
                log.warning("The database does not answer; trying again.", error=str(error))
                self._is_closing.wait(1.0)
            except Exception:  # a studio without its dispatcher stands still
                log.exception("The dispatcher stumbled; it goes on.")
                self._is_closing.wait(1.0)
            self._woken.wait(self._tick_s)
