"""``roto daemon``: one real daemon, started, looked at, and stopped."""

import json
import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from roto_seg.commands import daemon
from roto_shared import discovery
from roto_shared.discovery import Connection, connection_file, runtime_folder, write_connection
from roto_shared.protocol.version import PROTOCOL
from roto_shared.version import VERSION


def test_without_a_daemon_status_ends_with_5_and_stop_with_0(roto):
    status = roto("daemon", "status", "--json")
    assert (status.exit_code, json.loads(status.stdout)) == (5, {"running": False})
    stop = roto("daemon", "stop", "--json")
    assert (stop.exit_code, json.loads(stop.stdout)) == (0, {"stopped": False})


@pytest.mark.skipif(os.name != "posix", reason="files have owners on POSIX")
@pytest.mark.parametrize("command", ["status", "stop", "start"])
def test_a_runtime_folder_of_another_user_is_said_to_be_one(roto, anothers_folder, command):
    result = roto("daemon", command)
    assert result.exit_code == 5
    assert f"{anothers_folder} belongs to another user. Set ROTO_RUNTIME_DIR" in " ".join(result.stderr.split())


@pytest.mark.skipif(os.name != "posix", reason="files have owners on POSIX")
def test_a_daemon_of_another_user_is_neither_told_nor_stopped(roto, anothers_folder):
    if os.getuid():
        pytest.skip("only root can put a file into another user's folder")
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        write_connection(anothers_folder, Connection("tcp://127.0.0.1:9", "token", other.pid, PROTOCOL, VERSION))
        results = [roto("daemon", command).exit_code for command in ("status", "stop", "start")]
        assert (results, other.poll()) == ([5, 5, 5], None)
        other.kill()


@pytest.mark.parametrize("command", ["status", "stop", "start"])
def test_a_runtime_folder_below_a_file_is_said_to_be_of_no_use(roto, tmp_path, monkeypatch, command):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(tmp_path / "file" / "run"))
    result = roto("daemon", command)
    assert result.exit_code == 5
    assert "cannot be used: Not a directory" in " ".join(result.stderr.split())


def test_a_daemon_that_gets_a_file_for_its_runtime_folder_says_so_and_ends_with_5(roto_process, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(tmp_path / "file"))
    started = roto_process("daemon", "start", "--foreground")
    assert started.returncode == 5
    assert "cannot be used: File exists" in started.stderr


def test_without_a_log_logs_says_where_it_will_be(roto, tmp_path):
    result = roto("daemon", "logs")
    assert result.exit_code == 5
    assert str(tmp_path / "state") in result.stderr


@pytest.mark.usefixtures("stop_daemon_after")
def test_start_status_logs_stop(roto_process, roto):
    started = json.loads(roto_process("daemon", "start", "--json").stdout)
    again = json.loads(roto("daemon", "start", "--json").stdout)
    assert again["pid"] == started["pid"]

    status = json.loads(roto("daemon", "status", "--json").stdout)
    assert (status["running"], status["pid"]) == (True, started["pid"])
    assert "daemon started" in roto("daemon", "logs", "--lines", 5).stdout

    assert roto("daemon", "stop").exit_code == 0
    assert not psutil.pid_exists(started["pid"])
    assert not connection_file(runtime_folder()).exists()


@pytest.mark.usefixtures("stop_daemon_after")
def test_a_daemon_that_was_started_before_an_upgrade_is_told(roto, monkeypatch):
    assert roto("daemon", "start").exit_code == 0
    assert "This roto is" not in roto("daemon", "status").output
    monkeypatch.setattr(daemon, "VERSION", "9.9.9")
    assert "This roto is 9.9.9: after `roto daemon stop`" in roto("daemon", "status").output


@pytest.mark.usefixtures("stop_daemon_after")
def test_a_second_daemon_in_the_foreground_names_the_first(roto, roto_process):
    started = json.loads(roto("daemon", "start", "--json").stdout)
    second = roto_process("daemon", "start", "--foreground")
    assert second.returncode == 5
    assert str(started["pid"]) in second.stderr


@pytest.mark.usefixtures("stop_daemon_after")
def test_a_daemon_of_another_protocol_is_told_and_can_be_stopped(roto):
    started = json.loads(roto("daemon", "start", "--json").stdout)
    path = connection_file(runtime_folder())
    path.write_text(json.dumps({**json.loads(path.read_text()), "protocol": [9, 0]}))

    status = roto("daemon", "status")
    assert status.exit_code == 5
    assert "speaks protocol 9" in status.stderr

    assert roto("daemon", "stop").exit_code == 0
    assert not psutil.pid_exists(started["pid"])


@pytest.mark.skipif(os.name != "posix", reason="a process is stopped by a POSIX signal")
@pytest.mark.usefixtures("stop_daemon_after")
def test_a_daemon_that_does_not_answer_can_be_stopped(roto, monkeypatch):
    started = json.loads(roto("daemon", "start", "--json").stdout)
    monkeypatch.setattr(discovery, "HELLO_TIMEOUT_S", 1.0)
    os.kill(started["pid"], signal.SIGSTOP)
    threading.Timer(4.0, os.kill, (started["pid"], signal.SIGCONT)).start()
    assert roto("daemon", "stop").exit_code == 0
    assert not psutil.pid_exists(started["pid"])


@pytest.mark.skipif(os.name != "posix", reason="a process is stopped by a POSIX signal")
@pytest.mark.usefixtures("stop_daemon_after")
def test_a_daemon_that_cannot_be_stopped_is_named(roto, monkeypatch):
    started = json.loads(roto("daemon", "start", "--json").stdout)
    monkeypatch.setattr(discovery, "HELLO_TIMEOUT_S", 1.0)
    monkeypatch.setattr(daemon, "STOP_TIMEOUT_S", 1.0)
    os.kill(started["pid"], signal.SIGSTOP)
    stop = roto("daemon", "stop")
    os.kill(started["pid"], signal.SIGCONT)
    assert stop.exit_code == 5
    assert str(started["pid"]) in stop.stderr
