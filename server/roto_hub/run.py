"""The hub's programs: the web server, workers, migrations. Settings come from the environment."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from sqlalchemy.exc import OperationalError

from roto_hub.app import create_app
from roto_hub.db.connect import Database
from roto_hub.db.migrate import migrate
from roto_hub.jobs.own_daemon import own_daemon
from roto_hub.jobs.worker import run_worker
from roto_hub.logs import set_up_logs
from roto_hub.problems import HubError
from roto_hub.services.users import create_user
from roto_hub.settings import load_settings
from roto_shared.errors import InputError, StorageError

GRACE_S = 5
"""Requests that run when the hub is told to end have so many seconds; live clients come back by themselves."""


def run_up(workers: int) -> None:
    """Serve until interrupted, with so many workers beside."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    run_migrate("head")
    command = [sys.executable, "-m", "roto_seg", "hub", "worker", "--name"]
    children = [subprocess.Popen([*command, f"{socket.gethostname()}-{number + 1}"]) for number in range(workers)]
    print(f"The hub is at {settings.page_url}", flush=True)
    try:
        uvicorn.run(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
        )
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()


def run_one_worker(name: str, slots: int) -> None:
    """Take jobs until interrupted."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    name = name or socket.gethostname()
    # Until Celery listens for it: whoever is told to end while it starts takes its daemon along too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _told_faults(), own_daemon(settings.data_dir, name):
        run_worker(settings, name, slots)


def run_migrate(revision: str) -> str:
    """Bring the database to a revision; answers what was done."""
    with _database_at(revision):
        return "The tables are gone." if revision == "base" else "The database is up to date."


def run_create_admin(email: str, name: str, password: str) -> str:
    """Make an administrator; answers what was done. Raises InputError."""
    try:
        with _database_at("head") as database, database.begin() as session:
            return f"{create_user(session, None, email, name, password, True).email} is an administrator."
    except HubError as error:
        raise InputError(error.message, error.remedy) from error


@contextmanager
def _database_at(revision: str) -> Iterator[Database]:
    """The database, brought to a revision. Raises InputError and StorageError where none can be reached."""
    database = Database(load_settings().database)
    try:
        with _told_faults():
            migrate(database, revision)
            yield database
    finally:
        database.close()


@contextmanager
def _told_faults() -> Iterator[None]:
    """Raises StorageError where the database does not answer, or does not let us in."""
    try:
        yield
    except OperationalError as error:
        raise StorageError(
            f"The database cannot be used: {error.orig}.", "Start it, or correct ROTO_HUB_DATABASE_URL and its rights."
        ) from error
