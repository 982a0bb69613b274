"""A session is on disk as it grows: a killed daemon loses nothing that was finished."""

import os
from dataclasses import replace

import numpy as np
import pytest
from failing_disks import cut_off

from roto_daemon.plates import open_plate
from roto_daemon.sessions.given import GivenShapes
from roto_daemon.sessions.session import KEPT_EMBEDDINGS, SessionHead
from roto_daemon.sessions.shelf import SessionShelf
from roto_shared.errors import InputError, PlateError, StorageError
from roto_shared.protocol.data import Combination, FinishSettings, ObjectPrompt, PlateRef
from roto_shared.shapes import Layer, ShapeDocument

MASK = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)


def restarted(tmp_path):
    """The shelf as a new daemon finds it."""
    return SessionShelf(tmp_path / "sessions", lambda ref: open_plate(ref.path, ref.first_frame))


@pytest.fixture
def shelf(tmp_path):
    return restarted(tmp_path)


def head(clip, key=""):
    return SessionHead(PlateRef(clip.pattern), "disc", key)


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
    again = restarted(tmp_path).get(session.name)
    for now in (session, again):
        assert now.standing.every_object == ["hero", "cat", "both"]
        assert now.recipes.combined["both"].objects == ("hero", "cat")
        assert now.standing.frames("hero") == [1001, 1005]
        assert now.prompt(1005, "hero") == ObjectPrompt("hero", ((1.0, 2.0),))
    again.keep_prompt(1007, ObjectPrompt("dog", ((3.0, 4.0),)), MASK, 1.0, "as it was")
    last = restarted(tmp_path).get(session.name)
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


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"\xff", b'{"combined": 5}', b'[{"object": "dog"}]', b"[5]"])
@pytest.mark.parametrize("name", ["prompts.json", "recipes.json", "session.json"])
def test_a_stored_file_that_a_crash_damaged_counts_as_empty_and_is_set_aside(shelf, disc_clip, tmp_path, name, content):
    folder = shelf.open(head(disc_clip)).folder
    (folder / name).write_bytes(content)
    again = restarted(tmp_path)
    if name == "session.json":
        with pytest.raises(InputError, match="no session"):
            again.get(folder.name)
    assert again.open(head(disc_clip)).standing.objects == []
    assert (folder / f"{name}.damaged").read_bytes() == content


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


def test_the_same_plate_engine_and_key_find_the_same_session_after_a_restart(shelf, disc_clip, tmp_path):
    session = shelf.open(head(disc_clip))
    session.keep_prompt(1001, ObjectPrompt("dog", ((1.0, 2.0),)), MASK, 1.0, "as it was")
    again = restarted(tmp_path)
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
