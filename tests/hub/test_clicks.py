"""Clicks: whose earlier ones a new one ends."""

from __future__ import annotations

from roto_hub.db.models import Job, Shot

BODY = {"prompts": [{"frame": 1, "object": "hero", "positive": [[1, 2]]}]}


def test_a_click_ends_the_earlier_one_of_the_same_person_on_the_same_shot_alone(files_studio) -> None:
    studio = files_studio
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    with studio.app.state.hub.database.begin() as session:
        rows = [Shot(project_id=project, name=name, state="ready", first_frame=1, last_frame=9) for name in "ab"]
        session.add_all(rows)
        session.flush()
        one, other = (row.id for row in rows)
    bob = studio.as_member(project, "artist", "bob")

    def ask(client, shot: str, what: str = "click") -> str:
        return studio.ok(client.post(f"/shots/{shot}/{what}", json=BODY))["id"]

    kept = [ask(bob, one), ask(studio.client, other), ask(studio.client, one, "segment")]
    waiting, running = ask(studio.client, one), ask(bob, other)
    with studio.app.state.hub.database.begin() as session:
        session.get(Job, running).state = "running"
    ask(studio.client, one)
    ask(bob, other)
    with studio.app.state.hub.database.read() as session:
        assert [session.get(Job, job).state for job in (waiting, running)] == ["cancelled", "running"]
        assert [session.get(Job, job).is_unwanted for job in (running, *kept)] == [True, False, False, False]
        assert [session.get(Job, job).state for job in kept] == ["waiting"] * 3


def test_a_click_on_no_frame_or_on_several_is_refused(files_studio) -> None:
    studio = files_studio
    ids = studio.fill(studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"])
    several = [{**BODY["prompts"][0], "frame": frame} for frame in (1, 2)]
    for prompts in ([], several):
        assert studio.client.post(f"/shots/{ids['shot_id']}/click", json={"prompts": prompts}).status_code == 422
