"""Tidying: what cannot be deleted is in the way of nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from hub_studio import Studio
from sqlalchemy import select

from roto_hub.db.models import Event, Job, now
from roto_hub.services.events import append_event
from roto_hub.storage import Storage
from roto_hub.upkeep import Upkeep

LONG_AGO = timedelta(days=40)


def put_file(storage: Storage, *parts: str) -> Path:
    """A folder with a file, which nobody wrote to for long."""
    folder = storage.place(*parts)
    folder.mkdir(parents=True)
    (folder / "0-0.png").write_bytes(b"mask")
    then = (now() - LONG_AGO).timestamp()
    os.utime(folder, (then, then))
    return folder


@pytest.mark.parametrize("which", ["click", "upload", "thrown away"])
def test_what_cannot_be_deleted_stays_and_keeps_nothing_else_from_being_tidied(
    files_studio: Studio, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    studio, hub = files_studio, files_studio.app.state.hub
    ids = studio.fill(studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"])
    folders = {
        "click": put_file(hub.storage, "shots", ids["shot_id"], "click", "old-1"),
        "upload": put_file(hub.storage, "uploads", "what-nobody-knows"),
        "thrown away": put_file(hub.storage, "trash", "shots-old"),
    }
    with hub.database.begin() as session:
        folder = hub.storage.name(folders["click"])
        about = {"project_id": ids["project_id"], "shot_id": ids["shot_id"], "request": {}, "depends_on": []}
        click = Job(kind="click", state="done", ended_at=now() - LONG_AGO, result={"folder": folder}, **about)
        session.add(click)
        append_event(session, "old", "0" * 32, None).at = now() - LONG_AGO
        append_event(session, "new", "0" * 32, None)

    tidying, delete = Upkeep(hub.database, hub.storage), hub.storage.delete
    kept = hub.storage.name(folders[which])

    def delete_unless_open(name: str) -> None:
        if name == kept:
            raise PermissionError("The file is open somewhere.")
        delete(name)

    with monkeypatch.context() as while_it_is_open:
        while_it_is_open.setattr(hub.storage, "delete", delete_unless_open)
        tidying.tidy()
    assert [name for name, folder in folders.items() if folder.exists()] == [which]
    with hub.database.read() as session:
        assert "old" not in session.scalars(select(Event.kind)).all()
        assert (session.get(Job, click.id) is not None) == (which == "click"), "it is known while its masks are there"
    tidying.tidy()
    assert not folders[which].exists()


def test_a_part_that_fails_keeps_no_other_from_being_done(files_studio: Studio, monkeypatch) -> None:
    hub = files_studio.app.state.hub
    thrown_away = put_file(hub.storage, "trash", "shots-old")
    untouched = hub.storage.untouched

    def untouched_unless_uploads(folder: str, since: object) -> object:
        if folder == "uploads":
            raise OSError("The disk does not answer.")
        return untouched(folder, since)

    monkeypatch.setattr(hub.storage, "untouched", untouched_unless_uploads)
    assert not Upkeep(hub.database, hub.storage).tidy(), "it is tried again soon"
    assert not thrown_away.exists()
