"""The whole way through a studio: plates in, jobs by real workers and daemons, results out, once each."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre, make_plate
from hub_studio import PROMPT, new_shot, ready

from embedded_weights import embedded_weights
from roto_formats.registry import document_of_text


@pytest.fixture
def embedded() -> dict[str, str]:
    """For a worker whose daemon takes its time over each frame."""
    return {"ROTO_ENGINE": "embedded", "ROTO_WEIGHTS_DIR": str(embedded_weights().folder)}


def test_a_plate_by_its_path_becomes_shapes_and_masks(studio, project, plate) -> None:
    studio.start_worker("one")
    shot = ready(studio, new_shot(studio, project, "sh010", plate))
    assert (shot["state"], shot["first_frame"], shot["last_frame"]) == ("ready", FIRST, LAST)
    assert (shot["width"], shot["height"]) == (WIDTH, HEIGHT)
    job = studio.ended(studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"])
    assert job["state"] == "done", job["error"]
    assert job["done_frames"] == job["total_frames"]
    masks = studio.ok(studio.client.get(f"/shots/{shot['id']}/masks"))
    assert masks["frames"] == {"disc": list(range(FIRST, LAST + 1))}
    picture = studio.client.get(f"/shots/{shot['id']}/masks/disc/{LAST}").content
    mask = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert mask.shape == (HEIGHT, WIDTH)
    assert mask[int(centre(LAST)[1]), int(centre(LAST)[0])] == 255
    (name,) = [file for file in job["result"]["files"] if file.endswith(".nk")]
    text = studio.client.get(f"/jobs/{job['id']}/files/{name}").text
    assert [layer.name for layer in document_of_text(text, ".nk").children]
    exported = studio.client.post(f"/shots/{shot['id']}/export", json={"formats": ["exr"]})
    assert studio.ended(studio.ok(exported)["id"])["state"] == "done"


def test_a_zip_of_frames_comes_in_pieces_and_goes_on_after_a_lost_connection(studio, project, tmp_path) -> None:
    make_plate(tmp_path / "frames", FIRST + 3)
    packed = Path(shutil.make_archive(str(tmp_path / "frames"), "zip", tmp_path / "frames")).read_bytes()
    data = {"name": "sh020", "file_name": "frames.zip", "size": len(packed)}
    made = studio.ok(studio.client.post(f"/projects/{project}/shots", data=data))
    upload, half = f"/uploads/{made['upload']['id']}", len(packed) // 2
    studio.ok(studio.client.patch(upload, params={"offset": 0}, content=packed[:half]))
    assert studio.client.patch(upload, params={"offset": 0}, content=packed[:half]).status_code == 409
    received = studio.ok(studio.client.get(upload))["received"]
    assert received == half
    too_much = studio.client.patch(upload, params={"offset": received}, content=packed[half:] + b"more")
    assert too_much.status_code == 422
    studio.ok(studio.client.patch(upload, params={"offset": received}, content=packed[half:]))
    assert studio.client.patch(upload, params={"offset": len(packed)}, content=b"").status_code in (409, 422)
    studio.start_worker("one")
    shot = ready(studio, made["shot"])
    assert (shot["state"], shot["last_frame"]) == ("ready", FIRST + 3)
    assert studio.client.get(f"/shots/{shot['id']}/thumbnail").content.startswith(b"\xff\xd8")


def test_a_zip_on_shared_storage_leaves_what_lies_beside_it_as_it_is(studio, project, tmp_path) -> None:
    shared = tmp_path / "shared"
    make_plate(shared / "frames", FIRST + 3)
    packed = shutil.make_archive(str(shared / "frames"), "zip", shared / "frames")
    (shared / "frames" / "notes.txt").write_text("What an artist wrote.")
    before = sorted(shared.rglob("*"))
    studio.start_worker("one")
    shot = ready(studio, new_shot(studio, project, "sh020", packed))
    assert (shot["state"], shot["last_frame"]) == ("ready", FIRST + 3)
    assert sorted(shared.rglob("*")) == before
    Path(packed).unlink()
    (shared / "frames" / f"disc.{FIRST}.png").unlink()
    job = studio.ended(studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"])
    assert job["state"] == "done", job["error"]


def test_what_is_no_plate_is_refused_with_the_reason(studio, project) -> None:
    studio.start_worker("one")
    files = {"file": ("plate.mov", b"MZ this is no film")}
    made = studio.ok(studio.client.post(f"/projects/{project}/shots", data={"name": "bad"}, files=files))
    shot = ready(studio, made["shot"])
    assert shot["state"] == "refused"
    assert "plate.mov" in shot["fault"]
    assert studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT).status_code == 409


def test_of_a_zip_that_holds_no_pictures_nothing_is_left_unpacked(studio, project, tmp_path) -> None:
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "p.1001.png").write_bytes(b"this is no picture")
    packed = Path(shutil.make_archive(str(tmp_path / "frames"), "zip", tmp_path / "frames"))
    studio.start_worker("one")
    files = {"file": ("plate.zip", packed.read_bytes())}
    shot = ready(
        studio, studio.ok(studio.client.post(f"/projects/{project}/shots", data={"name": "z"}, files=files))["shot"]
    )
    assert shot["state"] == "refused"
    assert not list(tmp_path.rglob("hub/**/p.1001.png"))


def test_ten_shots_are_done_once_each_although_a_worker_is_killed(studio, project, tmp_path) -> None:
    plate = make_plate(tmp_path / "shared" / "disc", FIRST + 40)
    doomed = studio.start_worker("doomed")
    plates = [{"name": f"sh{number:03}", "path": plate} for number in range(10)]
    made = studio.ok(studio.client.post(f"/projects/{project}/shots/by-path", json={"plates": plates}))
    shots = [ready(studio, shot) for shot in made]
    many = {"shots": [{"shot_id": shot["id"], **PROMPT} for shot in shots]}
    jobs = [job["id"] for job in studio.ok(studio.client.post(f"/projects/{project}/segment", json=many))]
    studio.until(lambda: any(studio.job(job)["state"] == "running" for job in jobs))
    doomed.kill()
    studio.start_worker("heir")
    ended = [studio.ended(job) for job in jobs]
    assert [job["state"] for job in ended] == ["done"] * 10
    for shot in shots:
        versions = studio.ok(studio.client.get(f"/shots/{shot['id']}/versions"))
        assert [version["number"] for version in versions] == [1], "each result exactly once"
    logs = [studio.ok(studio.client.get(f"/jobs/{job}/log")) for job in jobs]
    assert any("doomed fell silent" in line["text"] for log in logs for line in log)


def test_a_model_that_is_installed_while_a_worker_runs_is_known_without_a_restart(files_studio, tmp_path) -> None:
    weights = tmp_path / "weights" / "u2netp.onnx"
    weights.parent.mkdir()
    files_studio.start_worker("one", ROTO_WEIGHTS_DIR=str(weights.parent))

    def can_embed() -> bool:
        (worker,) = files_studio.ok(files_studio.client.get("/workers"))
        assert "disc" in worker["engines"]
        return "embedded" in worker["engines"]

    assert not can_embed()
    weights.write_bytes(b"It is not read before it is used.")
    files_studio.until(can_embed)
    weights.unlink()
    files_studio.until(lambda: not can_embed())


def test_a_worker_that_is_told_to_end_gives_its_job_back_at_once(studio, project, tmp_path, embedded) -> None:
    long_plate = make_plate(tmp_path / "shared" / "long", FIRST + 30)
    first = studio.start_worker("first", **embedded)
    shot = ready(studio, new_shot(studio, project, "long", long_plate))
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
    studio.until(lambda: studio.job(job)["done_frames"] > 3)
    first.stop()
    assert studio.job(job)["state"] == "waiting"
    studio.start_worker("second", **embedded)
    assert studio.ended(job)["state"] == "done"
    log = [line["text"] for line in studio.ok(studio.client.get(f"/jobs/{job}/log"))]
    assert "first ends; given back" in log


def test_a_job_that_runs_is_cancelled_between_two_frames_and_goes_on_when_tried_again(
    studio, project, tmp_path, embedded
) -> None:
    long_plate = make_plate(tmp_path / "shared" / "long", FIRST + 30)
    studio.start_worker("one", **embedded)
    shot = ready(studio, new_shot(studio, project, "long", long_plate))
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))["id"]
    studio.until(lambda: studio.job(job)["done_frames"] > 3)
    assert studio.job(job)["remaining_s"] > 0
    studio.ok(studio.client.post(f"/jobs/{job}/cancel"))
    cancelled = studio.ended(job)
    assert cancelled["state"] == "cancelled"
    assert 0 < cancelled["done_frames"] < 30
    studio.ok(studio.client.post(f"/jobs/{job}/retry"))
    assert studio.ended(job)["state"] == "done"
    assert studio.client.post(f"/jobs/{job}/cancel").status_code == 409
