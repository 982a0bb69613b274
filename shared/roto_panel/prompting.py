"""What an artist says: objects and prompts, undone and done again, told to the daemon and kept with the scene."""

from functools import partial
from typing import Any, Callable, Optional, Set, Tuple

from roto_panel.board import Board
from roto_panel.book import PromptBook, change_between
from roto_panel.history import History
from roto_panel.host import Host, Prompts
from roto_panel.saved import PROMPTS, book_text
from roto_panel.seeing import Seeing
from roto_panel.work import OnAnswer, OnFailure, Work
from roto_shared.errors import BusyError, InputError, RotoError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Box, ObjectPrompt
from roto_shared.shapes import Point


class Prompting:
    """Changes the book of prompts, and everything that follows from it."""

    def __init__(self, board: Board, host: Host, work: Work, seeing: Seeing) -> None:
        self._board = board
        self._host = host
        self._work = work
        self._seeing = seeing
        self._history: History[PromptBook] = History(PromptBook())
        self._told_book = PromptBook()
        self._refused_from: Optional[PromptBook] = None
        self._leaving: Set[str] = set()  # objects that the daemon has yet, though they are deleted here
        self._is_open = False

    def start(self, kept: PromptBook) -> None:
        """Go on with a book that was kept; nothing can be undone yet."""
        self._is_open = True
        self._begin(kept)

    def end(self) -> None:
        """The scene that keeps the book goes; nothing can be said until :meth:`start`."""
        self._is_open = False
        self._begin(PromptBook())

    def _begin(self, kept: PromptBook) -> None:
        self._history = History(kept)
        self._told_book = PromptBook()
        self._refused_from = None
        self._leaving = set()
        self._board.change(book=kept, selected=_first(kept), done=(), undone=())

    def adopt(self, opened: messages.SessionOpened) -> None:
        """List objects that the daemon has and the book does not, for they are tracked and committed too."""
        book = self._board.state.book
        merged = [made for made in opened.combined if not made.keep]
        alone = {*opened.stored, *opened.prompted} - {made.name for made in merged}
        for name in sorted(alone - {one.name for one in book.every_object}):
            book = book.with_object(name)
        for made in merged:
            if made.name not in book.names and set(made.objects) <= set(book.names):
                book = book.with_merged(made.name, made.objects)
        made_there = {made.name for made in opened.combined}
        self._told_book = PromptBook(tuple(one for one in book.every_object if one.parts and one.name in made_there))
        self._history = History(book)
        self._board.change(book=book, selected=self._board.state.selected or _first(book))

    def add_object(self, name: str = "") -> None:
        """One more object, which is selected."""
        book = self._board.attempt(lambda: self._changed(lambda book: book.with_object(name)))
        if book is not None:
            self._board.change(selected=book.names[-1])
            self._do("Add " + book.names[-1], book)

    def delete_object(self, name: str) -> None:
        """Take an object out, here and in the daemon."""
        self.edit("Delete " + name, lambda book: book.without_object(name))

    def rename_object(self, name: str, new: str) -> None:
        """Call an object otherwise, here and in the daemon, where it keeps its masks."""
        state, new = self._board.state, new.strip()
        book = self._board.attempt(lambda: state.book.renamed(name, new))
        if book is None or book == state.book:
            return
        if state.session is None or not state.timeline.get(name):
            self._rename(name, new)
            return
        session = state.session.session

        def renamed(_answer: messages.Done) -> None:
            if name in self._told_book.names:
                self._told_book = self._told_book.renamed(name, new)
            self._now_called(name, new)
            self._rename(name, new)

        def ask() -> None:
            if self._board.has_open(session):
                self._work.ask(messages.RenameObject(session, name, new), renamed, when_free=ask)

        ask()

    def _rename(self, name: str, new: str) -> None:
        is_selected = self._board.state.selected == name
        self.edit("Rename " + name, lambda book: book.renamed(name, new))
        if is_selected:
            self.select(new)

    def _now_called(self, name: str, new: str) -> None:
        """An object that the daemon has is called otherwise there."""
        self._seeing.rename(name, new)

    def _deleted(self, name: str, _answer: messages.Done) -> None:
        """The daemon has an object no more; another may be called so, and what it was made of stands again."""
        self._leaving.discard(name)
        self._seeing.refresh()

    def move_object(self, name: str, by: int) -> None:
        """Move an object up (negative) or down in the list."""
        place = self._board.state.book.names.index(name) + by
        self.edit("Move " + name, lambda book: book.moved(name, place))

    def merge_object(self, name: str, into: str) -> None:
        """Make two objects one, called as the second; their masks become the union, and follow no prompts any more."""
        session = self._board.open_session()
        if session is None:
            return
        called = into + " merged"

        def merge(book: PromptBook) -> PromptBook:
            for part in (into, name):
                book.check_open(part)
            return book.with_merged(called, (into, name))

        book = self._board.attempt(lambda: merge(self._board.state.book))
        if book is None:
            return

        def merged(_answer: messages.Tracked) -> None:
            told = self._board.attempt(lambda: merge(self._told_book))
            if told is not None:
                self._told_book = told
                self.edit("Merge {} into {}".format(name, into), merge)
            self._seeing.refresh()

        message = messages.CombineObjects(session, book.object(called).combination, masks=False)
        self._work.run("Merging", message, merged, self._seeing.take_in)

    def bring_merged_up_to_date(self) -> None:
        """Make merged objects anew where those that they are made of have changed: till then they have no masks."""
        state = self._board.state
        if state.session is None:
            return
        session = state.session.session

        def made(event: Any) -> None:
            if self._board.has_open(session):
                self._seeing.take_in(event)

        for one in (one for one in state.book.objects if one.parts and state.timeline.get(one.name)):
            message = messages.CombineObjects(session, one.combination, masks=False)
            self._work.ask_aside(message, lambda _answer: self._seeing.refresh(), self._board.complain, made)

    def edit(self, label: str, change: Callable[[PromptBook], PromptBook]) -> None:
        """Any other change of the book: names, colours, locks."""
        book = self._board.attempt(lambda: self._changed(change))
        if book is not None:
            self._do(label, book)

    def select(self, name: str) -> None:
        """Make clicks be for an object."""
        self._board.change(selected=name)

    def click(self, point: Point, positive: bool = True) -> None:
        """A click on the shown frame (plate px, y down); without an object one is added."""
        name, frame = self._chosen(), self._board.state.frame
        label = "{} on {} at {}".format("Click" if positive else "Exclude", name, frame)
        self.edit(label, lambda book: book.clicked(frame, name, point, positive))

    def move_click(self, index: int, point: Point, positive: bool = True) -> None:
        """A click of the selected object on the shown frame moved elsewhere."""
        name, frame = self._board.state.selected, self._board.state.frame
        self.edit("Move a click", lambda book: book.click_moved(frame, name, index, point, positive))

    def remove_click(self, index: int, positive: bool = True) -> None:
        """A click of the selected object on the shown frame taken back."""
        name, frame = self._board.state.selected, self._board.state.frame
        self.edit("Remove a click", lambda book: book.click_removed(frame, name, index, positive))

    def box(self, box: Optional[Box]) -> None:
        """A box on the shown frame instead of the one before."""
        name, frame = self._chosen(), self._board.state.frame
        self.edit("Box {} at {}".format(name, frame), lambda book: book.boxed(frame, name, box))

    def clear_frame(self) -> None:
        """Take back all that was said of the selected object on the shown frame."""
        name, frame = self._board.state.selected, self._board.state.frame
        if name:
            self.edit("Clear {} at {}".format(name, frame), lambda book: book.cleared(frame, name))

    def prompts_from_scene(self) -> None:
        """Take what something selected in the scene says (a tracker, a prompt node), on every frame that it has."""
        found = self._board.attempt(self._host.chosen_prompts)
        if found:
            self.take_prompts(found)

    def take_prompts(self, said: Prompts, is_early: bool = False) -> bool:
        """Take what is said of an object by frame instead of what was said there before; it is added if need be.

        Without a plate nothing is taken: what the scene keeps is not read yet, and would be written over. What was said
        then, ``is_early``, is taken of an object of which the scene keeps nothing. Answers whether there is a plate.
        """
        state = self._board.state
        if state.session is None:
            return False
        frames = [frame for frame in sorted(said) if frame in state.session.frames]
        name = said[frames[0]].object if frames else ""
        if not frames or (is_early and state.book.frames(name)):
            return True

        def change(book: PromptBook) -> PromptBook:
            book = book if name in book.names else book.with_object(name)
            for frame in frames:
                book = book.told(frame, said[frame])
            return book

        self.edit("Prompts of {} from the scene".format(name), change)
        self.select(name)
        return True

    def undo(self) -> None:
        """Take the latest change back."""
        if self._history.undo():
            self._follow_history()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self._history.redo():
            self._follow_history()

    def go_to_step(self, place: int) -> None:
        """Go to where so many of the changes are done."""
        if self._history.go_to(place):
            self._follow_history()

    def tell_daemon(self) -> None:
        """Bring the daemon's prompts to the book's. While no session is open the book waits."""
        state = self._board.state
        if state.session is None:
            return
        before = self._told_book if self._refused_from is None else self._refused_from
        self._told_book, self._refused_from = state.book, None
        change = change_between(before, state.book)
        session = state.session.session

        def failed(error: RotoError) -> None:
            if isinstance(error, BusyError) and self._refused_from is None:
                self._refused_from = before  # what is said while something runs is told again when that has ended

        for name in change.gone:
            self._tell_gone(messages.DeleteObject(session, name), before, failed)
        for name, new in change.renamed:
            self._tell_name(messages.RenameObject(session, name, new), failed)
        for frame, prompts in change.prompts.items():
            self._tell_prompts(session, frame, prompts, failed)
        for one in change.merged:
            combine = messages.CombineObjects(session, one.combination, masks=False)
            self._tell(combine, failed, lambda _answer: self._seeing.refresh(), self._seeing.take_in)

    def _changed(self, change: Callable[[PromptBook], PromptBook]) -> PromptBook:
        """Raises InputError before a plate is open: what its scene keeps is not read yet, and would be written over."""
        if not self._is_open:
            raise InputError("No plate is open.", "Press Open plate.")
        return self._checked(change(self._board.state.book))

    def _checked(self, book: PromptBook) -> PromptBook:
        """A book that says nothing new of objects made of others. Raises InputError."""
        merged = {one.name for one in book.objects if one.parts}
        for prompts in change_between(self._board.state.book, book).prompts.values():
            for prompt in prompts:
                if prompt.object in merged and not prompt.is_empty:
                    raise InputError(
                        "“{}” is made of other objects.".format(prompt.object),
                        "Select one of these, or undo the merge first.",
                    )
        return book

    def _tell(
        self,
        message: Any,
        on_failure: OnFailure,
        on_answer: OnAnswer = lambda _answer: None,
        on_frame: OnAnswer = lambda _event: None,
    ) -> None:
        self._work.ask(message, on_answer, on_frame, on_failure, when_free=self._tell_again)

    def _tell_gone(self, message: messages.DeleteObject, before: PromptBook, on_failure: OnFailure) -> None:
        """Say that an object is gone, where the daemon has it: tracked, or told of it when the book was ``before``."""
        name = message.object
        is_merged = any(one.parts for one in before.every_object if one.name == name)
        if self._board.state.timeline.get(name) or before.frames(name) or is_merged:
            self._leaving.add(name)
        self._seeing.forget(name)
        if name in self._leaving:
            self._tell(message, on_failure, partial(self._deleted, name))

    def _tell_name(self, message: messages.RenameObject, on_failure: OnFailure) -> None:
        """Say another name of an object, where the daemon tracked it; prompts alone are told anew."""

        def failed(error: RotoError) -> None:
            on_failure(error)
            if isinstance(error, BusyError):
                self._now_called(message.name, message.object)

        if self._board.state.timeline.get(message.object):
            self._tell(message, failed)
        self._now_called(message.object, message.name)

    def _tell_prompts(self, session: str, frame: int, prompts: Tuple[ObjectPrompt, ...], on_failure: OnFailure) -> None:
        state = self._board.state
        is_shown = frame == state.frame
        curves = state.choices.curves if is_shown and state.look.outlines else None
        self._tell(messages.Segment(session, frame, prompts, curves), on_failure, self._seeing.take_in)
        if is_shown and any(prompt.is_empty for prompt in prompts):
            self._seeing.refresh()

    def _tell_again(self) -> None:
        if self._refused_from is not None:
            self.tell_daemon()

    def _chosen(self) -> str:
        if not self._board.state.selected:
            self.add_object()
        return self._board.state.selected

    def _do(self, label: str, book: PromptBook) -> None:
        if self._history.do(label, book):
            self._follow_history()

    def _follow_history(self) -> None:
        book, labels, place = self._history.state, self._history.labels, self._history.place
        selected = self._board.state.selected if self._board.state.selected in book.names else _first(book)
        self._board.change(book=book, selected=selected, done=labels[:place], undone=labels[place:], trouble=None)
        self._board.attempt(lambda: self._host.save(PROMPTS, book_text(book)))
        self.tell_daemon()


def _first(book: PromptBook) -> str:
    return book.names[0] if book.names else ""
