"""The panel in Silhouette: put together here, docked to the main window."""

from typing import Optional

import tools.window

from roto_panel.paths import PathTable
from roto_panel.qt import QDockWidget, QtCore, QtWidgets, QWidget
from roto_panel.widgets.hosted import HostedPanel
from roto_panel.widgets.panel import TITLE
from roto_silhouette.host import SilhouetteHost
from roto_silhouette.settings import frame_offset


class SilhouetteRotoPanel(HostedPanel):
    """The panel on Silhouette's active session."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__("Silhouette", make_host, parent)


def make_host(paths: PathTable) -> SilhouetteHost:
    """Silhouette, with the studio's settings. Raises InputError for one that is no number."""
    return SilhouetteHost(paths, frame_offset())


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
