"""A session is on disk as it grows: a killed daemon loses nothing that was finished."""

import errno
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from roto_daemon.outputs.masks import decode_png, encode_png
from roto_daemon.plates import open_plate
from roto_daemon.sessions.given import GivenShapes
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep, folder_name
from roto_daemon.sessions.session import KEPT_EMBEDDINGS, SessionHead
from roto_daemon.sessions.shelf import SessionShelf
from roto_shared.errors import InputError, PlateError, StorageError
from roto_shared.protocol.data import Combination, FinishSettings, ObjectPrompt, PlateRef
from roto_shared.shapes import Layer, ShapeDocument
from roto_shared.whole_file import write_whole

MASK = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
RECORD = MaskRecord(Sweep.FINAL, "dog", 1001, 0.75, "tracked", "abc")

WHOLE = json.dumps(asdict(RECORD)).encode()
BROKEN = ((b"1001", b'"1001"'), (b"1001", b"null"), (b'"dog"', b"7"), (b'"final"', b'"sideways"'))


@pytest.fixture
def shelf(tmp_path):
    return SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame))


def head(clip, key=""):
    return SessionHead(PlateRef(clip.pattern), "disc", key)


def restarted(tmp_path):
    """The shelf as a new daemon finds it."""
    return SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame))


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


def cut_off(monkeypatch, most, error):
    """From the step ``most`` on, no file gets another name and the journal no line."""
    steps = iter(range(most))

    def cut(act):
        def step(*given):
            if next(steps, None) is None:
                raise error
            return act(*given)

        return step

    monkeypatch.setattr(Path, "hardlink_to", cut(Path.hardlink_to))
    monkeypatch.setattr("roto_daemon.sessions.masks.write_whole", cut(write_whole))
    monkeypatch.setattr(MaskStore, "_append", cut(MaskStore._append))


def no_links(*_given):
    raise OSError(errno.EPERM, "Operation not permitted")


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


def test_an_object_that_gets_the_name_which_one_had_before_is_another_after_a_restart(shelf, disc_clip, tmp_path):
    session = shelf.open(head(disc_clip))
    for name, new in (("dog", "hero"), ("dog", "cat"), ("dog", "")):
        session.keep_prompt(1001, ObjectPrompt(name, ((float(len(new)), 2.0),)), MASK, 1.0, "as it was")
        if new:
            session.rename_object(name, new)
    again = restarted(tmp_path).get(session.name)
    assert {name: again.prompt(1001, name).positive[0][0] for name in again.standing.prompted} == {
        "hero": 4.0,
        "cat": 3.0,
        "dog": 0.0,
    }


def test_all_masks_of_a_forgotten_object_are_gone_and_no_others(tmp_path):
    store, other = MaskStore(tmp_path), replace(RECORD, object="cat")
    for record in (RECORD, other, replace(RECORD, sweep=Sweep.PROMPTED, frame=1007)):
        store.write(record, encode_png(MASK))
    store.forget_object("dog")
    for again in (store, MaskStore(tmp_path)):
        assert [record for sweep in Sweep for record in again.records(sweep)] == [other]
    assert len(list(tmp_path.rglob("*.png"))) == 1


@pytest.mark.parametrize("most", range(3))
def test_an_object_that_a_full_disk_does_not_let_rename_can_be_renamed_once_there_is_room(
    shelf, disc_clip, tmp_path, monkeypatch, most
):
    session = shelf.open(head(disc_clip))
    for frame in (1001, 1005):
        session.keep_prompt(frame, ObjectPrompt("dog", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    session.keep_prompt(1001, ObjectPrompt("cat", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    session.recipes.combine(Combination("both", "union", ("dog", "cat")), session.standing.every_object)
    with monkeypatch.context() as patched:
        cut_off(patched, most, StorageError("The disk is full.", "Free some space."))
        with pytest.raises(StorageError):
            session.rename_object("dog", "hero")
        assert session.standing.every_object == ["dog", "cat", "both"]
    session.rename_object("dog", "hero")
    again = SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame)).get(session.name)
    for now in (session, again):
        assert now.standing.every_object == ["hero", "cat", "both"]
        assert now.recipes.combined["both"].objects == ("hero", "cat")
        assert now.standing.frames("hero") == [1001, 1005]
        assert now.prompt(1005, "hero") == ObjectPrompt("hero", ((1.0, 2.0),))
    again.keep_prompt(1007, ObjectPrompt("dog", ((3.0, 4.0),)), MASK, 1.0, "as it was")
    last = SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame)).get(session.name)
    assert (last.prompt(1007, "dog"), last.prompt(1001, "dog")) == (ObjectPrompt("dog", ((3.0, 4.0),)), None)


@pytest.mark.parametrize("most", range(3))
def test_a_host_s_layer_is_of_the_same_object_still_where_its_renaming_is_cut_off(
    shelf, disc_clip, tmp_path, monkeypatch, most
):
    session = shelf.open(head(disc_clip))
    for frame in (1001, 1005, 1009):
        session.keep_prompt(frame, ObjectPrompt("dog", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    session.given.keep(GivenShapes(ShapeDocument(97, 63, (Layer("dog"),))))
    with monkeypatch.context() as patched:
        cut_off(patched, most, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            session.rename_object("dog", "hero")
    again = restarted(tmp_path).get(session.name)
    assert (again.standing.every_object, again.given.shapes[0].objects) == (["dog"], {"dog": "dog"})


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


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"\xff", b'{"combined": 5}', b'[{"object": "dog"}]', b"[5]"])
@pytest.mark.parametrize("name", ["prompts.json", "recipes.json", "session.json"])
def test_a_stored_file_that_a_crash_damaged_counts_as_empty_and_is_set_aside(shelf, disc_clip, tmp_path, name, content):
    folder = shelf.open(head(disc_clip)).folder
    (folder / name).write_bytes(content)
    again = SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame))
    if name == "session.json":
        with pytest.raises(InputError, match="no session"):
            again.get(folder.name)
    assert again.open(head(disc_clip)).standing.objects == []
    assert (folder / f"{name}.damaged").read_bytes() == content


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


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.recipes.combine(Combination("x", "union", ("both", "cat")), ["both", "cat"]),
        lambda session: session.recipes.set_finish("both", FinishSettings()),
        lambda session: session.recipes.forget("both"),
        lambda session: session.forget_prompt(1001, "dog"),
    ],
    ids=["combine", "finish", "forget", "prompt"],
)
def test_what_the_disk_refuses_to_keep_of_a_session_is_as_it_was(shelf, disc_clip, change):
    session = shelf.open(head(disc_clip))
    session.keep_prompt(1001, ObjectPrompt("dog"), MASK, 1.0, "")
    session.recipes.combine(Combination("both", "union", ("dog", "cat")), ["dog", "cat"])
    session.recipes.set_finish("both", FinishSettings(grow_px=1.0))
    was = dict(session.recipes.combined), dict(session.recipes.finish), session.prompts_text()
    for name in ("recipes.json", "prompts.json"):
        (session.folder / name).unlink()
        (session.folder / name).mkdir()
    with pytest.raises(StorageError):
        change(session)
    assert (session.recipes.combined, session.recipes.finish, session.prompts_text()) == was
    assert session.standing.prompted == ["dog"]


@pytest.mark.parametrize("name", ["../../etc", "a/b", "con:", "..", "dog.left", "Hündin 2", "NUL", ""])
def test_an_object_name_never_leaves_its_folder(name, tmp_path):
    folder = tmp_path / folder_name(name)
    assert folder.parent == tmp_path
    assert folder.resolve().parent == tmp_path.resolve()
    assert not set(folder.name) & set('<>:"/\\|?*.')
    assert folder.name.upper() != "NUL"


def test_different_names_get_different_folders():
    assert len({folder_name(name) for name in ("a/b", "a%2Fb", "a.b", "a b", "a_b")}) == 5


def test_the_same_plate_engine_and_key_find_the_same_session_after_a_restart(shelf, disc_clip, tmp_path):
    session = shelf.open(head(disc_clip))
    session.keep_prompt(1001, ObjectPrompt("dog", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    again = SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame))
    reopened = again.get(session.name)
    assert reopened.prompt(1001, "dog") == ObjectPrompt("dog", ((1.0, 2.0),))
    assert reopened.answered_prompt(1001, "dog", "as it was") == ObjectPrompt("dog", ((1.0, 2.0),))
    assert reopened.answered_prompt(1001, "dog", "rendered anew") is None
    assert reopened.standing.objects == ["dog"]
    assert again.open(head(disc_clip, "other key")).standing.objects == []


def test_an_unknown_session_is_said_to_be(shelf):
    for name in ("0123456789abcdef", "../../etc", ""):
        with pytest.raises(InputError, match="no session"):
            shelf.get(name)


def test_a_name_that_leads_out_of_the_folder_opens_and_deletes_nothing(shelf, disc_clip, tmp_path):
    elsewhere = shelf.open(head(disc_clip)).folder.rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="no session"):
        shelf.get("../elsewhere")
    shelf.close("../elsewhere", forget=True)
    assert (elsewhere / "session.json").is_file()


def test_a_plate_that_is_not_there_opens_no_session(shelf, tmp_path):
    with pytest.raises(PlateError, match="nowhere"):
        shelf.open(SessionHead(PlateRef(str(tmp_path / "nowhere.####.png")), "disc"))
    assert not (tmp_path / "sessions").exists() or not list((tmp_path / "sessions").iterdir())


def test_only_sessions_that_nobody_touched_for_long_are_pruned(shelf, disc_clip, tmp_path):
    old, new = shelf.open(head(disc_clip, "old")), shelf.open(head(disc_clip, "new"))
    shelf.close_all()
    for path in (old.folder, *old.folder.iterdir()):
        os.utime(path, (0, 0))
    shelf.prune(keep_days=0)
    assert old.folder.exists(), "0 is never"
    shelf.prune(keep_days=30)
    assert not old.folder.exists()
    assert new.folder.exists()


@pytest.mark.parametrize("name", ["masks.jsonl", "prompts.json", "session.json", "."])
def test_a_session_is_touched_where_any_of_its_files_is(shelf, disc_clip, name):
    session = shelf.open(head(disc_clip))
    session.keep_prompt(1001, ObjectPrompt("dog", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    shelf.close_all()
    for path in (session.folder, *session.folder.iterdir()):
        if path != session.folder / name:
            os.utime(path, (0, 0))
    shelf.prune(keep_days=30)
    assert session.folder.exists()


def test_the_last_few_frames_that_were_prepared_are_held_and_no_more(shelf, disc_clip):
    session, prepared = shelf.open(head(disc_clip)), []

    def show(frame):
        session.embedding(frame, lambda _: prepared.append(frame))

    for frame in [*range(1001, 1002 + KEPT_EMBEDDINGS), *range(1002, 1002 + KEPT_EMBEDDINGS), 1001]:
        show(frame)
    assert prepared == [*range(1001, 1002 + KEPT_EMBEDDINGS), 1001]


def test_what_a_host_was_given_stays_as_long_as_a_session_of_its_key(shelf, disc_clip):
    plate = PlateRef(disc_clip.pattern)
    one, other = (shelf.open(SessionHead(each, "disc", "scene")) for each in (plate, replace(plate, exposure=1.0)))
    one.given.keep(GivenShapes(ShapeDocument(97, 63, ())))
    assert len(other.given.shapes) == 1, "both are open at once"
    shelf.close(one.name, forget=True)
    assert len(shelf.get(other.name).given.shapes) == 1
    shelf.close(other.name, forget=True)
    assert shelf.open(SessionHead(plate, "disc", "scene")).given.shapes == ()


def test_a_session_whose_key_s_host_was_given_shapes_lately_is_not_pruned(shelf, disc_clip):
    session = shelf.open(head(disc_clip, "scene"))
    shelf.close_all()
    for path in (session.folder, *session.folder.iterdir()):
        os.utime(path, (0, 0))
    session.given.keep(GivenShapes(ShapeDocument(97, 63, ())))
    shelf.prune(keep_days=30)
    assert len(shelf.get(session.name).given.shapes) == 1


def test_what_a_host_was_given_stays_though_a_crash_damaged_the_head_of_its_session(shelf, disc_clip, tmp_path):
    session = shelf.open(head(disc_clip, "scene"))
    session.given.keep(GivenShapes(ShapeDocument(97, 63, ())))
    (session.folder / "session.json").write_bytes(b"")
    again = restarted(tmp_path)
    again.prune(keep_days=30)
    assert len(again.open(head(disc_clip, "scene")).given.shapes) == 1


def test_a_damaged_session_that_nobody_touched_for_long_is_pruned_with_what_its_host_was_given(
    shelf, disc_clip, tmp_path
):
    session, other = shelf.open(head(disc_clip, "scene")), shelf.open(head(disc_clip, "other"))
    for one in (session, other):
        one.given.keep(GivenShapes(ShapeDocument(97, 63, ())))
    (session.folder / "session.json").write_bytes(b"")
    restarted(tmp_path).prune(keep_days=30)
    for path in (session.folder, *session.folder.iterdir()):
        os.utime(path, (0, 0))
    again = restarted(tmp_path)
    again.prune(keep_days=30)
    assert not session.folder.exists()
    assert again.open(head(disc_clip, "scene")).given.shapes == ()
    assert len(again.open(head(disc_clip, "other")).given.shapes) == 1


def test_what_is_no_session_is_not_pruned(shelf, disc_clip):
    folder = shelf.open(head(disc_clip)).folder.with_name("an artist's copy")
    folder.mkdir()
    os.utime(folder, (0, 0))
    shelf.prune(keep_days=30)
    assert folder.is_dir()


def test_an_open_session_is_not_pruned_however_old(shelf, disc_clip):
    session = shelf.open(head(disc_clip))
    for path in (session.folder, *session.folder.iterdir()):
        os.utime(path, (0, 0))
    shelf.prune(keep_days=30)
    assert session.folder.exists()


def test_a_session_can_be_forgotten(shelf, disc_clip):
    session = shelf.open(head(disc_clip))
    shelf.close(session.name, forget=True)
    assert not session.folder.exists()


def test_sessions_of_one_key_share_what_the_host_was_given(shelf, disc_clip):
    one, other = (shelf.open(replace(head(disc_clip, "key"), engine=engine)) for engine in ("disc", "embedded"))
    assert one is not other and other.given.shapes == ()
    one.given.keep(GivenShapes(ShapeDocument(3, 2)))
    assert other.given.shapes == one.given.shapes != ()
