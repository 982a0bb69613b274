"""The main window."""

from __future__ import annotations

from typing import Any

_windows: list[Any] = []


def get_main_window() -> Any:
    from Qt import QtWidgets

    if not _windows:
        _windows.append(QtWidgets.QMainWindow())
    return _windows[0]
