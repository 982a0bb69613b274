"""``roto models``: the store is told honestly, and wrong bytes never enter it."""

import json

import pytest

from roto_daemon.weights.table import WEIGHTS

NAME = "u2netp"


def test_list_names_engines_weights_and_the_store(roto, tmp_path):
    told = json.loads(roto("models", "list", "--json").stdout)
    assert told["store"] == str(tmp_path / "weights")
    missing = {engine["name"]: engine["missing"] for engine in told["engines"]}
    assert missing == {"embedded": [NAME], "disc": []}
    assert [(weights["name"], weights["path"]) for weights in told["weights"]] == [(NAME, None)]


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
