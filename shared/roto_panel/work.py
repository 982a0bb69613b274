"""Requests of a panel: quick ones, and one long one at a time with its progress."""

import time
from dataclasses import replace
from typing import Any, Callable, List, Optional

from roto_panel.board import Board
from roto_panel.errands import BACKGROUND, LONG, QUICK, Errand, Errands
from roto_panel.state import Working
from roto_shared.errors import BusyError, CancelledError, InputError, RotoError
from roto_shared.protocol import messages

OnAnswer = Callable[[Any], None]
OnFailure = Callable[[RotoError], None]


def _pass_over(_event: Any) -> None:
    """Frames that nobody wants to hear of."""


def _of_frames(on_frame: OnAnswer) -> OnAnswer:
    """What hands on the events that are frames, and no others."""
    return lambda event: on_frame(event) if isinstance(event, messages.TrackedFrame) else None


class Work:
    """Asks the daemon for a panel. ``now`` tells seconds."""

    def __init__(self, board: Board, errands: Errands, now: Callable[[], float] = time.monotonic) -> None:
        self._board = board
        self._errands = errands
        self._now = now
        self._long: Optional[Errand] = None
        self._waiting: List[Callable[[], None]] = []
        self._began = 0.0

    def ask(
        self,
        message: Any,
        on_answer: OnAnswer,
        on_frame: OnAnswer = _pass_over,
        on_failure: OnFailure = lambda _error: None,
        when_free: Optional[Callable[[], None]] = None,
    ) -> Errand:
        """A quick request; what goes wrong is shown, and ``on_frame`` gets frames that are done.

        Where it is refused for what runs here, ``when_free`` is called as soon as that has ended. Who has no use for
        it any more may cancel it, of which nothing is shown.
        """

        def failed(error: RotoError) -> None:
            on_failure(error)
            working = self._board.state.working
            if isinstance(error, CancelledError):
                return
            if when_free is None or working is None or not isinstance(error, BusyError):
                self._board.complain(error)
            else:
                self._waiting.append(when_free)
                self._board.change(told="It is done as soon as this has ended: {}.".format(working.what))

        return self._errands.send(message, on_answer, failed, _of_frames(on_frame), lane=QUICK)

    def ask_aside(
        self, message: Any, on_answer: OnAnswer, on_error: OnFailure, on_frame: OnAnswer = _pass_over
    ) -> None:
        """A request beside everything else, about which the artist need not know."""
        self._errands.send(message, on_answer, on_error, _of_frames(on_frame), lane=BACKGROUND)

    def run(
        self,
        what: str,
        message: Any,
        on_answer: OnAnswer,
        on_frame: OnAnswer = _pass_over,
        on_failure: Callable[[], None] = lambda: None,
        outlives_stop: bool = True,
    ) -> None:
        """A long request, shown as ``what`` with its progress; refused while another runs.

        ``on_frame`` gets frames that are done, ``on_failure`` is called where it fails or is stopped. An answer that
        comes although it was stopped is what the daemon has done, unless it does not outlive that: then it is dropped.
        """
        if not self.begin(what):
            return

        def answered(answer: Any) -> None:
            if errand.is_cancelled and not outlives_stop:
                failed(CancelledError("It was stopped when it was nearly done.", "Ask again."))
                return
            self.end()
            on_answer(answer)

        def failed(error: RotoError) -> None:
            self.end()
            on_failure()
            if isinstance(error, CancelledError):
                self._board.change(told="Stopped; what is done is kept.")
            else:
                self._board.complain(error)

        tell_frame = _of_frames(on_frame)

        def happened(event: Any) -> None:
            tell_frame(event)
            if isinstance(event, (messages.TrackedFrame, messages.Progress)):
                self.progressed(event.done, event.total)

        errand = self._long = self._errands.send(message, answered, failed, happened, lane=LONG)

    def stop(self) -> None:
        """Stop the long request between two frames; what is done is kept."""
        if self._long is not None:
            self._long.cancel()

    def abandon(self) -> None:
        """Stop the long request, and hear nothing more of any: what they were for is gone."""
        self.stop()
        self._errands.abandon()
        self.end()

    def begin(self, what: str) -> bool:
        """Show that something long begins; False, with a sentence shown, while another goes on."""
        working = self._board.state.working
        if working is not None:
            self._board.complain(InputError("{} is not done yet.".format(working.what), "Stop it first."))
            return False
        self._began = self._now()
        self._board.change(working=Working(what), trouble=None)
        return True

    def progressed(self, done: int, total: int) -> None:
        """Show how far it is."""
        working, passed = self._board.state.working, self._now() - self._began
        if working is None:
            return
        remaining = passed / done * (total - done) if done else None
        rate = done / passed if passed > 0 else None
        self._board.change(working=replace(working, done=done, total=total, remaining_s=remaining, rate=rate))

    def end(self) -> None:
        """Show that it is over, and do what waited for it."""
        self._long = None
        self._board.change(working=None)
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()

    def close(self) -> None:
        """Let go of the daemon, at once; running work stops and is kept."""
        self._errands.close()

    def wait_until_closed(self, timeout_s: float) -> None:
        """Wait for its threads to end, so long at most."""
        self._errands.wait_until_closed(timeout_s)
