"""``roto models``: the store is told honestly, and wrong bytes never enter it."""

import json
from dataclasses import replace

import pytest

from roto_daemon.backends.table import MODELS
from roto_daemon.weights.sources import LocalFile
from roto_daemon.weights.table import WEIGHTS

NAME = "u2netp"


def test_list_names_models_weights_and_the_store(roto, tmp_path):
    told = json.loads(roto("models", "list", "--json").stdout)
    assert told["store"] == str(tmp_path / "weights")
    missing = {model["name"]: model["missing"] for model in told["models"]}
    assert missing["embedded"] == [NAME] and missing["disc"] == []
    assert missing["sam2.1-tiny"] == ["sam2.1_hiera_tiny"]
    assert {weights["name"]: weights["path"] for weights in told["weights"]} == dict.fromkeys(WEIGHTS)
    unpinned = next(weights for weights in told["weights"] if weights["name"] == "sam2.1_hiera_tiny")
    assert (unpinned["sha256"], unpinned["pinned"], unpinned["licence"]) == (None, None, "Apache-2.0")


def test_every_weight_file_of_a_model_is_in_the_table():
    assert [m.name for m in MODELS.values() if not set(m.weights) <= set(WEIGHTS)] == []


def test_weights_whose_hash_is_not_published_are_said_to_be_pinned_here(roto, tmp_path):
    file = tmp_path / "sam.pt"
    file.write_bytes(b"some bytes")
    roto("models", "import", "sam2.1_hiera_tiny", file)
    assert "pinned here on" in roto("models", "list").stdout
    assert "hash is not published" in roto("models", "list").stdout
    file.write_bytes(b"other bytes")
    assert roto("models", "import", "sam2.1_hiera_tiny", file).exit_code == 4


def test_weights_that_allow_no_paid_work_come_only_by_their_name(roto, tmp_path, monkeypatch):
    file = tmp_path / "u2netp.onnx"
    file.write_bytes(b"some bytes")
    strict = replace(WEIGHTS[NAME], commercial=False, licence="CC-BY-NC-4.0", sha256="", sources=(LocalFile(file),))
    monkeypatch.setitem(WEIGHTS, NAME, strict)
    refused = roto("demo", "--out", tmp_path / "out")
    assert refused.exit_code == 4
    assert "(CC-BY-NC-4.0) does not allow paid work" in refused.stderr
    pulled = roto("models", "pull", NAME)
    assert pulled.exit_code == 0
    assert "Licence CC-BY-NC-4.0" in pulled.stderr and "does not allow paid work" in pulled.stderr


def test_list_for_people_says_how_to_get_what_is_missing(roto):
    assert f"roto models pull {NAME}" in roto("models", "list").stdout


def test_verify_of_an_empty_store_ends_with_4(roto):
    result = roto("models", "verify", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["error"]["code"] == "missing_weights"
    assert f"roto models pull {NAME}" in result.stderr


def test_importing_wrong_bytes_ends_with_4_and_leaves_nothing(roto, tmp_path):
    wrong = tmp_path / "wrong.onnx"
    wrong.write_bytes(b"not a network")
    result = roto("models", "import", NAME, wrong)
    assert result.exit_code == 4
    assert "sha256" in result.stderr
    assert list((tmp_path / "weights").glob("*.onnx")) == []


@pytest.mark.parametrize("command", [["pull", "foo"], ["verify", "foo"], ["import", "foo", "x"]])
def test_unknown_weights_are_named(roto, command):
    result = roto("models", *command)
    assert result.exit_code == 3
    assert "There are no weights named 'foo'" in result.stderr
    assert all(name in result.stderr for name in WEIGHTS)
