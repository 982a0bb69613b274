"""The panel in Silhouette: put together here, docked to the main window."""

import os
from typing import Optional

import tools.window

from roto_panel.paths import PathTable
from roto_panel.qt import QDockWidget, QtCore, QtWidgets, QWidget
from roto_panel.widgets.hosted import HostedPanel
from roto_panel.widgets.panel import TITLE
from roto_shared.errors import InputError
from roto_silhouette.host import SilhouetteHost

OFFSET_VARIABLE = "ROTO_FXS_FRAME_OFFSET"
"""Frames to add to those of shape files, for a version that is found to count otherwise [?]."""


class SilhouetteRotoPanel(HostedPanel):
    """The panel on Silhouette's active session."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__("Silhouette", make_host, parent)


def make_host(paths: PathTable) -> SilhouetteHost:
    """Silhouette, with the studio's settings. Raises InputError for one that is no number."""
    return SilhouetteHost(paths, frame_offset())


def frame_offset() -> int:
    """What the studio found out about frames, 0 unless it did. Raises InputError."""
    said = os.environ.get(OFFSET_VARIABLE, "0")
    try:
        return int(said)
    except ValueError:
        raise InputError("{} is “{}”, which is no number.".format(OFFSET_VARIABLE, said), "Correct it.") from None


def dock_panel() -> QDockWidget:
    """The panel in a new dock on the right of the main window."""
    window = tools.window.get_main_window()
    dock = QtWidgets.QDockWidget(TITLE, window)
    dock.setObjectName("roto-bezier-panel")  # by which Silhouette's saved layouts know it
    dock.setWidget(SilhouetteRotoPanel(dock))
    window.addDockWidget(QtCore.Qt.RightDockWidgetArea, dock)
    return dock


def is_open(dock: QDockWidget) -> bool:
    """Whether a dock still exists in Qt and its panel was not closed."""
    try:
        return dock.widget().presenter is not None
    except RuntimeError:  # Qt's own object is gone
        return False
