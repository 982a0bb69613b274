"""``roto doctor`` and ``roto find``."""

import json
import os

import pytest

from roto_daemon.backends.table import MODELS, Model, Task


@pytest.fixture
def detector(monkeypatch) -> None:
    small = Model("small-dino", (Task.DETECT,), "tests", "tests.daemon.small_models")
    monkeypatch.setitem(MODELS, small.name, small)


def test_the_doctor_says_what_there_is(roto, tmp_path):
    told = json.loads(roto("doctor", "--json").stdout)
    assert told["networks"]["PyTorch"].startswith("2.")
    assert told["models"]["weights here"] == "none"
    assert "disc" in told["models"]["can run"] and told["models"]["auto is"] == "embedded"
    assert str(tmp_path / "weights") in told["folders"]["weights"]
    assert "GiB free" in told["folders"]["weights"]
    assert told["daemon"]["running"] == "no"


@pytest.mark.skipif(os.name != "posix", reason="files have owners on POSIX")
def test_the_doctor_says_that_the_runtime_folder_is_another_user_s(roto, anothers_folder):
    told = json.loads(roto("doctor", "--json").stdout)
    assert f"{anothers_folder} belongs to another user" in told["daemon"]["running"]


def test_the_doctor_can_be_read(roto):
    told = roto("doctor").stdout
    assert all(part in told for part in ("machine\n", "networks\n", "models\n", "folders\n", "daemon\n"))


def test_one_text_gives_prompts_for_many_plates(roto, detector, clip, tmp_path):
    single = clip.image(1005)
    found = roto("find", "car, dog", clip.plate, single, "--out", tmp_path / "found", "--in-process", "--json")
    assert found.exit_code == 0, found.stderr
    first, second = json.loads(found.stdout)["plates"]
    assert (first["frame"], second["model"]) == (1001, "small-dino")
    prompts = json.loads((tmp_path / "found" / "disc.json").read_text())["objects"]
    assert len(prompts) == len(second["candidates"])
    done = roto(
        "track",
        clip.plate,
        "--prompts",
        first["prompts"],
        "--engine",
        "disc",
        "--out",
        tmp_path / "out",
        "--in-process",
        "--range",
        "1001-1002",
    )
    assert done.exit_code in (0, 6), done.stderr


def test_only_chosen_and_sure_candidates_remain(roto, detector, clip):
    every = json.loads(roto("find", "car", clip.plate, "--in-process", "--json").stdout)["plates"][0]["candidates"]
    assert len(every) > 2
    chosen = json.loads(roto("find", "car", clip.plate, "--only", "2", "--in-process", "--json").stdout)["plates"][0]
    assert chosen["candidates"] == [every[1]]
    bound = str(every[1]["confidence"])
    sure = json.loads(roto("find", "car", clip.plate, "--least", bound, "--in-process", "--json").stdout)["plates"][0]
    assert sure["candidates"] == every[:2]


def test_a_plate_that_cannot_be_read_does_not_stop_the_others(roto, detector, clip, tmp_path):
    found = roto("find", "car", tmp_path / "nothing.####.png", clip.plate, "--in-process", "--json")
    assert found.exit_code == 0
    assert "nothing" in found.stderr
    assert len(json.loads(found.stdout)["plates"]) == 1


def test_without_weights_find_says_how_to_get_them(roto, clip):
    found = roto("find", "car", clip.plate, "--in-process")
    assert found.exit_code == 4
    assert "roto models pull grounding-dino-tiny" in found.stderr


def test_soft_edges_are_written_where_they_are_asked_for(roto, clip, tmp_path):
    import cv2
    import numpy as np

    said = ("track", clip.plate, "--frame", "1001", "--point", "30,40", "--engine", "disc", "--in-process")
    done = roto(
        *said,
        "--edges",
        "good",
        "--steadiness",
        "0.5",
        "--format",
        "png",
        "--out",
        tmp_path / "out",
        "--range",
        "1001-1003",
    )
    assert done.exit_code == 0, done.stderr
    levels = {level for path in (tmp_path / "out").rglob("mask.*.png") for level in np.unique(cv2.imread(str(path), 0))}
    assert len(levels) > 2
    assert roto(*said, "--steadiness", "0.5", "--out", tmp_path / "no").exit_code == 2
