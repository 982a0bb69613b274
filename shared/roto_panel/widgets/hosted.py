"""The panel as a host makes it: with its presenter, and an end that waits for nobody."""

import atexit
from typing import Callable, Optional

from roto_panel.errands import Errands
from roto_panel.host import Host
from roto_panel.paths import PathTable
from roto_panel.presenter import Presenter
from roto_panel.qt import QWidget
from roto_panel.reaching import connection_from, is_daemon_running, path_table
from roto_panel.state import PanelState, Trouble
from roto_panel.widgets.panel import RotoPanel
from roto_shared.errors import RotoError

EXIT_S = 2.0
"""How long a host's end may wait for our threads."""


class HostedPanel(RotoPanel):
    """A panel in the host called ``name``, which ``make_host`` makes of the studio's path table."""

    def __init__(self, name: str, make_host: Callable[[PathTable], Host], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.presenter: Optional[Presenter] = None
        self._leaving: Optional[Presenter] = None
        atexit.register(self._leave)
        try:
            host = make_host(path_table())
        except (RotoError, OSError) as error:
            self.show_state(PanelState(trouble=Trouble("The path table cannot be used: {}".format(error))))
            return
        errands = Errands(connection_from(name), host.deliver)
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
        """The host ends: our threads end before Python does, which would pull their sockets from under them."""
        self._let_go()
        if self._leaving is not None:
            self._leaving.wait_until_closed(EXIT_S)
