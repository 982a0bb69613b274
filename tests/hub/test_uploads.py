"""Uploads that something goes wrong with on the way: no plate is told to be whole that is not."""

from __future__ import annotations

from pathlib import Path

import httpx
from hub_studio import Studio, make_settings

from roto_hub.bucket import Bucket
from roto_hub.problems import UnavailableError


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


def _away(*_: object) -> None:
    raise UnavailableError("The storage does not answer.")
