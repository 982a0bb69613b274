"""Finding the daemon: its private connection file, and starting it where there is none.

The connection file holds endpoint, token, pid and protocol version in a folder that only its owner may enter
(the way of Jupyter's connection files).
"""

import getpass
import json
import os
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Callable, Dict, Mapping, Optional, Sequence, Tuple

from .client import DaemonClient
from .errors import DaemonError, ProtocolError, RotoError
from .file_lock import take_lock
from .protocol.messages import Hello
from .protocol.version import PROTOCOL, is_compatible
from .transport.zmq import ZmqTransport
from .version import VERSION

DAEMON_VARIABLE = "ROTO_DAEMON"
"""Says what starts the daemon: see :func:`named_command`."""

IN_FOREGROUND = ("daemon", "start", "--foreground")
"""What the program ``roto`` is told, so that it becomes the daemon."""

OWN_FOLDER = "Set ROTO_RUNTIME_DIR to a folder of your own."

START_TIMEOUT_S = 20.0
HELLO_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Connection:
    """What a client needs to reach the daemon and to be let in."""

    endpoint: str
    token: str
    pid: int
    protocol: Tuple[int, int]
    version: str


def runtime_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own folder for things that live as long as a log-in: ``ROTO_RUNTIME_DIR``, or the platform's place."""
    if environment.get("ROTO_RUNTIME_DIR"):
        return Path(environment["ROTO_RUNTIME_DIR"]).expanduser()
    if environment.get("XDG_RUNTIME_DIR"):
        return Path(environment["XDG_RUNTIME_DIR"]) / "roto"
    if environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "roto" / "run"
    return Path(tempfile.gettempdir()) / f"roto-{_user()}"


def _user() -> str:
    """The user's name; the number where it has none, as in many a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # OSError since Python 3.13
        return str(os.getuid())


def connection_file(folder: Path) -> Path:
    """Where the daemon of a runtime folder tells how to reach it."""
    return folder / "daemon.json"


def lock_file(folder: Path) -> Path:
    """What the daemon of a runtime folder holds locked as long as it lives."""
    return folder / "daemon.lock"


def make_private(folder: Path) -> None:
    """Create ``folder`` for its owner alone. Raises DaemonError where it cannot be made, or somebody else owns it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DaemonError(f"{folder} cannot be used: {error.strerror}.", OWN_FOLDER) from error
    _check_own(folder)


def _check_own(folder: Path) -> None:
    """Raise DaemonError where a folder is another user's or cannot be looked at; one that is not there is nobody's."""
    try:
        is_own = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
    except FileNotFoundError:
        return
    except OSError as error:
        raise DaemonError(f"{folder} cannot be used: {error.strerror}.", OWN_FOLDER) from error
    if not is_own:
        raise DaemonError(f"{folder} belongs to another user.", OWN_FOLDER)


def write_connection(folder: Path, connection: Connection) -> None:
    """Publish a connection, readable by its owner only (mode 0600), in one step."""
    temporary = folder / f"daemon.json.{connection.pid}"
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(asdict(connection)), encoding="utf-8")
    temporary.replace(connection_file(folder))


def keep_connection(folder: Path, connection: Connection) -> None:
    """Publish a connection again where its file is gone, as where a system tidies away temporary files.

    Where it cannot be written, or the folder is somebody else's now, nobody is told, and the next call tries again.
    """
    if connection_file(folder).exists():
        return
    with suppress(OSError, DaemonError):
        make_private(folder)
        write_connection(folder, connection)


def read_connection(folder: Path) -> Optional[Connection]:
    """The published connection, or None where there is none or it cannot be read.

    Raises DaemonError where the folder is another user's, whose daemon is none of ours.
    """
    _check_own(folder)
    try:
        data = json.loads(connection_file(folder).read_text(encoding="utf-8"))
        return Connection(data["endpoint"], data["token"], data["pid"], tuple(data["protocol"]), data["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def connect(folder: Optional[Path] = None, client: str = "client", host: str = "") -> Optional[DaemonClient]:
    """A client of the running daemon, greeted; None where none runs.

    Raises ProtocolError for another major version, and DaemonError for one that does not answer or where ``folder``
    is another user's.
    """
    folder = folder or runtime_folder()
    connection = read_connection(folder)
    if connection is None:
        return None
    if not is_compatible(connection.protocol):
        raise ProtocolError(
            f"The running daemon {connection.version} speaks protocol {connection.protocol[0]}, "
            f"this program {VERSION} speaks {PROTOCOL[0]}.",
            "Stop the old daemon (`roto daemon stop`) or update this program.",
        )
    transport = ZmqTransport(connection.endpoint)
    if not transport.is_alive():
        transport.close()
        return None
    daemon = DaemonClient(transport, connection.token)
    try:
        daemon.ask(Hello(client, host), timeout_s=HELLO_TIMEOUT_S)
    except RotoError:
        daemon.close()
        if _has_cleared(folder):
            return None
        raise
    return daemon


def _has_cleared(folder: Path) -> bool:
    """Take away the connection that a killed daemon left, whose port another program may have by now.

    False where a daemon holds its lock. None can start and publish its own meanwhile, since the lock is held for it.
    """
    try:
        with lock_file(folder).open("ab") as lock:
            take_lock(lock.fileno())
            connection_file(folder).unlink()
    except FileNotFoundError:
        return True  # another client was quicker
    except OSError:
        return False
    return True


def connect_or_start(
    find_command: Optional[Callable[[], Sequence[str]]] = None,
    folder: Optional[Path] = None,
    client: str = "client",
    host: str = "",
) -> DaemonClient:
    """A client of the daemon, which is started where none runs.

    Only then ``find_command`` is asked how, by default :func:`default_command`. Raises what that raises, and
    DaemonError when the daemon cannot be started or does not come up in time.
    """
    folder = folder or runtime_folder()
    daemon = connect(folder, client, host)
    if daemon is not None:
        return daemon
    command = (find_command or default_command)()
    return await_daemon(start(command, folder), folder, client, host)


def await_daemon(
    process: "subprocess.Popen[bytes]", folder: Path, client: str = "client", host: str = ""
) -> DaemonClient:
    """A client of the daemon that ``process`` is becoming. Raises DaemonError when it does not come up in time.

    A process that ends in favour of a daemon that was quicker is no failure.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        daemon = connect(folder, client, host)
        if daemon is not None:
            return daemon
        if ended:
            break
        time.sleep(0.02)  # the file appears when the daemon is ready; there is nothing to wait on before that
    raise DaemonError("The daemon did not start.", "Run `roto daemon start --foreground` to see why.")


def default_command(environment: Mapping[str, str] = os.environ) -> Tuple[str, ...]:
    """How to start the daemon: as ``ROTO_DAEMON`` says, or by this Python's own package. Raises DaemonError."""
    return named_command(environment) or (sys.executable, "-m", "roto_daemon")


def named_command(environment: Mapping[str, str] = os.environ) -> Tuple[str, ...]:
    """What ``ROTO_DAEMON`` names: a program, alone or with arguments; nothing where it is not set.

    ``roto`` alone is told to become the daemon. Raises DaemonError for quotes that do not end.
    """
    text = environment.get(DAEMON_VARIABLE, "").strip()
    words = (text,) if Path(text).is_file() else _words(text)
    is_roto_alone = len(words) == 1 and Path(words[0]).stem.lower() == "roto"
    return words + IN_FOREGROUND if is_roto_alone else words


def _words(text: str) -> Tuple[str, ...]:
    """A command's words; quotes hold together what has spaces."""
    reader = shlex.shlex(text, posix=True)
    reader.whitespace_split = True
    reader.commenters = reader.escape = ""  # a backslash parts folders
    try:
        return tuple(reader)
    except ValueError as error:
        raise DaemonError(f"{DAEMON_VARIABLE} has quotes that do not end: {text}", "Close them.") from error


def _environment_for(program: str) -> Dict[str, str]:
    """This program's environment; without what says where its own Python is, for a program that has another one."""
    own = () if program == sys.executable else ("PYTHONPATH", "PYTHONHOME")
    return {name: value for name, value in os.environ.items() if name not in own}


def start(command: Sequence[str], folder: Path) -> "subprocess.Popen[bytes]":
    """Start a daemon that outlives this program and its terminal; a thread takes note when it ends.

    Raises DaemonError where the program cannot be started.
    """
    detached = {"creationflags": 0x00000208} if os.name == "nt" else {"start_new_session": True}  # no window, own group
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**_environment_for(command[0]), "ROTO_RUNTIME_DIR": str(folder)},
            **detached,  # type: ignore[arg-type]
        )
    except OSError as error:
        raise DaemonError(
            f"The daemon's program “{command[0]}” cannot be started: {error.strerror or error}.",
            f"Let {DAEMON_VARIABLE} name one that is there and may be run.",
        ) from error
    threading.Thread(target=process.wait, name="daemon-watch", daemon=True).start()
    return process
