"""Lists that people work from: shots in any order, a project's people, what waits for review, uploads to go on with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from roto_hub.db.models import Job, Shot, User, Version, now

BEGAN = now()


def add_shots(studio, project: str, **fields: list[Any]) -> dict[str, str]:
    """Shots sh0, sh1 …, as rows of the database; their ids by name."""
    count = max(len(values) for values in fields.values())
    with studio.app.state.hub.database.begin() as session:
        rows = [
            Shot(project_id=project, **{"name": f"sh{at}", "state": "ready", **{k: v[at] for k, v in fields.items()}})
            for at in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return {row.name: row.id for row in rows}


def add_versions(studio, shot: str, *statuses: str, by: str | None = None) -> list[str]:
    with studio.app.state.hub.database.begin() as session:
        project = session.get(Shot, shot).project_id
        made = []
        for number, status in enumerate(statuses, 1):
            job = Job(
                project_id=project, shot_id=shot, user_id=by, kind="segment", request={}, depends_on=[], state="done"
            )
            session.add(job)
            session.flush()
            made.append(
                Version(shot_id=shot, job_id=job.id, number=number, status=status, folder="none", objects=["hero"])
            )
            session.add(made[-1])
            session.flush()
        return [one.id for one in made]


def listed(studio, project: str, **query: Any) -> list[str]:
    """The names in all pages, as the page follows them."""
    names, after = [], ""
    while True:
        page = studio.ok(studio.client.get(f"/projects/{project}/shots", params={**query, "after": after}))
        names += [one["name"] for one in page["shots"]]
        if page["next"] is None:
            assert len(names) == page["total"]
            return names
        after = page["next"]


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("name", "01234"),
        ("-name", "43210"),
        ("created", "13024"),
        ("-created", "40213"),
        ("frames", "40123"),
        ("-frames", "12304"),
        ("-state", "03412"),
    ],
)
def test_every_page_goes_on_where_the_last_ended_also_among_equals(studio, project, sort, wanted) -> None:
    frames = [1009, 1050, 1050, 1050, None]
    hours = [3, 1, 3, 1, 5]
    add_shots(
        studio,
        project,
        first_frame=[None if last is None else 1001 for last in frames],
        last_frame=frames,
        created_at=[BEGAN + timedelta(hours=hour) for hour in hours],
        fault=["%", "_", "", "", ""],
    )
    with studio.app.state.hub.database.begin() as session:
        for shot in session.query(Shot).where(Shot.name.in_(["sh1", "sh2"])):
            shot.state = "checking"
    expected = [f"sh{at}" for at in wanted]
    for limit in (1, 2, 3, 5, 100):
        assert listed(studio, project, sort=sort, limit=limit) == expected, limit


def test_a_page_that_is_exactly_full_is_the_last_where_no_shot_follows(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    add_shots(files_studio, project, fault=["", "", "", ""])
    path, said = f"/projects/{project}/shots", []
    for query in ({"limit": 4}, {"limit": 2}, {"limit": 2, "after": "sh1"}, {"limit": 3}):
        page = files_studio.ok(files_studio.client.get(path, params=query))
        said.append((len(page["shots"]), page["next"]))
    assert said == [(4, None), (2, "sh1"), (2, None), (3, "sh2")]


def test_a_shot_that_was_deleted_is_in_no_list_and_counts_for_none(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    shots = add_shots(files_studio, project, fault=["", "", ""])
    gone = files_studio.client.delete(f"/shots/{shots['sh1']}", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    for query in ({}, {"sort": "-created"}, {"review": "none"}, {"state": "ready"}):
        assert sorted(listed(files_studio, project, **query)) == ["sh0", "sh2"], query


def test_what_is_searched_for_stands_for_itself(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    add_shots(files_studio, project, name=["sh_010", "sh-020", "100% sky", "Wölfe\\1"])
    found = {"_": ["sh_010"], "%": ["100% sky"], "\\": ["Wölfe\\1"], "SH": ["sh-020", "sh_010"], "zz": []}
    for search, names in found.items():
        assert listed(files_studio, project, search=search) == names, search


def test_a_page_that_no_page_ended_at_is_refused(files_studio) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    path = f"/projects/{project}/shots"
    for sort, after, status in (("frames", "many", 422), ("-created", "yesterday", 422), ("frames", 10**30, 200)):
        answer = files_studio.client.get(path, params={"sort": sort, "after": f"{after} sh1"})
        assert answer.status_code == status, after
    assert files_studio.client.get(path, params={"sort": "colour"}).status_code == 422


def test_a_row_says_its_newest_version_and_who_works_on_it(studio, project) -> None:
    shots = add_shots(studio, project, fault=["", "", ""])
    bob = studio.as_member(project, "artist", "bob")
    me = studio.ok(bob.get("/me"))["id"]
    old, new = add_versions(studio, shots["sh0"], "approved", "pending")
    add_versions(studio, shots["sh1"], "retake")
    given = studio.client.patch(f"/shots/{shots['sh0']}", json={"assignee_id": me}, headers={"If-Match": '"1"'})
    assert studio.ok(given)["assignee"] == "bob"
    page = studio.ok(studio.client.get(f"/projects/{project}/shots"))["shots"]
    said = [(one["version"], one["review"], one["assignee"]) for one in page]
    assert said == [(2, "pending", "bob"), (1, "retake", ""), (None, "", "")]
    assert listed(studio, project, review="pending") == ["sh0"]
    assert listed(studio, project, review="approved") == []
    assert listed(studio, project, review="none") == ["sh2"]
    assert listed(studio, project, assignee=me) == ["sh0"]
    assert listed(studio, project, assignee="none") == ["sh1", "sh2"]
    assert studio.client.delete(f"/versions/{new}").status_code == 204
    one = studio.ok(studio.client.get(f"/shots/{shots['sh0']}"))
    assert (one["version"], one["review"]) == (1, "approved"), "what was thrown away does not count"
    assert old


def test_a_project_s_people_are_known_by_name_by_themselves_or_by_a_team(files_studio) -> None:
    studio = files_studio
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    wanted = (("artist", "bob"), (None, "cyd"), ("viewer", "dan"))
    bob, cyd, dan = (studio.as_member(project, role, name) for role, name in wanted)
    team = studio.ok(studio.client.post("/teams", json={"name": "Roto"}))["id"]
    for one in (cyd, dan):
        studio.client.put(f"/teams/{team}/members/{studio.ok(one.get('/me'))['id']}")
    path = f"/projects/{project}/people"
    assert cyd.get(path).status_code == 404
    studio.client.put(f"/projects/{project}/teams/{team}", json={"role": "supervisor"})
    for client in (studio.client, bob, cyd):
        found = [(one["name"], one["role"]) for one in studio.ok(client.get(path))]
        assert found == [("Ada", "supervisor"), ("bob", "artist"), ("cyd", "supervisor"), ("dan", "supervisor")]
    with studio.app.state.hub.database.begin() as session:
        session.query(User).where(User.name == "bob").update({"is_active": False})
    assert "bob" not in [one["name"] for one in studio.ok(studio.client.get(path))]


def test_the_queue_holds_what_waits_where_one_may_review_the_oldest_first(studio) -> None:
    one, other, archived = (
        studio.ok(studio.client.post("/projects", json={"name": name}))["id"] for name in ("A", "B", "C")
    )
    supervisor, artist = (studio.as_member(one, role, role) for role in ("supervisor", "artist"))
    mine = studio.ok(artist.get("/me"))["id"]
    late = add_shots(studio, other, first_frame=[1], last_frame=[9])["sh0"]
    first, second = add_shots(studio, one, first_frame=[1001, 1001], last_frame=[1010, 1010]).values()
    add_versions(studio, first, "approved", "pending", by=mine)
    add_versions(studio, late, "pending")
    add_versions(studio, second, "pending", "retake")
    add_versions(studio, add_shots(studio, archived, fault=[""])["sh0"], "pending")
    studio.ok(studio.client.patch(f"/projects/{archived}", json={"is_archived": True}, headers={"If-Match": '"1"'}))

    queue = studio.ok(supervisor.get("/review-queue"))
    assert [(row["shot_name"], row["number"], row["by"], row["frames"]) for row in queue["versions"]] == [
        ("sh0", 2, "artist", 10)
    ]
    assert (queue["total"], [row["name"] for row in queue["projects"]]) == (1, ["A"])
    every = studio.ok(studio.client.get("/review-queue"))
    assert [row["project_name"] for row in every["versions"]] == ["A", "B"]
    assert [row["by"] for row in every["versions"]] == ["artist", ""]
    page = studio.ok(studio.client.get("/review-queue", params={"limit": 1}))
    assert (len(page["versions"]), page["total"]) == (1, 2)
    asked = studio.ok(studio.client.get("/review-queue", params={"project": other}))
    assert [row["shot_id"] for row in asked["versions"]] == [late]
    retakes = studio.ok(studio.client.get("/review-queue", params={"status": "retake"}))
    assert [row["shot_id"] for row in retakes["versions"]] == [second]
    assert studio.ok(artist.get("/review-queue")) == {"versions": [], "total": 0, "projects": []}
    assert studio.ok(artist.get("/review-queue", params={"project": one}))["total"] == 0
    with studio.app.state.hub.database.begin() as session:
        session.query(Version).filter_by(shot_id=second, number=2).update({"deleted_at": now()})
        session.query(Shot).filter_by(id=late).update({"deleted_at": now()})
    left = studio.ok(studio.client.get("/review-queue"))["versions"]
    assert {(row["shot_id"], row["number"]) for row in left} == {(first, 2), (second, 1)}, (
        "nothing that was deleted counts"
    )


def test_a_project_s_card_says_how_far_it_is(studio, project) -> None:
    shots = list(add_shots(studio, project, state=["checking", "ready", "ready", "ready"]).values())
    add_versions(studio, shots[0], "approved", "pending")
    add_versions(studio, shots[1], "approved")
    assert studio.client.delete(f"/shots/{shots[3]}", headers={"If-Match": '"1"'}).status_code == 204
    studio.ok(studio.client.post("/projects", json={"name": "Without a shot yet"}))
    said = [
        [card[n] for n in ("shots", "to_review", "approved", "cover")]
        for card in studio.ok(studio.client.get("/projects"))
    ]
    assert said == [[3, 1, 1, shots[1]], [0, 0, 0, None]]


def test_an_upload_that_was_cut_is_found_again_and_goes_on(files_studio) -> None:
    studio = files_studio
    project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]
    content = bytes(range(200)) * 10
    body = {"name": "sh010", "file_name": "sh010.mov", "size": str(len(content))}
    begun = studio.ok(studio.client.post(f"/projects/{project}/shots", data=body))["upload"]["id"]
    studio.ok(studio.client.patch(f"/uploads/{begun}", params={"offset": 0}, content=content[:700]))

    viewer = studio.as_member(project, "viewer", "eve")
    assert viewer.get(f"/projects/{project}/uploads").status_code == 403
    (found,) = studio.ok(studio.client.get(f"/projects/{project}/uploads"))
    said = {name: found[name] for name in ("id", "shot_name", "file_name", "size", "received")}
    assert said == {"id": begun, "shot_name": "sh010", "file_name": "sh010.mov", "size": 2000, "received": 700}
    assert studio.client.patch(f"/uploads/{begun}", params={"offset": 0}, content=content).status_code == 409
    rest = studio.client.patch(f"/uploads/{begun}", params={"offset": 700}, content=content[700:])
    assert studio.ok(rest)["received"] == len(content)
    assert studio.ok(studio.client.get(f"/projects/{project}/uploads")) == []
    shot = studio.ok(studio.client.get(f"/projects/{project}/shots"))["shots"][0]
    assert shot["state"] == "checking"
    plate = studio.app.state.hub.storage.place("shots", shot["id"], "plate", "sh010.mov")
    assert plate.read_bytes() == content
