"""Masks and shapes changed by hand, as a browser asks for it: clicks, paint, finishing, knots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import cv2
import numpy as np
import pytest
from disc_plate import FIRST, HEIGHT, LAST, WIDTH, centre
from hub_studio import PROMPT, Studio, decoded, make_settings, new_shot, ready

from roto_hub.db.models import Job, now
from roto_hub.upkeep import Upkeep

NEVER = (2.0, 2.0)
"""A point beside the disc, on every frame."""


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """On files, with a worker: what is tried here asks nothing of the servers that the queue's own tests do not."""
    studio = Studio(make_settings(tmp_path, shared_roots=(tmp_path / "shared",)), tmp_path)
    studio.set_up()
    studio.start_worker("one")
    yield studio
    studio.close()


@pytest.fixture
def shot(studio: Studio, project: str, plate: str) -> dict[str, Any]:
    return ready(studio, new_shot(studio, project, "sh010", plate))


@pytest.fixture
def tracked(studio: Studio, shot: dict[str, Any]) -> dict[str, Any]:
    """A shot with a disc that was tracked; answers its version."""
    return version_by(studio, shot, PROMPT)


def version_by(studio: Studio, shot: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=asked))
    assert studio.ended(job["id"])["state"] == "done", studio.job(job["id"])
    return studio.ok(studio.client.get(f"/shots/{shot['id']}/versions"))[0]


def mask_of(studio: Studio, shot: dict[str, Any], version: dict[str, Any], frame: int, name: str = "disc") -> Any:
    answer = studio.client.get(f"/shots/{shot['id']}/masks/{name}/{frame}", params={"version": version["number"]})
    assert answer.status_code == 200, answer.text
    return decoded(answer.content)[..., 0]


@pytest.mark.parametrize("name", ["hand L/R", "v1.2", "CON"])
def test_an_object_s_masks_are_found_whatever_it_is_called(studio, shot, name) -> None:
    version = version_by(studio, shot, {"prompts": [{**PROMPT["prompts"][0], "object": name}]})
    masks = studio.ok(studio.client.get(f"/shots/{shot['id']}/masks"))
    assert masks["frames"] == {name: list(range(FIRST, LAST + 1))}
    assert mask_of(studio, shot, version, FIRST, quote(name, safe="")).max() == 255
    seen = studio.client.get(f"/versions/{version['id']}/pictures/{FIRST}", params={"look": "matte"})
    assert decoded(seen.content).max() > 200
    prompt = {"object": name, "frame": FIRST + 2, "version": version["number"]}
    assert version_by(studio, shot, {"prompts": [prompt]})["number"] == version["number"] + 1


def clicked(studio: Studio, shot: dict[str, Any], prompt: dict[str, Any]) -> Any:
    """The mask that a click gives."""
    body = {"prompts": [{"object": "disc", **prompt}]}
    job = studio.ended(studio.ok(studio.client.post(f"/shots/{shot['id']}/click", json=body))["id"])
    assert job["state"] == "done", job
    [found] = job["result"]["objects"]
    return decoded(studio.client.get(f"/jobs/{job['id']}/files/{found['masks'][0]}").content)[..., 0]


def outline(studio: Studio, version: dict[str, Any], frame: int) -> dict[str, Any]:
    answer = studio.client.get(f"/versions/{version['id']}/outlines", params={"first": frame, "last": frame})
    return studio.ok(answer)["frames"][str(frame)][0]


def reshaped(studio: Studio, shot: dict[str, Any], version: dict[str, Any], *edits: dict[str, Any]) -> dict[str, Any]:
    job = studio.ok(studio.client.post(f"/versions/{version['id']}/reshape", json={"edits": edits}))
    assert studio.ended(job["id"])["state"] == "done", studio.job(job["id"])
    return studio.ok(studio.client.get(f"/shots/{shot['id']}/versions"))[0]


def test_a_click_gives_a_mask_and_leaves_nothing_in_the_shot(studio, shot, project) -> None:
    mask = clicked(studio, shot, {"frame": FIRST, "positive": [centre(FIRST)]})
    assert mask.shape == (HEIGHT, WIDTH)
    x, y = (round(one) for one in centre(FIRST))
    assert mask[y, x] == 255
    assert mask[2, 2] == 0
    assert studio.ok(studio.client.get(f"/shots/{shot['id']}/versions")) == []
    assert "click" not in [job["kind"] for job in studio.ok(studio.client.get("/jobs"))]
    assert "click" not in [str(one["details"]) for one in studio.ok(studio.client.get("/audit"))]
    numbers = studio.ok(studio.client.get(f"/projects/{project}/statistics"))
    assert sum(numbers["jobs"].values()) == len(studio.ok(studio.client.get("/jobs")))


def test_a_click_is_answered_while_the_worker_tracks(studio, shot, plate) -> None:
    blocked = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json=PROMPT))
    with studio.app.state.hub.database.begin() as session:  # as if its only slot were taken for long
        row = session.get(Job, blocked["id"])
        row.state, row.worker, row.lease_until = "running", "one", now() + timedelta(minutes=5)
    assert clicked(studio, shot, {"frame": LAST, "positive": [centre(LAST)]}).max() == 255


def test_a_click_corrects_the_mask_of_a_version(studio, shot, tracked) -> None:
    everything = clicked(studio, shot, {"frame": FIRST, "positive": [centre(FIRST), NEVER]})
    assert everything.min() == 255
    corrected = clicked(studio, shot, {"frame": FIRST + 2, "version": tracked["number"], "negative": [NEVER]})
    before = mask_of(studio, shot, tracked, FIRST + 2)
    assert np.array_equal(corrected > 127, before > 127)


def test_clicks_are_forgotten_after_an_hour(studio, shot) -> None:
    clicked(studio, shot, {"frame": FIRST, "positive": [centre(FIRST)]})
    hub = studio.app.state.hub
    folder = hub.storage.place("shots", shot["id"], "click")
    assert list(folder.iterdir())
    with hub.database.begin() as session:
        for job in session.query(Job).where(Job.kind == "click"):
            job.ended_at = now() - timedelta(hours=2)
    Upkeep(hub.database, hub.storage).tidy()
    assert list(folder.iterdir()) == []
    with hub.database.read() as session:
        assert session.query(Job).where(Job.kind == "click").count() == 0


def test_a_painted_mask_is_the_object_on_its_frame_and_is_followed(studio, shot, tracked) -> None:
    painted = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), tuple(map(round, centre(FIRST))), 5, 255, -1)
    path = f"/shots/{shot['id']}/painted"
    kept = studio.ok(studio.client.post(path, content=cv2.imencode(".png", painted)[1].tobytes()))
    asked = {"prompts": [{"frame": FIRST, "object": "disc", "painted": kept["id"]}]}
    version = version_by(studio, shot, asked)
    assert np.array_equal(mask_of(studio, shot, version, FIRST), painted)
    prompted = studio.job(version["job_id"])["result"]["prompted"]
    assert prompted == {"disc": [FIRST]}


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"GIF89a", "no PNG"), (cv2.imencode(".png", np.zeros((5, 5), np.uint8))[1].tobytes(), "is not of 97 × 63")],
)
def test_a_painted_mask_that_is_none_is_refused(studio, shot, content, why) -> None:
    answer = studio.client.post(f"/shots/{shot['id']}/painted", content=content)
    assert answer.status_code == 422
    assert why in answer.json()["title"]


def test_edges_are_finished_objects_merged_and_taken_out(studio, shot, tracked) -> None:
    soft = version_by(studio, shot, {"finish": {"disc": {"grow_px": 3, "feather_px": 2}}})
    assert mask_of(studio, shot, soft, FIRST + 3).sum() > mask_of(studio, shot, tracked, FIRST + 3).sum()
    box = {"frame": FIRST, "object": "corner", "box": [0, 0, 8, 8]}
    both = version_by(studio, shot, {"prompts": [{**box, "positive": [NEVER]}]})
    assert both["objects"] == ["corner", "disc"]
    merged = version_by(studio, shot, {"combine": [{"name": "all", "objects": ["corner", "disc"]}]})
    assert merged["objects"] == ["all"]
    version_by(studio, shot, {"prompts": [{**box, "object": "other", "positive": [NEVER]}]})
    left = version_by(studio, shot, {"delete": ["other"]})
    assert left["objects"] == ["all"]


def test_what_was_said_on_a_frame_can_be_taken_back(studio, shot, tracked) -> None:
    more = {"frame": LAST, "object": "disc", "positive": [list(centre(LAST))]}
    twice = version_by(studio, shot, {"prompts": [more]})
    assert studio.job(twice["job_id"])["result"]["prompted"] == {"disc": [FIRST, LAST]}
    once = version_by(studio, shot, {"prompts": [{"frame": LAST, "object": "disc"}]})
    assert studio.job(once["job_id"])["result"]["prompted"] == {"disc": [FIRST]}


def test_a_correction_keeps_to_the_frames_of_before_unless_it_names_others(studio, shot) -> None:
    last = FIRST + 4
    part = version_by(studio, shot, {**PROMPT, "first": FIRST, "last": last})
    masks = f"/shots/{shot['id']}/masks"
    assert studio.ok(studio.client.get(masks))["frames"]["disc"][-1] == last
    shape = outline(studio, part, FIRST)
    moved = [[x + 2, *more] for x, *more in shape["knots"]]
    reshaped(studio, shot, part, {"do": "move", "shape": shape["shape"], "frame": FIRST, "knots": moved})
    assert studio.ok(studio.client.get(masks))["frames"]["disc"][-1] == last
    version_by(studio, shot, {"finish": {"disc": {"grow_px": 1}}})
    assert studio.ok(studio.client.get(masks))["frames"]["disc"][-1] == last
    version_by(studio, shot, {**PROMPT, "first": FIRST, "last": LAST})
    assert studio.ok(studio.client.get(masks))["frames"]["disc"][-1] == LAST


def test_outlines_are_the_shapes_as_exported_on_every_frame(studio, shot, tracked) -> None:
    asked = {"first": FIRST, "last": LAST}
    answer = studio.ok(studio.client.get(f"/versions/{tracked['id']}/outlines", params=asked))
    assert sorted(map(int, answer["frames"])) == list(range(FIRST, LAST + 1))
    for frame, shapes in answer["frames"].items():
        [shape] = shapes
        assert shape["object"] == "disc"
        x, y = np.mean([knot[:2] for knot in shape["knots"]], axis=0)
        assert np.hypot(x - centre(int(frame))[0], y - centre(int(frame))[1]) < 1.5
        assert shape["is_key"] == (float(frame) in answer["keys"][shape["shape"]])
    too_many = studio.client.get(f"/versions/{tracked['id']}/outlines", params={"first": 1, "last": 900})
    assert too_many.status_code == 422


def test_moved_knots_are_held_and_the_mask_follows(studio, shot, tracked) -> None:
    frame = FIRST + 5
    shape = outline(studio, tracked, frame)
    moved = [[x + 6, *more] for x, *more in shape["knots"]]
    after = reshaped(studio, shot, tracked, {"do": "move", "shape": shape["shape"], "frame": frame, "knots": moved})
    assert after["number"] == tracked["number"] + 1
    held = outline(studio, after, frame)
    assert held["is_key"]
    assert np.allclose(held["knots"], moved, atol=1e-6)
    columns = np.nonzero(mask_of(studio, shot, after, frame).max(axis=0))[0]
    assert abs(columns.mean() - (centre(frame)[0] + 6)) < 1
    job = studio.job(after["job_id"])
    assert {"shapes.json", "shapes.nk", "shapes.fxs"} <= set(job["result"]["files"])


def test_an_export_after_that_holds_the_moved_knots_too(studio, shot, tracked) -> None:
    shape = outline(studio, tracked, FIRST)
    moved = [[x, y - 4, *more] for x, y, *more in shape["knots"]]
    reshaped(studio, shot, tracked, {"do": "move", "shape": shape["shape"], "frame": FIRST, "knots": moved})
    job = studio.ok(studio.client.post(f"/shots/{shot['id']}/export", json={"formats": ["json", "svg", "png"]}))
    result = studio.ended(job["id"])["result"]
    assert {"shapes.json", "shapes.svg"} <= set(result["files"])
    written = studio.client.get(f"/jobs/{job['id']}/files/shapes.json").json()
    [key] = [one for one in written["children"][0]["children"][0]["keys"] if one["frame"] == FIRST]
    knots = np.reshape(key["knots"], (-1, 6))
    assert np.allclose(knots[:, :2].mean(axis=0), np.mean(moved, axis=0)[:2], atol=0.01)


def test_an_export_writes_the_version_that_a_segmentation_before_it_makes(studio, shot, tracked) -> None:
    box = {"frame": FIRST, "object": "corner", "box": [0, 0, 8, 8], "positive": [NEVER]}
    before = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json={"prompts": [box]}))
    after = studio.ok(studio.client.post(f"/shots/{shot['id']}/export", json={"formats": ["json", "png"]}))
    assert studio.ended(before["id"])["result"]["objects"] == ["corner", "disc"]
    result = studio.ended(after["id"])["result"]
    written = studio.client.get(f"/jobs/{after['id']}/files/shapes.json").json()
    assert {layer["name"] for layer in written["children"]} == {"corner", "disc"}
    assert {name.split("/")[0] for name in result["files"] if name.endswith(".png")} == {"corner", "disc"}


def test_only_the_newest_version_s_shapes_are_changed(studio, shot, tracked) -> None:
    edits = {"edits": [{"do": "delete", "shape": outline(studio, tracked, FIRST)["shape"]}]}
    soft = studio.ok(studio.client.post(f"/shots/{shot['id']}/segment", json={"finish": {"disc": {"grow_px": 3}}}))
    late = studio.ok(studio.client.post(f"/versions/{tracked['id']}/reshape", json=edits))
    assert studio.ended(soft["id"])["state"] == "done"
    assert "not the shot's newest any more" in studio.ended(late["id"])["error"]["message"]
    refused = studio.client.post(f"/versions/{tracked['id']}/reshape", json=edits)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "Change the shapes of version 2."


def test_a_shape_is_drawn_gets_a_knot_and_is_taken_out(studio, shot, tracked) -> None:
    square = [[x, y, 0, 0, 0, 0] for x, y in ((60, 5), (75, 5), (75, 20), (60, 20))]
    drawn = {"do": "add", "object": "sign", "name": "sign 1", "frame": FIRST, "knots": square}
    after = reshaped(studio, shot, tracked, drawn)
    assert after["objects"] == ["disc", "sign"]
    assert mask_of(studio, shot, after, LAST, "sign")[10, 65] == 255
    more = reshaped(studio, shot, after, {"do": "add_knot", "shape": "sign/sign 1", "frame": FIRST, "point": [67, 5]})
    assert len(outline(studio, more, FIRST)["knots"]) == 5
    alone = {"do": "delete", "shape": "sign/sign 1"}
    job = studio.ok(studio.client.post(f"/versions/{more['id']}/reshape", json={"edits": [alone]}))
    assert "Nothing of “sign” would be left" in studio.ended(job["id"])["error"]["message"]
    second = {**drawn, "name": "sign 2", "knots": [[x - 30, *rest] for x, *rest in square]}
    two = reshaped(studio, shot, more, second)
    one = reshaped(studio, shot, two, alone)
    assert mask_of(studio, shot, one, FIRST, "sign")[10, 65] == 0
    assert mask_of(studio, shot, one, FIRST, "sign")[10, 35] == 255


def test_what_makes_no_sense_is_refused_in_words(studio, shot, tracked) -> None:
    nothing = studio.client.post(f"/shots/{shot['id']}/click", json={"prompts": [{"frame": 1, "object": "disc"}]})
    assert nothing.json()["title"] == "The shot has no frame 1."
    unknown = {"prompts": [{"frame": FIRST, "object": "cat", "version": 1}]}
    assert "no such mask" in studio.client.post(f"/shots/{shot['id']}/segment", json=unknown).json()["title"]
    strange = {"edits": [{"do": "delete", "shape": "cat"}]}
    job = studio.ok(studio.client.post(f"/versions/{tracked['id']}/reshape", json=strange))
    assert "no shape “cat”" in studio.ended(job["id"])["error"]["message"]
