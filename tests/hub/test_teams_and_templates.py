"""Teams, templates, the audit log, and one's own account."""

from __future__ import annotations

import pytest
from hub_studio import ADMIN

from roto_hub.db.models import Job, Shot, now


def new_project(studio, name: str = "one") -> str:
    return studio.ok(studio.client.post("/projects", json={"name": name}))["id"]


def test_a_team_s_role_counts_for_everybody_in_it_until_they_leave(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    bob = studio.as_member(project, None, "bob")
    me = studio.ok(bob.get("/me"))["id"]
    team = studio.ok(studio.client.post("/teams", json={"name": "Roto"}))["id"]
    assert bob.get(f"/projects/{project}").status_code == 404
    for path, body in (
        (f"/teams/{team}/members/{me}", None),
        (f"/projects/{project}/teams/{team}", {"role": "artist"}),
    ):
        assert studio.client.put(path, json=body).status_code == 204
    assert [one["id"] for one in studio.ok(bob.get("/projects"))] == [project]
    assert studio.ok(bob.get("/teams"))[0]["members"] == [me]
    assert studio.ok(bob.get(f"/projects/{project}/teams")) == [{"team_id": team, "role": "artist"}]
    assert bob.patch(f"/projects/{project}", json={}, headers={"If-Match": '"1"'}).status_code == 403
    assert studio.client.put(f"/projects/{project}/members/{me}", json={"role": "supervisor"}).status_code == 204
    assert bob.patch(f"/projects/{project}", json={}, headers={"If-Match": '"1"'}).status_code == 200, "the more counts"
    assert studio.client.put(f"/projects/{project}/members/{me}", json={"role": None}).status_code == 204
    assert studio.client.delete(f"/teams/{team}/members/{me}").status_code == 204
    assert bob.get(f"/projects/{project}").status_code == 404


def test_a_team_that_is_taken_apart_gives_nothing_any_more(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    bob = studio.as_member(project, None, "bob")
    me = studio.ok(bob.get("/me"))["id"]
    team = studio.ok(studio.client.post("/teams", json={"name": "Roto"}))["id"]
    assert studio.client.post("/teams", json={"name": "Roto"}).status_code == 409
    studio.client.put(f"/teams/{team}/members/{me}")
    studio.client.put(f"/projects/{project}/teams/{team}", json={"role": "viewer"})
    assert studio.client.delete(f"/teams/{team}").status_code == 204
    assert studio.ok(bob.get("/projects")) == []
    assert studio.client.put(f"/teams/{team}/members/{me}").status_code == 404


def test_each_team_has_people_of_its_own_and_who_was_in_it_is_written_down(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    bob, cyd = (studio.ok(studio.as_member(project, None, name).get("/me"))["id"] for name in ("bob", "cyd"))
    day, night = (studio.ok(studio.client.post("/teams", json={"name": name}))["id"] for name in (" Day ", "Night"))
    for team, user in ((day, bob), (night, cyd)):
        studio.client.put(f"/teams/{team}/members/{user}")
    told = [(one["name"], one["members"]) for one in studio.ok(studio.client.get("/teams"))]
    assert told == [("Day", [bob]), ("Night", [cyd])]
    assert studio.client.delete(f"/teams/{day}").status_code == 204
    [entry] = studio.ok(studio.client.get("/audit", params={"action": "team.delete"}))
    assert entry["details"] == {"name": "Day", "members": [bob]}


def test_what_is_said_of_a_team_twice_counts_once_and_what_is_said_last_counts(files_studio) -> None:
    studio, projects = files_studio, [new_project(files_studio, name) for name in ("one", "other")]
    bob = studio.ok(studio.as_member(projects[0], None, "bob").get("/me"))["id"]
    team = studio.ok(studio.client.post("/teams", json={"name": "Roto"}))["id"]
    for _ in range(2):
        assert studio.client.put(f"/teams/{team}/members/{bob}").status_code == 204
    assert [one["members"] for one in studio.ok(studio.client.get("/teams"))] == [[bob]]

    def given(role: str | None) -> list[list[str]]:
        path = f"/projects/{projects[0]}/teams/{team}"
        assert studio.client.put(path, json={"role": role}).status_code == 204
        listed = [studio.ok(studio.client.get(f"/projects/{one}/teams")) for one in projects]
        return [[one["role"] for one in teams] for teams in listed]

    assert [given(role) for role in ("viewer", "artist")] == [[["viewer"], []], [["artist"], []]]
    assert [given(role) for role in (None, None)] == [[[], []], [[], []]]
    for _ in range(2):
        assert studio.client.delete(f"/teams/{team}/members/{bob}").status_code == 204


WORDS = {"text": "person in red", "most": 3, "frame": 1004}
TEMPLATE = {"name": "people", "texts": [WORDS], "curves": {"preset": "tight"}, "engine": "disc", "priority": 70}


def shots_of(studio, project: str, *names: str) -> list[str]:
    with studio.app.state.hub.database.begin() as session:
        rows = [Shot(project_id=project, name=name, state="ready", first_frame=1001, last_frame=1009) for name in names]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_a_template_asks_many_shots_the_same(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    shots = shots_of(studio, project, "sh010", "sh020")
    template = studio.ok(studio.client.post(f"/projects/{project}/templates", json=TEMPLATE))
    assert template["content"]["texts"][0]["text"] == "person in red"
    path = f"/projects/{project}/templates/{template['id']}"
    jobs = studio.ok(studio.client.post(f"{path}/apply", json={"shots": shots}))
    assert {job["shot_id"] for job in jobs} == set(shots)
    assert {job["priority"] for job in jobs} == {70}
    asked = studio.ok(studio.client.get(f"/jobs/{jobs[0]['id']}"))["request"]
    assert (asked["texts"][0]["most"], asked["curves"]["preset"], asked["engine"]) == (3, "tight", "disc")


def test_a_template_is_applied_to_all_shots_or_to_none(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    (shot,), other = shots_of(studio, project, "sh010"), new_project(studio, "other")
    (foreign,) = shots_of(studio, other, "sh010")
    path = f"/projects/{project}/templates"
    template = studio.ok(studio.client.post(path, json=TEMPLATE))["id"]
    refused = studio.client.post(f"{path}/{template}/apply", json={"shots": [shot, foreign]})
    assert refused.status_code == 422
    assert studio.ok(studio.client.get("/jobs")) == []
    elsewhere = studio.client.post(f"/projects/{other}/templates/{template}/apply", json={"shots": [foreign]})
    assert elsewhere.status_code == 404
    assert studio.ok(studio.client.get(f"/projects/{other}/templates")) == []
    with studio.app.state.hub.database.begin() as session:
        session.get(Shot, shot).deleted_at = now()
    deleted = studio.client.post(f"{path}/{template}/apply", json={"shots": [shot]})
    assert deleted.json()["title"] == f"The project has no shot {shot}."


def test_a_template_is_changed_by_who_saw_its_latest_state_and_its_end_is_told(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    path = f"/projects/{project}/templates"
    template = studio.ok(studio.client.post(path, json=TEMPLATE))["id"]
    assert studio.client.post(path, json=TEMPLATE).status_code == 409
    changed = studio.client.put(f"{path}/{template}", json={**TEMPLATE, "name": "crowd"}, headers={"If-Match": '"1"'})
    assert studio.ok(changed)["name"] == "crowd"
    late = studio.client.put(f"{path}/{template}", json=TEMPLATE, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert studio.client.delete(f"{path}/{template}").status_code == 204
    assert studio.ok(studio.client.get(path)) == []
    (entry,) = studio.ok(studio.client.get(f"/projects/{project}/audit", params={"action": "template.delete"}))
    assert entry["details"]["content"]["texts"][0]["text"] == "person in red", "nothing goes without a trace"


def test_two_templates_do_not_differ_by_spaces_alone(files_studio) -> None:
    studio, path = files_studio, f"/projects/{new_project(files_studio)}/templates"
    assert studio.ok(studio.client.post(path, json={**TEMPLATE, "name": " people "}))["name"] == "people"
    crowd = studio.ok(studio.client.post(path, json={**TEMPLATE, "name": "crowd"}))["id"]
    same = studio.client.put(f"{path}/{crowd}", json={**TEMPLATE, "name": "people "}, headers={"If-Match": '"1"'})
    assert same.status_code == 409
    kept = studio.client.put(f"{path}/{crowd}", json={**TEMPLATE, "name": "crowd "}, headers={"If-Match": '"1"'})
    assert studio.ok(kept)["name"] == "crowd"


def test_a_segmentation_that_says_of_no_object_where_it_is_is_refused(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    (shot,) = shots_of(studio, project, "sh010")
    for body in ({}, {"prompts": [{"frame": 1001, "object": "a", "negative": [[1, 2]]}]}):
        assert studio.client.post(f"/shots/{shot}/segment", json=body).json()["title"].startswith("Nothing says where")
    outside = studio.client.post(f"/shots/{shot}/segment", json={"texts": [{"text": "dog", "frame": 3}]})
    assert outside.json()["title"] == "The shot has no frame 3."


def test_what_the_queue_needs_of_a_segmentation_is_the_job_s_own(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    (shot,) = shots_of(studio, project, "sh010")
    path, box = f"/shots/{shot}/segment", {"prompts": [{"frame": 1001, "object": "a", "box": [0, 0, 9, 9]}]}
    first = studio.ok(studio.client.post(path, json=box))
    second = studio.ok(
        studio.client.post(path, json={**box, "priority": 7, "depends_on": [first["id"]], "vram_mb": 9000})
    )
    assert (second["priority"], second["depends_on"]) == (7, [first["id"]])
    assert not {"priority", "depends_on", "vram_mb"} & second["request"].keys()
    with studio.app.state.hub.database.read() as session:
        assert session.get(Job, second["id"]).vram_mb == 9000


@pytest.mark.parametrize(
    ("before", "asked", "told"),
    [
        ({}, {"first": 1005, "last": 1004}, "1005 to 1004"),
        ({}, {"first": 1010}, "1010 to 1009"),
        ({}, {"last": 1000}, "1001 to 1000"),
        ({"first": 1001, "last": 1004}, {"first": 1005}, "1005 to 1004"),
        ({"first": 1001, "last": 1004}, {"first": 1004}, ""),
        ({}, {"first": 990, "last": 1100}, ""),
    ],
)
def test_a_range_that_holds_no_frame_of_the_shot_is_refused_at_once(files_studio, before, asked, told) -> None:
    studio, project = files_studio, new_project(files_studio)
    ids = studio.fill(project)
    with studio.app.state.hub.database.begin() as session:
        session.get(Job, ids["job_id"]).request = before
        shot = session.get(Shot, ids["shot_id"])
        shot.first_frame, shot.last_frame = 1001, 1009
    answer = studio.client.post(f"/shots/{ids['shot_id']}/segment", json={"texts": [{"text": "dog"}], **asked})
    assert answer.status_code == (422 if told else 202)
    assert told in answer.text


def test_the_audit_log_is_paged_filtered_and_for_those_who_answer_for_it(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    artist = studio.as_member(project, "artist", "bob")
    assert artist.get(f"/projects/{project}/audit").status_code == 403
    assert artist.get("/audit").status_code == 403
    everything = studio.ok(studio.client.get("/audit"))
    assert {"user.create", "login", "project.create", "member.set"} <= {entry["action"] for entry in everything}
    pages, before = [], None
    while True:
        asked = {"limit": 2, **({} if before is None else {"before": before})}
        page = studio.ok(studio.client.get("/audit", params=asked))
        if not page:
            break
        pages += page
        before = page[-1]["id"]
    assert [entry["id"] for entry in pages] == [entry["id"] for entry in everything]
    mine = studio.ok(studio.client.get("/audit", params={"user": studio.ok(artist.get("/me"))["id"]}))
    assert {entry["action"] for entry in mine} == {"login"}


def test_who_chooses_another_password_is_logged_out_everywhere(files_studio) -> None:
    studio, project = files_studio, new_project(files_studio)
    bob = studio.as_member(project, "artist", "bob")
    pair, others = (studio.log_in(email, ADMIN["password"]) for email in ("bob@studio.example", ADMIN["email"]))
    wrong = bob.post("/me/password", json={"old": "not this one at all", "new": "another password now"})
    assert wrong.status_code == 403
    right = {"old": ADMIN["password"], "new": "another password now"}
    assert bob.post("/me/password", json={**right, "new": "short"}).status_code == 422
    assert bob.post("/me/password", json=right).status_code == 204
    assert bob.post("/refresh", json={"refresh": pair["refresh"]}).status_code == 401
    studio.ok(bob.post("/refresh", json={"refresh": others["refresh"]}))
    studio.log_in("bob@studio.example", "another password now")
    assert studio.ok(bob.patch("/me", json={"name": "Robert", "wants_mail": False}))["name"] == "Robert"
    me = studio.ok(bob.get("/me"))["id"]
    assert studio.client.post(f"/users/{me}/password", json={"new": "given by the admin"}).status_code == 204
    studio.log_in("bob@studio.example", "given by the admin")
