"""Nuke's start with the plugin's folder on NUKE_PATH: a menu, a panel, and never a Nuke that does not start."""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
import threading
from pathlib import Path

import nukescripts
import pytest

import nuke
from nuke import _studio  # pyright: ignore[reportAttributeAccessIssue]
from running_daemon import run_daemon

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from roto_nuke import panel as panel_module
from roto_nuke import start
from roto_panel.qt import QtCore, QtWidgets
from roto_panel.widgets import hosted

PLUGIN = Path(__file__).parents[2] / "nuke_plugin"


def start_nuke() -> None:
    for file in ("init.py", "menu.py"):
        runpy.run_path(str(PLUGIN / file))


def command() -> nuke.MenuItem:
    item = nuke.menu("Nuke").addMenu("Roto").findItem("Open panel")
    assert item is not None
    return item


def test_the_menu_is_there_and_the_panel_is_known_to_layouts() -> None:
    start_nuke()
    assert command().is_enabled
    assert nukescripts.panels.registered == {start.PANEL_ID: start.WIDGET}
    assert _studio.windows.lines == []


def test_a_missing_module_gives_one_line_and_a_disabled_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgpack", None)
    start_nuke()
    assert not command().is_enabled
    assert len(_studio.windows.lines) == 1
    assert "msgpack is missing" in _studio.windows.lines[0]


def test_a_broken_plugin_never_keeps_nuke_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "missing_module", lambda: 1 / 0)
    start_nuke()
    assert _studio.windows.lines == ["Roto: the plugin could not start: ZeroDivisionError: division by zero"]


def test_starting_twice_adds_nothing_twice_to_the_path() -> None:
    start_nuke()
    before = list(sys.path)
    start_nuke()
    assert sys.path == before


def test_the_panel_opens_from_the_menu_finds_the_daemon_and_shows_the_plate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cv2
    import numpy as np

    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    running = run_daemon(tmp_path)
    monkeypatch.setattr(hosted, "connection_from", lambda _host: running.connect)
    monkeypatch.setattr(nukescripts.panels, "opened", [])
    assert cv2.imwrite(str(tmp_path / "p.1001.png"), np.full((40, 60, 3), 90, np.uint8))
    nuke.createNode("Read")["file"].setValue(str(tmp_path / "p.%04d.png"))
    start_nuke()
    command().invoke()
    panel = nukescripts.panels.opened[0]
    panel.buttons["open"].click()
    for _ in range(200):
        _studio.main.run_waiting(0.05)
        application.processEvents(QtCore.QEventLoop.AllEvents, 5)
        if panel.presenter.state.picture is not None:
            break
    assert panel.presenter.state.trouble is None
    assert panel.presenter.state.picture.width == 60
    panel.close()
    panel.deleteLater()
    application.processEvents()
    running.stop()


def test_a_path_table_that_cannot_be_used_is_said_in_the_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    monkeypatch.setenv("ROTO_PATHS", str(tmp_path / "nowhere.txt"))
    panel = panel_module.NukeRotoPanel()
    assert "nowhere.txt" in panel.trouble.text()
    panel.close()
    panel.deleteLater()
    application.processEvents()


def test_a_panel_that_opens_deletes_the_plates_of_a_nuke_that_crashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    crashed = tmp_path / "roto-plate-of-a-crash"
    crashed.mkdir()
    (crashed / "in-use.lock").touch()
    panel = panel_module.NukeRotoPanel()
    assert not crashed.exists()
    panel.close()
    panel.deleteLater()
    application.processEvents()


def test_a_pane_that_is_destroyed_and_not_closed_lets_go_of_the_script_and_of_all_threads() -> None:
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    pane = QtWidgets.QWidget()
    of_other_tests = threading.enumerate()  # panels that they closed, which wait out a second for their daemon
    panel = panel_module.NukeRotoPanel(pane)
    stay = panel._stay
    assert (len(_studio.script.update_ui), len(_studio.script.on_close)) == (1, 1)
    pane.deleteLater()
    application.sendPostedEvents(None, QtCore.QEvent.DeferredDelete)
    application.processEvents()
    assert stay.presenter is None
    assert (_studio.script.update_ui, _studio.script.on_close) == ([], [])
    stay.end_with_host()
    left = [thread.name for thread in threading.enumerate() if thread not in of_other_tests]
    assert not [name for name in left if name.startswith("roto-")]
    nuke.scriptClear()


def test_the_toolbar_has_an_icon_and_makes_a_prompt_node() -> None:
    start_nuke()
    item = nuke.menu("Nodes").addMenu("Roto").findItem("Prompt node")
    assert item is not None
    item.invoke()
    assert nuke.selectedNode().knob("roto_object") is not None
