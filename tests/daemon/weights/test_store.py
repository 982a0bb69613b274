"""The weight store with small files in place of models."""

import hashlib
import json
import re
import subprocess
import sys
import threading
import venv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.daemon.weights.conftest import CONTENT as SERVED

from roto_daemon.weights import WEIGHTS, Weights, WeightStore
from roto_daemon.weights import store as store_module
from roto_daemon.weights.pins import pin_path
from roto_daemon.weights.sources import HttpsUrl, LocalFile, WheelMember
from roto_daemon.weights.store import Holding
from roto_daemon.weights.table import LICENCE_TEXTS
from roto_shared.errors import InputError, MissingWeightsError, StorageError, WeightsError, WeightsHashError
from roto_shared.whole_file import write_json

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
    assert store.export(["tiny"], tmp_path / "usb")["tiny"].read_bytes() == CONTENT
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


def test_every_entry_has_a_licence_and_a_hash_or_none_and_a_source_or_a_note():
    for weights in WEIGHTS.values():
        assert re.fullmatch(r"([0-9a-f]{64})?", weights.sha256) and re.fullmatch(r"([0-9a-f]{64})?", weights.reported)
        assert weights.is_rounded or weights.known_hash, "an exact size is that of a file whose hash is known"
        assert weights.licence in LICENCE_TEXTS
        assert (weights.sources or weights.note) and weights.size > 0
        for source in weights.sources:
            assert not isinstance(source, WheelMember) or "==" in source.requirement


@pytest.fixture
def unpinned(tiny: Weights, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights whose hash nobody has published."""
    weights = replace(tiny, sha256="")
    monkeypatch.setitem(WEIGHTS, "tiny", weights)
    return weights


def held(store: WeightStore) -> Holding:
    return next(holding for holding in store.list() if holding.weights.name == "tiny")


def test_weights_without_a_published_hash_are_pinned_when_they_come_first(unpinned, store):
    path = store.pull("tiny")
    pin = held(store).pin
    assert pin is not None
    assert pin.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert pin.pinned == datetime.now(UTC).date().isoformat()
    assert store.load_path("tiny") == store.verify("tiny") == path


def test_pinned_weights_are_held_to_their_pin(unpinned, store, source):
    path = store.pull("tiny")
    path.write_bytes(b"tampered with")
    for check in (store.load_path, store.verify):
        with pytest.raises(WeightsHashError, match=r"delete tiny\.onnx\.stamp too"):
            check("tiny")
    source.write_bytes(b"another release")
    with pytest.raises(WeightsHashError):
        store.pull("tiny")
    source.write_bytes(CONTENT)
    assert store.pull("tiny").read_bytes() == CONTENT


def test_weights_copied_into_the_folder_by_hand_are_pinned_at_their_first_use(unpinned, store):
    store.folder.mkdir()
    (store.folder / "tiny.onnx").write_bytes(CONTENT)
    store.load_path("tiny")
    (store.folder / "tiny.onnx").write_bytes(b"tampered with")
    with pytest.raises(WeightsHashError):
        store.load_path("tiny")


def test_an_export_is_a_mirror_that_needs_no_network(unpinned, store, source, tmp_path):
    store.pull("tiny")
    store.export(["tiny"], tmp_path / "mirror")
    source.unlink()
    other = WeightStore(tmp_path / "air gapped", tmp_path / "mirror")
    assert other.pull("tiny").read_bytes() == CONTENT
    listed = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path / "mirror", check=True, text=True, capture_output=True
    )
    assert listed.stdout == "tiny.onnx: OK\n"
    assert "tiny.onnx: Apache-2.0 https://" in (tmp_path / "mirror" / "LICENCES.txt").read_text()


def test_a_mirrors_list_of_hashes_pins_too(unpinned, store, tmp_path):
    store.pull("tiny")
    store.export(["tiny"], tmp_path / "mirror")
    (tmp_path / "mirror" / "tiny.onnx").write_bytes(b"damaged on the way")
    other = WeightStore(tmp_path / "other", tmp_path / "mirror")
    assert other.pull("tiny").read_bytes() == CONTENT, "the mirror's file is refused, the next source has the right one"


@pytest.fixture
def exported(unpinned: Weights, store: WeightStore, tmp_path: Path) -> WeightStore:
    """An export that is used as a store."""
    store.pull("tiny")
    store.export(["tiny"], tmp_path / "share")
    return WeightStore(tmp_path / "share")


@pytest.mark.parametrize("stamped", [True, False], ids=["stamped", "without stamps"])
def test_a_byte_altered_in_an_export_that_is_used_as_a_store_is_found(exported, stamped):
    path = exported.verify("tiny")
    if not stamped:
        pin_path(path).unlink()
    path.write_bytes(CONTENT[:-1] + b"!")
    for check in (exported.verify, exported.load_path):
        with pytest.raises(WeightsHashError, match="its line in SHA256SUMS"):
            check("tiny")


def test_an_export_that_is_used_as_a_store_is_not_hashed_at_a_load(exported, monkeypatch):
    monkeypatch.setattr(store_module, "hash_file", lambda _path: pytest.fail("it is hashed"))
    assert exported.load_path("tiny").read_bytes() == CONTENT


def test_a_file_that_was_verified_is_not_hashed_at_its_next_load(unpinned, store, monkeypatch):
    path = store.pull("tiny")
    write_json(pin_path(path), {**json.loads(pin_path(path).read_text()), "pinned": "2001-02-03"})
    path.touch()
    assert not held(store).is_checked
    store.verify("tiny")
    pin = held(store).pin
    assert held(store).is_checked and pin is not None and pin.pinned == "2001-02-03"
    monkeypatch.setattr(store_module, "hash_file", lambda _path: pytest.fail("it is hashed"))
    store.load_path("tiny")


def test_a_pull_of_what_a_read_only_store_has_finds_it(exported):
    (exported.folder / ".tiny.onnx.lock").mkdir()  # nobody can lock now; modes would not stop the superuser
    assert exported.pull("tiny").read_bytes() == CONTENT
    exported.load_path("tiny").write_bytes(b"tampered with")
    with pytest.raises(StorageError, match="Choose a writable weight store"):
        exported.pull("tiny")


def test_a_python_without_pip_says_so(store, tmp_path, monkeypatch):
    venv.create(tmp_path / "bare", with_pip=False)
    monkeypatch.setattr(sys, "executable", venv.EnvBuilder().ensure_directories(tmp_path / "bare").env_exe)
    with pytest.raises(WeightsError, match=r"fetched by pip, which .*bare.* does not have\. .*ensurepip"):
        store.pull("u2netp")


def test_weights_that_cannot_be_pulled_say_how_to_get_them(store, tmp_path):
    with pytest.raises(WeightsError, match=r"accept its licence.*roto models import sam3 FILE"):
        store.pull("sam3")
    with pytest.raises(MissingWeightsError, match="roto models import sam3 FILE"):
        store.load_path("sam3")


@pytest.fixture
def reported(tiny: Weights, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights whose publisher tells no hash, but others do."""
    weights = replace(tiny, sha256="", reported=tiny.sha256)
    monkeypatch.setitem(WEIGHTS, "tiny", weights)
    return weights


def test_a_reported_hash_binds_what_comes_from_outside(reported, store, source, tmp_path):
    source.write_bytes(b"another release")
    with pytest.raises(WeightsHashError, match=r"elsewhere.tiny\.onnx is not the known file"):
        store.pull("tiny")
    with pytest.raises(WeightsHashError):
        store.import_file("tiny", source)
    source.write_bytes(CONTENT)
    store.pull("tiny")
    store.load_path("tiny").write_bytes(b"tampered with")
    with pytest.raises(WeightsHashError):
        store.load_path("tiny")


def test_a_file_put_there_by_hand_is_used_but_not_verified_nor_exported(reported, store, tmp_path):
    store.folder.mkdir()
    (store.folder / "tiny.onnx").write_bytes(b"a network of our own")
    store.load_path("tiny")
    for refused in (lambda: store.verify("tiny"), lambda: store.export(["tiny"], tmp_path / "mirror")):
        with pytest.raises(WeightsHashError):
            refused()
    assert not (tmp_path / "mirror").exists()
    assert store.pull("tiny").read_bytes() == CONTENT
    assert store.verify("tiny") == store.load_path("tiny")


def test_an_interrupted_pull_is_continued_by_the_next_one_and_pinned(unpinned, store, shop, monkeypatch):
    monkeypatch.setitem(WEIGHTS, "tiny", replace(unpinned, sources=(HttpsUrl(shop.url, pauses_s=()),)))
    shop.drops = [300_000]
    with pytest.raises(WeightsError, match="goes on where this stopped"):
        store.pull("tiny")
    (part,) = store.folder.glob(".*.part")
    assert part.stat().st_size == 300_000
    with pytest.raises(MissingWeightsError):
        store.load_path("tiny")
    written: list[int] = []
    assert store.pull("tiny", written.append).read_bytes() == SERVED
    assert written[0] > 300_000 and shop.asked == [None, "bytes=300000-"]
    pin = held(store).pin
    assert pin is not None and pin.sha256 == hashlib.sha256(SERVED).hexdigest()
    assert sorted(path.suffix for path in store.folder.iterdir()) == [".lock", ".onnx", ".stamp"]


def test_every_source_has_an_unfinished_file_of_its_own(unpinned, store, shop, source, monkeypatch):
    sources = (HttpsUrl(shop.url, pauses_s=()), LocalFile(source))
    monkeypatch.setitem(WEIGHTS, "tiny", replace(unpinned, sources=sources))
    shop.drops = [300_000]
    assert store.pull("tiny").read_bytes() == CONTENT
    assert [part.stat().st_size for part in store.folder.glob(".*.part")] == [300_000]


def test_exports_add_to_a_mirror_and_tell_only_its_own_licences(unpinned, store, tmp_path, monkeypatch):
    monkeypatch.setitem(WEIGHTS, "other", replace(unpinned, name="other", file="other.pth", licence="MIT", note="ours"))
    for name in ("tiny", "other"):
        store.pull(name)
        store.export([name], tmp_path / "mirror")
    licences = (tmp_path / "mirror" / "LICENCES.txt").read_text().splitlines()
    assert [line.split(":")[0] for line in licences] == ["tiny.onnx", "other.pth"]
    assert LICENCE_TEXTS["MIT"] in licences[1] and licences[1].endswith(". ours.")
    assert sorted(path.name for path in (tmp_path / "mirror").iterdir()) == [
        "LICENCES.txt",
        "SHA256SUMS",
        "other.pth",
        "other.pth.stamp",
        "tiny.onnx",
        "tiny.onnx.stamp",
    ]


def test_a_disk_that_keeps_other_bytes_is_no_mirror(unpinned, store, tmp_path, monkeypatch):
    store.pull("tiny")
    monkeypatch.setattr(store_module, "copy_file", lambda _path, target: target.write_bytes(CONTENT[:-1]))
    with pytest.raises(StorageError, match="does not keep"):
        store.export(["tiny"], tmp_path / "stick")
    assert list((tmp_path / "stick").iterdir()) == []
