"""What files take, as an administrator sees it, and who is in a project, with names."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest
from hub_studio import Studio, make_settings

from roto_hub.bucket import Bucket
from roto_hub.db.models import Shot
from roto_hub.storage import Storage

COUNTED_TIMES = 2000
"""So often a file is all but sure to go between being found and being measured."""


def write(studio: Studio, size: int, *parts: str) -> Path:
    path = studio.settings.media_dir.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))
    return path


def new_project(studio: Studio, name: str) -> str:
    return studio.ok(studio.client.post("/projects", json={"name": name}))["id"]


@pytest.fixture
def filled(files_studio: Studio) -> tuple[Studio, str, str]:
    """A small project and a large one; the large one has a plate, a version and an upload that is not done."""
    studio = files_studio
    small, large = new_project(studio, "A small one"), new_project(studio, "A large one")
    ids = studio.fill(large)
    write(studio, 3000, "shots", ids["shot_id"], "plate", "a.mov")
    write(studio, 2000, "shots", ids["shot_id"], "segment", "job-1", "masks", "hero", "0001.png")
    write(studio, 500, "uploads", ids["upload_id"])
    with studio.app.state.hub.database.begin() as session:
        shot = Shot(project_id=small, name="sh010", state="ready")
        session.add(shot)
        session.flush()
        write(studio, 70, "shots", shot.id, "plate", "a.png")
    write(studio, 9, "shots", "of-a-shot-that-nobody-knows", "plate", "a.png")
    return studio, small, large


def test_each_project_s_files_are_counted_the_largest_first(filled) -> None:
    studio, small, large = filled
    use = studio.ok(studio.client.get("/storage"))
    counted = [(one["project_id"], one["shots"], one["bytes"]) for one in use["projects"]]
    assert counted == [(large, 1, 5500), (small, 1, 70)]
    assert (use["used"], use["trash"], use["quota"]) == (5579, 0, 0), "also what is nobody's"
    assert use["used"] == studio.app.state.hub.storage.used(), "the quota counts the same"
    assert use["free"] > 0


def test_what_is_thrown_away_moves_into_the_trash(filled) -> None:
    studio, _, large = filled
    shot = studio.ok(studio.client.get(f"/projects/{large}/shots"))["shots"][0]["id"]
    assert studio.client.delete(f"/shots/{shot}", headers={"If-Match": '"1"'}).status_code == 204
    use = studio.ok(studio.client.get("/storage"))
    assert (use["used"], use["trash"]) == (579, 5000)
    left = {one["project_id"]: (one["shots"], one["bytes"]) for one in use["projects"]}
    assert left[large] == (0, 500), "an upload that was not done"


def test_an_archived_project_and_the_quota_are_told(tmp_path: Path) -> None:
    studio = Studio(make_settings(tmp_path, quota=10_000), tmp_path)
    try:
        studio.set_up()
        project = new_project(studio, "Over")
        studio.client.patch(f"/projects/{project}", json={"is_archived": True}, headers={"If-Match": '"1"'})
        use = studio.ok(studio.client.get("/storage"))
        assert use["quota"] == 10_000
        (shown,) = use["projects"]
        assert (shown["is_archived"], shown["shots"], shown["bytes"]) == (True, 0, 0), "no folder yet"
    finally:
        studio.close()


def test_only_administrators_learn_what_others_store(files_studio) -> None:
    studio = files_studio
    project = new_project(studio, "one")
    assert studio.as_bearer("").get("/storage").status_code == 401
    for role in ("viewer", "artist", "supervisor"):
        refused = studio.as_member(project, role, role).get("/storage")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_members_are_told_by_name_to_who_is_in_the_project(files_studio) -> None:
    studio = files_studio
    project = new_project(studio, "one")
    bob = studio.as_member(project, "supervisor", "bob")
    told = [(one["name"], one["email"], one["role"]) for one in studio.ok(bob.get(f"/projects/{project}/members"))]
    assert told == [("Ada", "ada@studio.example", "supervisor"), ("bob", "bob@studio.example", "supervisor")]
    assert studio.as_member(project, None, "eve").get(f"/projects/{project}/members").status_code == 404


def test_a_bucket_s_files_are_counted_where_they_lie_and_it_has_no_end(tmp_path: Path) -> None:
    storage = Storage(tmp_path, bucket=Bucket("memory://studio/counted", {}))
    for parts in (("shots", "x", "plate", "a.png"), ("shots", "x", "check", "b.png"), ("shots", "y", "a.png")):
        path = storage.place(*parts)
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(100))
    storage.publish(storage.place("shots"))
    storage.throw_away("shots", "y")
    assert storage.sizes() == {"shots/x": 200, "trash/shots-y": 100}
    assert (storage.used(), storage.free()) == (200, None)


def test_files_that_a_worker_renames_and_takes_away_meanwhile_can_be_counted_around(tmp_path: Path) -> None:
    storage, has_counted = Storage(tmp_path), threading.Event()

    def work() -> None:
        while not has_counted.is_set():
            folder = tmp_path / "shots" / "a" / "export"
            folder.mkdir(parents=True)
            for number in range(40):
                (folder / f"{number}.part").write_bytes(b"x")
                (folder / f"{number}.part").rename(folder / f"{number}.exr")
            shutil.rmtree(folder)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert all(storage.used() <= 40 for _ in range(COUNTED_TIMES))
    finally:
        has_counted.set()
        worker.join()
