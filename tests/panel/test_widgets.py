"""The panel on a screen that nobody sees: real Qt, a real daemon, a mouse and keys."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from desk_host import DeskHost

from running_daemon import RunningDaemon

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from Qt import QtTest

from roto_daemon.finishing.finish import check_finish
from roto_geometry.settings import FitSettings
from roto_panel.errands import Errands
from roto_panel.presenter import Presenter
from roto_panel.qt import QtCore, QtGui, QtWidgets
from roto_panel.state import PanelState, Trouble
from roto_panel.widgets import look
from roto_panel.widgets.main_thread import MainThread
from roto_panel.widgets.panel import RotoPanel
from roto_shared.protocol.data import FinishSettings


class Desk:
    """A panel with a mouse and keys."""

    def __init__(self, panel: RotoPanel, presenter: Presenter, host: DeskHost) -> None:
        self.panel, self.presenter, self.host = panel, presenter, host

    @property
    def state(self) -> PanelState:
        return self.presenter.state

    def until(self, is_so: Callable[[PanelState], bool]) -> PanelState:
        deadline = time.monotonic() + 20
        while not is_so(self.state):
            assert time.monotonic() < deadline, f"it did not happen: {self.state.told} {self.state.trouble}"
            QtWidgets.QApplication.processEvents(QtCore.QEventLoop.AllEvents, 20)
        QtWidgets.QApplication.processEvents()
        return self.state

    def click(self, x: float, y: float, button=QtCore.Qt.LeftButton, modifier=QtCore.Qt.NoModifier) -> None:
        place = self.panel.viewer.widget_point((x, y)).toPoint()
        QtTest.QTest.mouseClick(self.panel.viewer, button, modifier, place)

    def press(self, name: str) -> None:
        QtTest.QTest.mouseClick(self.panel.buttons[name], QtCore.Qt.LeftButton)

    def pixel(self, x: float, y: float) -> tuple[int, int, int]:
        """What the viewer shows at a plate pixel."""
        place = self.panel.viewer.widget_point((x, y)).toPoint()
        colour = self.panel.viewer.grab().toImage().pixelColor(place)
        return colour.red(), colour.green(), colour.blue()


@pytest.fixture(scope="session")
def application() -> QtWidgets.QApplication:
    return QtWidgets.QApplication.instance() or QtWidgets.QApplication([])


@pytest.fixture
def desk(application, running: RunningDaemon, clip) -> Iterator[Desk]:
    main_thread = MainThread()
    host, panel = DeskHost(clip.pattern, main_thread.deliver), RotoPanel()
    presenter = Presenter(host, Errands(running.connect, host.deliver), panel.show_state)
    panel.attend(presenter)
    panel.resize(1300, 760)
    panel.show()
    desk = Desk(panel, presenter, host)
    desk.press("open")
    desk.until(lambda state: state.picture is not None)
    yield desk
    presenter.close()
    panel.close()
    panel.deleteLater()
    QtWidgets.QApplication.processEvents()


@pytest.fixture
def tracked(desk: Desk, clip) -> Desk:
    desk.click(*clip.centre(1001))
    desk.until(lambda state: bool(state.masks))
    desk.press("track")
    desk.until(lambda state: state.working is None and len(state.timeline["object1"]) == 24)
    return desk


def test_the_plate_is_shown_where_its_pixels_are(desk, clip) -> None:
    red = desk.pixel(*clip.centre(1001))
    assert red[0] > 200 > 60 > red[1]
    grey = desk.pixel(90, 5)
    assert max(grey) - min(grey) <= 3


@pytest.mark.parametrize("point", [(0.5, 0.5), (96.5, 62.5), (48.0, 31.0)])
def test_widget_and_plate_pixels_are_each_other_s_way_back(desk, point) -> None:
    viewer = desk.panel.viewer
    back = viewer.plate_point(viewer.widget_point(point))
    assert back == pytest.approx(point, abs=1e-6)


def test_a_click_tints_what_was_clicked_and_leaves_a_mark(desk, clip) -> None:
    x, y = clip.centre(1001)
    before = desk.pixel(x + 8, y)
    desk.click(x, y)
    desk.until(lambda state: bool(state.masks))
    assert desk.state.book.prompt(1001, "object1").positive[0] == pytest.approx((x, y), abs=0.2)
    assert desk.pixel(x + 8, y) != before
    assert min(desk.pixel(x, y)) > 200, "the plus is white"


@pytest.mark.parametrize(
    ("button", "modifier"),
    [(QtCore.Qt.RightButton, QtCore.Qt.NoModifier), (QtCore.Qt.LeftButton, QtCore.Qt.ControlModifier)],
)
def test_right_and_ctrl_say_what_the_object_is_not(desk, clip, button, modifier) -> None:
    desk.click(*clip.centre(1001))
    desk.click(90, 5, button, modifier)
    assert len(desk.state.book.prompt(1001, "object1").negative) == 1


def test_another_colour_of_an_object_is_seen_at_once(desk, clip) -> None:
    x, y = clip.centre(1001)
    desk.click(x, y)
    desk.until(lambda state: bool(state.masks))
    before = desk.pixel(x + 8, y)
    desk.presenter.prompting.edit("Colour object1", lambda book: book.coloured("object1", (0.0, 1.0, 0.0)))
    assert desk.pixel(x + 8, y)[1] > before[1] + 50


def test_dragging_draws_a_box(desk) -> None:
    viewer = desk.panel.viewer
    start, end = viewer.widget_point((40, 45)).toPoint(), viewer.widget_point((6, 15)).toPoint()
    QtTest.QTest.mousePress(viewer, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, start)
    move = QtGui.QMouseEvent(
        QtCore.QEvent.MouseMove,
        QtCore.QPointF(end),
        QtCore.QPointF(end),
        QtCore.Qt.LeftButton,
        QtCore.Qt.LeftButton,
        QtCore.Qt.NoModifier,
    )
    QtWidgets.QApplication.sendEvent(viewer, move)
    QtTest.QTest.mouseRelease(viewer, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, end)
    assert desk.state.book.prompt(1001, "object1").box == pytest.approx((6, 15, 40, 45), abs=0.3)


def test_zooming_keeps_what_is_under_the_pointer(desk) -> None:
    viewer = desk.panel.viewer
    at = viewer.widget_point((20, 30))
    for _ in range(5):
        event = QtGui.QWheelEvent(
            at,
            at,
            QtCore.QPoint(0, 0),
            QtCore.QPoint(0, 120),
            QtCore.Qt.NoButton,
            QtCore.Qt.NoModifier,
            QtCore.Qt.NoScrollPhase,
            False,
        )
        QtWidgets.QApplication.sendEvent(viewer, event)
    assert viewer.plate_point(at) == pytest.approx((20, 30), abs=0.01)
    assert viewer.widget_point((21, 30)).x() - at.x() > 15
    QtTest.QTest.keyClick(viewer, QtCore.Qt.Key_F)
    assert viewer.plate_point(QtCore.QPointF(viewer.width() / 2, viewer.height() / 2)) == pytest.approx((48.5, 31.5))


def test_a_track_colours_the_timeline_and_a_click_on_it_goes_there(tracked, clip) -> None:
    strip = tracked.panel.timeline
    place = QtCore.QPoint(int((1012 - 1001 + 0.5) * strip.width() / 24), 12)
    colour = strip.grab().toImage().pixelColor(place)
    assert colour.green() > colour.red()
    QtTest.QTest.mouseClick(strip, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, place)
    tracked.until(lambda state: bool(state.masks) and state.picture is not None)
    assert tracked.host.shown_frame == 1012
    x, y = clip.centre(1012)
    assert tracked.pixel(x, y) != tracked.pixel(90, 5)


def test_the_picture_does_not_move_when_work_begins(desk, clip) -> None:
    desk.click(*clip.centre(1001))
    desk.until(lambda state: bool(state.masks))
    before = desk.panel.viewer.geometry()
    desk.press("track")
    desk.until(lambda state: state.working is not None and state.working.done > 1)
    assert desk.panel.progress.isVisible()
    assert desk.panel.viewer.geometry() == before
    desk.until(lambda state: state.working is None)


def test_shapes_are_committed_by_the_main_button(tracked) -> None:
    tracked.press("commit")
    tracked.until(lambda state: "Roto1" in state.told)
    assert "Roto {" in tracked.host.scene["Roto1"]
    assert tracked.panel.told.text().startswith("Roto1")


def test_keys_undo_and_redo(desk, clip) -> None:
    desk.click(*clip.centre(1001))
    QtTest.QTest.keyClick(desk.panel.viewer, QtCore.Qt.Key_Z, QtCore.Qt.ControlModifier)
    assert desk.state.book.said == ()
    QtTest.QTest.keyClick(desk.panel.viewer, QtCore.Qt.Key_Z, QtCore.Qt.ControlModifier | QtCore.Qt.ShiftModifier)
    assert len(desk.state.book.said) == 1


def test_only_what_can_be_done_is_offered(desk, clip) -> None:
    buttons = desk.panel.buttons
    assert not buttons["track"].isEnabled()
    assert not buttons["undo"].isEnabled()
    assert not buttons["stop"].isEnabled()
    desk.click(*clip.centre(1001))
    desk.until(lambda state: bool(state.masks))
    assert buttons["track"].isEnabled()
    assert "Click on object1 at 1001" in buttons["undo"].toolTip()


def test_an_object_is_renamed_hidden_and_chosen_in_the_list(desk, clip) -> None:
    desk.click(*clip.centre(1001))
    desk.until(lambda state: bool(state.masks))
    desk.press("add")
    rows = desk.panel.objects
    assert [rows.item(row).text() for row in range(rows.count())] == ["object1", "object2"]
    assert desk.state.selected == "object2"
    rows.setCurrentRow(0)
    assert desk.state.selected == "object1"
    rows.item(0).setText("hero")
    desk.until(lambda state: "hero" in state.masks)
    tinted = desk.pixel(clip.centre(1001)[0] + 8, 30)
    rows.item(0).setCheckState(QtCore.Qt.Unchecked)
    assert desk.state.book.object("hero").visible is False
    assert desk.pixel(clip.centre(1001)[0] + 8, 30) != tinted


def test_trouble_is_shown_with_what_to_do_and_goes_with_the_next_action(desk, clip) -> None:
    assert not desk.panel.trouble.isVisible()
    desk.presenter.prompting.click((9000.0, 0.0))
    desk.until(lambda state: state.trouble is not None)
    assert desk.panel.trouble.isVisible()
    assert "outside the picture" in desk.panel.trouble.text()
    desk.press("undo")
    assert not desk.panel.trouble.isVisible()


def test_a_panel_without_a_plate_draws_and_offers_to_open_one(application) -> None:
    panel = RotoPanel()
    panel.resize(600, 400)
    assert np.all([not button.isEnabled() for name, button in panel.buttons.items() if name != "open"])
    assert panel.buttons["open"].isEnabled()
    assert not panel.grab().isNull()
    panel.deleteLater()


def test_a_long_path_in_words_is_read_whole_and_makes_the_panel_no_wider(application) -> None:
    panel = RotoPanel()
    narrowest = panel.minimumSizeHint().width()
    path = "/mnt/show/sq010/sh0100/plates/main_plate_v003/4448x3096_exr_acescg/sh0100_main_plate_v003.%04d.exr"
    panel.show_state(PanelState(trouble=Trouble(f"The plate {path} cannot be found."), told=f"Written: {path}"))
    assert panel.minimumSizeHint().width() == narrowest
    for words in (panel.trouble, panel.told):
        longest = max(re.split("\u200b| ", words.text()), key=len)
        assert words.fontMetrics().boundingRect(longest).width() < 150
    panel.deleteLater()


def test_return_in_a_field_never_commits(tracked) -> None:
    tracked.panel.activateWindow()
    tabs = tracked.panel.findChild(QtWidgets.QTabWidget)
    for tab, field in enumerate((tracked.panel.tabs[0].text, tracked.panel.tabs[1].form.fields["first"])):
        tabs.setCurrentIndex(tab)
        field.setFocus()
        assert field.hasFocus()
        QtTest.QTest.keyClick(field, QtCore.Qt.Key_Return)
    assert tracked.state.working is None or tracked.state.working.what != "Fitting shapes"
    assert tracked.host.scene == {}
    tracked.panel.viewer.setFocus()
    QtTest.QTest.keyClick(tracked.panel.viewer, QtCore.Qt.Key_Return)
    tracked.until(lambda state: "Roto1" in state.told)


def test_letters_in_a_name_are_letters(tracked) -> None:
    tracked.panel.objects.setFocus()
    tracked.panel.objects.editItem(tracked.panel.objects.item(0))
    editor = QtWidgets.QApplication.focusWidget() or tracked.panel.objects.findChild(QtWidgets.QLineEdit)
    QtTest.QTest.keyClicks(tracked.panel.objects.findChild(QtWidgets.QLineEdit), "tmow")
    assert editor is not None
    assert tracked.state.working is None
    assert tracked.state.look.masks


def test_keys_draw_other_things_over_the_plate(tracked, clip) -> None:
    x, y = clip.centre(1001)
    with_mask = tracked.pixel(x + 8, y)
    QtTest.QTest.keyClick(tracked.panel.viewer, QtCore.Qt.Key_M)
    assert tracked.pixel(x + 8, y) != with_mask
    QtTest.QTest.keyClick(tracked.panel.viewer, QtCore.Qt.Key_M)
    QtTest.QTest.keyClick(tracked.panel.viewer, QtCore.Qt.Key_W)
    assert tracked.state.look.wipe == 0.5
    assert tracked.pixel(x + 8, y) != with_mask, "left of the line there is the plate alone"
    tracked.presenter.look(wipe=0.0)
    assert tracked.pixel(x + 8, y) == with_mask


def test_outlines_are_drawn_with_their_knots(desk, clip) -> None:
    desk.click(*clip.centre(1001))
    state = desk.until(lambda state: "object1" in state.outlines)
    knot = state.outlines["object1"].children[0].keys[0].knots[0]
    assert min(desk.pixel(knot.x, knot.y)) > 200
    desk.press("outlines")
    assert min(desk.pixel(knot.x, knot.y)) < 200


def test_a_click_is_dragged_elsewhere_and_taken_out_with_alt(desk, clip) -> None:
    desk.click(*clip.centre(1001))
    viewer = desk.panel.viewer
    start, end = viewer.widget_point(clip.centre(1001)).toPoint(), viewer.widget_point((26.0, 34.0)).toPoint()
    QtTest.QTest.mousePress(viewer, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, start)
    places = (QtCore.QPointF(end), QtCore.QPointF(end))
    left = QtCore.Qt.LeftButton
    move = QtGui.QMouseEvent(QtCore.QEvent.MouseMove, *places, left, left, QtCore.Qt.NoModifier)
    QtWidgets.QApplication.sendEvent(viewer, move)
    QtTest.QTest.mouseRelease(viewer, left, QtCore.Qt.NoModifier, end)
    assert desk.state.book.prompt(1001, "object1").positive[0] == pytest.approx((26.0, 34.0), abs=0.2)
    QtTest.QTest.mouseClick(viewer, left, QtCore.Qt.AltModifier, end)
    assert desk.state.book.said == ()


def test_tabs_show_what_was_chosen_and_tell_what_is(tracked) -> None:
    _, track, curves, edges, export, history, _ = tracked.panel.tabs
    curves.form.fields["detail"].setValue(2.0)
    curves.form.fields["parts"].setCurrentIndex(1)
    edges.finish.fields["grow_px"].setValue(1.5)
    track.form.fields["last"].setValue(1010)
    export.ticks["png"].click()
    choices = tracked.state.choices
    assert (choices.curves.detail, choices.curves.parts) == (2.0, True)
    assert (choices.finish.grow_px, choices.last, choices.formats) == (1.5, 1010, ("exr", "png"))
    curves.form.fields["preset"].setCurrentIndex(0)
    assert tracked.state.choices.curves.preset == "tight"
    assert tracked.state.choices.curves.detail is None, "a preset begins anew"
    assert [history.list.item(row).text() for row in range(history.list.count())][:2] == ["Opened", "Add object1"]
    history.list.itemClicked.emit(history.list.item(1))
    assert tracked.state.book.said == ()


def test_a_number_that_can_be_set_is_one_that_the_daemon_takes(desk) -> None:
    curves, edges = desk.panel.tabs[2].form.fields, desk.panel.tabs[3].finish.fields
    for end in ("minimum", "maximum"):
        check_finish(FinishSettings(**{name: getattr(edges[name], end)() for name in ("grow_px", "feather_px")}))
    for name in ("tolerance_px", "detail", "key_density", "smoothness"):
        FitSettings(**{name: curves[name].maximum()})
        for typed in (curves[name].minimum() + 0.02, curves[name].minimum() + 0.03):
            curves[name].setValue(typed)
            chosen = getattr(desk.presenter.state.choices.curves, name)
            assert FitSettings(**{name: chosen}) if chosen else curves[name].text() == "preset"
    curves["tolerance_px"].setValue(0.05)
    assert desk.presenter.state.choices.curves.tolerance_px == 0.05


def test_a_number_is_taken_as_it_was_typed(tracked) -> None:
    tabs = tracked.panel.findChild(QtWidgets.QTabWidget)
    for tab, name, typed in ((2, "detail", "1.5"), (1, "last", "1010")):
        tabs.setCurrentIndex(tab)
        field = tracked.panel.tabs[tab].form.fields[name]
        field.setFocus()
        field.selectAll()
        for key in typed:
            QtTest.QTest.keyClicks(field, key)
            tracked.presenter.look(masks=not tracked.state.look.masks)
        QtTest.QTest.keyClick(field, QtCore.Qt.Key_Return)
    assert (tracked.state.choices.curves.detail, tracked.state.choices.last) == (1.5, 1010)


def test_the_objects_menu_does_what_it_says(tracked) -> None:
    tracked.press("add")
    actions = {action.text(): action for action in tracked.panel.objects.menu(1).actions()}
    assert not actions["Move down"].isEnabled()
    actions["Move up"].trigger()
    assert tracked.state.book.names == ("object2", "object1")
    {action.text(): action for action in tracked.panel.objects.menu(0).actions()}["Lock"].trigger()
    actions = {action.text(): action for action in tracked.panel.objects.menu(0).actions()}
    assert not actions["Delete"].isEnabled()
    actions["Unlock"].trigger()
    assert not tracked.state.book.object("object2").locked


def test_the_theme_goes_with_the_host_s(application) -> None:
    for window, theme in (("#303030", look.DARK), ("#efefef", look.LIGHT)):
        palette = QtGui.QPalette(QtGui.QColor(window))
        assert look.theme_of(palette) is theme


def test_a_node_made_after_the_plate_was_opened_can_be_chosen_for_shapes(desk) -> None:
    desk.host.scene["RotoOfMine"] = "shapes"
    desk.panel.target.showPopup()
    assert [desk.panel.target.itemText(index) for index in range(desk.panel.target.count())][1:] == ["RotoOfMine"]
    desk.panel.target.hidePopup()
