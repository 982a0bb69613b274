"""How a panel finds the daemon's program and the path table."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from roto_panel.reaching import connection_from, daemon_command, is_daemon_running, path_table
from roto_shared.discovery import Connection, write_connection
from roto_shared.errors import DaemonError, InputError
from roto_shared.protocol.version import PROTOCOL
from roto_shared.version import VERSION


def test_the_daemon_is_never_started_with_a_host_s_python(tmp_path: Path) -> None:
    assert daemon_command({"ROTO_DAEMON": "/opt/roto/daemon"}) == ("/opt/roto/daemon",)
    program = tmp_path / "roto"
    program.touch(mode=0o755)
    assert daemon_command({"PATH": str(tmp_path)}) == (str(program), "daemon", "start", "--foreground")
    with pytest.raises(DaemonError, match="no program “roto”"):
        daemon_command({"PATH": ""})


def test_roto_by_its_place_starts_the_daemon_as_the_one_on_the_path_does(tmp_path: Path) -> None:
    found = daemon_command({"PATH": _program(tmp_path / "roto")})
    assert daemon_command({"ROTO_DAEMON": str(tmp_path / "roto"), "PATH": ""}) == found
    assert daemon_command({"ROTO_DAEMON": "roto"}) == ("roto", *found[1:])
    _program(tmp_path / "my tools" / "roto.exe")
    spaced = str(tmp_path / "my tools" / "roto.exe")
    assert daemon_command({"ROTO_DAEMON": spaced}) == (spaced, *found[1:])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/opt/roto daemon start --foreground", ("/opt/roto", "daemon", "start", "--foreground")),
        ("rez-env roto -- roto daemon start", ("rez-env", "roto", "--", "roto", "daemon", "start")),
        (
            r'"C:\My Tools\python.exe" -m roto_daemon',
            (r"C:\My Tools\python.exe", "-m", "roto_daemon"),
        ),
        (r"D:\tools\start.cmd roto#2", (r"D:\tools\start.cmd", "roto#2")),
    ],
)
def test_a_program_is_started_with_the_arguments_that_are_said_with_it(said: str, words: tuple[str, ...]) -> None:
    assert daemon_command({"ROTO_DAEMON": said}) == words


def test_quotes_that_do_not_end_are_told() -> None:
    with pytest.raises(DaemonError, match="ROTO_DAEMON has quotes that do not end"):
        daemon_command({"ROTO_DAEMON": '"/opt/roto'})


def _program(path: Path) -> str:
    """Make one, and answer its folder."""
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o755)
    return str(path.parent)


def test_paths_come_from_the_file_that_is_named(tmp_path: Path) -> None:
    table = tmp_path / "paths.txt"
    table.write_text("/show -> /mnt/show\n")
    assert path_table({"ROTO_PATHS": str(table)}).to_daemon("/show/a.exr") == "/mnt/show/a.exr"
    assert path_table({}).to_daemon("/show/a.exr") == "/show/a.exr"
    table.write_text("nonsense\n")
    with pytest.raises(InputError, match="Line 1"):
        path_table({"ROTO_PATHS": str(table)})


def test_a_path_table_as_windows_editors_save_it_is_read_or_refused_in_words(tmp_path: Path) -> None:
    table = tmp_path / "paths.txt"
    table.write_text("//server/show -> /mnt/show\n", encoding="utf-8-sig")
    assert path_table({"ROTO_PATHS": str(table)}).to_daemon("//server/show/a.exr") == "/mnt/show/a.exr"
    table.write_text("//server/show -> /mnt/größe\n", encoding="cp1252")
    with pytest.raises(InputError, match=r"paths\.txt is no text in UTF-8"):
        path_table({"ROTO_PATHS": str(table)})


def test_a_running_daemon_is_reached_where_there_is_no_program_to_start_one(running, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(tmp_path / "there"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("ROTO_DAEMON", raising=False)
    reach = connection_from("Nuke")
    with pytest.raises(DaemonError, match="no program “roto”"):
        reach()
    (tmp_path / "there").mkdir()
    write_connection(tmp_path / "there", Connection(running.server.endpoint, "secret", 1, PROTOCOL, VERSION))
    client = reach()
    assert client.is_alive()
    client.close()


def test_what_a_killed_daemon_left_is_no_running_daemon_and_brings_none_back(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        endpoint = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        write_connection(tmp_path, Connection(endpoint, "secret", 1, PROTOCOL, VERSION))
        assert is_daemon_running()
    assert not is_daemon_running()


@pytest.mark.skipif(os.name != "posix", reason="files have owners on POSIX")
def test_another_user_s_daemon_is_none_and_is_said_to_be_in_the_way_of_ours(
    running, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(tmp_path))
    write_connection(tmp_path, Connection(running.server.endpoint, "secret", 1, PROTOCOL, VERSION))
    assert is_daemon_running()
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert not is_daemon_running()
    with pytest.raises(DaemonError, match=r"belongs to another user.*ROTO_RUNTIME_DIR"):
        connection_from("Nuke")()
