"""People who are asked in, and what a studio watches."""

from __future__ import annotations

import re
from datetime import timedelta

from hub_studio import ADMIN
from sqlalchemy import func, select

from roto_hub.db.models import Event, Invitation, Job, LogInAttempt, now
from roto_hub.services import jobs
from roto_hub.services.events import append_event
from roto_hub.services.logins import FAILURES
from roto_hub.upkeep import Upkeep


def invite(studio, project: str, role: str = "artist") -> dict[str, str]:
    body = {"email": "Bob@Studio.example", "role": role}
    return studio.ok(studio.client.post(f"/projects/{project}/invitations", json=body))


def accept(studio, token: str, password: str = ADMIN["password"]):
    body = {"token": token, "name": "Bob", "password": password}
    return studio.as_bearer("").post("/invitations/accept", json=body)


def new_project(studio, name: str = "one") -> str:
    return studio.ok(studio.client.post("/projects", json={"name": name}))["id"]


def test_who_is_asked_in_chooses_a_password_and_is_a_member(files_studio) -> None:
    project = new_project(files_studio)
    invitation = invite(files_studio, project)
    assert files_studio.ok(accept(files_studio, invitation["token"]))["email"] == "bob@studio.example"
    bob = files_studio.as_bearer(files_studio.log_in("bob@studio.example", ADMIN["password"])["access"])
    assert [one["id"] for one in files_studio.ok(bob.get("/projects"))] == [project]
    members = {one["role"] for one in files_studio.ok(bob.get(f"/projects/{project}/members"))}
    assert members == {"supervisor", "artist"}
    assert accept(files_studio, invitation["token"]).status_code == 404, "it is good once"
    assert files_studio.ok(files_studio.client.get(f"/projects/{project}/invitations")) == [], "it is open no more"


def test_who_is_asked_into_two_projects_comes_into_both_by_one_password(studio) -> None:
    projects = [new_project(studio, name) for name in ("day", "night")]
    first, second = (invite(studio, project) for project in projects)
    bob = studio.ok(accept(studio, first["token"]))["id"]
    for _ in range(FAILURES):
        wrong = accept(studio, second["token"], "some words that are not it")
        assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden")
    assert accept(studio, second["token"]).status_code == 429, "nobody finds a password out by an invitation"
    with studio.app.state.hub.database.begin() as session:
        session.query(LogInAttempt).delete()
    assert studio.ok(accept(studio, second["token"]))["id"] == bob
    members = studio.ok(studio.client.get(f"/projects/{projects[1]}/members"))
    assert [one["role"] for one in members if one["user_id"] == bob] == ["artist"]


def test_an_invitation_takes_nothing_from_who_is_more_by_now(files_studio) -> None:
    project = new_project(files_studio)
    viewer, supervisor, artist = (invite(files_studio, project, role) for role in ("viewer", "supervisor", "artist"))

    def role_after(invitation: dict[str, str]) -> str:
        bob = files_studio.ok(accept(files_studio, invitation["token"]))["id"]
        members = files_studio.ok(files_studio.client.get(f"/projects/{project}/members"))
        return next(one["role"] for one in members if one["user_id"] == bob)

    assert [role_after(one) for one in (viewer, supervisor, artist)] == ["viewer", "supervisor", "supervisor"]


def test_an_invitation_that_is_over_or_withdrawn_is_none(files_studio) -> None:
    project = new_project(files_studio)
    withdrawn, late = invite(files_studio, project), invite(files_studio, project)
    path = f"/projects/{project}/invitations"
    assert "token" not in files_studio.ok(files_studio.client.get(path))[0]
    assert files_studio.client.delete(f"{path}/{withdrawn['id']}").status_code == 204
    assert accept(files_studio, withdrawn["token"]).status_code == 404
    with files_studio.app.state.hub.database.begin() as session:
        session.get(Invitation, late["id"]).expires_at = now() - timedelta(seconds=1)
    assert accept(files_studio, late["token"]).status_code == 404
    assert files_studio.ok(files_studio.client.get(path)) == []


def test_another_project_s_invitation_does_not_exist(files_studio) -> None:
    project = new_project(files_studio)
    other = files_studio.ok(files_studio.client.post("/projects", json={"name": "other"}))["id"]
    invitation = invite(files_studio, project)
    assert files_studio.client.delete(f"/projects/{other}/invitations/{invitation['id']}").status_code == 404


def test_every_answer_carries_an_id_and_a_client_s_own_is_kept(files_studio) -> None:
    made = files_studio.client.get("/projects").headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    told = files_studio.client.get("/projects", headers={"X-Request-ID": "farm-7"})
    assert told.headers["x-request-id"] == "farm-7"
    assert files_studio.client.get("/nothing").headers["x-request-id"], "faults too"


def test_prometheus_is_told_of_requests_jobs_and_workers(files_studio) -> None:
    ids = files_studio.fill(new_project(files_studio))
    with files_studio.app.state.hub.database.begin() as session:
        job = session.get(Job, ids["job_id"])
        jobs.start(session, job)
        job.wait_s, job.done_frames = 2.5, 12
        jobs.finish(session, job, {})
        job.run_s = 4.0
    files_studio.client.get("/projects")
    numbers = files_studio.client.get(f"{files_studio.url}/metrics").text
    assert 'roto_requests_total{endpoint="list_projects",method="GET",status="200"} 1.0' in numbers
    assert 'roto_jobs{state="done"} 1.0' in numbers
    assert "roto_oldest_wait_seconds 0.0" in numbers
    for name, total in (("jobs_done", 1.0), ("job_wait_seconds", 2.5), ("job_run_seconds", 4.0), ("frames", 12.0)):
        assert f'roto_{name}_total{{kind="export"}} {total}' in numbers


def test_old_events_are_forgotten(files_studio) -> None:
    database = files_studio.app.state.hub.database
    with database.begin() as session:
        append_event(session, "old", "0" * 32, None).at = now() - timedelta(days=31)
        append_event(session, "new", "0" * 32, None)
    Upkeep(database, files_studio.app.state.hub.storage).tidy()
    with database.read() as session:
        kinds = set(session.scalars(select(Event.kind)))
        assert "old" not in kinds
        assert "new" in kinds
        assert session.scalar(select(func.count()).select_from(Event))


def test_events_are_counted_on_after_a_month_in_which_nothing_happened(studio) -> None:
    database = studio.app.state.hub.database
    with database.begin() as session:
        last = append_event(session, "old", "0" * 32, None).id
        for event in session.scalars(select(Event)):
            event.at = now() - timedelta(days=31)
    Upkeep(database, studio.app.state.hub.storage).tidy()
    with database.begin() as session:
        assert append_event(session, "new", "0" * 32, None).id > last
