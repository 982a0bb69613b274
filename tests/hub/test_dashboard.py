"""What a studio sees of its queue, its workers and its numbers, and that nobody sees those of others."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from hub_studio import Studio

from roto_hub.db.models import Job, Note, Shot, Version, now
from roto_hub.jobs.gauge import Gauge
from roto_hub.services.workers import leave, register, see
from roto_shared.protocol.messages import Models, ModelsQuery, StatusQuery


@pytest.fixture
def studio(files_studio: Studio) -> Studio:
    return files_studio


@pytest.fixture
def projects(studio) -> list[str]:
    return [studio.ok(studio.client.post("/projects", json={"name": name}))["id"] for name in ("day", "night")]


def put(studio, project: str, state: str = "waiting", ended_days_ago: float = 0, **more) -> str:
    """A job of a shot of its own."""
    moment = now() - timedelta(days=ended_days_ago)
    with studio.app.state.hub.database.begin() as session:
        number = session.query(Shot).count()
        shot = Shot(project_id=project, name=f"sh{number:03}", state="ready")
        session.add(shot)
        session.flush()
        said = {"kind": "segment", "request": {}, "depends_on": [], "created_at": moment, **more}
        job = Job(project_id=project, shot_id=shot.id, state=state, **said)
        job.ended_at = moment if state in ("done", "failed", "cancelled") else None
        session.add(job)
        session.flush()
        return job.id


def numbers(client) -> dict:
    answer = client.get("/statistics")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_numbers_of_all_projects_together_are_those_of_each_added_up(studio, projects) -> None:
    day, night = projects
    put(studio, day, "done", 0, done_frames=10, wait_s=1.0, run_s=20.0, frames_a_second=2.0)
    put(studio, day, "failed", 1)
    put(studio, night, "done", 1, done_frames=5, wait_s=3.0, run_s=40.0, frames_a_second=4.0)
    put(studio, night, "done", 31, done_frames=1000, wait_s=500.0, run_s=500.0)
    put(studio, night)
    found = numbers(studio.client)
    together, each = found["together"], {one["name"]: one["numbers"] for one in found["projects"]}
    assert list(each) == ["day", "night"]
    assert together["jobs"] == {"done": 3, "failed": 1, "waiting": 1}
    assert (together["done"], together["failed"], together["frames"]) == (2, 1, 15)
    assert (together["wait_s"], together["run_s"], together["frames_a_second"]) == (2.0, 30.0, 3.0)
    assert together["failed_share"] == pytest.approx(1 / 3)
    assert (each["day"]["done"], each["day"]["failed"], each["day"]["frames"]) == (1, 1, 10)
    assert (each["night"]["done"], each["night"]["failed_share"], each["night"]["run_s"]) == (1, 0, 40.0)
    assert each["day"]["shots"] == {"ready": 2}
    last, before = together["days"][-1], together["days"][-2]
    assert (last["done"], last["failed"], last["frames"], last["wait_s"], last["run_s"]) == (1, 0, 10, 1.0, 20.0)
    assert (before["done"], before["failed"], before["run_s"]) == (1, 1, 40.0)
    assert together["days"][0]["wait_s"] is None


def test_the_share_that_failed_is_of_the_jobs_of_the_days_that_are_shown(studio, projects) -> None:
    moment = now()
    since_midnight = (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 86400
    put(studio, projects[0], "failed", 29 + since_midnight + 0.01)
    found = numbers(studio.client)["together"]
    assert (found["done"], found["failed"], found["failed_share"]) == (0, 0, None)
    put(studio, projects[0], "failed", 29 + since_midnight - 0.01)
    found = numbers(studio.client)["together"]
    assert (found["failed"], found["failed_share"], found["days"][0]["failed"]) == (1, 1.0, 1)


def test_versions_and_retakes_are_counted_for_each_project(studio, projects) -> None:
    ids = [studio.fill(project) for project in projects]
    with studio.app.state.hub.database.begin() as session:
        session.get(Version, ids[0]["version_id"]).status = "retake"
        session.add(Note(version_id=ids[0]["version_id"], text="again", status="retake"))
        session.add(Note(version_id=ids[1]["version_id"], text="look here"))
    found = numbers(studio.client)
    assert found["together"]["versions"] == {"retake": 1, "pending": 1}
    assert [(one["numbers"]["retakes"], one["numbers"]["notes"]) for one in found["projects"]] == [(1, 0), (0, 1)]


def test_what_was_deleted_or_is_of_the_moment_counts_for_nothing(studio, projects) -> None:
    kept, gone = (studio.fill(project) for project in projects)
    with studio.app.state.hub.database.begin() as session:
        session.get(Version, kept["version_id"]).deleted_at = now()
        session.get(Shot, gone["shot_id"]).deleted_at = now()
    put(studio, projects[0], "done", kind="click", run_s=1.0)
    found = numbers(studio.client)["together"]
    assert (found["shots"], found["versions"], found["jobs"]) == ({"ready": 2}, {}, {"done": 2})
    assert (found["done"], found["run_s"]) == (0, None)


def test_frames_and_speed_are_those_of_tracking(studio, projects) -> None:
    put(studio, projects[0], "done", done_frames=10, frames_a_second=2.0)
    put(studio, projects[0], "done", kind="proxy", done_frames=500, frames_a_second=90.0)
    found = numbers(studio.client)["together"]
    assert (found["done"], found["frames"], found["frames_a_second"]) == (2, 10, 2.0)


def test_a_shot_s_numbers_are_its_own_and_a_judgement_is_no_note(studio, projects) -> None:
    ids = studio.fill(projects[0])
    put(studio, projects[0], "failed")
    with studio.app.state.hub.database.begin() as session:
        for status in ("approved", "retake", ""):
            session.add(Note(version_id=ids["version_id"], text="so", status=status))
    found = studio.ok(studio.client.get(f"/shots/{ids['shot_id']}/statistics"))
    assert (found["shots"], found["jobs"], found["failed"]) == ({"ready": 1}, {"done": 1}, 0)
    assert (found["retakes"], found["notes"]) == (1, 1)


def test_one_sees_the_numbers_of_one_s_own_projects_alone(studio, projects) -> None:
    day, night = projects
    put(studio, day, "done", 0, run_s=20.0)
    put(studio, night, "done", 0, run_s=40.0)
    found = numbers(studio.as_member(night, "viewer", "vi"))
    assert [one["name"] for one in found["projects"]] == ["night"]
    assert (found["together"]["done"], found["together"]["run_s"]) == (1, 40.0)
    nobody = numbers(studio.as_member(night, None, "nobody"))
    assert nobody["projects"] == []
    assert (nobody["together"]["jobs"], nobody["together"]["run_s"], len(nobody["together"]["days"])) == ({}, None, 30)
    assert studio.as_bearer("").get("/statistics").status_code == 401


def test_a_job_says_what_its_reader_may_do_to_it(studio, projects) -> None:
    job = put(studio, projects[0])
    expected = {"viewer": (False, False), "artist": (True, False), "supervisor": (True, True)}
    for role, may in expected.items():
        client = studio.as_member(projects[0], role, role)
        (listed,) = studio.ok(client.get("/jobs"))
        read = studio.ok(client.get(f"/jobs/{job}"))
        assert (listed["may_work"], listed["may_manage"]) == (read["may_work"], read["may_manage"]) == may
        assert client.patch(f"/jobs/{job}", json={"priority": 60}).status_code == (200 if may[1] else 403)


def test_jobs_are_asked_for_by_several_states_a_page_at_a_time(studio, projects) -> None:
    day = projects[0]
    old, new = (put(studio, day, state, ago) for state, ago in (("failed", 2), ("done", 1)))
    running, waiting = put(studio, day, "running"), put(studio, day)

    def listed(**query) -> list[str]:
        return [job["id"] for job in studio.ok(studio.client.get("/jobs", params=query))]

    assert listed(state=["done", "failed"]) == [new, old]
    assert listed(state=["done", "failed"], limit=1, offset=1) == [old]
    assert set(listed(state=["running", "given"])) == {running}
    assert listed(state="waiting") == [waiting]
    assert len(listed()) == len(listed(state="")) == 4


def test_a_job_that_waits_is_told_about_when_it_starts(studio, projects) -> None:
    day = projects[0]
    first, second, third = (put(studio, day, priority=priority) for priority in (90, 80, 70))
    bound = put(studio, day, priority=60, depends_on=[third])

    def told() -> list[float | None]:
        jobs = {job["id"]: job["starts_in_s"] for job in studio.ok(studio.client.get("/jobs"))}
        return [jobs[one] for one in (first, second, third, bound)]

    assert told() == [None] * 4, "nobody is there, and nothing was done"
    with studio.app.state.hub.database.begin() as session:
        for name in ("one", "two"):
            register(session, name, 1, [], ["nothing that these jobs need"], "", 0)
            session.get_one(Job, first).vram_mb = session.get_one(Job, second).vram_mb = 1
            session.get_one(Job, third).vram_mb = 1
    assert told() == [None] * 4, "nothing was done yet"
    for run_s in (10.0, 30.0, 50.0):
        put(studio, day, "done", 1, run_s=run_s)
    assert told() == [0, 0, 30, None]
    put(studio, day, "running", started_at=now(), total_frames=100, frames_a_second=1.0, worker="one")
    assert told() == [0, 30, 60, None]


def starts_of(studio, *jobs: str) -> list[float]:
    return [studio.job(one)["starts_in_s"] for one in jobs]


def test_a_start_is_told_by_how_long_jobs_of_its_kind_run_clicks_apart(studio, projects) -> None:
    day = projects[0]
    with studio.app.state.hub.database.begin() as session:
        for name in ("one", "gone"):
            register(session, name, 1, [], [], "", 0)
        leave(session, "gone")
    for kind, run_s in (("segment", 1000.0), ("proxy", 100.0), ("click", 1.0)):
        put(studio, day, "done", kind=kind, run_s=run_s)
    put(studio, day, "running", started_at=now() - timedelta(seconds=300), worker="one")
    put(studio, day, "running", started_at=now() - timedelta(hours=1), worker="gone")
    put(studio, day, "running", kind="click", total_frames=5000, frames_a_second=1.0, worker="one")
    put(studio, day, kind="click", priority=100, vram_mb=1)
    wanted = (("proxy", 90), ("export", 80), ("segment", 70))
    waiting = [put(studio, day, kind=kind, priority=priority, vram_mb=1) for kind, priority in wanted]
    assert starts_of(studio, *waiting) == pytest.approx([700, 800, 800 + (1000 + 100) / 2], abs=60)


def test_a_job_that_runs_for_longer_than_others_did_may_end_at_any_moment(studio, projects) -> None:
    put(studio, projects[0], "done", run_s=1000.0)
    put(studio, projects[0], "running", started_at=now() - timedelta(hours=1), worker="one")
    waiting = [put(studio, projects[0], vram_mb=1) for _ in range(2)]
    with studio.app.state.hub.database.begin() as session:
        register(session, "one", 1, [], [], "", 0)
    assert starts_of(studio, *waiting) == [0, 1000]


def test_a_job_that_pauses_after_a_fault_starts_no_sooner_than_its_pause_ends(studio, projects) -> None:
    put(studio, projects[0], "done", 1, run_s=10.0)
    job = put(studio, projects[0], vram_mb=1, not_before=now() + timedelta(seconds=300))
    with studio.app.state.hub.database.begin() as session:
        register(session, "one", 1, [], [], "", 0)
    assert studio.job(job)["starts_in_s"] == pytest.approx(300, abs=30)


def test_a_worker_s_gpu_says_how_full_it_is(studio) -> None:
    database = studio.app.state.hub.database
    with database.begin() as session:
        register(session, "one", 2, ["disc"], [], "A GPU", 24_000)

    def used() -> int | None:
        (worker,) = studio.ok(studio.client.get("/workers"))
        return worker["vram_used_mb"]

    assert used() is None
    for told in (9_000, None):
        with database.begin() as session:
            see(session, "one", told)
        assert used() == told


class Daemon:
    """Answers, unless it is to hang."""

    def __init__(self) -> None:
        self.hangs, self.may_go = threading.Event(), threading.Event()
        self.asked = threading.Event()
        self.gpu_used_mb = 7_000

    def ask(self, message: object, timeout_s: float) -> Daemon | Models:
        assert timeout_s > 0
        if isinstance(message, ModelsQuery):
            return Models(())
        assert isinstance(message, StatusQuery)
        self.asked.set()
        if self.hangs.is_set():
            self.may_go.wait(60)
        return self

    def close(self) -> None:
        pass


def test_a_daemon_that_does_not_answer_holds_up_nobody() -> None:
    daemon = Daemon()
    gauge = Gauge(lambda: daemon, every_s=0.02)  # type: ignore[arg-type, return-value]
    gauge.start()
    deadline = time.monotonic() + 10
    while (read := gauge.read().gpu_used_mb) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert read == 7_000
    daemon.hangs.set()
    daemon.asked.clear()
    assert daemon.asked.wait(10)
    time.sleep(0.05)
    gauge.read()
    began = time.monotonic()
    assert gauge.read().gpu_used_mb is None
    gauge.end()
    daemon.may_go.set()
    assert time.monotonic() - began < 1
