"""Keys of a widget that work while it has the focus, and not while one types into a field beside it."""

from typing import Callable

from roto_panel.qt import QtCore, QtGui, QtWidgets, QWidget


def add_shortcut(widget: QWidget, keys: str, act: Callable[[], object]) -> None:
    """Make ``keys`` do something while ``widget`` itself has the focus."""
    shortcut = QtWidgets.QAction(widget) if hasattr(QtWidgets, "QAction") else QtGui.QAction(widget)
    shortcut.setShortcut(QtGui.QKeySequence(keys))
    shortcut.setShortcutContext(QtCore.Qt.WidgetShortcut)
    shortcut.triggered.connect(lambda *_: act())
    widget.addAction(shortcut)
