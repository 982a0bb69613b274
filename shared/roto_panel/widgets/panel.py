"""The whole panel: viewer, objects, timeline, actions, and what is going on."""

from typing import Callable, Optional

from roto_panel.presenter import Presenter
from roto_panel.qt import QHBoxLayout, QPushButton, QtCore, QtGui, QtWidgets, QWidget
from roto_panel.state import PanelState, Working
from roto_panel.widgets.look import STYLE
from roto_panel.widgets.objects import ObjectList
from roto_panel.widgets.timeline import Timeline
from roto_panel.widgets.viewer import Viewer

TITLE = "Roto"
SIDE_PX = 190
SHORTCUTS = {
    "Ctrl+Z": "undo",
    "Ctrl+Shift+Z": "redo",
    "T": "track",
    "Shift+T": "track_forward",
    "Escape": "stop",
    "Return": "commit",
    "N": "add",
    "Delete": "delete",
    "Left": "back",
    "Right": "on",
}


class RotoPanel(QtWidgets.QWidget):
    """Shows a presenter's states and gives it an artist's actions; :meth:`show_state` is the presenter's ``show``."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setStyleSheet(STYLE)
        self._presenter: Optional[Presenter] = None
        self.viewer, self.objects, self.timeline = Viewer(), ObjectList(), Timeline()
        self.told, self.trouble, self.progress = QtWidgets.QLabel(), QtWidgets.QLabel(), QtWidgets.QProgressBar()
        self.trouble.setObjectName("trouble")
        self.trouble.setWordWrap(True)
        self.told.setWordWrap(True)
        place = self.progress.sizePolicy()
        place.setRetainSizeWhenHidden(True)  # so that the picture does not jump when work begins
        self.progress.setSizePolicy(place)
        self.buttons = {name: _button(*described) for name, described in _BUTTONS.items()}
        self._lay_out()
        self.show_state(PanelState())

    def attend(self, presenter: Presenter) -> None:
        """Give actions to ``presenter`` from now on."""
        self._presenter = presenter
        self.viewer.clicked.connect(lambda x, y, positive: presenter.click((x, y), positive))
        self.viewer.boxed.connect(lambda x0, y0, x1, y1: presenter.box((x0, y0, x1, y1)))
        self.timeline.chosen.connect(presenter.go_to)
        self.objects.chosen.connect(presenter.select)
        self.objects.renamed.connect(
            lambda name, new: presenter.edit("Rename " + name, lambda book: book.renamed(name, new))
        )
        self.objects.shown.connect(
            lambda name, visible: presenter.edit("Show " + name, lambda book: book.shown(name, visible))
        )
        for name, button in self.buttons.items():
            button.clicked.connect(self._action(name))
        for keys, name in SHORTCUTS.items():
            shortcut = QtWidgets.QAction(self) if hasattr(QtWidgets, "QAction") else QtGui.QAction(self)
            shortcut.setShortcut(QtGui.QKeySequence(keys))
            shortcut.setShortcutContext(QtCore.Qt.WidgetWithChildrenShortcut)
            shortcut.triggered.connect(self._action(name))
            self.addAction(shortcut)

    def show_state(self, state: PanelState) -> None:
        """Draw a state."""
        for part in (self.viewer, self.objects, self.timeline):
            part.show_state(state)
        self.told.setText(state.told)
        self.trouble.setVisible(state.trouble is not None)
        if state.trouble is not None:
            self.trouble.setText("{}\n{}".format(state.trouble.message, state.trouble.remedy).strip())
        self._show_working(state.working)
        self._allow(state)

    def _allow(self, state: PanelState) -> None:
        is_open, is_idle = state.session is not None, state.working is None
        has_masks = any(state.timeline.values())
        allowed = {
            "open": is_idle,
            "add": is_open,
            "delete": bool(state.selected),
            "undo": bool(state.done),
            "redo": bool(state.undone),
            "track_backward": is_open and is_idle and has_masks,
            "track": is_open and is_idle and has_masks,
            "track_forward": is_open and is_idle and has_masks,
            "stop": not is_idle,
            "next_lost": bool(state.needs_click),
            "commit": is_open and is_idle and has_masks,
        }
        for name, button in self.buttons.items():
            button.setEnabled(allowed[name])
        self.buttons["undo"].setToolTip("Take back: " + state.done[-1] if state.done else "Nothing to take back")
        self.buttons["redo"].setToolTip("Do again: " + state.undone[0] if state.undone else "Nothing to do again")

    def _show_working(self, working: Optional[Working]) -> None:
        self.progress.setVisible(working is not None)
        if working is None:
            return
        self.progress.setRange(0, working.total)
        self.progress.setValue(working.done)
        left = "" if working.remaining_s is None else ", {} left".format(_duration(working.remaining_s))
        self.progress.setFormat("{} {} of {}{}".format(working.what, working.done, working.total, left))

    def _action(self, name: str) -> Callable[..., None]:
        def act(*_: object) -> None:
            if self._presenter is not None:
                _ACTIONS[name](self._presenter)

        return act

    def _lay_out(self) -> None:
        side = QtWidgets.QVBoxLayout()
        side.addWidget(self.buttons["open"])
        side.addWidget(self.objects, 1)
        for row in (("add", "delete"), ("undo", "redo")):
            side.addLayout(_row(*(self.buttons[name] for name in row)))
        side.addWidget(self.told)
        held = QtWidgets.QWidget()
        held.setLayout(side)
        held.setFixedWidth(SIDE_PX)
        side.setContentsMargins(0, 0, 0, 0)
        middle = QtWidgets.QHBoxLayout()
        middle.addWidget(held)
        middle.addWidget(self.viewer, 1)
        actions = ("track_backward", "track", "track_forward", "stop", "next_lost", "commit")
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(6, 6, 6, 6)
        whole.addLayout(middle, 1)
        whole.addWidget(self.timeline)
        whole.addLayout(_row(*(self.buttons[name] for name in actions)))
        whole.addWidget(self.progress)
        whole.addWidget(self.trouble)


def _go_on(presenter: Presenter, step: int) -> None:
    session, frame = presenter.state.session, presenter.state.frame
    if session is not None and frame + step in session.frames:
        presenter.go_to(frame + step)


def _go_to_lost(presenter: Presenter) -> None:
    """The next frame that needs a click; after the last one the first."""
    lost, frame = presenter.state.needs_click, presenter.state.frame
    if lost:
        presenter.go_to(next((one for one in lost if one > frame), lost[0]))


def _delete(presenter: Presenter) -> None:
    if presenter.state.selected:
        presenter.delete_object(presenter.state.selected)


_ACTIONS = {
    "open": lambda presenter: presenter.open(),
    "add": lambda presenter: presenter.add_object(),
    "delete": _delete,
    "undo": lambda presenter: presenter.undo(),
    "redo": lambda presenter: presenter.redo(),
    "track_backward": lambda presenter: presenter.track("backward"),
    "track": lambda presenter: presenter.track("both"),
    "track_forward": lambda presenter: presenter.track("forward"),
    "stop": lambda presenter: presenter.stop(),
    "next_lost": _go_to_lost,
    "commit": lambda presenter: presenter.commit(),
    "back": lambda presenter: _go_on(presenter, -1),
    "on": lambda presenter: _go_on(presenter, 1),
}

_BUTTONS = {
    "open": ("Open plate", "Work on what is selected"),
    "add": ("Add", "One more object (N)"),
    "delete": ("Delete", "Take the chosen object out (Del)"),
    "undo": ("Undo", ""),
    "redo": ("Redo", ""),
    "track_backward": ("◀ Track", "Follow backward from what was said"),
    "track": ("◀ Track ▶", "Follow both ways (T)"),
    "track_forward": ("Track ▶", "Follow forward (Shift+T)"),
    "stop": ("Stop", "Stop between two frames; what is done is kept (Esc)"),
    "next_lost": ("Needs click ▶", "Go to the next frame on which an object was lost"),
    "commit": ("Commit shapes", "Fit shapes and put them into the scene, in one undo step (Return)"),
}


def _button(text: str, tip: str) -> QPushButton:
    button = QtWidgets.QPushButton(text)
    button.setToolTip(tip)
    if text.startswith("Commit"):
        button.setObjectName("main")
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QtWidgets.QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def _duration(seconds: float) -> str:
    whole = int(seconds + 0.5)
    return "{}:{:02d} min".format(whole // 60, whole % 60) if whole >= 60 else "{} s".format(whole)
