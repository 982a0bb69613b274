"""A job that is cancelled while its worker is at it: however late that is, nothing comes of it. And a worker that is
told to end: what it was at is given back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disc_plate import FIRST, LAST, make_plate
from hub_studio import PROMPT
from sqlalchemy import text

from roto_daemon.app import Daemon
from roto_daemon.settings import DaemonSettings
from roto_hub.db.connect import Database
from roto_hub.db.migrate import migrate
from roto_hub.db.models import ATTEMPTS, Job, Project, Shot, User, Worker
from roto_hub.jobs.runner import JobRunner
from roto_hub.jobs.worker import Presence, end
from roto_hub.services import jobs
from roto_hub.services.shots import versions_of
from roto_hub.services.workers import register
from roto_hub.storage import Storage
from roto_shared.client import DaemonClient
from roto_shared.transport.memory import MemoryTransport

RENEWED_NEVER_S = 1e6


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    settings = DaemonSettings(
        runtime_dir=tmp_path / "run", state_dir=tmp_path / "state", weights_dir=tmp_path / "none", engine="disc"
    )
    daemon = Daemon(settings)
    yield daemon
    daemon.close()


@pytest.fixture
def job(database: Database, tmp_path: Path) -> str:
    """A segmentation that was given to a worker."""
    with database.begin() as session:
        register(session, "one", 1, ["disc"], [], "", 0)
        ada, project = User(email="ada@studio.example", name="Ada"), Project(name="The Long Night")
        session.add_all([ada, project])
        session.flush()
        shot = Shot(project_id=project.id, name="sh010", state="ready", plate=make_plate(tmp_path / "disc"))
        session.add(shot)
        session.flush()
        made = jobs.create_job(session, shot, ada, "segment", PROMPT)
        worker = session.get(Worker, "one")
        assert worker is not None
        assert jobs.claim_next(session, worker, RENEWED_NEVER_S) is made
        return made.id


def run(database: Database, folder: Path, connect: Callable[[], DaemonClient], job: str) -> Job:
    """The job, after its worker did with it what it does."""
    JobRunner(database, Storage(folder / "media"), connect, RENEWED_NEVER_S).run(job, 1)
    with database.read() as session:
        ended = session.get(Job, job)
        assert ended is not None
        assert versions_of(session, ended.shot) == []
        return ended


def cancel(database: Database, job: str) -> None:
    with database.begin() as session:
        found = session.get(Job, job)
        assert found is not None
        ada = session.get(User, found.user_id)
        assert ada is not None
        jobs.cancel(session, ada, found)


def test_a_job_that_is_cancelled_when_all_its_frames_are_done_makes_no_version(database, daemon, job, tmp_path) -> None:
    class LetGoOf(DaemonClient):
        """Its job has all that it asked for."""

        def close(self) -> None:
            super().close()
            cancel(database, job)

    ended = run(database, tmp_path, lambda: LetGoOf(MemoryTransport(daemon.desk.receive)), job)
    assert (ended.state, ended.result) == ("cancelled", None)


def test_a_job_that_tracks_notices_that_it_was_cancelled_as_it_tells_how_far_it_is(
    database, daemon, job, tmp_path
) -> None:
    def connect() -> DaemonClient:
        cancel(database, job)
        return DaemonClient(MemoryTransport(daemon.desk.receive))

    ended = run(database, tmp_path, connect, job)
    assert ended.state == "cancelled"
    assert ended.done_frames < LAST - FIRST + 1


@pytest.mark.parametrize("is_away", [False, True])
def test_a_worker_that_is_told_to_end_gives_its_job_back_also_where_it_can_tell_nobody(
    database, daemon, job, tmp_path, is_away
) -> None:
    def connect() -> DaemonClient:
        return DaemonClient(MemoryTransport(daemon.desk.receive))

    def connect_and_end() -> DaemonClient:
        if is_away:
            with database.begin() as session:
                session.execute(text("ALTER TABLE workers RENAME TO workers_away"))
        ending = threading.Thread(target=end, args=(presence, runner))
        ending.start()
        ending.join()
        return connect()

    presence = Presence(database, "one", 1, connect, RENEWED_NEVER_S)
    presence.__enter__()
    runner = JobRunner(database, Storage(tmp_path / "media"), connect_and_end, RENEWED_NEVER_S)
    runner.run(job, 1)
    with database.read() as session:
        given_back = session.get(Job, job)
        assert given_back is not None
        assert (given_back.state, given_back.worker, given_back.attempts) == ("waiting", None, ATTEMPTS)
