"""The queue of record, on both databases: urgency, fairness, and that nobody's job is lost or done twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hub_servers import KINDS, create_database
from sqlalchemy import inspect, select

from roto_hub.db.connect import Database
from roto_hub.db.migrate import is_current, migrate
from roto_hub.db.models import ATTEMPTS, Base, Event, Job, Project, Shot, User, Version, Worker, now
from roto_hub.jobs.dispatch import Dispatcher
from roto_hub.problems import ConflictError
from roto_hub.services import jobs
from roto_hub.services.jobs import JobFilter
from roto_hub.services.shots import delete_shot, give_plate
from roto_hub.services.workers import busy_slots, register, workers_with_room
from roto_hub.storage import Storage

LEASE_S = 30.0


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    if request.param == "servers":
        postgres, _ = request.getfixturevalue("servers")
        url = create_database(postgres, f"queue_{abs(hash(request.node.nodeid)) % 10**12}")
    database = Database(url)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def shots(database) -> dict[str, str]:
    """A shot in each of two projects, by the project's name."""
    with database.begin() as session:
        register(session, "one", 1, ["disc"], [], "", 0)
        found = {}
        for name in ("night", "day"):
            project = Project(name=name)
            session.add(project)
            session.flush()
            shot = Shot(project_id=project.id, name="sh010", state="ready")
            session.add(shot)
            session.flush()
            found[name] = shot.id
    return found


def put(database, shot: str, priority: int = 50, kind: str = "proxy", **more) -> str:
    request = {"engine": more.pop("engine", ""), "texts": more.pop("texts", [])}
    with database.begin() as session:
        return jobs.create_job(session, session.get(Shot, shot), None, kind, request, priority, **more).id


def put_many(database, shot: str, number: int, kind: str = "proxy", **more) -> None:
    with database.begin() as session:
        for _ in range(number):
            jobs.create_job(session, session.get(Shot, shot), None, kind, **more)


def claim(database, worker: str = "one") -> str | None:
    with database.begin() as session:
        job = jobs.claim_next(session, session.get(Worker, worker), LEASE_S)
        return None if job is None else job.id


def change(database, job: str, **values) -> None:
    with database.begin() as session:
        for name, value in values.items():
            setattr(session.get(Job, job), name, value)


def read(database, job: str) -> Job:
    with database.read() as session:
        return session.get(Job, job)


def read_jobs(database) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job)))


def shot_of(database, shot: str) -> tuple[str, str]:
    """A shot's state and fault."""
    with database.read() as session:
        found = session.get(Shot, shot)
        return found.state, found.fault


def end(database, job: str, *error: object) -> None:
    """As its worker would: done, or failed with a code and whether that was the machine."""
    with database.begin() as session:
        held = jobs.held(session, job, session.get(Job, job).attempt)
        if error:
            jobs.fail(session, held, str(error[0]), "It failed.", "", bool(error[1]))
        else:
            jobs.finish(session, held, {})


def test_migrations_go_up_and_down_and_make_the_tables_that_the_code_wants(database) -> None:
    assert is_current(database)
    assert set(Base.metadata.tables) | {"alembic_version"} == set(inspect(database.engine).get_table_names())
    migrate(database, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    assert not is_current(database)
    migrate(database)
    assert is_current(database)


def test_the_most_urgent_comes_first_and_among_equals_the_oldest(database, shots) -> None:
    slow, first, second = (put(database, shots["night"], priority) for priority in (10, 50, 50))
    urgent = put(database, shots["night"], 90)
    assert [claim(database) for _ in range(5)] == [urgent, first, second, slow, None]


def test_a_job_that_is_done_has_done_all_of_its_frames(database, shots) -> None:
    job = put(database, shots["night"])
    assert claim(database) == job
    with database.begin() as session:
        jobs.progress(session, session.get(Job, job), 4, 20, 2.0)
    end(database, job)
    assert [(one.done_frames, one.total_frames) for one in read_jobs(database)] == [(20, 20)]


def test_jobs_that_work_on_a_shot_s_session_come_one_after_the_other(database, shots) -> None:
    first = put(database, shots["night"], kind="segment")
    second = put(database, shots["night"], kind="reshape")
    written = put(database, shots["night"], kind="export")
    other = put(database, shots["day"], kind="segment")
    assert [claim(database) for _ in range(3)] == [first, other, None]
    end(database, first)
    assert [claim(database) for _ in range(2)] == [second, None]
    end(database, second)
    assert claim(database) == written


def test_a_project_with_many_jobs_does_not_starve_another(database, shots) -> None:
    night = [put(database, shots["night"]) for _ in range(3)]
    day = put(database, shots["day"])
    assert [claim(database) for _ in range(4)] == [night[0], day, night[1], night[2]]


def test_however_many_jobs_a_project_has_another_one_s_turn_comes(database, shots) -> None:
    put_many(database, shots["night"], 300, request={})
    day = put(database, shots["day"])
    assert claim(database) != day
    assert claim(database) == day


@pytest.mark.parametrize("why", ["nobody has their engine", "they wait for another", "their shot is busy"])
def test_however_many_jobs_nobody_can_do_yet_one_behind_them_is_done(database, shots, why) -> None:
    kind = "segment" if why == "their shot is busy" else "proxy"
    before = put(database, shots["night"], 95, kind=kind)
    assert claim(database) == before
    engine = "sam3" if why == "nobody has their engine" else ""
    needed = [before] if why == "they wait for another" else []
    put_many(database, shots["night"], 300, kind=kind, request={"engine": engine}, priority=90, depends_on=needed)
    behind = put(database, shots["day"], 10)
    assert [claim(database), claim(database)] == [behind, None]


def test_a_job_waits_for_what_it_depends_on_and_fails_with_it(database, shots) -> None:
    before = put(database, shots["night"], 10)
    after = put(database, shots["night"], 90, depends_on=[before])
    assert claim(database) == before
    assert claim(database) is None
    end(database, before)
    assert claim(database) == after
    doomed = put(database, shots["night"], 10)
    hanging = put(database, shots["night"], 90, depends_on=[doomed])
    assert claim(database) == doomed
    end(database, doomed, "plate", False)
    assert claim(database) is None
    assert read(database, hanging).error["code"] == "dependency"


def test_a_worker_gets_only_what_it_can_do(database, shots) -> None:
    put(database, shots["night"], engine="sam2")
    put(database, shots["night"], vram_mb=8000)
    assert claim(database) is None
    with database.begin() as session:
        register(session, "big", 1, ["disc", "sam2"], [], "a GPU", 24000)
    assert claim(database, "big") is not None
    assert claim(database, "big") is not None


def test_an_engine_of_two_and_words_go_to_who_has_the_models(database, shots) -> None:
    pair, words = (
        put(database, shots["night"], engine="sam2+cutie"),
        put(database, shots["night"], texts=[{"text": "dog"}]),
    )
    assert claim(database) is None
    with database.begin() as session:
        register(session, "pairs", 1, ["sam2", "cutie"], ["prompt", "track"], "", 0)
        register(session, "finds", 1, ["disc", "grounding-dino-tiny"], ["prompt", "track", "detect"], "", 0)
    assert claim(database, "pairs") == pair
    assert claim(database, "finds") == words


def test_a_fault_of_the_machine_is_tried_again_after_a_pause_and_one_of_the_input_is_not(database, shots) -> None:
    job = put(database, shots["night"])
    for attempt in (1, 2, 3):
        assert claim(database) == job
        assert read(database, job).attempt == attempt
        end(database, job, "daemon", True)
        if attempt < 3:
            assert (read(database, job).state, claim(database)) == ("waiting", None)
            change(database, job, not_before=now() - timedelta(seconds=1))
    assert read(database, job).state == "failed"
    bad = put(database, shots["night"])
    assert claim(database) == bad
    end(database, bad, "plate", False)
    assert read(database, bad).state == "failed"


def test_a_shot_whose_check_ends_badly_is_refused_and_is_checked_again_with_the_job(database, shots) -> None:
    with database.begin() as session:
        session.add(User(id="a" * 32, email="a@x.example", name="Ada"))
        shot = session.get(Shot, shots["night"])
        give_plate(session, shot, "plate.mov", None)
    [check] = [job.id for job in read_jobs(database)]
    for _ in range(3):
        assert claim(database) == check
        assert shot_of(database, shots["night"]) == ("checking", "")
        change(database, check, lease_until=now() - timedelta(seconds=1))
        with database.begin() as session:
            jobs.take_from_dead(session)
        change(database, check, not_before=None)
    silent = "one fell silent. Look at that worker's log, then retry the job."
    assert shot_of(database, shots["night"]) == ("refused", silent)
    with database.begin() as session:
        jobs.retry(session, session.get(User, "a" * 32), session.get(Job, check))
    assert shot_of(database, shots["night"]) == ("checking", "")
    with database.begin() as session:
        jobs.cancel(session, session.get(User, "a" * 32), session.get(Job, check))
    cancelled = "The check of its plate was cancelled. Retry that job."
    assert shot_of(database, shots["night"]) == ("refused", cancelled)


def test_a_job_that_somebody_tries_again_has_all_its_attempts_and_waits_for_nothing(database, shots) -> None:
    with database.begin() as session:
        session.add(User(id="a" * 32, email="a@x.example", name="Ada"))
    job = put(database, shots["night"])
    change(database, job, state="failed", attempts=1, is_unwanted=True, not_before=now() + timedelta(hours=1))
    change(database, job, ended_at=now())
    with database.begin() as session:
        jobs.retry(session, session.get(User, "a" * 32), session.get(Job, job))
    assert read(database, job).ended_at is None
    for _ in range(ATTEMPTS):
        assert claim(database) == job
        end(database, job, "daemon", True)
        change(database, job, not_before=None)
    assert (read(database, job).state, claim(database)) == ("failed", None)


def test_a_job_whose_shot_was_deleted_is_not_tried_again(database, shots, tmp_path) -> None:
    with database.begin() as session:
        session.add(User(id="a" * 32, email="a@x.example", name="Ada"))
    job = put(database, shots["night"])
    claim(database)
    end(database, job, "plate", False)
    with database.begin() as session:
        delete_shot(session, session.get(User, "a" * 32), session.get(Shot, shots["night"]), 1, Storage(tmp_path))
    with pytest.raises(ConflictError, match="shot was deleted"), database.begin() as session:
        jobs.retry(session, session.get(User, "a" * 32), session.get(Job, job))
    assert read(database, job).state == "failed"


def test_who_lost_a_job_can_change_nothing_any_more(database, shots) -> None:
    job = put(database, shots["night"])
    claim(database)
    change(database, job, lease_until=now() - timedelta(seconds=1))
    with database.begin() as session:
        assert [one.id for one in jobs.take_from_dead(session)] == [job]
    change(database, job, not_before=None)
    assert claim(database) == job
    with database.begin() as session:
        assert jobs.held(session, job, 1) is None, "the first attempt is over"
        assert not jobs.renew(session, job, 1, LEASE_S)
        assert jobs.renew(session, job, 2, LEASE_S)


def test_a_job_gives_one_version_whatever_happens(database, shots) -> None:
    job = put(database, shots["night"])
    claim(database)
    with database.begin() as session:
        jobs.add_version(session, session.get(Job, job), "somewhere", ["disc"])
    with pytest.raises(Exception, match=r"(?i)unique"), database.begin() as session:
        jobs.add_version(session, session.get(Job, job), "elsewhere", ["disc"])
    with database.read() as session:
        assert [version.folder for version in session.scalars(select(Version))] == ["somewhere"]


def test_a_job_that_waits_is_cancelled_at_once_and_one_that_runs_is_told(database, shots) -> None:
    with database.begin() as session:
        session.add(User(id="a" * 32, email="a@x.example", name="Ada"))
    waiting, running = put(database, shots["night"], 10), put(database, shots["night"], 90)
    assert claim(database) == running
    with database.begin() as session:
        for job in (waiting, running):
            jobs.cancel(session, session.get(User, "a" * 32), session.get(Job, job))
    assert read(database, waiting).state == "cancelled"
    assert read(database, running).state == "given"
    with database.begin() as session:
        assert not jobs.renew(session, running, 1, LEASE_S), "its worker is told to stop"
    end(database, running, "cancelled", False)
    assert read(database, running).state == "cancelled"


def test_several_dispatchers_give_every_job_out_once(database, shots) -> None:
    wanted = [put(database, shots["night" if number % 2 else "day"]) for number in range(12)]
    with database.begin() as session:
        register(session, "one", 20, ["disc"], [], "", 0)
    sent: list[str] = []
    dispatchers = [Dispatcher(database, lambda _w, job, _a: sent.append(job), LEASE_S, 0.01) for _ in range(3)]
    threads = [threading.Thread(target=one.dispatch) for one in dispatchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == sorted(wanted)


def test_a_dispatcher_waits_for_another_and_sees_what_that_one_gave_out(database, shots) -> None:
    first = put(database, shots["night"], kind="segment", engine="sam2")
    put(database, shots["night"], kind="segment")
    with database.begin() as session:
        register(session, "big", 1, ["sam2"], [], "", 0)
    sent: list[str] = []
    other = Dispatcher(database, lambda _worker, job, _attempt: sent.append(job), LEASE_S, 0.01)
    thread = threading.Thread(target=other.dispatch)
    with database.begin() as session:
        jobs.take_turn_to_claim(session)
        assert jobs.claim_next(session, session.get(Worker, "big"), LEASE_S).id == first
        thread.start()
        thread.join(1.0)
        assert thread.is_alive()
    thread.join()
    assert sent == [], "the shot is being worked on"


def test_a_worker_gets_no_more_than_it_has_slots_and_none_when_it_is_silent(database, shots) -> None:
    for _ in range(3):
        put(database, shots["night"])
    dispatcher = Dispatcher(database, lambda *_: None, LEASE_S, 0.01)
    assert dispatcher.dispatch() == 1
    with database.begin() as session:
        register(session, "two", 1, ["disc"], [], "", 0)
        session.get(Worker, "two").seen_at = now() - timedelta(seconds=LEASE_S + 1)
    assert dispatcher.dispatch() == 0


def test_the_worker_with_the_most_room_comes_first_and_takes_one_click_at_a_time(database, shots) -> None:
    with database.begin() as session:
        register(session, "two", 3, ["disc"], [], "", 0)
        assert [one.name for one in workers_with_room(session, LEASE_S)] == ["two", "one"]
        assert {one.name for one in workers_with_room(session, LEASE_S, is_fleeting=True)} == {"one", "two"}
    put(database, shots["night"], kind="click")
    with database.begin() as session:
        assert jobs.claim_next(session, session.get(Worker, "two"), LEASE_S, is_fleeting=True) is not None
        assert [one.name for one in workers_with_room(session, LEASE_S, is_fleeting=True)] == ["one"]


def test_a_dispatcher_takes_jobs_from_workers_that_fell_silent(database, shots) -> None:
    job = put(database, shots["night"])
    assert claim(database) == job
    change(database, job, lease_until=now() - timedelta(seconds=1))
    Dispatcher(database, lambda *_: None, LEASE_S, 0.01).dispatch()
    assert (read(database, job).state, read(database, job).error["code"]) == ("waiting", "worker_gone")


def test_a_click_is_given_out_before_jobs_that_are_more_urgent(database, shots) -> None:
    shot = put(database, shots["night"], priority=90)
    click, sent = put(database, shots["day"], kind="click"), []
    Dispatcher(database, lambda _worker, job, _attempt: sent.append(job), LEASE_S, 0.01).dispatch()
    assert sent == [click, shot]


def test_a_broker_that_is_gone_loses_no_job(database, shots) -> None:
    job, is_gone, sent = put(database, shots["night"]), [True], []

    def send(_worker: str, job_id: str, _attempt: int) -> None:
        if is_gone.pop() if is_gone else False:
            raise ConnectionError("no broker")
        sent.append(job_id)

    dispatcher = Dispatcher(database, send, LEASE_S, 0.01)
    dispatcher._is_closing.set()  # so that it does not wait in this test
    dispatcher.dispatch()
    dispatcher.dispatch()
    assert sent == [job]
    assert read(database, job).state == "given"


def test_a_job_that_is_cancelled_while_its_broker_takes_no_message_is_over(database, shots) -> None:
    job = put(database, shots["night"], kind="check")

    def send(_worker: str, job_id: str, _attempt: int) -> None:
        with database.begin() as session:
            jobs.cancel(session, User(name="Ada"), session.get(Job, job_id))
        raise ConnectionError("no broker")

    dispatcher = Dispatcher(database, send, LEASE_S, 0.01)
    dispatcher._is_closing.set()  # so that it does not wait in this test
    assert dispatcher.dispatch() == 0
    assert read(database, job).state == "cancelled"
    assert shot_of(database, shots["night"]) == ("refused", "The check of its plate was cancelled. Retry that job.")


def test_a_dispatcher_ends_although_its_broker_is_gone(database, shots) -> None:
    put(database, shots["night"])
    is_tried = threading.Event()

    def send(_worker: str, _job_id: str, _attempt: int) -> None:
        is_tried.set()
        raise ConnectionError("no broker")

    dispatcher = Dispatcher(database, send, LEASE_S, 0.01)
    dispatcher.start()
    assert is_tried.wait(30)
    closing = threading.Thread(target=dispatcher.close, daemon=True)
    closing.start()
    closing.join(LEASE_S / 3)  # after the lease no worker is left, and so nothing to be tried
    assert not closing.is_alive()


def test_a_click_is_given_beside_a_worker_s_slots_and_told_to_nobody(database, shots) -> None:
    sent: list[str] = []
    dispatcher = Dispatcher(database, lambda _worker, job, _attempt: sent.append(job), LEASE_S, 1.0)
    tracking, waiting = put(database, shots["night"]), put(database, shots["night"])
    assert dispatcher.dispatch() == 1
    with database.begin() as session:
        shot = session.get(Shot, shots["night"])
        clicks = [jobs.create_job(session, shot, None, "click", {}, priority=100).id for _ in range(2)]
    assert dispatcher.dispatch() == 1
    assert sent == [tracking, clicks[0]]
    with database.read() as session:
        assert {job.id for job in jobs.list_jobs(session, JobFilter(), 10)} == {tracking, waiting}
        assert {event.subject for event in session.scalars(select(Event))} == {tracking, waiting}
        assert busy_slots(session) == {"one": 1}


class LateClock(datetime):
    """The clock of a machine that is an hour late."""

    @classmethod
    def now(cls, tz=None) -> datetime:
        return datetime.now(tz) - timedelta(hours=1)


@pytest.mark.needs("pg_ctlcluster", "redis-server")
def test_a_worker_whose_clock_is_wrong_keeps_its_job(servers, monkeypatch) -> None:
    database = Database(create_database(servers[0], "queue_late"))
    migrate(database)
    with database.begin() as session:
        project = Project(name="night")
        session.add(project)
        session.flush()
        shot = Shot(project_id=project.id, name="sh010", state="ready")
        session.add(shot)
    with monkeypatch.context() as on_the_worker, database.begin() as session:
        on_the_worker.setattr("roto_hub.db.models.base.datetime", LateClock)
        register(session, "late", 1, ["disc"], [], "", 0)
    job = put(database, shot.id)
    with database.begin() as session:
        assert [worker.name for worker in workers_with_room(session, LEASE_S)] == ["late"]
    assert claim(database, "late") == job
    with monkeypatch.context() as on_the_worker, database.begin() as session:
        on_the_worker.setattr("roto_hub.db.models.base.datetime", LateClock)
        assert jobs.renew(session, job, 1, LEASE_S)
    with database.begin() as session:
        assert jobs.take_from_dead(session) == []
    database.close()
