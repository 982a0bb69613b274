"""``roto models``: the store is told honestly, and wrong bytes never enter it."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from roto_daemon.backends.table import MODELS
from roto_daemon.weights.sources import HttpsUrl, LocalFile
from roto_daemon.weights.table import WEIGHTS

NAME = "u2netp"
UNPINNED = "cutie-small-mega"


def test_list_names_models_weights_and_the_store(roto, tmp_path):
    told = json.loads(roto("models", "list", "--json").stdout)
    assert told["store"] == str(tmp_path / "weights")
    missing = {model["name"]: model["missing"] for model in told["models"]}
    assert missing["embedded"] == [NAME] and missing["disc"] == []
    assert missing["sam2.1-tiny"] == ["sam2.1_hiera_tiny"]
    assert {weights["name"]: weights["path"] for weights in told["weights"]} == dict.fromkeys(WEIGHTS)
    by_name = {weights["name"]: weights for weights in told["weights"]}
    unpinned, reported = by_name[UNPINNED], by_name["sam2.1_hiera_tiny"]
    assert (unpinned["sha256"], unpinned["hash_from"], unpinned["rounded"], unpinned["licence"]) == (
        None,
        None,
        True,
        "MIT",
    )
    assert (reported["sha256"][:8], reported["hash_from"], reported["bytes"]) == ("7402e0d8", "others", 156008466)
    assert by_name[NAME]["hash_from"] == "publisher"


def test_every_weight_file_of_a_model_is_in_the_table():
    assert [m.name for m in MODELS.values() if not set(m.weights) <= set(WEIGHTS)] == []


def test_weights_whose_hash_is_not_published_are_said_to_be_pinned_here(roto, tmp_path):
    file = tmp_path / "sam.pt"
    file.write_bytes(b"some bytes")
    roto("models", "import", UNPINNED, file)
    for command in ("list", "verify"):
        told = roto("models", command).stdout
        assert "pinned here on" in told and "hash is not published" in told
    (verified,) = json.loads(roto("models", "verify", "--json").stdout)["verified"]
    assert verified["pinned"]["sha256"] == hashlib.sha256(b"some bytes").hexdigest()
    file.write_bytes(b"other bytes")
    assert roto("models", "import", UNPINNED, file).exit_code == 4


def test_weights_that_allow_no_paid_work_come_only_by_their_name(roto, tmp_path, monkeypatch):
    file = tmp_path / "u2netp.onnx"
    file.write_bytes(b"some bytes")
    strict = replace(WEIGHTS[NAME], commercial=False, licence="CC-BY-NC-4.0", sha256="", sources=(LocalFile(file),))
    monkeypatch.setitem(WEIGHTS, NAME, strict)
    refused = roto("demo", "--out", tmp_path / "out")
    assert refused.exit_code == 4
    assert "(CC-BY-NC-4.0) does not allow paid work" in refused.stderr
    for asked in ([], ["embedded"]):
        assert roto("models", "pull", *asked).exit_code == 4
    pulled = roto("models", "pull", NAME)
    assert pulled.exit_code == 0
    assert "Licence CC-BY-NC-4.0" in pulled.stderr and "does not allow paid work" in pulled.stderr


def test_an_air_gapped_machine_pulls_from_a_mirror(roto, tmp_path, monkeypatch):
    file, mirror = tmp_path / "cutie.pth", tmp_path / "mirror"
    file.write_bytes(b"some bytes")
    roto("models", "import", UNPINNED, file)
    exported = roto("models", "export", mirror, UNPINNED)
    assert exported.exit_code == 0 and str(mirror / "cutie-small-mega.pth") in exported.stdout
    nowhere = replace(WEIGHTS[UNPINNED], sources=(HttpsUrl("https://localhost:1/cutie.pth", pauses_s=()),))
    monkeypatch.setitem(WEIGHTS, UNPINNED, nowhere)
    monkeypatch.setenv("ROTO_WEIGHTS_DIR", str(tmp_path / "gapped"))
    assert roto("models", "pull", "cutie-small").exit_code == 4, "nothing can be reached"
    monkeypatch.setenv("ROTO_MIRROR_DIR", str(mirror))
    pulled = roto("models", "pull", "cutie-small")
    assert pulled.exit_code == 0, pulled.stderr
    assert "Licence MIT (https://" in pulled.stderr
    assert (tmp_path / "gapped" / "cutie-small-mega.pth").read_bytes() == b"some bytes"
    (tmp_path / "gapped" / "cutie-small-mega.pth").unlink()
    (mirror / "cutie-small-mega.pth").write_bytes(b"damaged on the way")
    assert roto("models", "pull", "cutie-small").exit_code == 4
    assert not (tmp_path / "gapped" / "cutie-small-mega.pth").exists()


def test_a_file_that_is_not_the_published_one_is_said_to_be_so(roto, tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "edgetam.safetensors").write_bytes(b"a network of our own")
    from roto_daemon.weights import WeightStore

    WeightStore(folder).load_path("edgetam")
    assert "edgetam.safetensors, not the published file" in roto("models", "list").stdout
    refused = roto("models", "verify", "edgetam")
    assert refused.exit_code == 4 and "roto models pull edgetam" in refused.stderr


def test_a_file_put_there_by_hand_is_said_to_be_another_or_not_checked(roto, tmp_path, monkeypatch):
    content, file = b"a network", tmp_path / "weights" / "edgetam.safetensors"
    sha256 = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(WEIGHTS, "edgetam", replace(WEIGHTS["edgetam"], size=len(content), reported=sha256))
    file.parent.mkdir()
    file.write_bytes(b"something else")
    assert f"{file}, not the published file: `roto models verify edgetam`" in roto("models", "list").stdout
    file.write_bytes(content)
    assert f"{file}, not checked: `roto models verify edgetam`" in roto("models", "list").stdout
    assert roto("models", "verify", "edgetam").stdout == f"edgetam: {file}\n"
    assert "not checked" not in roto("models", "list").stdout


def test_the_page_tells_every_download_as_the_table_does():
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.*)", page, re.M)
    for model in (model for model in MODELS.values() if model.weights):
        megabytes = f"{round(WEIGHTS[model.weights[0]].size / 1e6):,}"
        fitting = [row for row in rows if row.startswith(model.name.split("-")[0])]
        assert any(megabytes in row or "as above" in row for row in fitting), (model.name, megabytes)


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
    assert "its sha256 differs. Nothing was taken from it." in result.stderr
    assert list((tmp_path / "weights").glob("*.onnx")) == []


def test_a_file_is_imported_by_the_name_of_the_model_that_it_is_all_of(roto, tmp_path):
    file = tmp_path / "cutie.pth"
    file.write_bytes(b"some bytes")
    result = roto("models", "import", "cutie-small", file)
    assert result.stdout == f"{UNPINNED}: {tmp_path / 'weights' / 'cutie-small-mega.pth'}\n"
    refused = roto("models", "import", "closed-form", file)
    assert refused.exit_code == 3
    assert "'closed-form' has 0 files of weights" in refused.stderr


@pytest.mark.parametrize("command", [["pull", "foo"], ["verify", "foo"], ["import", "foo", "x"]])
def test_unknown_weights_are_named(roto, command):
    result = roto("models", *command)
    assert result.exit_code == 3
    assert "There are no weights named 'foo'" in result.stderr
    assert all(name in result.stderr for name in WEIGHTS)
