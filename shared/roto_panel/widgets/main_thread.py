"""Callbacks from any thread to the one that Qt lives on, for hosts that have no way of their own."""

from typing import Callable

from roto_panel.qt import QtCore


class MainThread(QtCore.QObject):
    """Make it on the main thread; :meth:`deliver` may be called from any."""

    _waiting = QtCore.Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._waiting.connect(self._run, QtCore.Qt.QueuedConnection)

    def deliver(self, callback: Callable[[], None]) -> None:
        """Run a callback on the main thread, soon."""
        self._waiting.emit(callback)

    def _run(self, callback: Callable[[], None]) -> None:
        callback()


def run_later(callback: Callable[[], None], seconds: float = 0.0) -> None:
    """Run a callback on the main thread once it is idle and so much time has passed; called on the main thread."""
    QtCore.QTimer.singleShot(int(seconds * 1000), callback)
