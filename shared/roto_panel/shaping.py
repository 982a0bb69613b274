"""Shapes between the daemon and the host's scene: committed, live while tracking, sent back, and taken as prompts."""

import time
from dataclasses import replace
from typing import Any, Callable, Optional, Sequence

from roto_panel.board import Board
from roto_panel.choices import CHOICES, choices_text
from roto_panel.host import Host
from roto_panel.prompting import Prompting
from roto_panel.seeing import Seeing
from roto_panel.work import Work
from roto_shared.errors import InputError, RotoError
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings, MatteFiles

LIVE_S = 2.0
"""Shapes are brought up to date while tracking at least so far apart, and at most a third of the time goes into it."""


class Shaping:
    """Makes shapes and puts them into the host's scene. ``now`` tells seconds."""

    def __init__(
        self,
        board: Board,
        host: Host,
        work: Work,
        seeing: Seeing,
        prompting: Prompting,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._board = board
        self._host = host
        self._work = work
        self._seeing = seeing
        self._prompting = prompting
        self._live = _Live(now)

    def look_for_targets(self) -> None:
        """See what in the scene can take shapes; a target that is gone is chosen no more."""
        targets = self._board.attempt(self._host.targets)
        if targets is None:
            return
        choices = self._board.state.choices
        if choices.target not in targets:
            choices = replace(choices, target="")
        self._board.change(targets=targets, choices=choices)

    def commit(self) -> None:
        """Fit shapes to all masks and put them into the chosen node, or a new one, in one undo step."""
        message = self._export()
        if message is not None:
            self._ask("Fitting shapes", message, lambda answer: self._put(answer, message))

    def send_edits(self) -> None:
        """Take the artist's changes of the committed node over, and fit the frames around them anew."""
        session, target = self._board.open_session(), self._board.state.choices.target
        if session is None:
            return
        if not target:
            self._board.complain(InputError("No node of committed shapes is chosen.", "Choose it beside “Commit”."))
            return
        text = self._board.attempt(lambda: self._host.shapes_of(target))
        if text is not None:
            message = messages.TakeEdits(
                session, self._host.shape_format, text, settings=self._curves(), clock=self._host.clock()
            )
            self._ask("Taking your edits over", message, lambda answer: self._taken(answer, target, text))

    def prompt_from_scene(self, frames: Sequence[int] = ()) -> None:
        """Take what the scene's selected shapes draw as the objects' masks: on the shown frame, or on ``frames``."""
        session, state = self._board.open_session(), self._board.state
        text = None if session is None else self._board.attempt(self._host.chosen_shapes)
        if session is None or text is None:
            return
        wanted = tuple(frames) or (state.frame,)
        message = messages.PromptShapes(session, wanted, self._host.shape_format, text, clock=self._host.clock())
        self._work.run("Reading shapes", message, lambda _answer: None, self._drawn)

    def import_shapes(self, path: str) -> None:
        """Take another program's shapes into a new node, in one undo step."""
        session = self._board.open_session()
        if session is not None:
            file = self._host.paths.to_daemon(path)
            message = messages.ReadShapes(session, file, self._host.shape_format, clock=self._host.clock())
            self._ask("Reading shapes", message, lambda answer: self._imported(answer, path))

    def export_shapes(self, path: str) -> None:
        """Write the scene's selected shapes for another program."""
        session = self._board.open_session()
        text = None if session is None else self._board.attempt(self._host.chosen_shapes)
        if session is None or text is None:
            return
        file = self._host.paths.to_daemon(path)
        message = messages.WriteShapes(session, self._host.shape_format, text, file, clock=self._host.clock())
        self._work.run("Writing shapes", message, lambda answer: self._report("Written: " + path, answer))

    def export_files(self) -> None:
        """Write the chosen formats into the chosen folder."""
        session, choices = self._board.open_session(), self._board.state.choices
        if session is None:
            return
        if not choices.folder:
            self._board.complain(InputError("No folder is chosen.", "Choose where the files go."))
            return
        folder = self._host.paths.to_daemon(choices.folder)
        message = messages.Export(
            session, choices.formats, folder, self._curves(), MatteFiles(), clock=self._host.clock()
        )

        def written(answer: messages.Exported) -> None:
            self._report("{} files in {}".format(len(answer.files), choices.folder), answer)

        self._work.run("Writing files", message, written)

    def begin_live(self) -> None:
        """A track begins."""
        self._live.begin()

    def keep_live(self) -> None:
        """Bring the node's shapes up to date, if it is time to and that is wanted."""
        if not self._board.state.choices.live or not self._live.is_due:
            return
        message = self._export()
        if message is not None:
            self._live.ask()
            self._work.ask_aside(message, lambda answer: self._put_live(answer, message), self._live_failed)

    def end_live(self) -> None:
        """A track ended: the shapes in the node become what all of it says."""
        self._live.end()
        if self._board.state.choices.live:
            self.commit()

    def drop_live(self) -> None:
        """A track was stopped: the node keeps what it has, and the next commit is a step of its own."""
        self._live.end()
        self._live.target = ""

    def end(self) -> None:
        """The scene goes, and with it the node that follows a track."""
        self._live.rest()
        self.drop_live()

    def _put_live(self, answer: messages.Exported, message: messages.Export) -> None:
        self._live.rest()
        target = self._board.state.choices.target
        if not self._live.is_on or not self._board.has_open(message.session) or self._is_changed(target, message.into):
            return
        text = answer.texts[self._host.shape_format]
        if self._live.target:
            self._board.attempt(lambda: self._host.update(text, target))
            return
        done = self._board.attempt(lambda: self._host.commit(text, target))
        if done is not None:
            self._live.target = done
            self._committed(done, answer, "{} follows the track.".format(done))

    def _live_failed(self, _error: RotoError) -> None:
        """There may be too little to fit yet; the commit at the end says what is wrong, if anything is."""
        self._live.rest()

    def _ask(self, what: str, message: Any, put: Callable[[messages.Exported], None]) -> None:
        """Ask for shapes, and ``put`` them into the scene unless that was stopped or their plate is open no more."""

        def put_there(answer: messages.Exported) -> None:
            if self._board.has_open(message.session):
                put(answer)
            else:
                self._board.complain(InputError("The plate of the shapes is not open any more.", "Open it again."))

        self._work.run(what, message, put_there, outlives_stop=False)

    def _is_changed(self, target: str, text: str) -> bool:
        """Whether the node holds something else than ``text``, which it held when the daemon was asked."""
        return bool(target) and self._board.attempt(lambda: self._host.shapes_of(target)) != text

    def _export(self) -> Optional[messages.Export]:
        """What asks for shapes as the chosen node takes them; None, with a sentence shown, where it cannot be."""
        session, target = self._board.open_session(), self._board.state.choices.target
        if session is None:
            return None
        into = self._board.attempt(lambda: self._host.shapes_of(target)) if target else ""
        if into is None:
            self.look_for_targets()
            return None
        return messages.Export(
            session, (self._host.shape_format,), settings=self._curves(), into=into, clock=self._host.clock()
        )

    def _curves(self) -> CurveSettings:
        """As chosen; between keys as the host draws, unless that was chosen too."""
        curves = self._board.state.choices.curves
        return curves if curves.interpolation else replace(curves, interpolation=self._host.interpolation)

    def _put(self, answer: messages.Exported, message: messages.Export) -> None:
        text, target = answer.texts[self._host.shape_format], self._board.state.choices.target
        if self._is_changed(target, message.into):
            self._board.complain(InputError("{} was changed meanwhile.".format(target), "Commit again."))
            return
        is_live = bool(self._live.target) and self._live.target == target
        self._live.target = ""
        put = self._host.update if is_live else self._host.commit  # the step in which it came when the track began
        done = self._board.attempt(lambda: put(text, target))
        if done is not None:
            self._committed(done, answer, done)

    def _taken(self, answer: messages.Exported, target: str, text: str) -> None:
        if self._is_changed(target, text):
            self._board.complain(InputError("{} was changed meanwhile.".format(target), "Send your edits again."))
            return
        done = self._board.attempt(lambda: self._host.commit(answer.texts[self._host.shape_format], target))
        if done is not None:
            self._committed(done, answer, done + ": your edits are held, what is around them follows.")

    def _committed(self, target: str, answer: messages.Exported, told: str) -> None:
        state = self._board.state
        choices = replace(state.choices, target=target)
        self._board.attempt(lambda: self._host.save(CHOICES, choices_text(choices)))
        self._board.change(
            choices=choices,
            keys={**state.keys, **answer.keys},
            told="\n".join([told, *answer.notes]),
        )
        self.look_for_targets()
        self._seeing.refresh()

    def _drawn(self, event: messages.TrackedFrame) -> None:
        for one in event.objects:
            if one.object not in self._board.state.book.names:
                self._prompting.add_object(one.object)
        self._seeing.take_in(event)

    def _imported(self, answer: messages.Exported, path: str) -> None:
        done = self._board.attempt(lambda: self._host.commit(answer.texts[self._host.shape_format]))
        if done is not None:
            self._board.change(told="\n".join(["{} holds the shapes of {}".format(done, path), *answer.notes]))
            self.look_for_targets()

    def _report(self, told: str, answer: messages.Exported) -> None:
        self._board.change(told="\n".join([told, *answer.notes]))


class _Live:
    """When shapes are brought up to date while tracking: one request at a time, and rests between."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._asked: Optional[float] = None
        self._next = 0.0
        self.is_on = False
        self.target = ""

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next."""
        return self.is_on and self._asked is None and self._now() >= self._next

    def begin(self) -> None:
        """A track begins; its node, if any, is yet to come."""
        self._next, self.is_on, self.target = self._now() + LIVE_S, True, ""

    def ask(self) -> None:
        """Shapes are asked for."""
        self._asked = self._now()

    def rest(self) -> None:
        """They are here, or not to be had."""
        now = self._now()
        took = 0.0 if self._asked is None else now - self._asked
        self._asked, self._next = None, now + max(LIVE_S, 2 * took)

    def end(self) -> None:
        """The track is over."""
        self.is_on = False
