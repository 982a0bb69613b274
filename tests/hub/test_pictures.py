"""What a browser is shown: frames, versions compared, numbers; and what is thrown away."""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre, make_plate
from hub_servers import create_database
from hub_studio import PROMPT, Studio, decoded, make_settings, new_shot, ready
from sqlalchemy import text

from roto_hub import upkeep
from roto_hub.db.models import AuditEntry, Job, Note, Shot, Version, now
from roto_hub.pictures import LOOKS, draw
from roto_hub.problems import FullError, NotFoundError
from roto_hub.services.events import ORDER_LOCK
from roto_hub.storage import Storage
from roto_hub.upkeep import Upkeep


def png(image: np.ndarray) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()


def disc_mask(x: int) -> bytes:
    return png(cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), (x, 30), 10, 255, -1))


@pytest.fixture
def flat() -> bytes:
    return png(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))


def test_every_frame_of_a_plate_can_be_looked_at_under_its_source_number(studio, project, plate) -> None:
    studio.start_worker("one")
    shot = ready(studio, new_shot(studio, project, "sh010", plate))
    frame = f"/shots/{shot['id']}/frames/{{}}"
    studio.until(lambda: studio.client.get(frame.format(LAST)).status_code == 200)
    for number in (FIRST, FIRST + 5, LAST):
        picture = decoded(studio.client.get(frame.format(number)).content)
        assert picture.shape == (HEIGHT, WIDTH, 3)
        x, y = (round(one) for one in centre(number))
        assert picture[y, x, 2] > 200 > 60 > picture[y, x, 0], f"the disc of frame {number} is where it belongs"
    assert studio.client.get(frame.format(LAST + 1)).status_code == 404
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
    assert studio.ended(job)["state"] == "done"
    version = studio.ok(studio.client.get(f"/shots/{shot['id']}/versions"))[0]["id"]
    x, y = (round(one) for one in centre(LAST))
    pictures = f"/versions/{version}/pictures/{LAST}"
    overlay = decoded(studio.client.get(pictures).content)
    assert overlay.shape == (HEIGHT, WIDTH, 3)
    matte = decoded(studio.client.get(pictures, params={"look": "matte"}).content)
    assert matte[y, x].min() > 250 > 5 > matte[5, 5].max()
    alone = studio.client.get(pictures, params={"look": "wipe"})
    assert alone.json()["title"] == "There is nothing to compare with."
    assert studio.client.get(pictures, params={"look": "wipe", "other": version}).status_code == 200
    assert studio.client.get(pictures, params={"look": "wipe", "other": "f" * 32}).status_code == 422


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_a_picture_of_the_plate_s_size_or_of_two(flat, look) -> None:
    sides = [{"disc": disc_mask(20)}, {"disc": disc_mask(60)}]
    picture = decoded(draw(look, flat, sides))
    assert picture.shape[0] == HEIGHT
    assert picture.shape[1] in (WIDTH, 2 * WIDTH + 2)


def test_a_difference_is_red_where_only_this_version_is_and_green_where_only_the_other(flat) -> None:
    sides = [{"disc": disc_mask(20)}, {"disc": disc_mask(60)}]
    picture = decoded(draw("difference", flat, sides)).astype(int)
    assert picture[30, 20, 2] > picture[30, 20, 1] + 100
    assert picture[30, 60, 1] > picture[30, 60, 2] + 100
    assert np.ptp(picture[30, 90]) < 10, "and nothing where they agree"


def test_a_wipe_shows_this_version_left_of_the_line_and_the_other_right_of_it(flat) -> None:
    sides = [{"disc": disc_mask(20)}, {"disc": disc_mask(60)}]
    picture = decoded(draw("wipe", flat, sides, at=0.4)).astype(int)
    overlay = [decoded(draw("overlay", flat, [side])).astype(int) for side in sides]
    line = round(0.4 * (WIDTH - 1))
    assert np.abs(picture[:, : line - 8] - overlay[0][:, : line - 8]).max() < 30
    assert np.abs(picture[:, line + 9 :] - overlay[1][:, line + 9 :]).max() < 30
    assert picture[:, line].min() > 150


def test_objects_are_told_apart_by_colour(flat) -> None:
    picture = decoded(draw("overlay", flat, [{"a": disc_mask(20), "b": disc_mask(60)}])).astype(int)
    assert np.abs(picture[30, 20] - picture[30, 60]).max() > 60
    assert np.abs(picture[30, 90] - 128).max() < 4


def filled(studio) -> dict[str, str]:
    """One of everything, with files."""
    ids = studio.fill(studio.ok(studio.client.post("/projects", json={"name": "one"}))["id"])
    with studio.app.state.hub.database.begin() as session:
        version = session.get(Version, ids["version_id"])
        version.folder = f"shots/{ids['shot_id']}/segment/{ids['job_id']}-1"
        folder = studio.app.state.hub.storage.place(version.folder)
    folder.mkdir(parents=True)
    (folder / "shapes.nk").write_text("Roto {}", encoding="utf-8")
    return ids


def test_a_version_that_is_thrown_away_lies_in_the_trash_and_is_written_down(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    path = f"/versions/{ids['version_id']}"
    studio.ok(studio.client.post(f"{path}/judgement", json={"status": "approved"}, headers={"If-Match": '"1"'}))
    assert studio.client.delete(path).status_code == 409, "what was approved stays"
    retake = {"status": "retake", "text": "again"}
    studio.ok(studio.client.post(f"{path}/judgement", json=retake, headers={"If-Match": '"2"'}))
    assert studio.client.delete(path).status_code == 204
    assert studio.client.get(path).status_code == 404
    assert studio.ok(studio.client.get(f"/shots/{ids['shot_id']}/versions")) == []
    (entry,) = studio.ok(studio.client.get("/audit", params={"action": "version.delete"}))
    assert entry["details"] == {"number": 1, "bytes": 7}
    (kept,) = studio.app.state.hub.storage.root.glob("trash/*/shapes.nk")
    assert kept.read_text() == "Roto {}"


def test_a_version_that_an_open_job_goes_on_from_is_not_deleted(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    path = f"/versions/{ids['version_id']}"
    folder = f"shots/{ids['shot_id']}/segment/{ids['job_id']}-1"
    shapes, mask = f"{folder}/shapes.json", f"{folder}/masks/hero/0001.png"
    told = [("reshape", {"shapes": shapes}), ("segment", {"prompts": [{"mask": mask}]}), ("export", {})]
    for kind, request in told:
        with studio.app.state.hub.database.begin() as session:
            job = session.get(Job, ids["job_id"])
            job.state, job.kind, job.request = "waiting", kind, request
        refused = studio.client.delete(path)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    studio.ok(studio.client.post(f"/jobs/{ids['job_id']}/cancel"))
    assert studio.client.delete(path).status_code == 204


def test_an_older_version_is_deleted_while_the_newest_is_exported(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    with studio.app.state.hub.database.begin() as session:
        job = Job(project_id=ids["project_id"], shot_id=ids["shot_id"], kind="segment", request={}, depends_on=[])
        job.state = "done"
        session.add(job)
        session.flush()
        newest = Version(shot_id=ids["shot_id"], job_id=job.id, number=2, folder="none", objects=[])
        session.add(newest)
        session.get(Job, ids["job_id"]).state = "waiting"
    assert studio.client.delete(f"/versions/{newest.id}").status_code == 409
    assert studio.client.delete(f"/versions/{ids['version_id']}").status_code == 204


def test_a_shot_with_an_approved_version_is_not_deleted(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    shot, judgement = f"/shots/{ids['shot_id']}", f"/versions/{ids['version_id']}/judgement"
    studio.ok(studio.client.post(judgement, json={"status": "approved"}, headers={"If-Match": '"1"'}))
    refused = studio.client.delete(shot, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    retake = {"status": "retake", "text": "again"}
    studio.ok(studio.client.post(judgement, json=retake, headers={"If-Match": '"2"'}))
    assert studio.client.delete(shot, headers={"If-Match": '"1"'}).status_code == 204


def test_the_whole_storage_is_never_thrown_away(tmp_path) -> None:
    storage = Storage(tmp_path)
    (tmp_path / "shots").mkdir()
    for parts in ((), ("",), ("shots", ".."), ("..",)):
        with pytest.raises(NotFoundError):
            storage.throw_away(*parts)
    assert (tmp_path / "shots").is_dir()


def test_a_shot_that_is_deleted_sets_its_name_free_and_keeps_what_was_said_of_it(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    shot = f"/shots/{ids['shot_id']}"
    assert studio.client.delete(shot, headers={"If-Match": '"7"'}).status_code == 412
    with studio.app.state.hub.database.begin() as session:
        session.get(Job, ids["job_id"]).state = "running"
    assert studio.client.delete(shot, headers={"If-Match": '"1"'}).status_code == 409, "a job of it is open"
    with studio.app.state.hub.database.begin() as session:
        session.get(Job, ids["job_id"]).state = "done"
    assert studio.client.delete(shot, headers={"If-Match": '"1"'}).status_code == 204
    assert studio.client.get(shot).status_code == 404
    assert studio.client.get(f"/versions/{ids['version_id']}").status_code == 404
    assert studio.ok(studio.client.get(f"/projects/{ids['project_id']}/shots"))["total"] == 0
    again = {"name": "sh010", "file_name": "a.mov", "size": 5}
    assert studio.client.post(f"/projects/{ids['project_id']}/shots", data=again).status_code == 201
    with studio.app.state.hub.database.read() as session:
        assert session.get(Shot, ids["shot_id"]).deleted_at is not None


def test_a_storage_that_is_away_is_tidied_when_it_is_back(files_studio, monkeypatch) -> None:
    studio, ids = files_studio, filled(files_studio)
    hub = studio.app.state.hub
    assert studio.client.delete(f"/versions/{ids['version_id']}").status_code == 204
    (kept,) = hub.storage.root.glob("trash/*")
    os.utime(kept, (time.time() - 31 * 24 * 3600,) * 2)
    untouched, asked = hub.storage.untouched, count()

    def away_at_first(*which: Any) -> Any:
        if next(asked) == 0:
            raise OSError("the storage is away")
        return untouched(*which)

    monkeypatch.setattr(hub.storage, "untouched", away_at_first)
    monkeypatch.setattr(upkeep, "AGAIN_S", 0.01)
    tidying = upkeep.Upkeep(hub.database, hub.storage)
    tidying.start()
    studio.until(lambda: not kept.exists())
    tidying.close()


def test_the_trash_is_emptied_after_thirty_days_and_that_is_written_down(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    hub = studio.app.state.hub
    assert studio.client.delete(f"/versions/{ids['version_id']}").status_code == 204
    Upkeep(hub.database, hub.storage).tidy()
    (kept,) = hub.storage.root.glob("trash/*")
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(kept, (long_ago, long_ago))
    Upkeep(hub.database, hub.storage).tidy()
    assert not list(Path(hub.storage.root).glob("trash/*"))
    with hub.database.read() as session:
        assert session.query(AuditEntry).where(AuditEntry.action == "trash.empty").one().subject == kept.name


def restore(studio, path: str, **body: str) -> tuple[int, dict]:
    answer = studio.client.post(f"{path}/restore", json=body or None)
    return answer.status_code, answer.json()


def test_a_shot_comes_back_from_the_trash_with_everything_in_it(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    shot, version = f"/shots/{ids['shot_id']}", f"/versions/{ids['version_id']}"
    assert restore(studio, shot)[0] == 409, "it was not deleted"
    assert studio.client.delete(shot, headers={"If-Match": '"1"'}).status_code == 204
    assert restore(studio, version)[0] == 404, "its shot was deleted, which comes first"
    taken = {"name": "sh010", "file_name": "a.mov", "size": 5}
    studio.ok(studio.client.post(f"/projects/{ids['project_id']}/shots", data=taken))
    assert restore(studio, shot)[0] == 409, "another has its name now"
    status, back = restore(studio, shot, name="sh010 again")
    assert (status, back["name"], back["version"]) == (200, "sh010 again", 1)
    kept = studio.app.state.hub.storage.existing("shots", ids["shot_id"], "segment", f"{ids['job_id']}-1", "shapes.nk")
    assert kept.read_text() == "Roto {}"
    (entry,) = studio.ok(studio.client.get("/audit", params={"action": "shot.restore"}))
    assert entry["details"] == {"name": "sh010 again"}


def test_a_shot_comes_back_under_the_name_that_it_had_and_not_after_its_files_are_gone(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    shot = f"/shots/{ids['shot_id']}"
    assert studio.client.delete(shot, headers={"If-Match": '"1"'}).status_code == 204
    assert restore(studio, shot)[1]["name"] == "sh010"
    revision = {"If-Match": studio.client.get(shot).headers["ETag"]}
    assert studio.client.delete(shot, headers=revision).status_code == 204
    studio.app.state.hub.storage.delete(f"trash/shots-{ids['shot_id']}")
    status, refused = restore(studio, shot)
    assert (status, refused["title"]) == (409, "Its files are not in the trash any more.")
    assert studio.client.get(shot).status_code == 404


def test_a_shot_whose_path_was_refused_comes_back_and_is_checked_again(files_studio, tmp_path) -> None:
    studio = files_studio
    studio.start_worker("one")
    project = studio.ok(studio.client.post("/projects", json={"name": "The Long Night"}))["id"]
    shot = ready(studio, new_shot(studio, project, "sh010", str(tmp_path / "shared" / "disc" / "disc.####.png")))
    assert shot["state"] == "refused", "its plate is not there yet"
    path = f"/shots/{shot['id']}"
    assert studio.client.delete(path, headers={"If-Match": '"1"'}).status_code == 204
    status, back = restore(studio, path)
    assert status == 200, back
    assert (back["name"], back["state"]) == ("sh010", "refused")
    make_plate(tmp_path / "shared" / "disc")
    (check,) = studio.ok(studio.client.get("/jobs", params={"shot": shot["id"], "kind": "check"}))
    studio.ok(studio.client.post(f"/jobs/{check['id']}/retry"))
    assert ready(studio, shot)["state"] == "ready"


def test_an_upload_that_was_refused_does_not_come_back_without_its_file(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    with studio.app.state.hub.database.begin() as session:
        shot = session.get(Shot, ids["shot_id"])
        shot.state, shot.plate = "refused", f"shots/{shot.id}/plate/a.mov"
    path = f"/shots/{ids['shot_id']}"
    assert studio.client.delete(path, headers={"If-Match": '"1"'}).status_code == 204
    studio.app.state.hub.storage.delete(f"trash/shots-{ids['shot_id']}")
    assert restore(studio, path)[0] == 409


def test_a_version_comes_back_but_not_as_the_newest_once_a_job_went_on_without_it(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    path = f"/versions/{ids['version_id']}"
    assert studio.client.delete(path).status_code == 204
    assert restore(studio, path)[0] == 200
    assert studio.ok(studio.client.get(path))["number"] == 1
    assert studio.client.delete(path).status_code == 204
    with studio.app.state.hub.database.begin() as session:
        session.get(Job, ids["job_id"]).started_at = now()
    assert restore(studio, path)[0] == 409, "the export took objects of no version out of the shot's masks"
    with studio.app.state.hub.database.begin() as session:
        job = Job(project_id=ids["project_id"], shot_id=ids["shot_id"], kind="segment", request={}, depends_on=[])
        session.add(job)
        session.flush()
        session.add(Version(shot_id=ids["shot_id"], job_id=job.id, number=2, folder="none", objects=[]))
    assert restore(studio, path)[0] == 200
    numbers = [one["number"] for one in studio.ok(studio.client.get(f"/shots/{ids['shot_id']}/versions"))]
    assert numbers == [2, 1]


def test_a_version_does_not_come_back_after_its_files_are_gone(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    path, storage = f"/versions/{ids['version_id']}", files_studio.app.state.hub.storage
    assert studio.client.delete(path).status_code == 204
    (kept,) = storage.root.glob("trash/*")
    storage.delete(f"trash/{kept.name}")
    status, refused = restore(studio, path)
    assert (status, refused["title"]) == (409, "Its files are not in the trash any more.")
    assert studio.client.get(path).status_code == 404


def test_a_shot_that_is_deleted_again_comes_back_under_the_name_that_it_had_last(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    shot = f"/shots/{ids['shot_id']}"
    for name in ("sh010 anew", None):
        revision = {"If-Match": studio.client.get(shot).headers["ETag"]}
        assert studio.client.delete(shot, headers=revision).status_code == 204
        other = {"name": "sh020", "file_name": "a.mov", "size": 5}
        made = studio.ok(studio.client.post(f"/projects/{ids['project_id']}/shots", data=other))["shot"]["id"]
        assert studio.client.delete(f"/shots/{made}", headers={"If-Match": '"1"'}).status_code == 204
        status, back = restore(studio, shot, **({"name": name} if name else {}))
        assert (status, back["name"]) == (200, "sh010 anew")


@pytest.mark.parametrize("what", ["began before", "is another shot's"])
def test_a_version_comes_back_as_the_newest_where_no_job_of_its_shot_began_since(files_studio, what) -> None:
    studio, ids = files_studio, filled(files_studio)
    path = f"/versions/{ids['version_id']}"
    began = now()
    assert studio.client.delete(path).status_code == 204
    with studio.app.state.hub.database.begin() as session:
        other = Shot(project_id=ids["project_id"], name="sh020", state="ready")
        session.add(other)
        session.flush()
        of_it = {"shot_id": other.id, "started_at": now()} if what == "is another shot's" else {"started_at": began}
        about = {"project_id": ids["project_id"], "shot_id": ids["shot_id"], "kind": "export", "state": "done", **of_it}
        session.add(Job(request={}, depends_on=[], **about))
    assert restore(studio, path)[0] == 200


@pytest.mark.parametrize("what", ["shot", "version"])
@pytest.mark.needs("pg_ctlcluster", "redis-server")
def test_nobody_waits_while_files_come_back_from_the_trash(servers, tmp_path, monkeypatch, what) -> None:
    postgres, redis = servers
    url = create_database(postgres, f"hub_restored_{what}")
    studio = Studio(make_settings(tmp_path, database_url=url, broker_url=redis), tmp_path)
    try:
        studio.set_up()
        ids, hub = filled(studio), studio.app.state.hub
        path = f"/{what}s/{ids[f'{what}_id']}"
        revision = {"If-Match": '"1"'} if what == "shot" else {}
        assert studio.client.delete(path, headers=revision).status_code == 204
        take_back, is_free = hub.storage.take_back, []

        def ask_for_a_turn(*parts: str) -> bool:
            with hub.database.begin() as session:
                turn = text("SELECT pg_try_advisory_xact_lock(:lock)").bindparams(lock=ORDER_LOCK)
                is_free.append(session.scalar(turn))
            return take_back(*parts)

        monkeypatch.setattr(hub.storage, "take_back", ask_for_a_turn)
        assert restore(studio, path)[0] == 200
        assert is_free == [True], "others can append events"
    finally:
        studio.close()


def test_what_the_quota_has_no_room_for_any_more_stays_in_the_trash(tmp_path) -> None:
    storage = Storage(tmp_path, quota=10)
    for name in ("x", "y"):
        (tmp_path / "shots" / name).mkdir(parents=True)
        (tmp_path / "shots" / name / "plate").write_bytes(bytes(6))
        storage.throw_away("shots", name)
    assert storage.take_back("shots", "x")
    with pytest.raises(FullError):
        storage.take_back("shots", "y")
    assert storage.sizes() == {"shots/x": 6, "trash/shots-y": 6}


def test_a_stray_file_in_the_trash_is_deleted_as_well(files_studio) -> None:
    hub = files_studio.app.state.hub
    stray = hub.storage.place("trash", ".DS_Store")
    stray.parent.mkdir(parents=True)
    stray.touch()
    os.utime(stray, (0, 0))
    Upkeep(hub.database, hub.storage).tidy()
    assert not stray.exists()


def test_a_project_s_numbers_are_counted_from_what_was_done(files_studio) -> None:
    studio, ids = files_studio, filled(files_studio)
    with studio.app.state.hub.database.begin() as session:
        job = session.get(Job, ids["job_id"])
        job.kind, job.done_frames, job.frames_a_second = "segment", 9, 3.0
        job.started_at, job.ended_at = job.created_at, job.created_at
        job.wait_s, job.run_s = 0.0, 0.0
        failed = Job(project_id=job.project_id, shot_id=job.shot_id, kind="check", request={}, depends_on=[])
        failed.state, failed.ended_at = "failed", job.created_at
        session.add(failed)
        session.add(Note(version_id=ids["version_id"], text="again", status="retake"))
        session.add(Note(version_id=ids["version_id"], text="look here"))
    for path in (f"/projects/{ids['project_id']}", f"/shots/{ids['shot_id']}"):
        found = studio.ok(studio.client.get(f"{path}/statistics"))
        assert (found["jobs"], found["versions"]) == ({"done": 1, "failed": 1}, {"pending": 1})
        assert (found["retakes"], found["notes"], found["failed_share"]) == (1, 1, 0.5)
        assert (found["wait_s"], found["run_s"], found["frames_a_second"]) == (0, 0, 3.0)
        assert len(found["days"]) == 30
        assert found["days"][-1] == {**found["days"][-1], "done": 1, "failed": 1, "frames": 9}
    said = [note["text"] for note in studio.ok(studio.client.get(f"/shots/{ids['shot_id']}/history"))]
    assert said == ["again", "look here"]
    assert studio.client.delete(f"/versions/{ids['version_id']}").status_code == 204
    found = studio.ok(studio.client.get(f"/projects/{ids['project_id']}/statistics"))
    assert (found["versions"], found["retakes"]) == ({}, 1), "it waits for no review any more, what was said stays said"
