"""What is no Read's files is rendered to temporary ones, and cleaned up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]
from roto_nuke.host import NukeHost
from roto_shared.errors import InputError


@pytest.fixture
def blur() -> nuke.Node:
    """A node whose picture is no file: a Reformat below a Read, selected."""
    nuke.createNode("Read")["file"].setValue("/show/plate.%04d.exr")
    nuke.root()["first_frame"].setValue(1001)
    nuke.root()["last_frame"].setValue(1003)
    return nuke.createNode("Reformat")


@pytest.fixture
def host() -> Iterator[NukeHost]:
    host = NukeHost()
    yield host
    host.close()


def folder_of(plate: str) -> Path:
    return Path(plate).parent


def test_it_is_said_that_it_can_be_rendered(host, blur) -> None:
    with pytest.raises(InputError, match="changes the picture") as told:
        host.plate()
    assert "Render plate" in told.value.remedy
    assert host.can_render()


def test_a_read_and_nothing_cannot_be_rendered(host) -> None:
    assert not host.can_render()
    nuke.createNode("Read")
    assert not host.can_render()


def test_frames_are_rendered_one_a_step_and_are_the_plate_then(host, blur) -> None:
    assert list(host.render()) == [(1, 3), (2, 3), (3, 3)]
    assert [frame for _, frame in _studio.script.executed] == [1001, 1002, 1003]
    plate = host.plate()
    assert plate.path.endswith("plate.%04d.exr")
    assert sorted(path.name for path in folder_of(plate.path).glob("*.exr")) == [f"plate.100{n}.exr" for n in (1, 2, 3)]
    host.close()
    assert not folder_of(plate.path).exists()


def test_a_plate_that_is_rendered_anew_is_known_as_the_same(host, blur) -> None:
    known = []
    for _ in range(2):
        list(host.render(1001, 1001))
        known.append((host.plate_name(), host.plate().path))
    host.close()
    assert known[0][0] == known[1][0] == blur.fullName()
    assert known[0][1] != known[1][1]


def test_only_the_frames_that_are_wanted_are_rendered(host, blur) -> None:
    assert list(host.render(1002, 1002)) == [(1, 1)]
    with pytest.raises(InputError, match="no frame between"):
        next(host.render(5, 4))


def test_the_write_is_gone_afterwards_and_nothing_of_it_can_be_undone(host, blur) -> None:
    steps = len(_studio.script.undo)
    list(host.render())
    assert [node.Class() for node in nuke.allNodes()] == ["Read", "Reformat"]
    assert nuke.selectedNode() == blur
    assert len(_studio.script.undo) == steps


def test_what_was_rendered_is_the_plate_whatever_was_selected_meanwhile(host, blur) -> None:
    steps = host.render()
    next(steps)
    blur.setSelected(False)
    nuke.createNode("Read")["file"].setValue("/show/other.%04d.exr")
    list(steps)
    assert nuke.selectedNodes() == [blur]
    assert folder_of(host.plate().path).name.startswith("roto-plate-")


def test_a_write_that_was_deleted_meanwhile_is_said_and_a_closed_script_ends_rendering_quietly(
    host, blur, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    steps = host.render()
    next(steps)
    nuke.delete(nuke.allNodes("Write")[0])
    with pytest.raises(InputError, match="was deleted"):
        next(steps)
    steps = host.render()
    next(steps)
    nuke.scriptClear()
    steps.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["stopped", "failed"])
def test_a_render_that_ends_early_leaves_nothing(host, blur, ending, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _studio.script.fails_at = 1002 if ending == "failed" else None
    steps = host.render()
    next(steps)
    if ending == "stopped":
        steps.close()
    else:
        with pytest.raises(InputError, match="Frame 1002 cannot be rendered"):
            next(steps)
    assert list(tmp_path.iterdir()) == []
    assert [node.Class() for node in nuke.allNodes()] == ["Read", "Reformat"]


def test_a_node_of_the_same_name_has_none_of_what_was_rendered_of_another(host, blur) -> None:
    list(host.render())
    name = blur.name()
    nuke.delete(blur)
    assert nuke.createNode("Reformat").name() == name
    with pytest.raises(InputError, match="changes the picture"):
        host.plate()


def test_what_was_rendered_goes_with_its_script(host, blur) -> None:
    told = []
    host.watch_scene(lambda _: None, lambda: told.append("closed"))
    list(host.render())
    folder = folder_of(host.plate().path)
    nuke.scriptClear()
    assert (told, folder.exists()) == (["closed"], False)


def test_rendering_again_replaces_what_was_rendered_before(host, blur) -> None:
    list(host.render())
    before = folder_of(host.plate().path)
    list(host.render())
    assert not before.exists()


def test_execute_while_a_knob_changes_would_crash_nuke(blur) -> None:
    def act() -> None:
        nuke.execute(blur, 1, 1)

    nuke.addKnobChanged(act, nodeClass="Reformat")
    with pytest.raises(RuntimeError, match="in knobChanged"):
        blur["type"].setValue("scale")
