"""Masks of a session and their journal: what was written whole is there after a crash, and nothing else."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from failing_disks import cut_off, no_links

from roto_daemon.outputs.masks import decode_png, encode_png
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep, folder_name
from roto_shared.errors import StorageError

MASK = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
RECORD = MaskRecord(Sweep.FINAL, "dog", 1001, 0.75, "tracked", "abc")

WHOLE = json.dumps(asdict(RECORD)).encode()
BROKEN = ((b"1001", b'"1001"'), (b"1001", b"null"), (b'"dog"', b"7"), (b'"final"', b'"sideways"'))


def test_a_mask_comes_back_to_a_255th_after_a_restart(tmp_path):
    MaskStore(tmp_path).write(RECORD, encode_png(MASK))
    store = MaskStore(tmp_path)
    assert store.record(Sweep.FINAL, "dog", 1001) == RECORD
    assert np.abs(store.read(RECORD) - MASK).max() <= 0.5 / 255


def test_a_mask_of_16_bits_comes_back_as_fine_as_it_was(tmp_path):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK, 16))
    assert np.abs(store.read(RECORD) - MASK).max() <= 0.5 / 65535 + 1e-7


@pytest.mark.parametrize("asked", [8, 16])
@pytest.mark.parametrize("stored", [8, 16])
def test_a_mask_is_handed_on_in_the_bits_that_were_asked_for(tmp_path, stored, asked):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK, stored))
    handed_on = store.read_png(RECORD, asked)
    assert cv2.imdecode(np.frombuffer(handed_on, np.uint8), cv2.IMREAD_UNCHANGED).dtype == f"uint{asked}"
    assert np.abs(decode_png(handed_on) - MASK).max() <= 0.5 / 255


def test_a_journal_line_torn_by_a_kill_is_passed_over(tmp_path):
    MaskStore(tmp_path).write(RECORD, encode_png(MASK))
    with (tmp_path / "masks.jsonl").open("a") as journal:
        journal.write('{"sweep": "final", "obj')
    assert MaskStore(tmp_path).records(Sweep.FINAL) == [RECORD]


def test_a_journal_goes_on_after_a_torn_line(tmp_path):
    MaskStore(tmp_path).write(RECORD, encode_png(MASK))
    with (tmp_path / "masks.jsonl").open("a") as journal:
        journal.write('{"sweep": "final", "obj')
    later = MaskRecord(Sweep.FINAL, "dog", 1002, 0.5, "tracked", "abc")
    MaskStore(tmp_path).write(later, encode_png(MASK))
    assert MaskStore(tmp_path).records(Sweep.FINAL) == [RECORD, later]


def test_a_forgotten_mask_stays_forgotten(tmp_path):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    store.forget(Sweep.FINAL, "dog", 1001)
    assert MaskStore(tmp_path).record(Sweep.FINAL, "dog", 1001) is None


def test_an_object_s_masks_are_there_under_its_other_name_after_a_restart(tmp_path):
    store, later = MaskStore(tmp_path), replace(RECORD, frame=1002)
    store.write(RECORD, encode_png(MASK, 16))
    store.write(later, encode_png(MASK))
    (tmp_path / "final" / "dog" / "1002.png").write_bytes(b"")
    store.rename_object("dog", "Hund")
    again = MaskStore(tmp_path)
    assert again.records(Sweep.FINAL) == [replace(RECORD, object="Hund")], "one that was damaged is made again"
    assert np.abs(again.read(again.records(Sweep.FINAL)[0]) - MASK).max() <= 0.5 / 65535 + 1e-7
    assert not list((tmp_path / "final" / "dog").glob("1001.png"))


@pytest.mark.parametrize("most", range(4))
def test_all_masks_keep_their_name_where_a_renaming_is_cut_off(tmp_path, monkeypatch, most):
    store, frames = MaskStore(tmp_path), range(1001, 1004)
    for frame in frames:
        store.write(replace(RECORD, frame=frame), encode_png(MASK))
    with monkeypatch.context() as patched:
        cut_off(patched, most, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            store.rename_object("dog", "cat")
    for again, name in ((MaskStore(tmp_path), "dog"), (MaskStore(tmp_path), "cat")):
        if name == "cat":
            again.rename_object("dog", "cat")
        records = again.records(Sweep.FINAL)
        assert [(record.object, record.frame) for record in records] == [(name, frame) for frame in frames]
        assert all(np.abs(again.read(record) - MASK).max() <= 0.5 / 255 for record in records)


def test_what_is_left_of_an_object_does_not_become_part_of_one_that_takes_its_name(tmp_path):
    store = MaskStore(tmp_path)
    for record in (RECORD, replace(RECORD, object="cat", frame=1007)):
        store.write(record, encode_png(MASK))
    store.rename_object("dog", "cat")
    for again in (store, MaskStore(tmp_path)):
        assert again.records(Sweep.FINAL) == [replace(RECORD, object="cat")]
    assert [file.stem for file in (tmp_path / "final").glob("*/*.png")] == ["1001"]


def test_where_a_disk_has_no_links_a_renamed_object_s_masks_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    store.rename_object("dog", "cat")
    (record,) = store.records(Sweep.FINAL)
    assert (record.object, store.read(record).shape) == ("cat", MASK.shape)


@pytest.mark.skipif(sys.platform == "win32", reason="links as POSIX has them")
def test_an_object_that_is_called_otherwise_in_capitals_alone_keeps_its_masks_where_both_names_are_one_folder(tmp_path):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    (tmp_path / "final" / "Dog").symlink_to("dog")  # as on a file system that takes the two for one
    store.rename_object("dog", "Dog")
    again = MaskStore(tmp_path)
    (record,) = again.records(Sweep.FINAL)
    assert (record.object, again.read(record).shape) == ("Dog", MASK.shape)


def test_all_masks_of_a_forgotten_object_are_gone_and_no_others(tmp_path):
    store, other = MaskStore(tmp_path), replace(RECORD, object="cat")
    for record in (RECORD, other, replace(RECORD, sweep=Sweep.PROMPTED, frame=1007)):
        store.write(record, encode_png(MASK))
    store.forget_object("dog")
    for again in (store, MaskStore(tmp_path)):
        assert [record for sweep in Sweep for record in again.records(sweep)] == [other]
    assert len(list(tmp_path.rglob("*.png"))) == 1


@pytest.mark.parametrize("read", [MaskStore.read, MaskStore.read_png])
def test_a_mask_whose_file_is_gone_is_said_to_be(tmp_path, read):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    (tmp_path / "final" / "dog" / "1001.png").unlink()
    with pytest.raises(StorageError, match=r"1001\.png"):
        read(store, RECORD)


@pytest.mark.parametrize("read", [MaskStore.read, MaskStore.read_png])
@pytest.mark.parametrize("length", [0, 60, -5])
def test_a_mask_whose_file_is_damaged_is_made_again_the_next_time(tmp_path, length, read):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    file = tmp_path / "final" / "dog" / "1001.png"
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(StorageError, match="Track the frame again"):
        read(store, RECORD)
    assert store.record(Sweep.FINAL, "dog", 1001) is None
    assert MaskStore(tmp_path).record(Sweep.FINAL, "dog", 1001) is None


@pytest.mark.parametrize(
    "line", [b"\xff\xfe\0\0", b'{"sweep": "final"}', b"[1]", *(WHOLE.replace(*change) for change in BROKEN)]
)
def test_a_journal_line_that_a_crash_damaged_is_passed_over(tmp_path, line):
    MaskStore(tmp_path).write(RECORD, encode_png(MASK))
    with (tmp_path / "masks.jsonl").open("ab") as journal:
        journal.write(line + b"\n")
    assert MaskStore(tmp_path).records(Sweep.FINAL) == [RECORD]


def test_a_disk_that_refuses_is_named_and_no_line_is_written_for_the_mask(tmp_path):
    (tmp_path / "final").write_text("a file stands where the folder should be")
    with pytest.raises(StorageError, match=r"1001\.png"):
        MaskStore(tmp_path).write(RECORD, encode_png(MASK))
    assert MaskStore(tmp_path).records(Sweep.FINAL) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files as POSIX has it")
def test_a_journal_that_a_full_disk_tore_goes_on_once_there_is_room(tmp_path):
    import resource

    store, lines = MaskStore(tmp_path), [replace(RECORD, frame=frame) for frame in range(1001, 1031)]
    for line in lines[:20]:
        store.write(line, encode_png(MASK))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "masks.jsonl").stat().st_size + 9, hard))
    try:
        with pytest.raises(StorageError, match=r"masks\.jsonl"):
            store.write(lines[20], encode_png(MASK))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    for line in lines[21:]:
        store.write(line, encode_png(MASK))
    assert MaskStore(tmp_path).records(Sweep.FINAL) == [*lines[:20], *lines[21:]]


def test_a_mask_that_a_disk_does_not_let_go_stays(tmp_path):
    store = MaskStore(tmp_path)
    store.write(RECORD, encode_png(MASK))
    journal = tmp_path / "masks.jsonl"
    told = journal.read_bytes()
    journal.unlink()
    journal.mkdir()
    with pytest.raises(StorageError, match=r"masks\.jsonl"):
        store.forget(Sweep.FINAL, "dog", 1001)
    assert store.record(Sweep.FINAL, "dog", 1001) == RECORD
    journal.rmdir()
    journal.write_bytes(told)
    assert MaskStore(tmp_path).record(Sweep.FINAL, "dog", 1001) == RECORD


@pytest.mark.parametrize("name", ["../../etc", "a/b", "con:", "..", "dog.left", "Hündin 2", "NUL", ""])
def test_an_object_name_never_leaves_its_folder(name, tmp_path):
    folder = tmp_path / folder_name(name)
    assert folder.parent == tmp_path
    assert folder.resolve().parent == tmp_path.resolve()
    assert not set(folder.name) & set('<>:"/\\|?*.')
    assert folder.name.upper() != "NUL"


def test_different_names_get_different_folders():
    assert len({folder_name(name) for name in ("a/b", "a%2Fb", "a.b", "a b", "a_b")}) == 5
