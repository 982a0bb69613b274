"""The whole panel: viewer, objects, tabs, timeline, actions, and what is going on."""

import re
from typing import Callable, Dict, Optional

from roto_panel.presenter import Presenter
from roto_panel.qt import QHBoxLayout, QPushButton, QtCore, QtWidgets, QWidget
from roto_panel.state import PanelState, Working
from roto_panel.widgets.look import Theme, style, theme_of
from roto_panel.widgets.objects import ObjectList
from roto_panel.widgets.shortcuts import add_shortcut
from roto_panel.widgets.tabs.curves import CurvesTab
from roto_panel.widgets.tabs.daemon import DaemonTab
from roto_panel.widgets.tabs.edges import EdgesTab
from roto_panel.widgets.tabs.export import ExportTab
from roto_panel.widgets.tabs.finding import FindTab
from roto_panel.widgets.tabs.history import HistoryTab
from roto_panel.widgets.tabs.tracking import TrackTab
from roto_panel.widgets.timeline import Timeline
from roto_panel.widgets.viewer import Viewer

TITLE = "Roto"
NEW_NODE = "new node"
SIDE_LETTERS = 24
"""Width of the list of objects in letters of the host's own font, which grows with the screen's scale."""

SHORTCUTS = {
    "Ctrl+Z": "undo",
    "Ctrl+Shift+Z": "redo",
    "T": "track",
    "Shift+T": "track_forward",
    "Escape": "stop",
    "Return": "commit",
    "Ctrl+Return": "send_edits",
    "N": "add",
    "Delete": "delete",
    "Left": "back",
    "Right": "on",
    "J": "next_lost",
    "M": "masks",
    "O": "outlines",
    "W": "wipe",
}


class RotoPanel(QtWidgets.QWidget):
    """Shows a presenter's states and gives it an artist's actions; :meth:`show_state` is the presenter's ``show``."""

    def __init__(self, parent: Optional[QWidget] = None, theme: Optional[Theme] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setStyleSheet(style(theme or theme_of(self.palette())))
        self._presenter: Optional[Presenter] = None
        self.viewer, self.objects, self.timeline = Viewer(), ObjectList(), Timeline()
        self.tabs = (FindTab(), TrackTab(), CurvesTab(), EdgesTab(), ExportTab(), HistoryTab(), DaemonTab())
        self.told, self.trouble, self.progress = QtWidgets.QLabel(), QtWidgets.QLabel(), QtWidgets.QProgressBar()
        self.target = _Targets()
        self.target.setToolTip("Where shapes go: a new node, or one that is there; the rest of it stays")
        self.trouble.setObjectName("trouble")
        self.told.setAlignment(QtCore.Qt.AlignTop)
        for words in (self.trouble, self.told):
            words.setWordWrap(True)
            words.setSizePolicy(QtWidgets.QSizePolicy.Ignored, QtWidgets.QSizePolicy.Preferred)
        place = self.progress.sizePolicy()
        place.setRetainSizeWhenHidden(True)  # so that the picture does not jump when work begins
        self.progress.setSizePolicy(place)
        self.buttons = {name: _button(*described) for name, described in _BUTTONS.items()}
        for name in ("masks", "outlines", "wipe"):
            self.buttons[name].setCheckable(True)
        self._lay_out()
        self.show_state(PanelState())

    def attend(self, presenter: Presenter) -> None:
        """Give actions to ``presenter`` from now on."""
        self._presenter = presenter
        prompting = presenter.prompting
        self.viewer.clicked.connect(lambda x, y, positive: prompting.click((x, y), positive))
        self.viewer.boxed.connect(lambda x0, y0, x1, y1: prompting.box((x0, y0, x1, y1)))
        self.viewer.click_moved.connect(lambda index, x, y, positive: prompting.move_click(index, (x, y), positive))
        self.viewer.click_removed.connect(prompting.remove_click)
        self.viewer.wiped.connect(lambda share: presenter.look(wipe=share))
        self.timeline.chosen.connect(presenter.seeing.go_to)
        self.target.opened.connect(lambda: presenter.state.is_ready and presenter.shaping.look_for_targets())
        self.target.activated.connect(
            lambda index: presenter.choose(target=self.target.itemText(index) if index else "")
        )
        for part in (self.objects, *self.tabs):
            part.presenter = presenter
        for name, button in self.buttons.items():
            button.clicked.connect(self._action(name))
        for keys, name in SHORTCUTS.items():
            for part in (self.viewer, self.objects, self.timeline):
                add_shortcut(part, keys, self._action(name))

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        for part in (self.viewer, self.objects, self.timeline, *self.tabs):
            part.show_state(state)
        self.told.setText(_breakable(state.told))
        self.told.setToolTip(state.told)  # a low panel has no room for all of it
        self.trouble.setVisible(state.trouble is not None)
        if state.trouble is not None:
            words = "{}\n{}".format(state.trouble.message, state.trouble.remedy).strip()
            self.trouble.setText(_breakable(words))
        self._show_target(state)
        self._show_working(state.working)
        self._allow(state)

    def _show_target(self, state: PanelState) -> None:
        wanted = [NEW_NODE, *state.targets]
        if wanted != [self.target.itemText(index) for index in range(self.target.count())]:
            self.target.clear()
            self.target.addItems(wanted)
        chosen = state.choices.target
        self.target.setCurrentIndex(wanted.index(chosen) if chosen in wanted else 0)

    def _allow(self, state: PanelState) -> None:
        is_open, is_idle = state.session is not None, state.working is None
        can_work = state.can_work
        allowed = {
            "open": is_idle,
            "render": is_idle and state.can_render,
            "add": is_open,
            "delete": bool(state.selected),
            "undo": bool(state.done),
            "redo": bool(state.undone),
            "track_backward": can_work,
            "track": can_work,
            "track_forward": can_work,
            "stop": not is_idle,
            "next_lost": bool(state.needs_click),
            "commit": can_work,
            "send_edits": can_work and bool(state.choices.target),
            "masks": is_open,
            "outlines": is_open,
            "wipe": is_open,
        }
        for name, button in self.buttons.items():
            button.setEnabled(allowed[name])
        self.buttons["render"].setVisible(state.can_render)
        self.buttons["undo"].setToolTip("Take back: " + state.done[-1] if state.done else "Nothing to take back")
        self.buttons["redo"].setToolTip("Do again: " + state.undone[0] if state.undone else "Nothing to do again")
        shown = {"masks": state.look.masks, "outlines": state.look.outlines, "wipe": state.look.wipe is not None}
        for name, is_on in shown.items():
            self.buttons[name].setChecked(is_on)

    def _show_working(self, working: Optional[Working]) -> None:
        self.progress.setVisible(working is not None)
        if working is None:
            return
        self.progress.setRange(0, working.total)
        self.progress.setValue(working.done)
        rate = "" if working.rate is None else ", {:.1f} a second".format(working.rate)
        left = "" if working.remaining_s is None else ", {} left".format(_duration(working.remaining_s))
        self.progress.setFormat("{} {} of {}{}{}".format(working.what, working.done, working.total, rate, left))

    def _action(self, name: str) -> Callable[..., None]:
        def act(*_: object) -> None:
            button = self.buttons.get(name)
            if self._presenter is not None and (button is None or button.isEnabled()):
                _ACTIONS[name](self._presenter)

        return act

    def _lay_out(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        side = QtWidgets.QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.buttons["open"])
        side.addWidget(self.buttons["render"])
        side.addWidget(self.objects, 1)
        for row in (("add", "delete"), ("undo", "redo")):
            side.addLayout(_row(*(self.buttons[name] for name in row)))
        side.addWidget(self.told)
        tabs = QtWidgets.QTabWidget()
        for tab in self.tabs:
            tabs.addTab(_scrolled(tab), tab.title)
        tabs.setTabPosition(QtWidgets.QTabWidget.East)
        middle = QtWidgets.QSplitter(QtCore.Qt.Horizontal)
        held = QtWidgets.QWidget()
        held.setLayout(side)
        for part in (held, self.viewer, tabs):
            middle.addWidget(part)
        middle.setStretchFactor(1, 1)
        middle.setSizes([SIDE_LETTERS * letter, 100 * letter, 2 * SIDE_LETTERS * letter])
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(6, 6, 6, 6)
        whole.addWidget(middle, 1)
        whole.addWidget(self.timeline)
        tracking = ("track_backward", "track", "track_forward", "stop", "next_lost", "masks", "outlines", "wipe")
        whole.addLayout(_row(*(self.buttons[name] for name in tracking)))
        whole.addLayout(_row(self.target, self.buttons["commit"], self.buttons["send_edits"]))
        whole.addWidget(self.progress)
        whole.addWidget(self.trouble)


class _Targets(QtWidgets.QComboBox):
    """Where shapes can go; it tells before its list drops down, for nodes may have come or gone."""

    opened = QtCore.Signal()

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.opened.emit()
        super().showPopup()


def _go_on(presenter: Presenter, step: int) -> None:
    session, frame = presenter.state.session, presenter.state.frame
    if session is not None and frame + step in session.frames:
        presenter.seeing.go_to(frame + step)


def _go_to_lost(presenter: Presenter) -> None:
    """The next frame that needs a click; after the last one the first."""
    lost, frame = presenter.state.needs_click, presenter.state.frame
    if lost:
        presenter.seeing.go_to(next((one for one in lost if one > frame), lost[0]))


def _delete(presenter: Presenter) -> None:
    if presenter.state.selected:
        presenter.prompting.delete_object(presenter.state.selected)


_ACTIONS: Dict[str, Callable[[Presenter], object]] = {
    "open": lambda presenter: presenter.open(),
    "render": lambda presenter: presenter.render(),
    "add": lambda presenter: presenter.prompting.add_object(),
    "delete": _delete,
    "undo": lambda presenter: presenter.prompting.undo(),
    "redo": lambda presenter: presenter.prompting.redo(),
    "track_backward": lambda presenter: presenter.tracking.track("backward"),
    "track": lambda presenter: presenter.tracking.track("both"),
    "track_forward": lambda presenter: presenter.tracking.track("forward"),
    "stop": lambda presenter: presenter.stop(),
    "next_lost": _go_to_lost,
    "commit": lambda presenter: presenter.shaping.commit(),
    "send_edits": lambda presenter: presenter.shaping.send_edits(),
    "back": lambda presenter: _go_on(presenter, -1),
    "on": lambda presenter: _go_on(presenter, 1),
    "masks": lambda presenter: presenter.look(masks=not presenter.state.look.masks),
    "outlines": lambda presenter: presenter.look(outlines=not presenter.state.look.outlines),
    "wipe": lambda presenter: presenter.look(wipe=0.5 if presenter.state.look.wipe is None else None),
}

_BUTTONS = {
    "open": ("Open plate", "Work on what is selected"),
    "render": ("Render plate", "Make files of what is selected, a frame at a time, and work on them"),
    "add": ("Add", "One more object (N)"),
    "delete": ("Delete", "Take the chosen object out (Del)"),
    "undo": ("Undo", ""),
    "redo": ("Redo", ""),
    "track_backward": ("◀ Track", "Follow backward from what was said"),
    "track": ("◀ Track ▶", "Follow both ways (T)"),
    "track_forward": ("Track ▶", "Follow forward (Shift+T)"),
    "stop": ("Stop", "Stop between two frames; what is done is kept (Esc)"),
    "next_lost": ("Needs click ▶", "Go to the next frame on which an object was lost (J)"),
    "masks": ("Masks", "Draw masks over the plate (M)"),
    "outlines": ("Outlines", "Draw shapes and their knots over the plate (O)"),
    "wipe": ("Wipe", "The plate alone left of a line, which can be dragged (W)"),
    "commit": ("Commit shapes", "Fit shapes and put them into the scene, in one undo step (Return)"),
    "send_edits": ("Send my edits back", "Hold what you changed in the node, and fit around it (Ctrl+Return)"),
}


def _button(text: str, tip: str) -> QPushButton:
    button = QtWidgets.QPushButton(text)
    button.setToolTip(tip)
    button.setFocusPolicy(QtCore.Qt.TabFocus)  # a click leaves the focus, and so the keys, where they were
    if text.startswith("Commit"):
        button.setObjectName("main")
    return button


def _scrolled(tab: QWidget) -> QWidget:
    """A tab that can be scrolled where the panel is low."""
    area = QtWidgets.QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QtWidgets.QFrame.NoFrame)
    area.setWidget(tab)
    return area


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QtWidgets.QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def _breakable(words: str) -> str:
    """Words with places of no width at which a path may go on in the next line."""
    return re.sub(r"([/\\_])(?=\S)", "\\1\u200b", words)


def _duration(seconds: float) -> str:
    whole = int(seconds + 0.5)
    return "{}:{:02d} min".format(whole // 60, whole % 60) if whole >= 60 else "{} s".format(whole)
