"""A worker: a Celery worker with a queue of its own, which runs jobs by the daemon of its machine."""

import threading

import structlog
from celery import Celery
from celery.platforms import EX_FAILURE
from celery.signals import worker_shutting_down
from kombu.asynchronous import set_event_loop
from sqlalchemy.exc import SQLAlchemyError

from roto_hub.bell import make_bell
from roto_hub.db.connect import Database
from roto_hub.db.migrate import is_current
from roto_hub.jobs.broker import RUN_JOB, make_celery, queue_of
from roto_hub.jobs.gauge import Gauge, ability_of, running_daemon
from roto_hub.jobs.runner import Connect, JobRunner
from roto_hub.services.workers import leave, register, see
from roto_hub.settings import HubSettings
from roto_hub.storage import Storage
from roto_shared.client import DaemonClient
from roto_shared.discovery import connect_or_start
from roto_shared.errors import InputError
from roto_shared.protocol import messages

log = structlog.get_logger()


def connect_to_daemon() -> DaemonClient:
    """The daemon of this machine, started where none runs. Raises DaemonError."""
    return connect_or_start(client="hub")


def run_worker(settings: HubSettings, name: str, slots: int, connect: Connect = connect_to_daemon) -> None:
    """Take jobs until the program is told to end; what runs then is stopped between two frames and given back.

    Raises InputError for a database of another version, OperationalError for one that does not answer.
    """
    bell = make_bell(settings.broker_url)
    database = Database(settings.database, bell.ring)
    if not is_current(database):
        raise InputError(
            "The database has other tables than this worker's version wants.",
            "Run `roto hub migrate`, or update this worker.",
        )
    storage = Storage.of(settings)
    celery = make_celery(settings)
    runner = JobRunner(database, storage, connect, settings.lease_s)
    celery.task(name=RUN_JOB)(runner.run)
    with Presence(database, name, slots, connect, settings.lease_s) as presence:
        # On a thread: the signal comes wherever the main thread is, in the middle of a transaction perhaps.
        worker_shutting_down.connect(lambda **_: _end_beside(presence, runner), weak=False)
        # One more than it has slots: a click runs beside them.
        serve(celery, name, slots + 1, is_watched=bool(settings.broker_url))
    bell.close()
    database.close()


def serve(celery: Celery, name: str, slots: int, is_watched: bool) -> None:
    """Take tasks from a worker's own queue until the program is told to end.

    ``is_watched`` sends what Flower shows; the folder has nobody to watch. Celery gives up for good where Redis goes in
    the middle of a message (seen with 5.7); it begins anew then.
    """
    while _serve_once(celery, name, slots, is_watched) == EX_FAILURE:
        log.warning("Celery gave up; it begins anew.", worker=name)
        set_event_loop(None)  # that of the one before is closed


def _serve_once(celery: Celery, name: str, slots: int, is_watched: bool) -> int | None:
    """The exit code; 0 or None for a worker that was told to end."""
    worker = celery.Worker(
        hostname=name,
        queues=[queue_of(name)],
        concurrency=slots,
        pool="threads",
        loglevel="ERROR",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=not is_watched,
        task_events=is_watched,
    )
    worker.start()
    return worker.exitcode


def _end_beside(presence: "Presence", runner: JobRunner) -> None:
    threading.Thread(target=end, args=(presence, runner)).start()


def end(presence: "Presence", runner: JobRunner) -> None:
    """Take no more jobs, and stop what runs; also where the database is away, as nobody waits for a whole shot then."""
    try:
        presence.leave()  # first, or what is given back would come back
    except SQLAlchemyError as error:
        log.warning("The database is not told that this worker ends.", error=str(error))
    finally:
        runner.end()


class Presence:
    """Says what this worker can do, and then that it is alive."""

    def __init__(self, database: Database, name: str, slots: int, connect: Connect, lease_s: float) -> None:
        self._database = database
        self._name = name
        self._slots = slots
        self._connect = connect
        self._every_s = lease_s / 5
        self._gauge = Gauge(running_daemon, self._every_s)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._say, name="presence", daemon=True)

    def __enter__(self) -> "Presence":
        self._register()
        self._gauge.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Say no more, and that no more jobs are taken."""
        self._gauge.end()
        self._ended.set()
        self._thread.join()
        with self._database.begin() as session:
            leave(session, self._name)

    def _register(self) -> None:
        client = self._connect()
        try:
            models, status = client.ask(messages.ModelsQuery()), client.ask(messages.StatusQuery())
        finally:
            client.close()
        able = ability_of(models)
        with self._database.begin() as session:
            engines, tasks = list(able.engines), list(able.tasks)
            register(session, self._name, self._slots, engines, tasks, status.gpu, status.gpu_total_mb)

    def _say(self) -> None:
        while not self._ended.wait(self._every_s):
            read = self._gauge.read()
            try:
                with self._database.begin() as session:
                    see(session, self._name, read.gpu_used_mb, read.ability)
            except Exception as error:  # noqa: BLE001 - said again a moment later
                log.warning("The database does not answer.", error=str(error))
