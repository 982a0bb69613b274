"""A client for a command: of the daemon, which is started where there is none, or of one inside this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from roto_seg.output import note
from roto_shared.client import DaemonClient

NAME = "roto"


@contextmanager
def open_client(in_process: bool = False) -> Iterator[DaemonClient]:
    """A greeted client, closed at the end. Raises DaemonError or ProtocolError where none can be had."""
    with _daemon_inside() if in_process else _daemon_outside() as client:
        yield client


@contextmanager
def _daemon_outside() -> Iterator[DaemonClient]:
    from roto_shared.discovery import connect, connect_or_start

    client = connect(client=NAME)
    if client is None:
        note("Starting the daemon …")
        client = connect_or_start(client=NAME)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _daemon_inside() -> Iterator[DaemonClient]:
    from roto_daemon.app import Daemon
    from roto_daemon.log import open_log
    from roto_daemon.settings import load_settings
    from roto_shared.transport.memory import MemoryTransport

    settings = load_settings()
    open_log(settings.log_file.with_name("in-process.log"), settings.log_level)
    daemon = Daemon(settings)
    client = DaemonClient(MemoryTransport(daemon.desk.receive))
    try:
        yield client
    finally:
        client.close()
        daemon.close()
