"""Runs one job: holds it, drives the daemon, tells how far it is, and ends it exactly once."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from roto_hub.db.connect import Database
from roto_hub.db.models import Shot
from roto_hub.jobs.kinds import KINDS
from roto_hub.jobs.kinds.bench import Bench, Newest
from roto_hub.problems import HubError
from roto_hub.services import jobs, shots
from roto_hub.services.events import append_event
from roto_hub.shapes.outlines import SHAPES
from roto_hub.storage import Storage
from roto_shared.client import DaemonClient
from roto_shared.errors import BusyError, CancelledError, DaemonError, EngineError, RotoError, StorageError

MACHINE_FAULTS = (DaemonError, StorageError, EngineError, BusyError)
"""What another attempt may not run into; everything else is a fault of the input, and stays."""

TOLD_EVERY_S = 0.5

ASKED_AGAIN_S = 1.0
"""A database that is away when a job ends is asked so often."""

Connect = Callable[[], DaemonClient]

log = structlog.get_logger()


class JobRunner:
    """Runs jobs of one worker; a thread each. ``lease_s`` is how long the worker may be silent."""

    def __init__(self, database: Database, storage: Storage, connect: Connect, lease_s: float) -> None:
        self._database = database
        self._storage = storage
        self._connect = connect
        self._lease_s = lease_s
        self._is_ending = threading.Event()

    def end(self) -> None:
        """The worker is told to end: what runs stops between two frames and is given back, for another to go on."""
        self._is_ending.set()

    def run(self, job_id: str, attempt: int) -> None:
        """Run a job that was given to this worker; a message that is late, or came twice, is passed over."""
        with self._database.begin() as session:
            job = jobs.held(session, job_id, attempt)
            if job is None or job.state != jobs.GIVEN:
                log.info("Not this worker's any more.", job=job_id, attempt=attempt)
                return
            jobs.start(session, job)
            shot = session.get(Shot, job.shot_id)
            assert shot is not None
            kind, request, plate, shot_id = job.kind, job.request, shot.plate, shot.id
            newest = _newest(session, shot)
        folder = self._folder(kind, shot_id, job_id, attempt)
        with _Hold(self._database, job_id, attempt, self._lease_s, self._is_ending) as hold:
            try:
                opened = self._storage.plate(plate)
                stored, client = self._storage.existing, self._connect()
                told = (hold.tell, hold.is_lost)
                bench = Bench(client, opened, shot_id, folder, stored, *told, newest, self._storage.check_room)
                result = self._work(kind, request, bench)
                self._storage.publish(folder)
                if kind == jobs.CHECK:
                    result["plate"] = self._storage.plate_name(result["plate"])
            except RotoError as error:
                hold.tell_end(self._failed, job_id, attempt, error)
            except HubError as error:
                hold.tell_end(self._failed, job_id, attempt, StorageError(error.message, error.remedy))
            except Exception as error:
                log.exception("A job failed unexpectedly.", job=job_id)
                fault = EngineError(f"{type(error).__name__}: {error}", "Look at the log.")
                hold.tell_end(self._failed, job_id, attempt, fault)
            else:
                hold.tell_end(self._done, job_id, attempt, result, folder)

    def _work(self, kind: str, request: dict[str, Any], bench: Bench) -> dict[str, Any]:
        try:
            return KINDS[kind](bench, request)
        finally:
            bench.client.close()

    def _folder(self, kind: str, shot_id: str, job_id: str, attempt: int) -> Path:
        """Where results go; those of a check lie with the shot. Each attempt has its own folder: one that lost its job
        may still be writing."""
        parts = (jobs.CHECK,) if kind == jobs.CHECK else (kind, f"{job_id}-{attempt}")
        return self._storage.place("shots", shot_id, *parts)

    def _done(self, job_id: str, attempt: int, result: dict[str, Any], folder: Path) -> None:
        """One transaction, so that the result is there exactly once or not at all."""
        with self._database.begin() as session:
            job = jobs.held(session, job_id, attempt)
            if job is None:
                log.info("The job was given to another meanwhile; this result is dropped.", job=job_id)
                return
            if job.is_unwanted and job.kind not in jobs.FLEETING:  # a click's masks are tidied away by its result
                jobs.fail(session, job, CancelledError.code, "It was cancelled as it ended.", "", is_machine=False)
                return
            shot = session.get(Shot, job.shot_id)
            assert shot is not None
            if job.kind == jobs.CHECK:
                for name in ("plate", "first_frame", "last_frame", "width", "height", "fps"):
                    setattr(shot, name, result[name])
                shot.state, shot.fault = shots.READY, ""
                append_event(session, "shot.changed", shot.id, shot.project_id)
                jobs.create_job(session, shot, None, jobs.PROXY, {}, priority=shots.PROXY_PRIORITY)
            place = self._storage.name(folder)
            if job.kind == jobs.PROXY:
                shot.proxy = place
                append_event(session, "shot.changed", shot.id, shot.project_id)
            if job.kind in jobs.MAKE_VERSIONS:
                jobs.add_version(session, job, place, result["objects"])
            jobs.finish(session, job, {**result, "folder": place})

    def _failed(self, job_id: str, attempt: int, error: RotoError) -> None:
        with self._database.begin() as session:
            job = jobs.held(session, job_id, attempt)
            if job is None:
                return
            if self._is_ending.is_set() and not job.is_unwanted:
                jobs.add_line(session, job, f"{job.worker} ends; given back")
                jobs.give_back(session, job)
                return
            is_machine = isinstance(error, MACHINE_FAULTS) and not isinstance(error, CancelledError)
            jobs.fail(session, job, error.code, error.message, error.remedy, is_machine)


def _newest(session: Session, shot: Shot) -> Newest | None:
    version = next(iter(shots.versions_of(session, shot)), None)
    return None if version is None else Newest(f"{version.folder}/{SHAPES}", tuple(version.objects))


class _Hold:
    """Keeps a job's lease while it runs, and notices that it is not wanted any more, or not this worker's."""

    def __init__(
        self, database: Database, job_id: str, attempt: int, lease_s: float, is_ending: threading.Event
    ) -> None:
        self._database = database
        self._is_ending = is_ending
        self._job_id = job_id
        self._attempt = attempt
        self._lease_s = lease_s
        self._lost, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job_id[:8]}", daemon=True)
        self._began = time.monotonic()
        self._lease_until = self._began + lease_s
        self._told = 0.0

    def __enter__(self) -> "_Hold":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def is_lost(self) -> bool:
        """Whether to stop."""
        return self._lost.is_set() or self._is_ending.is_set()

    def tell(self, done: int, total: int) -> None:
        """So many frames are done: told now and then, and at the end; not where the database is away.

        A job that is not wanted any more is noticed here too: the lease is renewed seldom.
        """
        moment = time.monotonic()
        if moment - self._told < TOLD_EVERY_S and done < total:
            return
        self._told = moment
        speed = done / max(moment - self._began, 1e-3)
        try:
            with self._database.begin() as session:
                job = jobs.held(session, self._job_id, self._attempt)
                if job is None or job.is_unwanted:
                    self._lost.set()
                if job is not None:
                    jobs.progress(session, job, done, total, speed)
        except OperationalError as error:
            log.warning("It cannot be told how far the job is.", job=self._job_id, error=str(error))

    def tell_end(self, tell: Callable[..., None], *said: object) -> None:
        """Tell how the job ended. A database that is away is asked again until the lease ends; then the job is lost.

        Raises OperationalError where it was away for so long.
        """
        while True:
            try:
                return tell(*said)
            except OperationalError as error:
                if time.monotonic() > self._lease_until:
                    raise
                log.warning("It cannot be told yet how the job ended.", job=self._job_id, error=str(error))
            time.sleep(ASKED_AGAIN_S)

    def _keep(self) -> None:
        """Renew a few times within the lease; a database that does not answer once is asked again."""
        while not self._ended.wait(self._lease_s / 5):
            moment = time.monotonic()
            try:
                with self._database.begin() as session:
                    if not jobs.renew(session, self._job_id, self._attempt, self._lease_s):
                        self._lost.set()
                self._lease_until = moment + self._lease_s
            except Exception as error:  # noqa: BLE001 - the next renewal may succeed; if none does, the lease ends
                log.warning("The lease could not be renewed.", job=self._job_id, error=str(error))
