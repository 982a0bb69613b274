"""How a host's panel reaches the daemon, and what a studio says by variables."""

import os
import shutil
from pathlib import Path
from typing import Callable, Mapping, Tuple

from roto_panel.paths import PathTable, read_path_table
from roto_shared.client import DaemonClient
from roto_shared.discovery import IN_FOREGROUND, connect_or_start, named_command, read_connection, runtime_folder
from roto_shared.errors import DaemonError, InputError
from roto_shared.transport.zmq import is_listening

PATHS_VARIABLE = "ROTO_PATHS"
"""Names a file with the path table; without it paths are the same for the daemon."""


def connection_from(host: str) -> Callable[[], DaemonClient]:
    """What connects to the user's daemon from ``host``, and starts it where none runs. It raises DaemonError."""
    return lambda: connect_or_start(daemon_command, client="panel", host=host)


def is_daemon_running() -> bool:
    """Whether a daemon of this user says where it is, and is there; quick, and nothing is started."""
    try:
        connection = read_connection(runtime_folder())
    except DaemonError:
        return False  # why there can be none is said where one is to be started
    return connection is not None and is_listening(connection.endpoint)


def daemon_command(environment: Mapping[str, str] = os.environ) -> Tuple[str, ...]:
    """What starts the daemon: ``ROTO_DAEMON``, or ``roto`` on the path; never the host's own Python.

    Raises DaemonError where there is neither.
    """
    named = named_command(environment)
    if named:
        return named
    program = shutil.which("roto", path=environment.get("PATH"))
    if program is None:
        raise DaemonError(
            "The daemon is not running, and there is no program “roto” to start it.",
            "Install it (pip install roto-bezier), or let ROTO_DAEMON name the program that starts it.",
        )
    return (program, *IN_FOREGROUND)


def path_table(environment: Mapping[str, str] = os.environ) -> PathTable:
    """The table that ``ROTO_PATHS`` names. Raises InputError for a line that is no rule, and for what is no UTF-8."""
    file = environment.get(PATHS_VARIABLE)
    try:
        return read_path_table(Path(file).read_text(encoding="utf-8-sig")) if file else PathTable()
    except UnicodeDecodeError as error:
        raise InputError("{} is no text in UTF-8: {}.".format(file, error), "Save it as UTF-8.") from error
