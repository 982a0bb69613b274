"""What two do at once, or what no column holds, is answered in words and breaks nothing."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import cv2
import numpy as np
import pytest
from hub_servers import create_database
from hub_studio import ADMIN, Studio, make_settings
from sqlalchemy.orm import Session

from roto_hub.db.models import Shot, User, Version
from roto_hub.problems import ChangedError, FullError, RefusedError
from roto_hub.services import reviews, shots, users
from roto_hub.services.masks import keep_painted
from roto_hub.storage import Storage


@pytest.mark.parametrize("what", ["projects", "shots"])
def test_a_name_that_another_has_is_not_given_by_a_change(files_studio, what) -> None:
    client, ok = files_studio.client, files_studio.ok
    one, two = (ok(client.post("/projects", json={"name": name}))["id"] for name in ("one", "two"))
    if what == "shots":
        one, two = (
            ok(client.post(f"/projects/{one}/shots", data={"name": name, "file_name": "a.mov", "size": 5}))["shot"][
                "id"
            ]
            for name in ("one", "two")
        )

    def rename(item: str, name: str):
        revision = ok(client.get(f"/{what}/{item}"))["revision"]
        return client.patch(f"/{what}/{item}", json={"name": name}, headers={"If-Match": f'"{revision}"'})

    refused = rename(two, " one ")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert ok(rename(two, " two "))["name"] == "two", "its own it may keep"


def test_one_of_several_new_shots_of_a_name_at_once_is_made(studio, project) -> None:
    def make(number: int) -> int:
        data = {"name": f"sh{number // 4}", "file_name": "a.mov", "size": 5}
        return studio.client.post(f"/projects/{project}/shots", data=data).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(make, range(24))) == [201] * 6 + [409] * 18


def test_of_several_who_change_the_same_revision_at_once_one_does_and_the_others_are_told(studio, project) -> None:
    """As two supervisors who judge a version in the same moment."""
    version = studio.fill(project)["version_id"]
    path, reviewers = f"/versions/{version}/judgement", 8

    def judge(revision: int) -> int:
        said = {"status": "retake", "text": "The left hand slides."}
        return studio.client.post(path, json=said, headers={"If-Match": f'"{revision}"'}).status_code

    with ThreadPoolExecutor(reviewers) as pool:
        for revision in range(1, 6):
            assert sorted(pool.map(judge, [revision] * reviewers)) == [200] + [412] * (reviewers - 1)


@pytest.mark.parametrize("is_judged_first", [True, False])
@pytest.mark.needs("pg_ctlcluster", "redis-server")
def test_of_a_judgement_and_a_deletion_in_the_same_moment_the_later_is_told(servers, tmp_path, is_judged_first) -> None:
    postgres, redis = servers
    url = create_database(postgres, f"judged_or_deleted_{is_judged_first}".lower())
    studio = Studio(make_settings(tmp_path, database_url=url, broker_url=redis), tmp_path)
    studio.set_up()
    ids = studio.fill(studio.ok(studio.client.post("/projects", json={"name": "The Long Night"}))["id"])
    ada, hub = studio.ok(studio.client.get("/me"))["id"], studio.app.state.hub

    def judge(session: Session, *told: Any) -> None:
        by, shot, version = told
        reviews.judge(session, by, version, shot, 1, "approved", "")

    def delete(session: Session, *told: Any) -> None:
        shots.delete_version(session, *told, hub.storage)

    def loaded(session: Session) -> tuple[Any, ...]:
        return session.get(User, ada), session.get(Shot, ids["shot_id"]), session.get(Version, ids["version_id"])

    first, second = (judge, delete) if is_judged_first else (delete, judge)
    try:
        with hub.database.begin() as late:
            told = loaded(late)
            with hub.database.begin() as session:
                first(session, *loaded(session))
            with pytest.raises(ChangedError):
                second(late, *told)
    finally:
        studio.close()


def test_of_two_administrators_who_take_one_another_s_rights_at_once_one_stays(studio) -> None:
    one = studio.ok(studio.client.get("/me"))["id"]
    other = {"email": "eve@studio.example", "name": "Eve", "password": ADMIN["password"], "is_admin": True}
    two = studio.ok(studio.client.post("/users", json=other))["id"]
    database, change = studio.app.state.hub.database, {"is_admin": False}

    def take_from(user: str) -> None:
        with database.begin() as session:
            users.change_user(session, session.get(User, two), user, 1, **change)

    with ThreadPoolExecutor(1) as pool:
        with database.begin() as session:
            users.change_user(session, session.get(User, one), two, 1, **change)
            session.flush()
            late = pool.submit(take_from, one)
            wait([late], timeout=1)
            assert not late.done(), "it waits"
        assert isinstance(late.exception(), RefusedError)
    with database.read() as session:
        assert users.is_set_up(session)


@pytest.mark.parametrize(
    "path",
    [
        "/projects/%00",
        "/shots/a%00b",
        f"/jobs/{'x' * 3000}",
        "/audit?user=%00",
        f"/audit?before={2**40}",
        "/jobs?project=%00",
    ],
)
def test_what_no_database_holds_is_not_found_or_refused(studio, path) -> None:
    answer = studio.client.get(path)
    assert answer.status_code in (200, 404, 422), answer.text


@pytest.mark.parametrize(
    ("name", "is_whole"), [("撮" * 100 + ".mov", False), ("撮" * 100 + ".mov", True), ("x" * 300 + ".mov", True)]
)
def test_a_plate_of_a_very_long_name_is_taken_with_its_suffix(studio, project, name, is_whole) -> None:
    path = f"/projects/{project}/shots"
    if is_whole:
        upload = studio.ok(studio.client.post(path, data={"name": "sh"}, files={"file": (name, b"abcd")}))["upload"]
    else:
        data = {"name": "sh", "file_name": name, "size": 4}
        begun = studio.ok(studio.client.post(path, data=data))["upload"]["id"]
        sent = studio.client.patch(f"/uploads/{begun}?offset=0", content=b"abcd", headers={"Content-Type": "a/b"})
        upload = studio.ok(sent)
    assert upload["received"] == 4
    assert upload["file_name"].endswith(f"{name[0]}.mov")


def picture(width: int, height: int) -> bytes:
    """A small PNG that says it is of any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(40_000, 40_000), (2**31 - 1, 2**31 - 1), (99, 100)])
def test_a_painted_mask_of_another_size_is_refused_before_it_is_unpacked(files_studio, size) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    with files_studio.app.state.hub.database.begin() as session:
        shot = Shot(project_id=project, name="sh", state="ready", first_frame=1, last_frame=9, width=100, height=100)
        session.add(shot)
        session.flush()
        path = f"/shots/{shot.id}/painted"
    refused = files_studio.client.post(path, content=picture(*size), headers={"Content-Type": "image/png"})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")


def test_a_painted_mask_that_the_quota_has_no_room_for_is_refused_and_not_kept(tmp_path) -> None:
    shot = Shot(id="sh", name="sh", state="ready", width=4, height=4)
    white = cv2.imencode(".png", np.full((4, 4), 255, np.uint8))[1].tobytes()
    with pytest.raises(FullError):
        keep_painted(Storage(tmp_path, quota=10), shot, white)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    kept = keep_painted(Storage(tmp_path), shot, white)
    assert [path.name for path in tmp_path.rglob("*.png")] == [f"{kept}.png"]


@pytest.mark.parametrize("what", ["painted", "segment", "click"])
def test_nothing_is_asked_of_a_shot_before_its_plate_was_opened(files_studio, what) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    body = {"name": "sh", "file_name": "sh.mov", "size": 9}
    shot = files_studio.ok(files_studio.client.post(f"/projects/{project}/shots", data=body))["shot"]["id"]
    prompted = {"prompts": [{"frame": 1, "object": "hero", "positive": [[1, 2]]}]}
    content = {"content": picture(100, 100)} if what == "painted" else {"json": prompted}
    answer = files_studio.client.post(f"/shots/{shot}/{what}", **content)
    assert (answer.status_code, answer.json()["title"]) == (409, "“sh” is uploading.")


def test_what_uploads_are_still_to_bring_counts_against_the_quota(tmp_path) -> None:
    studio = Studio(make_settings(tmp_path, quota=20_000), tmp_path)
    try:
        studio.set_up()
        project = studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"]

        def begin(name: str) -> int:
            data = {"name": name, "file_name": "a.mov", "size": 15_000}
            return studio.client.post(f"/projects/{project}/shots", data=data).status_code

        assert [begin(name) for name in ("sh010", "sh020")] == [201, 507]
        (shot,) = studio.ok(studio.client.get(f"/projects/{project}/shots"))["shots"]
        assert studio.client.delete(f"/shots/{shot['id']}", headers={"If-Match": '"1"'}).status_code == 204
        assert begin("sh030") == 201, "what was given up does not count"
    finally:
        studio.close()


def test_a_piece_is_refused_once_the_disk_is_full(files_studio, monkeypatch) -> None:
    project = files_studio.ok(files_studio.client.post("/projects", json={"name": "one"}))["id"]
    data = {"name": "sh", "file_name": "a.mov", "size": 4}
    upload = files_studio.ok(files_studio.client.post(f"/projects/{project}/shots", data=data))["upload"]["id"]
    monkeypatch.setattr("roto_hub.storage.RESERVE", 2**60)
    piece = {"content": b"abcd", "headers": {"Content-Type": "application/octet-stream"}}
    refused = files_studio.client.patch(f"/uploads/{upload}?offset=0", **piece)
    assert (refused.status_code, refused.json()["code"]) == (507, "full")
