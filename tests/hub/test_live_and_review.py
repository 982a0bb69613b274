"""Events as they happen, and what is said of versions."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest
import websockets
from hub_servers import free_port
from hub_studio import Studio

from roto_hub import live
from roto_hub.api import live as live_api
from roto_hub.db.models import Job, Shot, Version
from roto_hub.services.events import append_event


def happen(studio, kind: str, project: str | None = None) -> int:
    with studio.app.state.hub.database.begin() as session:
        return append_event(session, kind, "0" * 32, project).id


def listen(studio, client: httpx.Client, wanted: int, after: int | None, do: Any = None) -> list[dict[str, Any]]:
    """So many events, and ``do`` once the stream is quiet: what was missed until then has been read."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    found = []
    with client.stream("GET", "/events", headers=headers, timeout=10) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for line in stream.iter_lines():
            if line.startswith(":") and do is not None:
                do()
                do = None
            if line.startswith("data: "):
                found.append(json.loads(line[6:]))
            if len(found) == wanted:
                return found
    raise AssertionError("the stream ended")


def test_a_client_that_comes_back_misses_nothing(studio) -> None:
    first = happen(studio, "one")
    for kind in ("two", "three"):
        happen(studio, kind)
    missed = listen(studio, studio.client, 2, first)
    assert [event["kind"] for event in missed] == ["two", "three"]
    fresh = listen(studio, studio.client, 1, None, lambda: happen(studio, "now"))
    assert fresh[0]["kind"] == "now"


def test_a_client_hears_on_although_an_older_database_was_restored_meanwhile(files_studio) -> None:
    studio = files_studio
    far = happen(studio, "before") + 1000
    fresh = listen(studio, studio.client, 1, far, lambda: happen(studio, "now"))
    assert fresh[0]["kind"] == "now"


def test_live_clients_hear_at_once_what_another_hub_did(studio, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(live, "POLL_S", 60.0)  # nobody looks by themselves
    twin = (
        Studio(studio.settings.model_copy(update={"port": free_port()}), tmp_path)
        if studio.settings.broker_url
        else studio
    )
    try:
        done = listen(studio, studio.client, 1, None, lambda: create_by(twin, studio))
        assert done[0]["kind"] == "project.created"
    finally:
        if twin is not studio:
            twin.close()


def create_by(hub: Studio, studio: Studio) -> None:
    headers = {"Authorization": studio.client.headers["Authorization"]}
    made = httpx.post(f"{hub.url}/api/v1/projects", json={"name": "news"}, headers=headers)
    assert made.status_code == 201, made.text


def test_events_of_a_project_are_for_its_members_alone(studio, project) -> None:
    stranger = studio.as_member(project, None, "bob")
    start = happen(studio, "begin")
    happen(studio, "secret", project)
    happen(studio, "public")
    assert [event["kind"] for event in listen(studio, stranger, 1, start)] == ["public"]
    assert [event["kind"] for event in listen(studio, studio.client, 2, start)] == ["secret", "public"]


def test_who_missed_much_hears_of_it_page_by_page_and_of_no_other_project(studio, project) -> None:
    bob = studio.as_member(project, "viewer", "bob")
    other = studio.ok(studio.client.post("/projects", json={"name": "Secret"}))["id"]
    start = happen(studio, "begin")
    happen_often(studio, "secret", other, 1200)
    happen_often(studio, "news", project, 1100)
    happen(studio, "end", project)
    heard = [event["kind"] for event in listen(studio, bob, 1101, start)]
    assert heard == ["news"] * 1100 + ["end"]


def test_who_missed_more_than_is_told_hears_so_and_goes_on_from_there(studio, project, monkeypatch) -> None:
    monkeypatch.setattr(live, "MOST_MISSED", 20)
    bob = studio.as_member(project, "viewer", "bob")
    start = happen(studio, "begin")
    happen_often(studio, "news", project, 20)
    assert [event["kind"] for event in listen(studio, bob, 20, start)] == ["news"] * 20
    last = happen(studio, "news", project)
    missed, fresh = listen(studio, bob, 2, start, lambda: happen(studio, "now", project))
    assert (missed["kind"], missed["id"]) == ("missed", last)
    assert fresh["kind"] == "now"


def happen_often(studio, kind: str, project: str, times: int) -> None:
    with studio.app.state.hub.database.begin() as session:
        for _ in range(times):
            append_event(session, kind, "0" * 32, project)


def test_a_browser_listens_by_a_websocket_and_goes_on_where_it_was(studio) -> None:
    token = studio.client.headers["Authorization"].removeprefix("Bearer ")
    start = happen(studio, "begin")
    happen(studio, "missed")

    async def talk() -> list[str]:
        async with websockets.connect(f"{studio.url.replace('http', 'ws')}/api/v1/live?after={start}") as socket:
            await socket.send(token)
            return [json.loads(await asyncio.wait_for(socket.recv(), 10))["kind"] for _ in range(2)]

    assert asyncio.run(talk()) == ["ready", "missed"]


def test_who_is_taken_out_of_a_project_or_into_one_hears_less_or_more_from_the_next_beat_on(
    studio, project, monkeypatch
) -> None:
    monkeypatch.setattr(live, "BEAT_S", 0.2)
    bob = studio.as_member(project, "viewer", "bob")
    member = f"/projects/{project}/members/{studio.ok(bob.get('/me'))['id']}"
    asked, allowed = [], live_api._projects

    def asked_for(*caller: Any) -> Any:
        asked.append(caller)
        return allowed(*caller)

    monkeypatch.setattr(live_api, "_projects", asked_for)

    def change(role: str | None, kind: str) -> None:
        assert studio.client.put(member, json={"role": role}).status_code == 204
        third = len(asked) + 3  # when this beat asks, what the one before it found, after the change, is taken over
        studio.until(lambda: len(asked) >= third)
        happen(studio, kind, project)

    def all_of_it() -> None:
        change(None, "secret")
        change("viewer", "news")

    heard = listen(studio, bob, 1, None, lambda: threading.Thread(target=all_of_it).start())
    assert [event["kind"] for event in heard] == ["news"]


@pytest.mark.parametrize("how", ["deactivated", "revoked"])
def test_a_live_client_whose_log_in_is_over_is_let_go_at_the_next_beat(files_studio, monkeypatch, how) -> None:
    monkeypatch.setattr(live, "BEAT_S", 0.2)
    bob = files_studio.as_member("", None, "bob")
    key = files_studio.ok(bob.post("/me/keys", json={"name": "tv", "scopes": ["read"]}))

    def end() -> None:
        if how == "revoked":
            bob.delete(f"/me/keys/{key['id']}")
            return
        me = files_studio.ok(bob.get("/me"))
        change = {"json": {"is_active": False}, "headers": {"If-Match": f'"{me["revision"]}"'}}
        files_studio.ok(files_studio.client.patch(f"/users/{me['id']}", **change))

    async def talk() -> int:
        async with websockets.connect(f"{files_studio.url.replace('http', 'ws')}/api/v1/live") as socket:
            await socket.send(key["key"])
            assert json.loads(await socket.recv())["kind"] == "ready"
            await asyncio.to_thread(end)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                while True:
                    await asyncio.wait_for(socket.recv(), 10)
            return closed.value.rcvd.code

    assert asyncio.run(talk()) == 4401
    assert files_studio.as_bearer(key["key"]).get("/events").status_code == 401


@pytest.mark.parametrize("what", ["nothing", "a key that may not read"])
def test_a_websocket_of_somebody_who_may_not_listen_is_closed(files_studio, what) -> None:
    made = files_studio.ok(files_studio.client.post("/me/keys", json={"name": "pen", "scopes": ["write"]}))
    token = made["key"] if "key" in what else what

    async def talk() -> int:
        async with websockets.connect(f"{files_studio.url.replace('http', 'ws')}/api/v1/live") as socket:
            await socket.send(token)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await asyncio.wait_for(socket.recv(), 10)
            return closed.value.rcvd.code

    assert asyncio.run(talk()) == 4401


@pytest.fixture
def version(files_studio) -> str:
    """A version of a shot of frames 1001 to 1012, which waits for review."""
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    with files_studio.app.state.hub.database.begin() as session:
        shot = Shot(project_id=project, name="sh010", state="ready", first_frame=1001, last_frame=1012)
        session.add(shot)
        session.flush()
        job = Job(project_id=project, shot_id=shot.id, kind="segment", request={}, depends_on=[], state="done")
        session.add(job)
        session.flush()
        found = Version(shot_id=shot.id, job_id=job.id, number=1, folder="none", objects=["hero"])
        session.add(found)
        session.flush()
        return found.id


def next_version(studio: Studio, version: str) -> str:
    """Another version of the same shot."""
    with studio.app.state.hub.database.begin() as session:
        before = session.get(Version, version)
        made_by = {"kind": "segment", "request": {}, "depends_on": [], "state": "done"}
        job = Job(project_id=session.get(Shot, before.shot_id).project_id, shot_id=before.shot_id, **made_by)
        session.add(job)
        session.flush()
        found = Version(shot_id=before.shot_id, job_id=job.id, number=before.number + 1, folder="none", objects=[])
        session.add(found)
        session.flush()
        return found.id


def test_a_retake_needs_a_reason_and_an_approval_does_not(files_studio, version) -> None:
    path, judged = f"/versions/{version}/judgement", {"If-Match": '"1"'}
    for bare in ({"status": "retake"}, {"status": "retake", "text": " \n"}):
        assert files_studio.client.post(path, json=bare, headers=judged).json()["title"] == "A retake needs a note."
    outside = files_studio.client.post(path, json={"status": "approved", "frame": 2000}, headers=judged)
    assert "no frame 2000" in outside.json()["title"]
    retake = {"status": "retake", "text": "The left hand slides."}
    assert files_studio.ok(files_studio.client.post(path, json=retake, headers=judged))["status"] == "retake"
    late = files_studio.client.post(path, json={"status": "approved"}, headers=judged)
    assert late.status_code == 412, "somebody judged it meanwhile"
    approved = files_studio.client.post(path, json={"status": "approved"}, headers={"If-Match": '"2"'})
    assert files_studio.ok(approved)["status"] == "approved"
    history = [note["status"] for note in files_studio.ok(files_studio.client.get(f"/versions/{version}/notes"))]
    assert history == ["retake", "approved"]


def test_notes_are_pinned_to_frames_and_regions_drawn_and_answered(files_studio, version) -> None:
    path = f"/versions/{version}/notes"
    pinned = {"text": "Edge boils", "frame": 1005, "region": [10, 20, 60, 70], "drawing": [[[1, 2], [3, 4]]]}
    note = files_studio.ok(files_studio.client.post(path, json=pinned))
    assert (note["frame"], note["region"]) == (1005, {"box": [10, 20, 60, 70]})
    assert note["drawing"] == {"strokes": [[[1, 2], [3, 4]]]}
    answer = files_studio.ok(files_studio.client.post(path, json={"text": "Done", "answers": note["id"]}))
    assert answer["answers"] == note["id"]
    outside = files_studio.client.post(path, json={"text": "?", "frame": 2000})
    assert "no frame 2000" in outside.json()["title"]
    elsewhere = files_studio.ok(
        files_studio.client.post(f"/versions/{next_version(files_studio, version)}/notes", json=pinned)
    )
    for other in ("f" * 32, elsewhere["id"]):
        assert files_studio.client.post(path, json={"text": "?", "answers": other}).status_code == 422
