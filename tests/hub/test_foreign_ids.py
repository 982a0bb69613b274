"""What belongs to another project is refused also where a request names it beside its address."""

from __future__ import annotations

import pytest
from hub_studio import Studio

SEEN = {"If-Match": '"1"'}


@pytest.fixture
def own(files_studio: Studio) -> dict[str, str]:
    """Ids of a project with one of everything."""
    return _filled(files_studio, "own")


@pytest.fixture
def foreign(files_studio: Studio) -> dict[str, str]:
    """Those of another one."""
    return _filled(files_studio, "foreign")


def _filled(studio: Studio, name: str) -> dict[str, str]:
    project = studio.ok(studio.client.post("/projects", json={"name": name}))["id"]
    template = {"name": "people", "texts": [{"text": "person"}]}
    made = studio.ok(studio.client.post(f"/projects/{project}/templates", json=template))
    return {**studio.fill(project), "template_id": made["id"]}


def test_a_segmentation_takes_shots_and_templates_of_its_own_project_alone(files_studio, own, foreign) -> None:
    artist = files_studio.as_member(own["project_id"], "artist", "bob")
    templates = f"/projects/{own['project_id']}/templates"
    shots = {"shots": [foreign["shot_id"]]}
    assert artist.post(f"{templates}/{own['template_id']}/apply", json=shots).status_code == 422
    text = [{"shot_id": foreign["shot_id"], "texts": [{"text": "person"}]}]
    assert artist.post(f"/projects/{own['project_id']}/segment", json={"shots": text}).status_code == 422
    mine = {"shots": [own["shot_id"]]}
    assert artist.post(f"{templates}/{foreign['template_id']}/apply", json=mine).status_code == 404
    assert artist.delete(f"{templates}/{foreign['template_id']}").status_code == 404
    assert artist.post(f"{templates}/{own['template_id']}/apply", json=mine).status_code == 202


def test_a_job_depends_on_jobs_of_its_own_project_alone(files_studio, own, foreign) -> None:
    path = f"/shots/{own['shot_id']}/segment"
    asked = {"texts": [{"text": "person"}]}
    refused = files_studio.client.post(path, json={**asked, "depends_on": [foreign["job_id"]]})
    assert refused.json()["detail"] == "Name jobs of the same project."
    files_studio.ok(files_studio.client.post(path, json={**asked, "depends_on": [own["job_id"]]}))


def test_a_version_is_compared_with_those_of_its_own_shot_alone(files_studio, own, foreign) -> None:
    path = f"/versions/{own['version_id']}/pictures/1?look=wipe&other="
    refused = files_studio.client.get(f"{path}{foreign['version_id']}")
    assert refused.json()["title"] == "The shot has no such version to compare with."


def test_a_shot_is_given_to_members_of_its_project_alone(files_studio, own, foreign) -> None:
    path = f"/shots/{own['shot_id']}"
    member, stranger = (
        files_studio.ok(files_studio.as_member(ids["project_id"], "artist", name).get("/me"))["id"]
        for ids, name in ((own, "bob"), (foreign, "cyd"))
    )
    refused = files_studio.client.patch(path, json={"assignee_id": stranger}, headers=SEEN)
    assert refused.json()["title"] == "That user is no member of the project."
    given = files_studio.client.patch(path, json={"assignee_id": member}, headers=SEEN)
    assert files_studio.ok(given)["assignee_id"] == member


def test_a_shot_is_given_to_nobody_whose_account_is_closed_and_stays_with_whom_it_was(files_studio, own) -> None:
    client, path = files_studio.client, f"/shots/{own['shot_id']}"
    bob, cyd = (
        files_studio.ok(files_studio.as_member(own["project_id"], "artist", name).get("/me"))["id"]
        for name in ("bob", "cyd")
    )
    files_studio.ok(client.patch(path, json={"assignee_id": bob}, headers=SEEN))
    for one in (bob, cyd):
        files_studio.ok(client.patch(f"/users/{one}", json={"is_active": False}, headers=SEEN))
    seen = {"If-Match": client.get(path).headers["ETag"]}
    refused = client.patch(path, json={"assignee_id": cyd}, headers=seen)
    assert (refused.status_code, refused.json()["title"]) == (422, "That user's account is closed.")
    renamed = files_studio.ok(client.patch(path, json={"name": "sh011", "assignee_id": bob}, headers=seen))
    assert (renamed["name"], renamed["assignee_id"]) == ("sh011", bob)
    [entry] = files_studio.ok(client.get("/audit", params={"action": "shot.assign"}))
    assert entry["details"] == {"user": bob}, "what stays as it was is not told again"


def test_a_team_of_artists_reviews_nothing_and_one_of_supervisors_does(files_studio, own) -> None:
    member = files_studio.as_member(own["project_id"], None, "bob")
    team = files_studio.ok(files_studio.client.post("/teams", json={"name": "Roto"}))["id"]
    files_studio.client.put(f"/teams/{team}/members/{files_studio.ok(member.get('/me'))['id']}")
    for role, waiting in (("artist", 0), ("supervisor", 1)):
        files_studio.client.put(f"/projects/{own['project_id']}/teams/{team}", json={"role": role})
        assert files_studio.ok(member.get("/review-queue"))["total"] == waiting
