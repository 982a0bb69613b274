"""Pictures between the source and the Roto node: rendered by Silhouette, a frame a step, and cleaned up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fx
import pytest
from session_clip import FIRST, LAST
from tools.renderer import Renderer

from roto_shared.errors import InputError
from roto_silhouette.host import SilhouetteHost


@pytest.fixture
def graded(session) -> Any:
    """A Roto node below a node that changes the source's pictures; it is active."""
    source = session.node(type="SourceNode")
    grade, roto = fx.Node("ColorNode"), fx.Node("RotoNode")
    for node in (grade, roto):
        session.addNode(node)
    source.outputs[0].connect(grade.inputs[0])
    grade.outputs[0].connect(roto.inputs[0])
    fx.activate(roto)
    return roto


@pytest.fixture
def host(session) -> Iterator[SilhouetteHost]:
    host = SilhouetteHost()
    yield host
    host.close()


def test_a_source_alone_needs_no_rendering(host) -> None:
    assert not host.can_render()


def test_the_work_range_is_rendered_a_frame_a_step_and_becomes_the_plate(host, session, graded) -> None:
    session.workRange = (FIRST + 2, FIRST + 5)
    assert host.work_range() == (FIRST + 2, FIRST + 5)
    assert host.can_render()
    assert list(host.render()) == [(1, 4), (2, 4), (3, 4), (4, 4)]
    plate = host.plate()
    assert plate.path.endswith("plate.####.exr")
    assert plate.first_frame is None, "its files are numbered as the session is"
    files = sorted(Path(plate.path).parent.glob("*.exr"))
    assert [file.name for file in files] == [f"plate.{frame}.exr" for frame in range(FIRST + 2, FIRST + 6)]
    assert [node.type for node in session.nodes] == ["SourceNode", "ColorNode", "RotoNode"], "nothing is left behind"
    host.close()
    assert not Path(plate.path).parent.exists()


def test_a_rendered_plate_is_known_by_its_source_or_else_by_its_node(host, session, graded) -> None:
    source = host.plate_name()
    list(host.render(FIRST, FIRST + 1))
    assert host.plate_name() == source
    grade = session.nodes[1]
    session.nodes.pop(0)
    grade._input = None
    assert host.plate_name() == grade.label


def test_another_session_has_its_own_plate(host, session, graded) -> None:
    list(host.render(FIRST, FIRST + 1))
    rendered = host.plate().path
    other = fx.Session(64, 48, 1, 5)
    other.nodes = [session.node(type="SourceNode")]
    fx._state.session = other
    assert host.plate().path != rendered
    fx._state.session = session


def test_another_node_of_the_session_is_not_what_was_rendered(host, session, graded) -> None:
    list(host.render(FIRST, FIRST + 1))
    rendered = host.plate().path
    fx.activate(session.node(type="SourceNode"))
    assert host.plate().path != rendered
    fx.activate(graded)
    assert host.plate().path == rendered


def test_silhouette_s_own_window_cancels_it(host, session, graded, monkeypatch) -> None:
    monkeypatch.setattr(fx.PreviewProgressHandler, "_cancels_at", 1)
    steps = host.render(FIRST, LAST)
    assert next(steps) == (1, LAST - FIRST + 1)
    with pytest.raises(InputError, match="cancelled"):
        next(steps)
    assert "OutputNode" not in [node.type for node in session.nodes]


def test_a_frame_that_cannot_be_rendered_is_told(host, session, graded, monkeypatch) -> None:
    monkeypatch.setattr(Renderer, "_fails_at", FIRST + 1)
    steps = host.render(FIRST, LAST)
    next(steps)
    with pytest.raises(InputError, match=f"Frame {FIRST + 1} cannot be rendered"):
        next(steps)


def test_a_stereo_session_s_other_view_can_be_named(host, session, monkeypatch, tmp_path) -> None:
    source = session.node(type="SourceNode")
    source.properties["stream.right"] = fx.Property(fx.Source("/show/right.%04d.exr", FIRST))
    monkeypatch.setenv("ROTO_FXS_STREAM", "stream.right")
    assert host.plate().path == "/show/right.####.exr"
    monkeypatch.setenv("ROTO_FXS_STREAM", "stream.other")
    with pytest.raises(InputError, match=r"no “stream\.other”") as refused:
        host.plate()
    assert "stream.primary, stream.right" in refused.value.remedy
