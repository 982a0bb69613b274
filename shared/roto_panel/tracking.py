"""Following objects through the shot, and what is done to their masks after it."""

from typing import Optional

from roto_panel.board import Board
from roto_panel.prompting import Prompting
from roto_panel.seeing import Seeing
from roto_panel.shaping import Shaping
from roto_panel.work import Work
from roto_shared.protocol import messages


class Tracking:
    """Tracks, and refines and finishes masks."""

    def __init__(self, board: Board, work: Work, seeing: Seeing, shaping: Shaping, prompting: Prompting) -> None:
        self._board = board
        self._work = work
        self._seeing = seeing
        self._shaping = shaping
        self._prompting = prompting

    def track(self, direction: str = "both") -> None:
        """Follow all objects within the chosen range; frames that are stored are not computed again."""
        choices = self._board.state.choices
        self._track(direction, choices.first, choices.last)

    def track_frame(self) -> None:
        """Follow all objects onto the shown frame, from the nearest frames that were prompted."""
        state = self._board.state
        prompted = sorted({frame for frame, _ in state.book.said})
        before = [frame for frame in prompted if frame <= state.frame]
        after = [frame for frame in prompted if frame > state.frame]
        nearest = before[-1] if before else (after[0] if after else state.frame)
        first, last = sorted((nearest, state.frame))
        self._track("both", first, last)

    def refine(self) -> None:
        """Make soft edges as chosen; what is committed is then made of them, and mattes have them."""
        session, choices = self._board.open_session(), self._board.state.choices
        if session is not None:
            message = messages.RefineEdges(session, (), choices.first, choices.last, choices.edges, masks=True)
            self._work.run("Refining edges", message, self._refined, self._seeing.take_in)

    def finish(self) -> None:
        """Finish all masks as chosen, from now on."""
        session, choices = self._board.open_session(), self._board.state.choices
        if session is not None:
            message = messages.FinishMasks(session, choices.finish, (), choices.first, choices.last, masks=True)
            self._work.run("Finishing masks", message, self._refined, self._seeing.take_in)

    def preview_finish(self) -> None:
        """Show the chosen finish on the shown frame, and keep nothing."""
        session, state = self._board.open_session(), self._board.state
        if session is not None:
            frame = state.frame
            message = messages.FinishMasks(session, state.choices.finish, (), frame, frame, masks=True, preview=True)
            self._work.ask(message, lambda _answer: None, self._seeing.take_in)

    def _track(self, direction: str, first: Optional[int], last: Optional[int]) -> None:
        session = self._board.open_session()
        if session is None or self._board.state.working is not None:
            return
        message = messages.Track(session, direction, first, last, masks=True)
        self._shaping.begin_live()
        self._work.run("Tracking", message, self._tracked, self._followed, self._not_tracked)

    def _followed(self, event: messages.TrackedFrame) -> None:
        self._seeing.take_in(event)
        self._shaping.keep_live()

    def _not_tracked(self) -> None:
        self._shaping.drop_live()
        self._prompting.tell_daemon()
        self._prompting.bring_merged_up_to_date()

    def _tracked(self, answer: messages.Tracked) -> None:
        lost, unsure = len(self._board.state.needs_click), len({f for fs in answer.uncertain.values() for f in fs})
        told = ["{} frames".format(answer.frames)]
        told += ["{} of them need a click".format(lost)] if lost else []
        told += ["{} are uncertain".format(unsure)] if unsure else []
        self._board.change(told=_with_faults(", ".join(told), answer))
        self._shaping.end_live()
        self._prompting.tell_daemon()
        self._prompting.bring_merged_up_to_date()

    def _refined(self, answer: messages.Tracked) -> None:
        self._board.change(told=_with_faults("{} frames".format(answer.frames), answer))
        self._seeing.refresh()


def _with_faults(told: str, answer: messages.Tracked) -> str:
    return "\n".join([told, *("Frame {}: {}".format(fault.frame, fault.message) for fault in answer.faults)])
