"""What is on the shown frame, and how every frame fares: pictures, masks, outlines, the timeline."""

from typing import Any, Dict

from roto_panel.board import Board
from roto_panel.errands import Errand
from roto_panel.host import Host
from roto_panel.state import FrameState
from roto_panel.work import OnAnswer, Work
from roto_shared.protocol import messages


class Seeing:
    """Follows the host's frame, and takes in what the daemon says of frames."""

    def __init__(self, board: Board, host: Host, work: Work) -> None:
        self._board = board
        self._host = host
        self._work = work
        self._asked: Dict[type, Errand] = {}

    def start(self, opened: messages.SessionOpened) -> None:
        """A plate was opened: what the daemon has of it is in the timeline."""
        timeline = {}
        for name in self._board.state.book.names:
            prompted = opened.prompted.get(name, ())
            stored = {frame: FrameState("tracked", 1.0) for frame in opened.stored.get(name, ())}
            timeline[name] = {**stored, **{frame: FrameState("prompted", 1.0) for frame in prompted}}
        self._board.change(timeline=timeline, masks={}, outlines={}, keys={})

    def go_to(self, frame: int) -> None:
        """Show a frame, in the host too."""
        self._host.go_to(frame)
        if frame != self._board.state.frame:
            self.frame_changed(frame)

    def frame_changed(self, frame: int) -> None:
        """The host shows another frame. What of the one before is not here yet is wanted no more."""
        for errand in self._asked.values():
            errand.cancel()
        self._asked = {}
        self._board.change(frame=frame, masks={}, outlines={}, picture=None)
        state = self._board.state
        if state.session is not None and frame in state.session.frames:
            self._ask(messages.FrameQuery(state.session.session, frame), self._pictured)
            self.refresh()

    def refresh(self) -> None:
        """Learn anew which masks stand on the shown frame; those that are shown stay until then."""
        state = self._board.state
        if state.session is not None and state.frame in state.session.frames:
            curves = state.choices.curves if state.look.outlines else None
            message = messages.MaskQuery(state.session.session, state.frame, curves=curves)
            self._ask(message, self._standing)

    def take_in(self, answer: Any) -> None:
        """What the daemon said of objects on a frame: into the timeline, and onto the shown frame."""
        state = self._board.state
        timeline: Dict[str, Dict[int, FrameState]] = dict(state.timeline)
        masks, outlines = dict(state.masks), dict(state.outlines)
        for one in answer.objects:
            known = timeline.get(one.object, {})
            timeline[one.object] = {**known, answer.frame: FrameState(one.state, one.confidence)}
            if answer.frame == state.frame and one.mask is not None:
                masks[one.object] = one.mask
                outlines.pop(one.object, None)
            if answer.frame == state.frame and one.shapes is not None:
                outlines[one.object] = one.shapes
        self._board.change(timeline=timeline, masks=masks, outlines=outlines)

    def forget(self, name: str) -> None:
        """An object is gone."""
        state = self._board.state
        self._board.change(
            masks={other: mask for other, mask in state.masks.items() if other != name},
            outlines={other: layer for other, layer in state.outlines.items() if other != name},
            timeline={other: frames for other, frames in state.timeline.items() if other != name},
            keys={other: frames for other, frames in state.keys.items() if other != name},
        )

    def rename(self, name: str, new: str) -> None:
        """An object is called otherwise."""
        state = self._board.state
        names = {name: new}
        self._board.change(
            masks={names.get(other, other): mask for other, mask in state.masks.items()},
            outlines={names.get(other, other): layer for other, layer in state.outlines.items()},
            timeline={names.get(other, other): frames for other, frames in state.timeline.items()},
            keys={names.get(other, other): frames for other, frames in state.keys.items()},
        )

    def _ask(self, message: Any, on_answer: OnAnswer) -> None:
        """Ask something of the shown frame; what was asked of this kind before is wanted no more."""
        if type(message) in self._asked:
            self._asked[type(message)].cancel()
        self._asked[type(message)] = self._work.ask(message, on_answer)

    def _standing(self, answer: messages.Segmented) -> None:
        if answer.frame == self._board.state.frame:
            self._board.change(masks={}, outlines={})
            self.take_in(answer)

    def _pictured(self, answer: messages.Frame) -> None:
        if answer.frame == self._board.state.frame:
            self._board.change(picture=answer.picture)
