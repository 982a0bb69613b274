"""The panel as a host makes it: with its presenter, and an end that waits for nobody."""

import atexit
from typing import Callable, Optional

from roto_panel.board import Show
from roto_panel.errands import Errands
from roto_panel.host import Host
from roto_panel.paths import PathTable
from roto_panel.plate_folder import delete_abandoned
from roto_panel.presenter import Presenter
from roto_panel.qt import QWidget
from roto_panel.reaching import connection_from, is_daemon_running, path_table
from roto_panel.state import PanelState, Trouble
from roto_panel.widgets.panel import RotoPanel
from roto_shared.errors import RotoError

EXIT_S = 2.0
"""How long a host's end may wait for our threads."""


class Stay:
    """A presenter from a panel's opening to its end: closed, destroyed without being closed, or gone with its host.

    It holds no widget once it has ended.
    """

    def __init__(self, show: Show) -> None:
        self.presenter: Optional[Presenter] = None
        self._show: Optional[Show] = show
        self._leaving: Optional[Presenter] = None

    def show(self, state: PanelState) -> None:
        """Show a state while there is something to show it on."""
        if self._show is not None:
            self._show(state)

    def end(self, *_: object) -> None:
        """Let go of the daemon, at once; running work stops between two frames and is kept."""
        self._show = None
        if self.presenter is not None:
            self.presenter.close()
            self._leaving, self.presenter = self.presenter, None

    def end_with_host(self) -> None:
        """The host ends: our threads end before Python does, which would pull their sockets from under them."""
        self.end()
        if self._leaving is not None:
            self._leaving.wait_until_closed(EXIT_S)


class HostedPanel(RotoPanel):
    """A panel in the host called ``name``, which ``make_host`` makes of the studio's path table.

    Whether a host closes a panel or only destroys the pane around it is not known [?]; Qt tells a child of its closing
    in neither case. So both end its stay.
    """

    def __init__(self, name: str, make_host: Callable[[PathTable], Host], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._stay = Stay(self.show_state)
        atexit.register(self._stay.end_with_host)
        self.destroyed.connect(self._stay.end)
        delete_abandoned()
        try:
            host = make_host(path_table())
        except (RotoError, OSError) as error:
            self.show_state(PanelState(trouble=Trouble("The path table cannot be used: {}".format(error))))
            return
        errands = Errands(connection_from(name), host.deliver)
        presenter = Presenter(host, errands, self._stay.show, is_daemon_running=is_daemon_running)
        self._stay.presenter = presenter
        self.attend(presenter)
        presenter.household.watch()

    @property
    def presenter(self) -> Optional[Presenter]:
        """The panel's mind; None before it has one and after its end."""
        return self._stay.presenter

    def closeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """The artist closes the panel."""
        self._stay.end()
        super().closeEvent(event)
