"""Shapes between the daemon and a host's scene: committed, live, sent back, taken as prompts, written as files."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from roto_formats.registry import document_of_text, document_text
from roto_formats.settings import FormatSettings
from roto_panel.choices import CHOICES, Choices, choices_text
from roto_panel.paths import read_path_table
from roto_panel.state import PanelState
from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument

DENSE = CurveSettings(track=False, key_density=8.0)
SIZE = FormatSettings(size=(97, 63))


@pytest.fixture
def committed(tracked) -> Desk:
    tracked.presenter.choose(curves=DENSE)
    commit(tracked)
    return tracked


def commit(desk: Desk) -> PanelState:
    desk.presenter.shaping.commit()
    return desk.until(lambda state: state.working is None and state.told.startswith("Roto"))


def read(text: str) -> ShapeDocument:
    return document_of_text(text, ".nk", SIZE)


def edited_by_hand(text: str, px: float = 3.0) -> str:
    """The text with the first knot of the first key moved, as an artist would leave it."""
    document = read(text)
    layer = document.children[0]
    assert isinstance(layer, Layer)
    shape = layer.children[0]
    assert isinstance(shape, KeyedShape)
    key = shape.keys[0]
    moved = (key.knots[0]._replace(x=key.knots[0].x + px), *key.knots[1:])
    shape = replace(shape, keys=(replace(key, knots=moved), *shape.keys[1:]))
    return document_text(replace(document, children=(replace(layer, children=(shape,)),)), ".nk")[0]


def first_x(text: str) -> float:
    return next(read(text).shapes()).keys[0].knots[0].x


def test_a_commit_chooses_its_node_and_tells_the_keys(committed) -> None:
    state = committed.presenter.state
    assert (state.choices.target, state.targets) == ("Roto1", ("Roto1",))
    assert (state.keys["object1"][0], state.keys["object1"][-1]) == (1001, 1024)


def test_the_node_that_was_committed_to_is_known_when_the_plate_is_opened_again(committed) -> None:
    committed.presenter.open()
    state = committed.until(lambda state: state.session is not None and state.working is None)
    assert state.choices.target == "Roto1"


def test_after_a_commit_the_viewer_draws_what_the_host_has(committed, clip) -> None:
    committed.presenter.seeing.go_to(1010)
    state = committed.until(lambda state: "object1" in state.outlines)
    (shape,) = state.outlines["object1"].children
    assert isinstance(shape, KeyedShape)
    xs = [knot.x for knot in shape.keys[0].knots]
    assert sum(xs) / len(xs) == pytest.approx(clip.centre(1010)[0], abs=1.5)


def test_a_second_commit_goes_into_the_same_node(committed) -> None:
    commit(committed)
    assert list(committed.host.scene) == ["Roto1"]
    assert [child.name for child in read(committed.host.scene["Roto1"]).children] == ["object1"]


def test_edits_sent_back_are_held_in_one_step(committed) -> None:
    host = committed.host
    host.scene["Roto1"] = edited = edited_by_hand(host.scene["Roto1"])
    steps = len(host.undo)
    committed.presenter.shaping.send_edits()
    state = committed.until(lambda state: "your edits are held" in state.told)
    assert state.trouble is None
    assert first_x(host.scene["Roto1"]) == pytest.approx(first_x(edited), abs=0.01)
    assert len(host.undo) == steps + 1


def test_edits_that_were_sent_are_held_by_the_next_commit_and_followed_by_new_masks(committed, clip) -> None:
    host = committed.host
    host.scene["Roto1"] = edited = edited_by_hand(host.scene["Roto1"])
    committed.presenter.shaping.send_edits()
    committed.until(lambda state: "your edits are held" in state.told)
    committed.presenter.seeing.go_to(1011)
    committed.presenter.prompting.click(clip.centre(1011))
    committed.until(lambda state: state.working is None and state.timeline["object1"][1011].state == "prompted")
    held = host.scene["Roto1"]
    commit(committed)
    assert committed.presenter.state.trouble is None
    assert first_x(host.scene["Roto1"]) == first_x(held) == pytest.approx(first_x(edited), abs=0.01)


def test_a_commit_never_overwrites_edits_that_were_not_sent(committed) -> None:
    committed.host.scene["Roto1"] = edited = edited_by_hand(committed.host.scene["Roto1"])
    committed.presenter.shaping.commit()
    state = committed.until(lambda state: state.trouble is not None)
    assert "edited since it was committed" in state.trouble.message
    assert committed.host.scene["Roto1"] == edited


def test_what_an_artist_does_while_shapes_are_fitted_is_not_lost(committed) -> None:
    committed.presenter.shaping.commit()
    committed.host.scene["Roto1"] = edited = edited_by_hand(committed.host.scene["Roto1"])
    state = committed.until(lambda state: state.trouble is not None)
    assert "was changed meanwhile" in state.trouble.message
    assert committed.host.scene["Roto1"] == edited


@pytest.fixture
def fitted(tracked, monkeypatch) -> Desk:
    """The daemon has fitted what is to be committed, and the host's main thread does not know of it yet."""
    answered, finish = threading.Event(), DaemonClient.finish

    def finish_and_tell(*asked: Any, **more: Any) -> Any:
        answer = finish(*asked, **more)
        if isinstance(answer, messages.Exported):
            answered.set()
        return answer

    monkeypatch.setattr(DaemonClient, "finish", finish_and_tell)
    tracked.presenter.choose(curves=DENSE)
    tracked.presenter.shaping.commit()
    assert answered.wait(20)
    return tracked


def test_a_commit_that_is_stopped_at_the_last_moment_comes_to_nothing_and_the_next_one_does_not(fitted) -> None:
    fitted.presenter.stop()
    state = fitted.until(lambda state: state.working is None)
    assert (state.told, state.trouble, fitted.host.scene) == ("Stopped; what is done is kept.", None, {})
    commit(fitted)
    assert list(fitted.host.scene) == ["Roto1"]


def test_a_commit_that_is_under_way_when_the_scene_closes_is_not_put_into_the_next_one(fitted, main_thread) -> None:
    fitted.host.scene_closed()
    fitted.host.kept = {CHOICES: choices_text(Choices(first=1010, folder="/show/out"))}
    kept = dict(fitted.host.kept)
    fitted.presenter.household.start()
    fitted.until(lambda state: state.daemon is not None and main_thread.is_idle)
    state = fitted.presenter.state
    assert (fitted.host.scene, fitted.host.kept, state.trouble, state.working) == ({}, kept, None, None)


def test_shapes_of_a_plate_go_into_the_scene_only_while_it_is_open(fitted, clip) -> None:
    fitted.host._pattern = str(clip.folder / "disc.1001.png")
    fitted.presenter.open()
    state = fitted.until(lambda state: state.trouble is not None)
    assert "not open any more" in state.trouble.message
    assert fitted.host.scene == {}


def test_a_node_that_is_gone_is_told_and_chosen_no_more(committed) -> None:
    committed.host.scene.clear()
    committed.presenter.shaping.send_edits()
    assert "no Roto1 any more" in committed.presenter.state.trouble.message
    committed.presenter.shaping.look_for_targets()
    assert committed.presenter.state.choices.target == ""
    committed.presenter.shaping.send_edits()
    assert "No node of committed shapes" in committed.presenter.state.trouble.message


def test_shapes_of_the_scene_are_prompts(committed, make_desk, clip) -> None:
    other = make_desk()
    other.until(lambda state: state.picture is not None)
    other.presenter.choose(engine="disc+disc")
    other.host.scene["drawn"] = committed.host.scene["Roto1"]
    other.until(lambda state: state.session is not None and state.picture is not None)
    other.presenter.shaping.prompt_from_scene((1001, 1012))
    state = other.until(lambda state: state.working is None and len(state.timeline.get("object1", {})) >= 2)
    assert state.book.names == ("object1",)
    assert state.timeline["object1"][1012].state == "prompted"


def test_an_object_that_shapes_alone_prompted_is_deleted_in_the_daemon_too(committed) -> None:
    host, presenter = committed.host, committed.presenter
    host.scene = {"drawn": host.scene["Roto1"].replace("object1", "hand")}
    presenter.shaping.prompt_from_scene()
    committed.until(lambda state: "hand" in state.book.names and state.working is None)
    presenter.prompting.delete_object("hand")
    presenter.open()
    state = committed.until(lambda state: state.session is not None)
    assert (state.trouble, state.book.names, set(state.session.prompted)) == (None, ("object1",), {"object1"})


def test_while_tracking_the_node_follows_in_one_undo_step(clicked, clip) -> None:
    presenter, host = clicked.presenter, clicked.host
    presenter.choose(live=True, curves=DENSE)
    presenter.shaping._live._now = clock = _Clock()
    presenter.tracking.track()
    clicked.until(lambda state: clock.tick() and state.working is None and state.told.startswith("Roto1"))
    document = read(host.scene["Roto1"])
    assert (document.first_frame, document.last_frame) == (1001, 1024)
    assert len(host.undo) == 1, "all of it is the step in which the node came"


class _Clock:
    """Time that flies: long enough has passed whenever somebody looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def tick(self) -> bool:
        self.now += 10.0
        return True

    def __call__(self) -> float:
        return self.now


def test_files_are_written_where_they_were_wanted(tracked, tmp_path: Path) -> None:
    tracked.presenter.shaping.export_files()
    assert "No folder" in tracked.presenter.state.trouble.message
    tracked.presenter.choose(folder=str(tmp_path / "out"), formats=("png", "nk"))
    tracked.presenter.shaping.export_files()
    state = tracked.until(lambda state: state.working is None and "files in" in state.told)
    assert state.told.splitlines()[0] == f"25 files in {tmp_path / 'out'}"
    assert (tmp_path / "out" / "shapes.nk").is_file()


def test_selected_shapes_go_to_another_program_and_come_back_into_a_new_node(committed, tmp_path) -> None:
    path = tmp_path / "hero.fxs"
    committed.presenter.shaping.export_shapes(str(path))
    committed.until(lambda state: state.working is None and state.told.startswith(f"Written: {path}"))
    committed.presenter.shaping.import_shapes(str(path))
    state = committed.until(lambda state: state.working is None and "holds the shapes of" in state.told)
    assert state.targets == ("Roto1", "Roto2")
    assert state.choices.target == "Roto1", "commits go where they went"
    there, here = (read(committed.host.scene[name]) for name in ("Roto2", "Roto1"))
    wanted, found = next(here.shapes()), next(there.shapes())
    assert found.keys[0].knots[0].x == pytest.approx(wanted.keys[0].knots[0].x, abs=0.01)


def test_files_chosen_on_this_machine_are_found_by_a_daemon_that_sees_the_storage_elsewhere(
    committed, tmp_path
) -> None:
    committed.host.paths = read_path_table(f"P:/show -> {tmp_path}")
    shaping = committed.presenter.shaping
    shaping.export_shapes("P:/show/hero.fxs")
    committed.until(lambda state: state.working is None and state.told.startswith("Written: P:/show/hero.fxs"))
    shaping.import_shapes("P:/show/hero.fxs")
    committed.until(lambda state: state.working is None and "holds the shapes of P:/show/hero.fxs" in state.told)
    committed.presenter.choose(folder="P:/show/out", formats=("nk",))
    shaping.export_files()
    committed.until(lambda state: state.working is None and state.told.startswith("1 files in P:/show/out"))
    assert (tmp_path / "out" / "shapes.nk").is_file()


def test_a_file_that_holds_no_shapes_changes_nothing(committed, tmp_path) -> None:
    path = tmp_path / "no.fxs"
    path.write_text("nothing")
    committed.presenter.shaping.import_shapes(str(path))
    state = committed.until(lambda state: state.trouble is not None)
    assert "no.fxs" in state.trouble.message
    assert state.targets == ("Roto1",)
