"""Nuke as the panel sees it: plates by their Read, shapes in one undo step, prompts kept with the script."""

from __future__ import annotations

from pathlib import Path

import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]
from roto_formats.nuke.script import nuke_curves, read_nuke
from roto_nuke.host import NukeHost
from roto_nuke.plate import plate_above
from roto_nuke.scene import UNDO_LABEL
from roto_panel.paths import read_path_table
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef
from roto_shared.shapes import KeyedShape, Knot, Layer, ShapeDocument, ShapeKey

FILE = "/show/sh010/plate.%04d.exr"
CORPUS_SHAPES = ("face", "left eye")


@pytest.fixture
def host() -> NukeHost:
    return NukeHost(read_path_table("/show -> /mnt/show"))


def chain(*kinds: str, **read: object) -> nuke.Node:
    """A Read with its knobs set, and nodes one below the other; the last one."""
    node = nuke.createNode("Read")
    node["file"].setValue(read.pop("file", FILE))
    for name, value in read.items():
        node[name].setValue(value)
    for kind in kinds:
        node = nuke.createNode(kind)
    return node


def document() -> ShapeDocument:
    corners = (Knot(10.0, 10.0), Knot(60.0, 12.0), Knot(40.0, 50.0))
    moved = tuple(knot._replace(x=knot.x + 5.0) for knot in corners)
    shapes = [KeyedShape(name, (ShapeKey(1001.0, corners), ShapeKey(1010.0, moved))) for name in CORPUS_SHAPES]
    return ShapeDocument(640, 480, (Layer("hero", tuple(shapes)),), 1001, 1010)


@pytest.mark.parametrize("kinds", [(), ("Dot",), ("Grade", "Roto", "NoOp")])
def test_a_plate_is_its_read_s_files_as_the_daemon_finds_them(host, kinds) -> None:
    chain(*kinds)
    assert host.plate() == PlateRef("/mnt/show/sh010/plate.%04d.exr")


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ({"colorspace": "ACES - ACEScg"}, PlateRef(FILE, colour_space="ACES - ACEScg")),
        ({"colorspace": "default (linear)"}, PlateRef(FILE)),
        ({"colorspace": "sRGB", "raw": True}, PlateRef(FILE)),
        ({"frame_mode": "start at", "frame": "1001"}, PlateRef(FILE, first_frame=1001)),
        ({"frame_mode": "start at", "frame": ""}, PlateRef(FILE)),
    ],
)
def test_what_the_read_says_of_its_files_is_passed_on(read, expected) -> None:
    from roto_panel.paths import PathTable

    assert plate_above(chain(**read), PathTable()) == expected


def test_commands_and_the_project_s_directory_are_filled_in_and_the_frame_is_not(host, monkeypatch) -> None:
    monkeypatch.setenv("SHOW", "/show/sh010")
    chain(file="[getenv SHOW]/plate.%04d.exr")
    assert host.plate().path == "/mnt/show/sh010/plate.%04d.exr"
    chain(file="plates/plate.%04d.exr")
    assert host.plate().path == "plates/plate.%04d.exr"
    nuke.root()["project_directory"].setValue("[getenv SHOW]")
    assert host.plate().path == "/mnt/show/sh010/plates/plate.%04d.exr"


def test_a_plate_is_known_by_its_files_as_the_script_names_them(host) -> None:
    chain("Grade")
    assert host.plate_name() == FILE


def test_a_proxy_is_never_taken_for_the_plate(host, monkeypatch) -> None:
    monkeypatch.setenv("SHOW", "/show/sh010")
    nuke.root()["proxy"].setValue(True)
    chain(file="/show/plate.%04d.exr", proxy="/show/small.%04d.jpg")
    assert host.plate().path == "/mnt/show/plate.%04d.exr"
    chain(file="[getenv SHOW]/plate.%04d.exr", proxy="/show/small.%04d.jpg")
    with pytest.raises(InputError, match="shows its proxy"):
        host.plate()


@pytest.mark.parametrize(
    ("kinds", "read", "word"),
    [
        (("TimeOffset",), {}, "TimeOffset1 changes the time"),
        (("Retime", "Grade"), {}, "Retime1 changes the time"),
        (("Reformat",), {}, r"Reformat1 \(Reformat\) changes the picture"),
        (("Merge2", "Dot"), {}, "Merge21"),
        ((), {"frame_mode": "offset", "frame": "10"}, "offset: 10"),
        ((), {"frame_mode": "expression", "frame": "frame*2"}, r"frame\*2"),
        ((), {"frame_mode": "start at", "frame": "x"}, "no frame"),
        ((), {"file": ""}, "Read1 has no file"),
    ],
)
def test_what_cannot_be_read_by_path_is_named_with_what_to_do(host, kinds, read, word) -> None:
    chain(*kinds, **read)
    with pytest.raises(InputError, match=word) as refused:
        host.plate()
    assert refused.value.remedy


def test_a_node_that_is_switched_off_changes_nothing(host) -> None:
    chain("Reformat")["disable"].setValue(True)
    assert host.plate().path.startswith("/mnt/show")


def test_nothing_selected_and_nothing_above_are_said(host) -> None:
    with pytest.raises(InputError, match="No node is selected"):
        host.plate()
    nuke.createNode("Grade")
    with pytest.raises(InputError, match="no Read above Grade1"):
        host.plate()


@pytest.mark.parametrize("prefix", ["", "AddMode 0 0 0 0 "])
def test_shapes_are_in_the_scene_after_one_step_and_out_after_one_undo(host, prefix: str) -> None:
    chain()
    _studio.script.curves_prefix = prefix
    before, steps = dict(_studio.script.nodes), len(_studio.script.undo)
    name = host.commit(nuke_curves(document())[0])
    node = nuke.toNode(name)
    assert node is not None
    assert node.input(0) == nuke.toNode("Read1")
    again = read_nuke(node["curves"].toScript()[len(prefix) :])
    assert [shape.name for shape in again.shapes()] == list(CORPUS_SHAPES)
    assert [label for label, *_ in _studio.script.undo[steps:]] == [UNDO_LABEL]
    nuke.Undo.undo()
    assert set(_studio.script.nodes) == set(before)


def test_shapes_that_nuke_does_not_take_leave_nothing_behind(host) -> None:
    chain()
    before = set(_studio.script.nodes)
    _studio.script.refuses_curves = True
    with pytest.raises(InputError, match="did not take the shapes") as refused:
        host.commit(nuke_curves(document())[0])
    assert ".nk" in refused.value.remedy
    assert set(_studio.script.nodes) == before


def test_prompts_are_kept_in_the_script_where_nobody_sees_them(host) -> None:
    assert host.saved() == {}
    host.save("prompts", '{"a": 1}')
    host.save("prompts", '{"a": 2}')
    assert NukeHost().saved() == {"prompts": '{"a": 2}'}
    assert set(_studio.script.root) - set(_studio.EMPTY_ROOT) == {"roto_prompts"}


def test_which_plate_they_are_of_is_kept_with_them(host) -> None:
    kept = {"prompts": "1", "choices": "2", "plates": "3", "key": "4"}
    for name, text in kept.items():
        host.save(name, text)
    assert NukeHost().saved() == kept


def test_undo_in_the_script_takes_no_click_away(host) -> None:
    chain()
    for text in ("1", "2"):
        host.save("prompts", text)
    assert _studio.script.undo[-1][0] == "Set Read1.file"


def test_frames_are_nuke_s(host) -> None:
    host.go_to(1007)
    assert host.frame() == nuke.frame() == 1007


def test_the_plugin_imports_nuke_in_six_modules_and_nothing_foreign() -> None:
    folder = Path(__file__).parents[2] / "nuke_plugin"
    users = [path.name for path in (folder / "roto_nuke").glob("*.py") if "\nimport nuke\n" in path.read_text()]
    assert sorted(users) == ["host.py", "plate.py", "prompt_node.py", "render.py", "scene.py", "watch.py"]
