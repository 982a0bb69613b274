"""The whole loop in Silhouette, with a real daemon, a real socket and real Qt: open, click, track, commit, edit, send
back, undo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fx
import hook
import pytest
from session_clip import FIRST, LAST, another_session, centre, drag_first_knot, first_knot, first_shape, truth

from roto_formats.registry import document_of_text
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.measure.raster import rasterise
from roto_panel.qt import QtCore, QtWidgets
from roto_panel.state import PanelState
from roto_panel.widgets import hosted
from roto_shared.protocol.data import CurveSettings
from roto_silhouette import actions, start
from running_daemon import run_daemon

FRAMES = range(FIRST, LAST + 1)


class Desk:
    """The docked panel; ``until`` lets Silhouette's main thread have its turn."""

    def __init__(self, application: QtWidgets.QApplication, dock: QtWidgets.QDockWidget) -> None:
        self._application = application
        self.dock, self.panel = dock, dock.widget()
        self.presenter = self.panel.presenter

    def until(self, is_so: Callable[[PanelState], bool]) -> PanelState:
        deadline = time.monotonic() + 30
        while not is_so(self.presenter.state):
            state = self.presenter.state
            assert state.trouble is None, state.trouble
            assert time.monotonic() < deadline, state.told
            self._application.processEvents(QtCore.QEventLoop.AllEvents, 20)
        return self.presenter.state


@pytest.fixture
def desk(session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    running = run_daemon(tmp_path)
    monkeypatch.setattr(hosted, "connection_from", lambda _host: running.connect)
    monkeypatch.setattr(actions, "_opened", [])
    monkeypatch.setattr(hook, "_added", {})
    start.await_startup()
    hook._fire("startupComplete")
    action = fx._state.actions[0]
    action.available()
    action.execute()
    desk = Desk(application, actions._opened[0])
    desk.presenter.open()
    desk.until(lambda state: state.picture is not None)
    yield desk
    desk.panel.close()
    desk.dock.deleteLater()
    application.processEvents()
    running.stop()


@pytest.fixture
def committed(desk: Desk) -> Desk:
    desk.presenter.choose(curves=CurveSettings(track=False))
    desk.presenter.prompting.click(centre(FIRST))
    desk.until(lambda state: bool(state.masks))
    desk.presenter.tracking.track()
    desk.until(lambda state: state.working is None and len(state.timeline["object1"]) == len(FRAMES))
    desk.presenter.shaping.commit()
    desk.until(lambda state: state.working is None and bool(state.choices.target))
    return desk


def held(desk: Desk) -> str:
    return desk.presenter._host.shapes_of(desk.presenter.state.choices.target)


def test_a_click_becomes_native_shapes_that_draw_the_disc_on_every_frame(committed) -> None:
    document = document_of_text(held(committed), ".fxs")
    drawn = [jaccard(rasterise(document, frame) >= 0.5, truth(frame)) for frame in FRAMES]
    assert min(drawn) > 0.95
    assert 'interp="linear"' in held(committed)


def test_an_edited_key_is_sent_back_and_held_and_one_undo_takes_that_back(committed, session) -> None:
    shape = first_shape(session.node(type="RotoNode"))
    before, keys = first_knot(shape), len(shape.property("path").keys)
    drag_first_knot(shape, 0.03)
    edited = held(committed)
    committed.presenter.shaping.send_edits()
    committed.until(lambda state: "your edits are held" in state.told)
    assert first_shape(session.node(type="RotoNode")) is shape, "it went back into the same object"
    assert first_knot(shape) == pytest.approx((before[0] + 0.03, before[1]), abs=1e-4)
    assert held(committed) != edited, "what is around the edit follows it"
    assert fx._undo()
    assert held(committed) == edited
    assert len(shape.property("path").keys) == keys


def test_edits_that_were_sent_stay_in_their_objects_when_shapes_are_committed_again(committed, session) -> None:
    shape = first_shape(session.node(type="RotoNode"))
    drag_first_knot(shape, 0.03)
    committed.presenter.shaping.send_edits()
    committed.until(lambda state: "your edits are held" in state.told)
    sent, knot = held(committed), first_knot(shape)
    committed.presenter.shaping.commit()
    state = committed.until(lambda state: state.working is None and "your edits are held" not in state.told)
    assert state.trouble is None
    assert first_shape(session.node(type="RotoNode")) is shape
    assert first_knot(shape) == knot
    assert held(committed) == sent


def test_the_panel_follows_the_player(committed) -> None:
    fx.player.frame = 5
    state = committed.until(lambda state: state.frame == FIRST + 5 and bool(state.masks))
    assert state.trouble is None


def test_another_project_takes_its_prompts_with_it(committed) -> None:
    hook._fire("post_load")
    assert committed.presenter.state.session is None
    assert committed.presenter.state.book.names == ()


def test_another_session_keeps_its_clicks_and_gets_none_of_the_open_plate_s(committed, session) -> None:
    kept = committed.presenter._host.saved()
    other = another_session(session)
    fx._state.session = other
    committed.until(lambda state: state.session is None)
    assert "session is not open" in committed.presenter.state.told
    committed.presenter.prompting.click(centre(FIRST))
    assert "No plate is open" in committed.presenter.state.trouble.message
    fx.player.frame = 0
    committed.presenter.open()
    committed.until(lambda state: state.picture is not None)
    committed.presenter.prompting.add_object("dog")
    assert committed.presenter.state.book.names == ("dog",)
    fx._state.session = session
    assert committed.presenter._host.saved() == kept
    committed.until(lambda state: state.session is None)
    committed.presenter.open()
    committed.until(lambda state: bool(state.masks))
    assert committed.presenter.state.book.names == ("object1",)


def test_actions_and_their_keys_do_what_the_panel_s_buttons_do(desk, session) -> None:
    entries = {action.label: action for action in fx._state.actions}
    assert list(entries) == [
        "Roto|Open panel",
        "Roto|Prompt layer",
        "Roto|Track",
        "Roto|Commit shapes",
        "Roto|Send my edits back",
    ]
    with pytest.raises(AssertionError, match="Choose a Roto node first"):
        entries["Roto|Prompt layer"].available()
    desk.presenter.prompting.click(centre(FIRST))
    desk.until(lambda state: bool(state.masks))
    fx._state.binds["Alt+Shift+T"]()
    desk.until(lambda state: state.working is None and len(state.timeline["object1"]) == len(FRAMES))
    fx._state.binds["Alt+Shift+C"]()
    with pytest.raises(AssertionError, match="Wait until the panel is done"):
        entries["Roto|Track"].available()
    desk.until(lambda state: state.working is None and bool(state.choices.target))
    fx.activate(session.node(type="RotoNode"))
    fx._state.binds["Alt+Shift+P"]()
    assert session.node(type="RotoNode").children[0].label == "AI prompts"


def test_keys_that_can_do_nothing_say_why(desk, session, capsys) -> None:
    desk.panel.close()
    fx._state.binds["Alt+Shift+E"]()
    assert "Roto: Open the panel first." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "bound"),
    [
        ("off", set()),
        ("track=F9, commit=", {"F9", "Alt+Shift+R", "Alt+Shift+E", "Alt+Shift+P"}),
    ],
)
def test_a_studio_chooses_the_keys(session, monkeypatch, said, bound) -> None:
    monkeypatch.setenv("ROTO_FXS_KEYS", said)
    start.start()
    assert set(fx._state.binds) == bound


def test_keys_of_no_action_are_told(session, monkeypatch, capsys) -> None:
    monkeypatch.setenv("ROTO_FXS_KEYS", "paint=F1")
    start.start()
    assert "names “paint”, which is no action" in capsys.readouterr().out
    assert fx._state.actions


def test_the_menu_entry_is_grey_without_a_session(session) -> None:
    action = actions.RotoOpenPanel()
    fx._state.session = None
    with pytest.raises(AssertionError, match="Open a session first"):
        action.available()
