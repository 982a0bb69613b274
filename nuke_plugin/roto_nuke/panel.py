"""The panel in Nuke: put together here, and nowhere else."""

import atexit
import os
import shutil
from pathlib import Path
from typing import Mapping, Optional, Tuple

from roto_nuke.host import NukeHost
from roto_panel.errands import Errands
from roto_panel.paths import PathTable, read_path_table
from roto_panel.presenter import Presenter
from roto_panel.qt import QWidget
from roto_panel.state import PanelState, Trouble
from roto_panel.widgets.panel import RotoPanel
from roto_shared.client import DaemonClient
from roto_shared.discovery import connect_or_start, read_connection, runtime_folder
from roto_shared.errors import DaemonError, RotoError

PATHS_VARIABLE = "ROTO_PATHS"
"""Names a file with the path table; without it paths are the same for the daemon."""

EXIT_S = 2.0
"""How long Nuke's end may wait for our threads."""


class NukeRotoPanel(RotoPanel):
    """What Nuke makes when the panel is opened, and when a layout that holds it is restored."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.presenter: Optional[Presenter] = None
        self._leaving: Optional[Presenter] = None
        atexit.register(self._leave)
        try:
            host = NukeHost(path_table())
        except (RotoError, OSError) as error:
            self.show_state(PanelState(trouble=Trouble("The path table cannot be used: {}".format(error))))
            return
        errands = Errands(connect, host.deliver)
        self.presenter = Presenter(host, errands, self.show_state, is_daemon_running=is_daemon_running)
        self.attend(self.presenter)
        self.presenter.household.watch()

    def closeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Let go of the daemon; running work stops between two frames and is kept."""
        self._let_go()
        super().closeEvent(event)

    def _let_go(self) -> None:
        if self.presenter is not None:
            self.presenter.close()
            self._leaving, self.presenter = self.presenter, None

    def _leave(self) -> None:
        """Nuke ends: our threads end before Python does, which would pull their sockets from under them."""
        self._let_go()
        if self._leaving is not None:
            self._leaving.wait_until_closed(EXIT_S)


def connect() -> DaemonClient:
    """A client of the user's daemon, which is started where none runs. Raises DaemonError."""
    return connect_or_start(daemon_command(), client="panel", host="Nuke")


def is_daemon_running() -> bool:
    """Whether a daemon says where it is; quick, and nothing is started."""
    return read_connection(runtime_folder()) is not None


def daemon_command(environment: Mapping[str, str] = os.environ) -> Tuple[str, ...]:
    """What starts the daemon: ``ROTO_DAEMON``, or ``roto`` on the path; never Nuke's own Python. Raises DaemonError."""
    if environment.get("ROTO_DAEMON"):
        return (environment["ROTO_DAEMON"],)
    program = shutil.which("roto", path=environment.get("PATH"))
    if program is None:
        raise DaemonError(
            "The daemon is not running, and there is no program “roto” to start it.",
            "Install it (pip install roto-bezier), or let ROTO_DAEMON name the program that starts it.",
        )
    return (program, "daemon", "start", "--foreground")


def path_table(environment: Mapping[str, str] = os.environ) -> PathTable:
    """The table that ``ROTO_PATHS`` names. Raises InputError for a line that is no rule."""
    file = environment.get(PATHS_VARIABLE)
    return read_path_table(Path(file).read_text(encoding="utf-8")) if file else PathTable()
