"""The panel in Nuke: put together here, and nowhere else."""

from typing import Optional

from roto_nuke.host import NukeHost
from roto_panel.qt import QWidget
from roto_panel.widgets.hosted import HostedPanel


class NukeRotoPanel(HostedPanel):
    """What Nuke makes when the panel is opened, and when a layout that holds it is restored."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__("Nuke", NukeHost, parent)
