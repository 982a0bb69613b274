"""What the panel does: an artist's actions in, requests to the daemon out, and one state to show. No Qt, no host API.

Everything here runs on the host's main thread; :class:`.errands.Errands` brings answers back to it.
"""

import time
from dataclasses import replace
from typing import Any, Callable, Dict, Optional

from roto_panel.book import PromptBook, change_between
from roto_panel.errands import LONG, Errand, Errands
from roto_panel.history import History
from roto_panel.host import Host
from roto_panel.saved import book_from_text, book_text
from roto_panel.state import FrameState, PanelState, Trouble, Working
from roto_shared.errors import CancelledError, InputError, RotoError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Box, CurveSettings
from roto_shared.shapes import Point

PROMPTS = "prompts"
"""The name under which the host keeps what was said."""

Show = Callable[[PanelState], None]


class Presenter:
    """A panel's mind. ``show`` is called with every new state; ``now`` tells seconds."""

    def __init__(self, host: Host, errands: Errands, show: Show, now: Callable[[], float] = time.monotonic) -> None:
        self._host = host
        self._errands = errands
        self._show = show
        self._now = now
        self._history: History[PromptBook] = History(PromptBook())
        self._told_book = PromptBook()
        self._long: Optional[Errand] = None
        self._began = 0.0
        self.state = PanelState()

    def open(self) -> None:
        """Work on the host's plate, with the prompts that were kept in its scene."""
        try:
            plate, kept = self._host.plate(), book_from_text(self._host.saved().get(PROMPTS, ""))
        except RotoError as error:
            self._complain(error)
            return
        self._history = History(kept)
        self._told_book = PromptBook()
        frame = self._host.frame()
        self._change(book=kept, selected=_first(kept), frame=frame, trouble=None, masks={}, timeline={})
        self._ask(messages.OpenSession(plate), self._opened)

    def add_object(self, name: str = "") -> None:
        """One more object, which is selected."""
        book = self._try(lambda: self.state.book.with_object(name))
        if book is not None:
            self._change(selected=book.names[-1])
            self._do("Add " + book.names[-1], book)

    def delete_object(self, name: str) -> None:
        """Take an object out, here and in the daemon."""
        self._edit("Delete " + name, lambda book: book.without_object(name))

    def edit(self, label: str, change: Callable[[PromptBook], PromptBook]) -> None:
        """Any other change of the book: names, colours, order, locks."""
        self._edit(label, change)

    def select(self, name: str) -> None:
        """Make clicks be for an object."""
        self._change(selected=name)

    def click(self, point: Point, positive: bool = True) -> None:
        """A click on the shown frame (plate px, y down); without an object one is added."""
        if not self.state.selected:
            self.add_object()
        name, frame = self.state.selected, self.state.frame
        label = "{} on {} at {}".format("Click" if positive else "Exclude", name, frame)
        self._edit(label, lambda book: book.clicked(frame, name, point, positive))

    def box(self, box: Optional[Box]) -> None:
        """A box on the shown frame instead of the one before."""
        if not self.state.selected:
            self.add_object()
        name, frame = self.state.selected, self.state.frame
        self._edit("Box {} at {}".format(name, frame), lambda book: book.boxed(frame, name, box))

    def undo(self) -> None:
        """Take the latest change back."""
        if self._history.undo():
            self._follow_history()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._history.redo():
            self._follow_history()

    def go_to(self, frame: int) -> None:
        """Show a frame, in the host too."""
        self._host.go_to(frame)
        self.frame_changed(frame)

    def frame_changed(self, frame: int) -> None:
        """The host shows another frame."""
        self._change(frame=frame, masks={}, picture=None)
        if self.state.session is not None and frame in self.state.session.frames:
            self._ask(messages.FrameQuery(self.state.session.session, frame), self._pictured)
            self._ask(messages.MaskQuery(self.state.session.session, frame), self._segmented)

    def track(self, direction: str = "both", first: Optional[int] = None, last: Optional[int] = None) -> None:
        """Follow all objects; frames that are stored are not computed again."""
        session = self._session()
        if session is not None:
            self._work("Tracking", messages.Track(session, direction, first, last, masks=True), self._tracked)

    def stop(self) -> None:
        """Stop what is being done, between two frames; what is done is kept."""
        if self._long is not None:
            self._long.cancel()

    def commit(self, curves: CurveSettings = CurveSettings()) -> None:
        """Fit shapes to all masks and put them into the host's scene, in one undo step."""
        session = self._session()
        if session is not None:
            message = messages.Export(session, (self._host.shape_format,), settings=curves)
            self._work("Fitting shapes", message, self._exported)

    def close(self) -> None:
        """Let go of the daemon; running work stops and is kept."""
        self._errands.close()

    def _opened(self, opened: messages.SessionOpened) -> None:
        frame = self.state.frame if self.state.frame in opened.frames else opened.frames[0]
        self._change(session=opened, told="{} frames by {}".format(len(opened.frames), opened.engine))
        self._tell_daemon()
        self.frame_changed(frame)

    def _pictured(self, answer: messages.Frame) -> None:
        if answer.frame == self.state.frame:
            self._change(picture=answer.picture)

    def _segmented(self, answer: messages.Segmented) -> None:
        self._take_in(answer.frame, answer.objects)

    def _tracked(self, answer: messages.Tracked) -> None:
        faults = ["Frame {}: {}".format(fault.frame, fault.message) for fault in answer.faults]
        told = "{} frames".format(answer.frames)
        if self.state.needs_click:
            told += ", {} of them need a click".format(len(self.state.needs_click))
        self._change(told="\n".join([told, *faults]))

    def _exported(self, answer: messages.Exported) -> None:
        where = self._try(lambda: self._host.commit(answer.texts[self._host.shape_format]))
        if where is not None:
            self._change(told="\n".join([where, *answer.notes]))

    def _edit(self, label: str, change: Callable[[PromptBook], PromptBook]) -> None:
        book = self._try(lambda: change(self.state.book))
        if book is not None:
            self._do(label, book)

    def _do(self, label: str, book: PromptBook) -> None:
        if self._history.do(label, book):
            self._follow_history()

    def _follow_history(self) -> None:
        book, labels, place = self._history.state, self._history.labels, self._history.place
        selected = self.state.selected if self.state.selected in book.names else _first(book)
        self._host.save(PROMPTS, book_text(book))
        self._change(book=book, selected=selected, done=labels[:place], undone=labels[place:], trouble=None)
        self._tell_daemon()

    def _tell_daemon(self) -> None:
        """Bring the daemon's prompts to the book's. While no session is open the book waits."""
        if self.state.session is None:
            return
        before, self._told_book = self._told_book, self.state.book
        change = change_between(before, self.state.book)
        session = self.state.session.session
        for name in change.gone:
            self._forget(name)
            if before.frames(name):
                self._ask(messages.DeleteObject(session, name), lambda _done: None)
        for frame, prompts in change.prompts.items():
            self._ask(messages.Segment(session, frame, prompts), self._segmented)

    def _forget(self, name: str) -> None:
        masks = {other: mask for other, mask in self.state.masks.items() if other != name}
        timeline = {other: frames for other, frames in self.state.timeline.items() if other != name}
        self._change(masks=masks, timeline=timeline)

    def _take_in(self, frame: int, objects: Any) -> None:
        """What the daemon said of objects on a frame, into the timeline, and onto the shown frame."""
        timeline: Dict[str, Dict[int, FrameState]] = dict(self.state.timeline)
        masks = dict(self.state.masks)
        for one in objects:
            timeline[one.object] = {**timeline.get(one.object, {}), frame: FrameState(one.state, one.confidence)}
            if one.mask is not None and frame == self.state.frame:
                masks[one.object] = one.mask
        self._change(timeline=timeline, masks=masks)

    def _work(self, what: str, message: Any, on_answer: Callable[[Any], None]) -> None:
        if self._long is not None:
            self._complain(
                InputError(
                    "{} is not done yet.".format(self.state.working and self.state.working.what), "Stop it first."
                )
            )
            return
        self._began = self._now()
        self._change(working=Working(what), trouble=None)

        def answered(answer: Any) -> None:
            self._rest()
            on_answer(answer)

        def failed(error: RotoError) -> None:
            self._rest()
            if isinstance(error, CancelledError):
                self._change(told="Stopped; what is done is kept.")
            else:
                self._complain(error)

        self._long = self._errands.send(message, answered, failed, self._progressed, lane=LONG)

    def _rest(self) -> None:
        self._long = None
        self._change(working=None)

    def _progressed(self, event: Any) -> None:
        if isinstance(event, messages.TrackedFrame):
            self._take_in(event.frame, event.objects)
        if isinstance(event, (messages.TrackedFrame, messages.Progress)) and self.state.working is not None:
            passed = self._now() - self._began
            remaining = passed / event.done * (event.total - event.done) if event.done else None
            self._change(working=replace(self.state.working, done=event.done, total=event.total, remaining_s=remaining))

    def _session(self) -> Optional[str]:
        if self.state.session is None:
            self._complain(InputError("No plate is open.", "Select a Read node and open it."))
            return None
        return self.state.session.session

    def _ask(self, message: Any, on_answer: Callable[[Any], None]) -> None:
        self._errands.send(message, on_answer, self._complain)

    def _try(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except RotoError as error:
            self._complain(error)
            return None

    def _complain(self, error: RotoError) -> None:
        self._change(trouble=Trouble(error.message, error.remedy))

    def _change(self, **fields: Any) -> None:
        self.state = replace(self.state, **fields)
        self._show(self.state)


def _first(book: PromptBook) -> str:
    return book.names[0] if book.names else ""
