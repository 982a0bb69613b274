"""The daemon itself: how it is, which models it has, started and stopped by hand."""

from typing import Callable

from roto_panel.board import Board
from roto_panel.host import Host
from roto_panel.work import Work
from roto_shared.errors import RotoError
from roto_shared.protocol import messages

REFRESH_S = 5.0


class Household:
    """Asks now and then how the daemon is. It is never started just to be asked: ``is_running`` tells, quickly."""

    def __init__(self, board: Board, host: Host, work: Work, is_running: Callable[[], bool]) -> None:
        self._board = board
        self._host = host
        self._work = work
        self._is_running = is_running
        self._is_watching = False
        self._closed = False

    def watch(self) -> None:
        """Ask from now on, every few seconds."""
        if not self._is_watching:
            self._is_watching = True
            self._look_again()

    def start(self) -> None:
        """Start the daemon, or find it running, and learn of its models."""
        self._work.ask(messages.ModelsQuery(), self._listed)
        self._work.ask(messages.StatusQuery(), self._told)

    def stop(self) -> None:
        """Stop the daemon; what is done is kept."""
        self._work.ask(messages.Shutdown(), lambda _done: self._board.change(daemon=None, told="The daemon stopped."))

    def close(self) -> None:
        """Ask no more."""
        self._closed = True

    def _look_again(self) -> None:
        if self._closed:
            return
        if self._is_running():
            self._work.ask_aside(messages.StatusQuery(), self._told, self._gone)
            if not self._board.state.engines:
                self._work.ask_aside(messages.ModelsQuery(), self._listed, self._gone)
        elif self._board.state.daemon is not None:
            self._board.change(daemon=None)
        self._host.later(self._look_again, REFRESH_S)

    def _told(self, status: messages.Status) -> None:
        self._board.change(daemon=status)

    def _listed(self, models: messages.Models) -> None:
        self._board.change(engines=models.engines)

    def _gone(self, _error: RotoError) -> None:
        self._board.change(daemon=None)
