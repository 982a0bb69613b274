"""PostgreSQL and Redis, started by the test run itself on free ports, and stopped after it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from parts import PARTS

START_S = 30.0

KINDS = ["files", pytest.param("servers", marks=pytest.mark.needs("pg_ctlcluster", "redis-server"))]
"""What a hub runs on: nothing but files, or PostgreSQL and Redis."""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_postgres(folder: Path, port: int | None = None) -> Iterator[str]:
    """A PostgreSQL of its own below ``folder``, new or as it was left; gives its address, without a database's name."""
    program = max(Path("/usr/lib/postgresql").glob("*/bin/postgres"))  # not on the path in Debian
    data, port, user = folder / "postgres", port or free_port(), _unprivileged()
    run = {"user": user, "cwd": folder} if user else {"cwd": folder}
    command = [program.with_name("initdb"), "-D", data, "-U", "roto", "--auth=trust", "--no-sync", "-E", "UTF8"]
    if not data.exists():
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **run)
    options = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    server = subprocess.Popen([program, "-D", data, *options], stderr=subprocess.DEVNULL, **run)
    address = f"postgresql://roto@127.0.0.1:{port}"
    try:
        _until(lambda: psycopg.connect(f"{address}/postgres").close(), psycopg.OperationalError)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # “fast”: it does not wait for clients
        server.wait()


@contextmanager
def running_redis(folder: Path, port: int | None = None) -> Iterator[str]:
    """A Redis of its own; gives its address."""
    program, port = PARTS["redis-server"].find(), port or free_port()
    assert program is not None
    command = [program, "--port", str(port), "--dir", folder, "--save", "", "--bind", "127.0.0.1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _until(lambda: redis.Redis(port=port).ping(), redis.ConnectionError)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def create_database(address: str, name: str) -> str:
    """A new database in a server; gives its address for SQLAlchemy."""
    with closing(psycopg.connect(f"{address}/postgres", autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address}/{name}".replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def postgres_folder() -> Iterator[Path]:
    """A folder that PostgreSQL may use: it does not run as root, and what pytest makes is root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="roto-hub-"))
    if (user := _unprivileged()) is not None:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> str | None:
    """Whom PostgreSQL runs as, where we are root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    return "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody"


def _until(attempt: object, error: type[Exception]) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            attempt()  # type: ignore[operator]
        except error:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        else:
            return
