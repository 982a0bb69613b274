"""``roto daemon``: start, stop and look at the daemon of this user."""

from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roto_seg.exits import Exit
from roto_seg.output import JsonOption, finish
from roto_shared.errors import DaemonError, ProtocolError
from roto_shared.version import VERSION

if TYPE_CHECKING:
    from roto_shared.protocol.messages import Status

ANSWER_TIMEOUT_S = 5.0
STOP_TIMEOUT_S = 15.0

app = typer.Typer(name="daemon", help="The service that panels and commands share.", no_args_is_help=True)


@app.command()
def start(
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Stay in this terminal, and tell why it does not start.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Start the daemon, unless it runs already."""
    if foreground:
        from roto_daemon.__main__ import main

        raise typer.Exit(main())
    from roto_shared.discovery import connect_or_start, read_connection, runtime_folder

    connect_or_start(client="roto").close()
    connection = read_connection(runtime_folder())
    if connection is None:
        raise DaemonError("The daemon started and stopped again.", "Run `roto daemon start --foreground` to see why.")
    told = {"endpoint": connection.endpoint, "pid": connection.pid, "version": connection.version}
    finish(as_json, told, f"The daemon runs: process {connection.pid} at {connection.endpoint}.")


@app.command()
def stop(as_json: JsonOption = False) -> None:
    """Stop the daemon; what is done is kept."""
    from roto_shared.discovery import read_connection, runtime_folder
    from roto_shared.protocol.messages import Shutdown

    connection = read_connection(runtime_folder())
    try:
        answered = _ask(Shutdown()) is not None
    except (ProtocolError, DaemonError):  # it speaks another major version or hangs, so it is told by signal
        answered = connection is not None and _terminate(connection.pid)
    if not answered or connection is None:
        finish(as_json, {"stopped": False}, "No daemon runs.")
        return
    _wait_for_end(connection.pid)
    finish(as_json, {"stopped": True, "pid": connection.pid}, f"Stopped the daemon (process {connection.pid}).")


@app.command()
def status(as_json: JsonOption = False) -> None:
    """Say how the daemon is. Exit code 5 when none runs."""
    from roto_shared.protocol.messages import Status, StatusQuery
    from roto_shared.structure import to_plain

    answer = _ask(StatusQuery())
    if answer is None:
        finish(as_json, {"running": False}, "No daemon runs; commands and panels start it when they need it.")
        raise typer.Exit(Exit.DAEMON)
    finish(as_json, {"running": True, **to_plain(answer, Status)}, _describe(answer))


@app.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, metavar="N", help="How many of the last lines.")] = 50,
) -> None:
    """Print the end of the daemon's log: one JSON object a line."""
    from roto_daemon.settings import load_settings

    path = load_settings().log_file
    if not path.is_file():
        raise DaemonError(f"There is no log yet at {path}.", "The daemon writes it once it has been started.")
    with path.open(encoding="utf-8", errors="replace") as log:
        typer.echo("".join(deque(log, maxlen=lines)), nl=False)


def _ask(message: object) -> Any:
    """The daemon's answer, or None where no daemon runs. Raises ProtocolError for one of another major version."""
    from roto_shared.discovery import connect

    client = connect(client="roto")
    if client is None:
        return None
    with closing(client):
        return client.ask(message, timeout_s=ANSWER_TIMEOUT_S)


def _terminate(pid: int) -> bool:
    import psutil

    try:
        psutil.Process(pid).terminate()
    except psutil.NoSuchProcess:
        return False
    return True


def _wait_for_end(pid: int) -> None:
    import psutil

    try:
        psutil.Process(pid).wait(STOP_TIMEOUT_S)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired as error:
        raise DaemonError(
            f"The daemon (process {pid}) still finishes its work after {STOP_TIMEOUT_S:.0f} s.",
            "Wait, or end the process.",
        ) from error


def _describe(status: "Status") -> str:
    lines = [
        f"The daemon {status.version} runs: process {status.pid}, up {status.uptime_s:.0f} s, "
        f"{status.memory_mb:.0f} MB.",
        f"Engines loaded: {', '.join(status.engines) or 'none'}. Open sessions: {len(status.sessions)}.",
        *(f"  {job.kind} {job.session}" for job in status.jobs),
        f"Log: {status.log}",
        f"Weights: {status.store}",
    ]
    if status.version != VERSION:
        lines.append(f"This roto is {VERSION}: after `roto daemon stop` the next command starts a daemon of it.")
    return "\n".join(lines)
