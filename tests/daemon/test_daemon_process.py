"""A real daemon process over a real socket: found, greeted, refused, killed, and gone on with."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zmq
from filelock import FileLock

from roto_daemon import app
from roto_daemon.settings import load_settings
from roto_shared import discovery
from roto_shared.client import DaemonClient
from roto_shared.errors import DaemonError, ProtocolError
from roto_shared.protocol import messages
from roto_shared.protocol.codec import Envelope, decode, encode
from roto_shared.transport.zmq import ZmqTransport

POSIX = os.name == "posix"


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "run"
    monkeypatch.setenv("ROTO_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("ROTO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("ROTO_WEIGHTS_DIR", str(tmp_path / "weights"))
    (tmp_path / "daemon.toml").touch()
    monkeypatch.setenv("ROTO_SETTINGS", str(tmp_path / "daemon.toml"))
    monkeypatch.setenv("ROTO_ENGINE", "disc")
    yield folder
    client = discovery.connect(folder)
    if client is not None:
        client.ask(messages.Shutdown())
        client.close()


@pytest.fixture
def process(runtime: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A daemon that this test owns, so that it can be killed and reaped."""
    process = subprocess.Popen([sys.executable, "-m", "roto_daemon"])
    yield process
    if process.poll() is None:
        process.terminate()
    process.wait(20)


@pytest.fixture
def client(runtime: Path, process: "subprocess.Popen[bytes]") -> Iterator[DaemonClient]:
    client = discovery.await_daemon(process, runtime)
    yield client
    client.close()


def test_a_client_starts_the_daemon_where_there_is_none_and_a_second_one_finds_it(runtime):
    first = discovery.connect_or_start()
    second = discovery.connect_or_start()
    assert first.ask(messages.StatusQuery()).pid == second.ask(messages.StatusQuery()).pid
    first.close()
    second.close()


@pytest.mark.skipif(not POSIX, reason="a program as POSIX has it")
def test_the_daemon_is_started_by_the_roto_that_is_named(runtime, tmp_path, monkeypatch):
    program = tmp_path / "roto"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path[:] = {sys.path}\nfrom roto_seg.main import run\nrun()\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("ROTO_DAEMON", str(program))
    with closing(discovery.connect_or_start()) as client:
        assert client.ask(messages.StatusQuery()).pid


def test_a_program_that_is_not_there_is_told_with_the_variable_that_names_it(runtime, tmp_path, monkeypatch):
    monkeypatch.setenv("ROTO_DAEMON", str(tmp_path / "none"))
    with pytest.raises(DaemonError, match=r"none” cannot be started.*ROTO_DAEMON"):
        discovery.connect_or_start()


@pytest.mark.skipif(not POSIX, reason="file modes are POSIX")
def test_the_connection_file_is_for_its_owner_only(client, runtime):
    assert stat.S_IMODE(discovery.connection_file(runtime).stat().st_mode) == 0o600
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700


@pytest.mark.parametrize("gone", ["daemon.json", "everything"])
def test_a_daemon_whose_connection_file_was_tidied_away_is_found_again(client, process, runtime, gone):
    if gone == "everything":
        runtime.rename(runtime.with_name("tidied"))  # at once: the daemon may publish between two files that go
    else:
        discovery.connection_file(runtime).unlink()
    deadline = time.monotonic() + 20
    while not discovery.connection_file(runtime).exists():
        assert time.monotonic() < deadline, "it was not published again"
        time.sleep(0.05)
    with closing(discovery.connect_or_start()) as again:
        assert again.ask(messages.StatusQuery()).pid == process.pid


def test_a_second_daemon_says_who_holds_the_place(client, process):
    second = subprocess.run(
        [sys.executable, "-m", "roto_daemon"], capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 5
    assert str(process.pid) in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("place", ["ROTO_STATE_DIR", "ROTO_RUNTIME_DIR"])
def test_a_daemon_whose_folder_cannot_be_used_names_it_and_ends_with_5(runtime, tmp_path, monkeypatch, place):
    (tmp_path / "file").touch()
    monkeypatch.setenv(place, str(tmp_path / "file" / "folder"))
    ended = subprocess.run(
        [sys.executable, "-m", "roto_daemon"], capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 5
    assert str(tmp_path / "file" / "folder") in ended.stderr
    assert "Traceback" not in ended.stderr


def test_shutdown_removes_the_connection_file_and_ends_the_process(client, process, runtime):
    client.ask(messages.Shutdown())
    assert process.wait(20) == 0
    assert not discovery.connection_file(runtime).exists()


def test_a_stop_signal_ends_it_just_as_well(client, process, runtime):
    process.terminate()
    assert process.wait(20) == 0
    assert not discovery.connection_file(runtime).exists()


def test_a_wrong_token_is_refused(client, runtime):
    connection = discovery.read_connection(runtime)
    intruder = DaemonClient(ZmqTransport(connection.endpoint), "guess")
    with pytest.raises(ProtocolError, match="token"):
        intruder.ask(messages.StatusQuery(), timeout_s=10)
    intruder.close()


def raw_answer(connection: discovery.Connection, parts: list[bytes]) -> messages.Failed:
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.connect(connection.endpoint)
        dealer.send_multipart(parts)
        assert dealer.poll(10_000)
        return decode(dealer.recv_multipart()).message


@pytest.mark.parametrize("parts", [[b""], [b"\xc1"], [b"\x93\x01\x02\x03"], [b"x" * 2_000_000], [b"\x80"] * 5000])
def test_malformed_messages_are_refused_and_the_daemon_goes_on(client, runtime, parts):
    failed = raw_answer(discovery.read_connection(runtime), parts)
    assert failed.code == "protocol"
    assert client.ask(messages.StatusQuery(), timeout_s=10).pid


def test_a_client_of_another_major_version_is_told(client, runtime):
    connection = discovery.read_connection(runtime)
    parts = encode(Envelope(1, messages.StatusQuery(), connection.token, version=(2, 0)))
    failed = raw_answer(connection, parts)
    assert failed.code == "protocol"
    assert "Update" in failed.remedy


def test_a_daemon_of_another_major_version_is_told_by_the_client(client, runtime):
    path = discovery.connection_file(runtime)
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "protocol": [9, 0]}))
    with pytest.raises(ProtocolError, match="speaks protocol 9"):
        discovery.connect(runtime)
    path.write_text(json.dumps(told))


def test_a_damaged_connection_file_counts_as_none(runtime):
    runtime.mkdir()
    discovery.connection_file(runtime).write_text("{")
    assert discovery.connect(runtime) is None


def test_a_connection_file_left_by_a_killed_daemon_counts_as_none(client, process, runtime):
    process.kill()
    process.wait(20)
    assert discovery.connection_file(runtime).exists()
    assert discovery.connect(runtime) is None


def test_what_a_killed_daemon_left_is_not_told_of_the_next_one_while_that_begins(runtime, monkeypatch):
    discovery.make_private(runtime)
    discovery.write_connection(runtime, discovery.Connection("tcp://127.0.0.1:9", "token", 1, (1, 0), "0"))
    told: list[discovery.Connection | None] = []
    monkeypatch.setattr(app, "_serve", lambda _: told.append(discovery.read_connection(runtime)))
    app.run_daemon(load_settings())
    assert told == [None]


@pytest.fixture
def another_program() -> Iterator[int]:
    """The port of a program that listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_connection_file_whose_port_another_program_has_counts_as_none(runtime, another_program):
    runtime.mkdir(mode=0o700)
    endpoint = f"tcp://127.0.0.1:{another_program}"
    discovery.write_connection(runtime, discovery.Connection(endpoint, "token", os.getpid(), (1, 0), "0"))
    daemon = discovery.connect_or_start()
    assert daemon.ask(messages.StatusQuery(), timeout_s=10).pid != os.getpid()
    daemon.close()


@pytest.mark.skipif(not POSIX, reason="a process is stopped by a POSIX signal")
def test_a_daemon_that_lives_and_does_not_answer_is_not_taken_for_a_dead_one(client, process, runtime):
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(DaemonError, match="does not answer"):
            discovery.connect(runtime)
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert discovery.connection_file(runtime).exists()


@pytest.fixture
def ending_daemon(runtime) -> Iterator[FileLock]:
    """The lock of a daemon that was told to stop and ends its work: nobody can reach it any more."""
    discovery.make_private(runtime)
    with FileLock(discovery.lock_file(runtime)) as lock:
        yield lock


def test_a_daemon_waits_for_the_one_before_to_end(runtime, ending_daemon, process):
    log = load_settings().log_file
    while not (log.exists() and "waiting for another daemon" in log.read_text()):
        assert process.poll() is None, "it ended instead"
        time.sleep(0.02)
    ending_daemon.release()
    daemon = discovery.await_daemon(process, runtime)
    assert daemon.ask(messages.StatusQuery(), timeout_s=10).pid == process.pid
    daemon.close()


def test_a_daemon_that_cannot_start_is_said_so(runtime):
    with pytest.raises(DaemonError, match="did not start"):
        discovery.connect_or_start(lambda: (sys.executable, "-c", "raise SystemExit(5)"), runtime)


@pytest.mark.skipif(not POSIX, reason="a process is stopped by a POSIX signal")
def test_a_client_that_waits_is_told_when_the_daemon_is_killed(client, process):
    os.kill(process.pid, signal.SIGSTOP)
    request = client.start(messages.StatusQuery())
    threading.Timer(0.2, process.kill).start()
    with pytest.raises(DaemonError, match="gone"):
        client.finish(request, timeout_s=10)


def test_the_track_of_a_killed_client_stops_and_another_client_goes_on_with_it(client, disc_clip):
    code = (
        "import os; from roto_shared import discovery; from roto_shared.protocol import messages as m;"
        "c = discovery.connect();"
        f"s = c.ask(m.OpenSession(m.PlateRef({disc_clip.pattern!r}))).session;"
        "c.ask(m.Segment(s, 1001, (m.ObjectPrompt('disc', ((20.5, 30.5),)),)));"
        "c.ask(m.Track(s), lambda e: os._exit(9) if isinstance(e, m.TrackedFrame) else None)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 9
    session = client.ask(messages.OpenSession(messages.PlateRef(disc_clip.pattern)), timeout_s=10).session
    while any(job.kind == "track" for job in client.ask(messages.StatusQuery(), timeout_s=10).jobs):
        pass
    events: list[object] = []
    client.ask(messages.Track(session), events.append)
    stored = [event.frame for event in events if isinstance(event, messages.TrackedFrame) and event.stored]
    assert stored[0] == 1002
