"""The weight store with small files in place of models."""

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from roto_daemon.weights import WEIGHTS, Weights, WeightStore
from roto_daemon.weights.sources import HttpsUrl, LocalFile, WheelMember
from roto_shared.errors import InputError, MissingWeightsError, WeightsError, WeightsHashError

CONTENT = b"not really a network" * 100


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "tiny.onnx"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def tiny(source: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    weights = Weights(
        name="tiny",
        task="tests",
        licence="Apache-2.0",
        file="tiny.onnx",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        sources=(LocalFile(source),),
    )
    monkeypatch.setitem(WEIGHTS, "tiny", weights)
    return weights


@pytest.fixture
def store(tmp_path: Path) -> WeightStore:
    return WeightStore(tmp_path / "store")


def test_pull_puts_checked_bytes_in_place_and_leaves_nothing_else(tiny, store):
    written: list[int] = []
    path = store.pull("tiny", written.append)
    assert path.read_bytes() == CONTENT
    assert written[-1] == len(CONTENT)
    assert not list(store.folder.glob("*.part")) and not list(store.folder.glob(".*.part"))
    assert store.load_path("tiny") == path == store.verify("tiny")
    assert [holding.path for holding in store.list() if holding.weights.name == "tiny"] == [path]


def test_missing_weights_say_what_to_run(tiny, store):
    with pytest.raises(MissingWeightsError, match="roto models pull tiny"):
        store.load_path("tiny")


def test_wrong_bytes_are_refused_and_not_kept(tiny, store, source):
    source.write_bytes(b"something else")
    with pytest.raises(WeightsHashError):
        store.pull("tiny")
    assert not (store.folder / "tiny.onnx").exists()


def test_a_file_changed_in_the_store_is_noticed_at_load_and_mended_by_pull(tiny, store):
    path = store.pull("tiny")
    path.write_bytes(b"tampered")
    with pytest.raises(WeightsHashError, match="roto models pull tiny"):
        store.load_path("tiny")
    assert store.pull("tiny").read_bytes() == CONTENT


def test_a_missing_source_is_named(tiny, store, source):
    source.unlink()
    with pytest.raises(WeightsError, match=r"tiny\.onnx"):
        store.pull("tiny")


def test_the_next_source_is_tried(tiny, store, source, tmp_path, monkeypatch):
    broken = LocalFile(tmp_path / "absent.onnx")
    monkeypatch.setitem(WEIGHTS, "tiny", replace(tiny, sources=(broken, LocalFile(source))))
    assert store.pull("tiny").read_bytes() == CONTENT


def test_a_mirror_comes_before_the_declared_sources(tiny, tmp_path, source):
    source.rename(tmp_path / "tiny.onnx")
    assert WeightStore(tmp_path / "store", mirror=tmp_path).pull("tiny").read_bytes() == CONTENT


def test_import_and_export(tiny, store, source, tmp_path):
    store.import_file("tiny", source)
    target = tmp_path / "usb"
    target.mkdir()
    assert store.export_file("tiny", target).read_bytes() == CONTENT
    source.write_bytes(b"other")
    with pytest.raises(WeightsHashError):
        store.import_file("tiny", source)
    with pytest.raises(InputError):
        store.import_file("tiny", tmp_path / "nothing")
    assert store.load_path("tiny").read_bytes() == CONTENT


def test_a_folder_filled_by_hand_works_without_a_stamp(tiny, tmp_path):
    (tmp_path / "tiny.onnx").write_bytes(CONTENT)
    assert WeightStore(tmp_path).load_path("tiny").is_file()
    assert not list(tmp_path.glob("*.stamp"))


def test_concurrent_pulls_end_with_one_good_file(tiny, store):
    threads = [threading.Thread(target=store.pull, args=("tiny",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.verify("tiny").read_bytes() == CONTENT


def test_unknown_weights_and_plain_http_are_refused(store, tmp_path):
    with pytest.raises(InputError, match="u2netp"):
        store.pull("resnet")
    with pytest.raises(WeightsError, match="https"):
        HttpsUrl("http://example.com/model.onnx").fetch(tmp_path / "x", lambda _written: None)


def test_every_entry_has_a_hash_a_licence_and_a_source():
    for weights in WEIGHTS.values():
        assert len(weights.sha256) == 64
        assert weights.licence and weights.sources and weights.size > 0
        for source in weights.sources:
            assert not isinstance(source, WheelMember) or "==" in source.requirement
