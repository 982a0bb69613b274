"""Uploads that something goes wrong with on the way: no plate is told to be whole that is not."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import httpx
from hub_studio import Studio, make_settings

from roto_hub.bucket import Bucket
from roto_hub.db.models import Upload, now
from roto_hub.problems import UnavailableError
from roto_hub.upkeep import Upkeep


def begin(studio: Studio, name: str = "sh010", size: int = 20) -> tuple[str, str]:
    """Begins an upload; gives the shot and the upload."""
    projects = studio.ok(studio.client.get("/projects")) or [
        studio.ok(studio.client.post("/projects", json={"name": "one"}))
    ]
    data = {"name": name, "file_name": "a.mov", "size": size}
    made = studio.ok(studio.client.post(f"/projects/{projects[0]['id']}/shots", data=data))
    return made["shot"]["id"], made["upload"]["id"]


def send(studio: Studio, upload: str, offset: int, piece: bytes) -> httpx.Response:
    return studio.client.patch(f"/uploads/{upload}", params={"offset": offset}, content=piece)


def test_a_file_whose_end_could_not_be_kept_is_whole_when_it_is_sent_again(tmp_path: Path, monkeypatch) -> None:
    studio = Studio(make_settings(tmp_path, media_url="memory://studio/uploads"), tmp_path)
    try:
        studio.set_up()
        shot, upload = begin(studio)
        studio.ok(send(studio, upload, 0, b"0123456789"))
        with monkeypatch.context() as while_the_bucket_is_away:
            while_the_bucket_is_away.setattr(Bucket, "put", _away)
            assert send(studio, upload, 10, b"abcdefghij").status_code == 503
        assert studio.ok(studio.client.get(f"/uploads/{upload}"))["received"] == 10
        studio.ok(send(studio, upload, 10, b"abcdefghij"))
        plate = studio.app.state.hub.storage.place("shots", shot, "plate", "a.mov")
        assert plate.read_bytes() == b"0123456789abcdefghij"
    finally:
        studio.close()


def test_a_piece_is_refused_where_the_pieces_before_it_are_lost(files_studio) -> None:
    studio = files_studio
    _, upload = begin(studio)
    studio.ok(send(studio, upload, 0, b"0123456789"))
    studio.app.state.hub.storage.place("uploads", upload).unlink()  # another hub, which shares no folder, is the same
    refused = send(studio, upload, 10, b"abcdefghij")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert studio.ok(studio.client.get(f"/uploads/{upload}"))["received"] == 10


def grow_old(studio: Studio, *uploads: str) -> None:
    """As if nothing of them had come for eight days."""
    then = now() - timedelta(days=8)
    with studio.app.state.hub.database.begin() as session:
        for upload in uploads:
            session.get(Upload, upload).created_at = then
            path = studio.app.state.hub.storage.place("uploads", upload)
            if path.exists():
                os.utime(path, (then.timestamp(), then.timestamp()))


def test_uploads_that_nobody_goes_on_with_are_given_up_and_their_quota_is_free(tmp_path: Path) -> None:
    studio = Studio(make_settings(tmp_path, quota=20_000), tmp_path)
    try:
        studio.set_up()
        hub = studio.app.state.hub
        (one, begun), (_, idle) = begin(studio, "sh010", 9_000), begin(studio, "sh020", 9_000)
        studio.ok(send(studio, begun, 0, bytes(4_000)))
        grow_old(studio, begun, idle)
        studio.ok(send(studio, idle, 0, bytes(4_000)))
        Upkeep(hub.database, hub.storage).tidy()
        shot = studio.ok(studio.client.get(f"/shots/{one}"))
        assert (shot["state"], shot["fault"]) == (
            "refused",
            "Nothing of its plate came for 7 days. Delete it, and begin again.",
        )
        assert hub.storage.names("uploads") == [idle], "somebody goes on with this one, though it was begun long ago"
        refused = send(studio, begun, 4_000, bytes(5_000))
        assert (refused.status_code, refused.json()["title"]) == (409, "The upload was given up.")
        (entry,) = studio.ok(studio.client.get("/audit", params={"action": "upload.give_up"}))
        assert (entry["subject"], entry["user_id"], entry["details"]) == (begun, None, {"name": "a.mov"})
        begin(studio, "sh030", 9_000)
    finally:
        studio.close()


def test_an_upload_of_which_nothing_came_is_given_up_once_it_is_old(files_studio) -> None:
    studio, hub = files_studio, files_studio.app.state.hub
    (old, begun), (new, _) = begin(studio, "sh010"), begin(studio, "sh020")
    grow_old(studio, begun)
    Upkeep(hub.database, hub.storage).tidy()
    assert [studio.ok(studio.client.get(f"/shots/{one}"))["state"] for one in (old, new)] == ["refused", "uploading"]


def test_what_is_still_to_come_is_listed_the_latest_first_and_nothing_else(files_studio) -> None:
    studio = files_studio
    (deleted, _), (_, whole), (_, first), (_, last) = (begin(studio, name) for name in ("a", "b", "c", "d"))
    assert studio.client.delete(f"/shots/{deleted}", headers={"If-Match": '"1"'}).status_code == 204
    studio.ok(send(studio, whole, 0, b"0123456789abcdefghij"))
    [project] = studio.ok(studio.client.get("/projects"))
    listed = studio.ok(studio.client.get(f"/projects/{project['id']}/uploads"))
    assert [one["id"] for one in listed] == [last, first]
    again = send(studio, whole, 0, b"0123456789abcdefghij")
    assert (again.status_code, again.json()["title"]) == (409, "The file is all here already.")


def test_what_came_for_a_shot_that_was_deleted_is_deleted_too(files_studio) -> None:
    studio, hub = files_studio, files_studio.app.state.hub
    shot, upload = begin(studio)
    studio.ok(send(studio, upload, 0, b"0123456789"))
    assert studio.client.delete(f"/shots/{shot}", headers={"If-Match": '"1"'}).status_code == 204
    grow_old(studio, upload)
    Upkeep(hub.database, hub.storage).tidy()
    assert hub.storage.used() == 0


def _away(*_: object) -> None:
    raise UnavailableError("The storage does not answer.")


def test_more_than_the_file_was_said_to_hold_is_refused(files_studio) -> None:
    client, ok = files_studio.client, files_studio.ok
    project = ok(client.post("/projects", json={"name": "one"}))["id"]
    said = {"name": "sh010", "file_name": "a.mov", "size": 5}
    upload = ok(client.post(f"/projects/{project}/shots", data=said))["upload"]["id"]
    refused = client.patch(f"/uploads/{upload}?offset=0", content=b"123456")
    assert refused.json()["title"] == "That is more than the file was said to hold."
    assert ok(client.get(f"/uploads/{upload}"))["received"] == 0
