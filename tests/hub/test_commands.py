"""``roto hub`` from the command line, and that its page names every setting."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from hub_servers import create_database, free_port, postgres_folder, running_postgres

from roto_hub.db.connect import Database
from roto_hub.db.migrate import is_current, migrate
from roto_hub.jobs.own_daemon import own_daemon
from roto_hub.settings import HubSettings

PAGE = Path(__file__).parents[2] / "docs" / "hub.md"


def roto_hub(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "ROTO_HUB_DATA_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "roto_seg", "hub", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_an_administrator_is_made_and_made_once(tmp_path: Path) -> None:
    secret = {"ROTO_HUB_ADMIN_PASSWORD": "four words in a row"}
    made = roto_hub(tmp_path, "create-admin", "ada@studio.example", **secret)
    assert (made.returncode, made.stdout.strip()) == (0, "ada@studio.example is an administrator.")
    again = roto_hub(tmp_path, "create-admin", "ada@studio.example", **secret)
    assert again.returncode != 0
    assert "has an account already" in again.stderr
    weak = roto_hub(tmp_path, "create-admin", "bob@studio.example", ROTO_HUB_ADMIN_PASSWORD="short")
    assert "at least 12 characters" in weak.stderr


@pytest.mark.parametrize("told", ["ada", "ada@", "ada @studio.example", ""])
def test_an_administrator_needs_an_address_to_log_in_with(tmp_path: Path, told: str) -> None:
    ran = roto_hub(tmp_path, "create-admin", told, ROTO_HUB_ADMIN_PASSWORD="four words in a row")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert f"“{told}” is no address. Give one such as ada@studio.example." in ran.stderr


def test_the_database_goes_up_and_down(tmp_path: Path) -> None:
    assert roto_hub(tmp_path, "migrate").stdout.strip() == "The database is up to date."
    assert roto_hub(tmp_path, "migrate", "--down").stdout.strip() == "The tables are gone."


def test_a_database_of_a_later_version_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    roto_hub(tmp_path, "migrate")
    with closing(sqlite3.connect(tmp_path / "hub.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'later'")
    for arguments in (("migrate",), ("migrate", "--down"), ("up", "--workers", "0")):
        ran = roto_hub(tmp_path, *arguments, ROTO_HUB_PORT=str(free_port()))
        assert (ran.returncode, ran.stdout) == (3, "")
        assert "The database's tables are not this version's" in ran.stderr


def test_a_worker_says_what_is_wrong_with_its_database(tmp_path: Path) -> None:
    empty = roto_hub(tmp_path, "worker")
    assert (empty.returncode, "Run `roto hub migrate`" in empty.stderr) == (3, True)
    away = roto_hub(tmp_path, "worker", ROTO_HUB_DATABASE_URL="postgresql+psycopg://ada@127.0.0.1:1/hub")
    assert (away.returncode, "Start it, or correct" in away.stderr) == (6, True)


@pytest.mark.parametrize("name", ["farm/1", "farm one", "Zwölf", "..", "n" * 101])
def test_a_worker_has_a_name_that_its_messages_can_be_sent_under(tmp_path: Path, name: str) -> None:
    roto_hub(tmp_path, "migrate")
    told = roto_hub(tmp_path, "worker", "--name", name, ROTO_RUNTIME_DIR=str(tmp_path / "run"))
    assert (told.returncode, "is no name for a worker" in told.stderr) == (3, True)


@pytest.mark.needs("pg_ctlcluster")
def test_hubs_that_begin_at_the_same_moment_migrate_one_after_the_other(tmp_path: Path) -> None:
    with postgres_folder() as folder, running_postgres(folder) as address:
        for number in range(5):
            url = create_database(address, f"hub{number}")
            hubs = [Database(url) for _ in range(6)]
            with ThreadPoolExecutor(len(hubs)) as pool:
                list(pool.map(migrate, hubs))
            assert is_current(hubs[0])
            for hub in hubs:
                hub.close()


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = roto_hub(tmp_path, "up", ROTO_HUB_PORT=str(port))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.strip() == f"roto: Port {port} is taken. Set ROTO_HUB_PORT to a free one."


def test_an_address_of_another_machine_is_one_sentence(tmp_path: Path) -> None:
    ran = roto_hub(tmp_path, "up", ROTO_HUB_HOST="192.0.2.1", ROTO_HUB_PORT=str(free_port()))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "The hub cannot listen at 192.0.2.1" in ran.stderr


def test_a_bucket_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    ran = roto_hub(
        tmp_path, "up", "--workers", "0", ROTO_HUB_MEDIA_URL="nowhere://studio", ROTO_HUB_PORT=str(free_port())
    )
    assert ran.returncode == 3
    assert "ROTO_HUB_MEDIA_URL cannot be used" in ran.stderr


def test_settings_come_from_the_file_and_variables_come_before_it(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('port = 9000\nlease_s = 7.5\nshared_roots = ["/show"]\n')
    monkeypatch.setenv("ROTO_HUB_FILE", str(file))
    monkeypatch.setenv("ROTO_HUB_PORT", "9001")
    settings = HubSettings()
    assert (settings.port, settings.lease_s, settings.shared_roots) == (9001, 7.5, (Path("/show"),))


WRONG = [
    ({"ROTO_HUB_PORT": "high"}, 3, "port: Input should be a valid integer"),
    ({"ROTO_HUB_LOG_LEVEL": "loud"}, 3, "log_level: Input should be 'debug', 'info', 'warning' or 'error'"),
    ({"ROTO_HUB_SHARED_ROOTS": "/show"}, 3, "A list or a table is JSON in a variable"),
    ({"ROTO_HUB_FILE": "none.toml"}, 3, "ROTO_HUB_FILE names none.toml, which is no file."),
    ({"ROTO_HUB_FILE": "broken.toml"}, 3, "broken.toml is not valid TOML"),
    ({"ROTO_HUB_FILE": "unknown.toml"}, 3, "prt: Extra inputs are not permitted"),
    ({"ROTO_HUB_DATABASE_URL": "the one in the cellar"}, 3, "ROTO_HUB_DATABASE_URL names no database"),
    ({"ROTO_HUB_PORT": "99999"}, 3, "port: Input should be less than or equal to 65535"),
    ({"ROTO_HUB_QUOTA": "-5"}, 3, "quota: Input should be greater than or equal to 0"),
    ({"ROTO_HUB_LEASE_S": "0"}, 3, "lease_s: Input should be greater than or equal to 1"),
    ({"ROTO_HUB_TICK_S": "0"}, 3, "tick_s: Input should be greater than or equal to 0.01"),
    ({"ROTO_HUB_SECRET": "hush"}, 3, "secret: Value error, it has fewer than 32 characters"),
    ({"ROTO_HUB_BROKER_URL": "localhost:6379"}, 3, "broker_url: String should match pattern '^(rediss?://"),
    ({"ROTO_HUB_MEDIA_URL": "studio/hub"}, 3, "media_url: String should match pattern"),
    ({"ROTO_HUB_DATABASE_URL": "mysql://ada:hush@127.0.0.1/hub"}, 3, "ROTO_HUB_DATABASE_URL names no database"),
    ({"ROTO_HUB_DATABASE_URL": "sqlite:///."}, 6, "unable to open database file"),
    ({"ROTO_HUB_DATABASE_URL": "postgresql+psycopg://ada:hush@127.0.0.1:1/hub"}, 6, "Start it, or correct"),
]


@pytest.mark.parametrize(("told", "code", "sentence"), WRONG, ids=str)
def test_settings_that_make_no_sense_are_one_sentence(tmp_path: Path, monkeypatch, told, code, sentence) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("port =", "utf-8")
    Path("unknown.toml").write_text("prt = 9000", "utf-8")
    ran = roto_hub(tmp_path / "hub", "migrate", **told)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert sentence in ran.stderr
    assert "not foreseen" not in ran.stderr and "hush" not in ran.stderr


def test_the_data_folder_is_the_same_from_everywhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "ada"))
    assert HubSettings(data_dir=Path("hub")).data_dir == tmp_path / "hub"
    assert HubSettings(data_dir=Path("~/hub")).data_dir == tmp_path / "ada" / "hub"


def test_the_secret_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    settings = HubSettings(data_dir=tmp_path)
    assert settings.signing_secret() == HubSettings(data_dir=tmp_path).signing_secret()
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_hubs_that_begin_at_the_same_moment_have_the_same_secret(tmp_path: Path) -> None:
    for number in range(20):
        settings = HubSettings(data_dir=tmp_path / str(number))
        with ThreadPoolExecutor(8) as pool:
            (secret,) = {one.result() for one in [pool.submit(settings.signing_secret) for _ in range(8)]}
        assert len(secret) == 64
        assert [path.name for path in settings.data_dir.iterdir()] == ["secret"]


def test_no_token_is_signed_with_an_empty_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    ran = roto_hub(tmp_path, "up", "--workers", "0", ROTO_HUB_PORT=str(free_port()))
    assert ran.returncode == 3
    assert "secret is empty" in ran.stderr


def test_the_page_names_every_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in HubSettings.model_fields if f"`ROTO_HUB_{name.upper()}`" not in page] == []


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_up_starts_everything_and_leaves_nothing_behind(tmp_path: Path, told: signal.Signals) -> None:
    with running_up(tmp_path, told) as (_, connection):
        pid = json.loads(connection.read_text(encoding="utf-8"))["pid"]
        assert psutil.pid_exists(pid)
    _until(lambda: is_over(pid))


def test_up_starts_a_worker_again_that_was_killed(tmp_path: Path) -> None:
    with running_up(tmp_path, signal.SIGINT) as (hub, connection):
        daemon = psutil.Process(json.loads(connection.read_text(encoding="utf-8"))["pid"])
        (worker,) = psutil.Process(hub.pid).children()
        worker.kill()
        _until(lambda: [one for one in psutil.Process(hub.pid).children() if one.pid != worker.pid])
        (heir,) = [one for one in psutil.Process(hub.pid).children() if one.pid != worker.pid]
        assert heir.cmdline() == [
            sys.executable,
            "-m",
            "roto_seg",
            "hub",
            "worker",
            "--name",
            f"{socket.gethostname()}-1",
        ]
    assert is_over(heir.pid)
    daemon.terminate()  # of the worker that was killed, which it outlives


@contextmanager
def running_up(folder: Path, told: signal.Signals) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """``roto hub up``, which is told to end by a signal; with it where its worker's daemon says how it is reached."""
    port = free_port()
    variables = {"DATA_DIR": str(folder / "hub"), "PORT": str(port), "LEASE_S": "4"}
    variables = {**os.environ, **{f"ROTO_HUB_{name}": value for name, value in variables.items()}}
    variables |= {"XDG_RUNTIME_DIR": str(folder / "run"), "ROTO_ENGINE": "disc"}
    variables.pop("ROTO_RUNTIME_DIR", None)
    hub = subprocess.Popen([sys.executable, "-m", "roto_seg", "hub", "up"], env=variables, stdout=subprocess.PIPE)
    connection = folder / "run" / "roto" / "hub" / f"{socket.gethostname()}-1" / "daemon.json"
    try:
        assert hub.stdout is not None
        assert f"http://127.0.0.1:{port}" in hub.stdout.readline().decode()
        _until(connection.exists)
        yield hub, connection
    finally:
        hub.send_signal(told)
        hub.communicate(timeout=60)


def is_over(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_daemon_that_is_somebody_else_s_is_left_running(tmp_path: Path) -> None:
    given = {"ROTO_RUNTIME_DIR": str(tmp_path), "ROTO_STATE_DIR": str(tmp_path / "state")}
    with own_daemon(tmp_path / "hub", "one", environment := dict(given)):
        assert environment == given
    with own_daemon(tmp_path / "hub", "one", environment := {"XDG_RUNTIME_DIR": str(tmp_path)}):
        assert environment["ROTO_STATE_DIR"] == str(tmp_path / "hub" / "state"), "another worker finds it there"
        assert environment["ROTO_RUNTIME_DIR"] == str(tmp_path / "roto" / "hub" / "one")


def _until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
