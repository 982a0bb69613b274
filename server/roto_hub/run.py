"""The hub's programs: the web server, workers, migrations. Settings come from the environment."""

import errno
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import OperationalError

from roto_hub.api.schemas.base import Email
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

WORKER_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""Kombu takes no other letters for a queue in a folder, and files are named by it and more."""

LOOKED_EVERY_S = 0.2
AGAIN_S = GRACE_S + 1
"""A worker that ended is started again after so long, in which it is known whether everything was told to end."""

log = structlog.get_logger()


def run_up(workers: int) -> None:
    """Serve until interrupted, with so many workers beside."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    run_migrate("head")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again at its end, as it does Ctrl-C
    served = uvicorn.Config(create_app(settings), log_level="warning", timeout_graceful_shutdown=GRACE_S)
    with _listening(settings.host, settings.port) as listener, _workers(workers):
        print(f"The hub is at {settings.page_url}", flush=True)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(served).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that the hub is reached by. Raises InputError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(f"Port {port} is taken.", "Set ROTO_HUB_PORT to a free one.") from error
        raise InputError(
            f"The hub cannot listen at {host}, port {port}: {error.strerror}.", "Set ROTO_HUB_HOST and ROTO_HUB_PORT."
        ) from error


@contextmanager
def _workers(number: int) -> Iterator[None]:
    """So many workers, which end with this."""
    is_ending = threading.Event()
    names = [f"{socket.gethostname()}-{one + 1}" for one in range(number)]
    keepers = [threading.Thread(target=_keep_worker, args=(name, is_ending)) for name in names]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        is_ending.set()
        for keeper in keepers:
            keeper.join()


def _keep_worker(name: str, is_ending: threading.Event) -> None:
    """A worker, which is started again where it ends by itself: with none, jobs would wait and nobody would know."""
    command = [sys.executable, "-m", "roto_seg", "hub", "worker", "--name", name]
    while True:
        worker = subprocess.Popen(command)
        while worker.poll() is None and not is_ending.wait(LOOKED_EVERY_S):
            pass
        if is_ending.wait(AGAIN_S if worker.poll() is not None else 0):
            worker.terminate()
            worker.wait()
            return
        log.error("A worker ended; it is started again.", worker=name, code=worker.returncode)


def run_one_worker(name: str, slots: int) -> None:
    """Take jobs until interrupted. Raises InputError for a name that cannot be one."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    name = _worker_name(name.strip() or socket.gethostname())
    # Until Celery listens for it: whoever is told to end while it starts takes its daemon along too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _told_faults(), own_daemon(settings.data_dir, name):
        run_worker(settings, name, slots)


def _worker_name(name: str) -> str:
    """A name under which messages can be sent, and which files can bear. Raises InputError for any other."""
    if not WORKER_NAME.fullmatch(name):
        raise InputError(
            f"“{name}” is no name for a worker.", "Use at most 100 letters from A to Z, digits, dots, dashes and “_”."
        )
    return name


def run_migrate(revision: str) -> str:
    """Bring the database to a revision; answers what was done."""
    with _database_at(revision):
        return "The tables are gone." if revision == "base" else "The database is up to date."


def run_create_admin(email: str, name: str, password: str) -> str:
    """Make an administrator; answers what was done. Raises InputError."""
    try:
        TypeAdapter(Email).validate_python(email)
    except ValidationError as error:
        raise InputError(f"“{email}” is no address.", "Give one such as ada@studio.example.") from error
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
