"""Silhouette as the panel sees it: plates by their source, shapes by shape files, prompts in a node's state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fx
import pytest
from session_clip import FIRST, HEIGHT, LAST, WIDTH, another_session

from roto_formats.registry import document_of_text, document_text
from roto_panel.paths import read_path_table
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, KeyedShape, Knot, Layer, ShapeDocument, ShapeKey
from roto_silhouette.host import SilhouetteHost
from roto_silhouette.plate import frame_number, pattern_of
from roto_silhouette.scene import UNDO_LABEL

KNOTS = (Knot(10.0, 10.0), Knot(40.0, 12.0), Knot(20.0, 40.0))
SHAPE = KeyedShape("shape 1", (ShapeKey(float(FIRST), KNOTS),))
DOCUMENT = ShapeDocument(WIDTH, HEIGHT, (Layer("hero", (SHAPE,)),), FIRST, LAST)
TEXT = document_text(DOCUMENT, ".fxs")[0]


@pytest.fixture
def host(session) -> SilhouetteHost:
    return SilhouetteHost()


def test_the_plate_is_the_source_s_files_as_a_pattern(host, tmp_path: Path) -> None:
    plate = host.plate()
    assert plate.path == str(tmp_path / "disc.####.png")
    assert plate.first_frame is None, "files and session count alike"


def test_a_session_that_counts_otherwise_renumbers_the_plate(host, session) -> None:
    session.startFrame = 1
    assert host.plate().first_frame == 1


def test_the_source_is_found_above_the_active_node(host, session) -> None:
    other, roto = fx.Node("SourceNode"), fx.Node("RotoNode")
    other.properties["stream.primary"] = fx.Property(fx.Source("/show/b.%04d.exr", 7))
    roto._input = other
    session.nodes += [other, roto]
    fx.activate(roto)
    plate = SilhouetteHost(read_path_table("/show -> /mnt/show")).plate()
    assert (plate.path, plate.first_frame) == ("/mnt/show/b.####.exr", FIRST)
    assert SilhouetteHost(read_path_table("/show -> /mnt/show")).plate_name() == "/show/b.####.exr"


@pytest.mark.parametrize(
    ("first", "second", "pattern", "number"),
    [
        ("a/v2/p.0999.exr", "a/v2/p.1000.exr", "a/v2/p.####.exr", 999),
        ("a/p1001_v1.exr", "a/p1002_v1.exr", "a/p####_v1.exr", 1001),
        ("a/film.mov", "a/film.mov", "a/film.mov", None),
        ("a/p9.png", "a/p10.png", "a/p#.png", 9),
    ],
)
def test_two_names_tell_the_pattern(first, second, pattern, number) -> None:
    assert pattern_of(first, second) == pattern
    assert frame_number(first, second) == number


def test_without_a_session_or_a_source_it_says_what_to_do(host, session) -> None:
    session.nodes.clear()
    with pytest.raises(InputError, match="no source"):
        host.plate()
    fx._state.session = None
    with pytest.raises(InputError, match="No session"):
        host.plate()


def test_what_is_of_a_plate_goes_into_no_other_session_than_its_own(host, session) -> None:
    host.plate()
    label = host.commit(TEXT)
    host.save("prompts", "{}")
    fx._state.session = other = another_session(session)
    for refused in (
        lambda: host.save("prompts", "[]"),
        lambda: host.commit(TEXT),
        lambda: host.update(TEXT, label),
        lambda: host.shapes_of(label),
    ):
        with pytest.raises(InputError, match="another session") as told:
            refused()
        assert told.value.remedy == "Press “Open plate”."
    assert (other.node(type="RotoNode"), host.saved()) == (None, {})
    host.plate()
    host.save("prompts", "[]")
    assert host.saved() == {"prompts": "[]"}
    fx._state.session = session
    assert host.saved() == {"prompts": "{}"}


@pytest.mark.parametrize("how", ["by a look at what is active", "by opening the other one's plate"])
def test_a_session_that_is_left_for_another_is_told_once(session, monkeypatch, how: str) -> None:
    monkeypatch.setattr("roto_silhouette.host.run_later", lambda *_: None)
    told, host = [], SilhouetteHost()
    host.watch_scene(lambda _: None, lambda: told.append("closed"))
    host.plate()
    host._look_once(lambda _: None)
    assert told == []
    fx._state.session = another_session(session)
    for _ in range(2):
        host.plate() if "opening" in how else host._look_once(lambda _: None)
    assert told == ["closed"]


def test_frames_are_the_session_s_own(host) -> None:
    fx.player.frame = 3
    assert host.frame() == FIRST + 3
    host.go_to(FIRST + 7)
    assert fx.player.frame == 7
    assert (host.clock().start, SilhouetteHost(frame_offset=1).clock().offset) == (FIRST, 1)


def test_shapes_go_into_a_new_node_in_one_step_and_come_back_as_they_were(host, session) -> None:
    label = host.commit(TEXT)
    assert host.targets() == (label,)
    back = document_of_text(host.shapes_of(label), ".fxs")
    shape = next(back.shapes())
    assert [child.name for child in back.children] == ["hero"]
    assert shape.keys[0].knots[0].x == pytest.approx(10.0, abs=0.01)
    assert fx._undo() == UNDO_LABEL
    assert host.targets() == ()


def test_shapes_take_the_place_of_what_a_node_holds(host) -> None:
    label = host.commit(TEXT)
    assert host.commit(TEXT.replace("hero", "villain"), label) == label
    assert [child.name for child in document_of_text(host.shapes_of(label), ".fxs").children] == ["villain"]
    fx._undo()
    assert [child.name for child in document_of_text(host.shapes_of(label), ".fxs").children] == ["hero"]


def test_the_artist_s_selection_is_left_alone(host, session) -> None:
    label = host.commit(TEXT)
    chosen = session.node(type="RotoNode").children[0]
    fx.select([chosen])
    host.shapes_of(label)
    assert fx.selection() == [chosen]
    assert "hero" in host.chosen_shapes()
    fx.select([])
    with pytest.raises(InputError, match="No shape is selected"):
        host.chosen_shapes()


def test_shapes_that_silhouette_does_not_take_are_told(host) -> None:
    fx._state.refuses = True
    hole = replace(DOCUMENT, children=(replace(SHAPE, blend=Blend.SUBTRACT),))
    with pytest.raises(InputError, match="did not take the shapes"):
        host.commit(document_text(hole, ".fxs")[0])


def test_a_node_that_is_gone_is_told(host) -> None:
    with pytest.raises(InputError, match="no Roto node “Roto9”"):
        host.shapes_of("Roto9")


def test_texts_are_kept_in_the_roto_node(host, session) -> None:
    assert host.saved() == {}
    host.save("prompts", "{}")
    assert SilhouetteHost().saved() == {"prompts": "{}"}
    host.save("plates", "[]")
    assert SilhouetteHost().saved() == {"prompts": "{}", "plates": "[]"}
    assert session.node(type="RotoNode") is not None
