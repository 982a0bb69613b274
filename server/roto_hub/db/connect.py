"""Connections to the database, SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

from roto_shared.errors import InputError

TURNS = 20
"""So many requests have a session at a time; the others wait without a thread, see :mod:`roto_hub.auth.guards`."""

SPARE = 20
"""Connections for everything else: the dispatcher, live clients, log-ins."""

APPENDED = "roto_appended"
"""What a session's ``info`` says once events were appended in it."""

READS = "roto_reads"
"""The execution option of connections that only read."""

SQLITE_WAIT_S = 30.0
"""How long a writer waits for another; SQLite has one at a time."""


class Database:
    """A database. :meth:`begin` gives a session that is kept unless something goes wrong.

    ``after_events`` is called after each transaction that appended events.
    """

    def __init__(self, url: str, after_events: Callable[[], None] = lambda: None) -> None:
        self.engine = _engine(url)
        self._after_events = after_events
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(**{READS: True}), expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in a transaction."""
        with self._sessions() as session:
            with session.begin():
                yield session
            if session.info.get(APPENDED):
                self._after_events()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that changes nothing, and waits for no writer."""
        with self._readers() as session:
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    """Raises InputError for an address of no database that can be used."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True, pool_size=TURNS, max_overflow=SPARE)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise InputError(
            f"ROTO_HUB_DATABASE_URL names no database: {error}.", "Write it as postgresql+psycopg://user@host/hub."
        ) from error
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": SQLITE_WAIT_S, "check_same_thread": False}
    engine = create_engine(parsed, connect_args=arguments, pool_size=TURNS, max_overflow=SPARE)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # so that BEGIN is ours to say
        for line in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get(READS)
        # What reads first and writes later would fail where somebody else wrote between, so writers say so at once.
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
