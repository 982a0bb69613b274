"""Objects found by words: candidates of the shown frame, accepted as objects or rejected."""

from dataclasses import replace

from roto_panel.board import Board
from roto_panel.prompting import Prompting
from roto_panel.state import Finding
from roto_panel.work import Work
from roto_shared.protocol import messages


class Finder:
    """Asks for what fits a text, and takes in what the artist says of it."""

    def __init__(self, board: Board, work: Work, prompting: Prompting) -> None:
        self._board = board
        self._work = work
        self._prompting = prompting

    def find(self, text: str) -> None:
        """Look on the shown frame for what fits; several things are set apart by commas."""
        session, state = self._board.open_session(), self._board.state
        if session is None or not text.strip():
            return
        judged = state.finding if state.finding.text == text else Finding(text)
        self._board.change(finding=replace(judged, frame=state.frame, candidates=()))
        message = messages.Find(
            session, state.frame, text, accepted=judged.accepted, rejected=judged.rejected, masks=False
        )
        self._work.run("Looking for " + text, message, self._found)

    def accept(self, index: int) -> None:
        """A candidate becomes an object of its words, prompted by its box."""
        finding = self._board.state.finding
        candidate = finding.candidates[index]
        self._board.change(finding=replace(_without(finding, index), accepted=(*finding.accepted, candidate)))
        name = self._free_name(candidate.label)
        self._prompting.edit(
            "Accept " + name,
            lambda book: book.with_object(name).boxed(finding.frame, name, candidate.box),
        )
        self._prompting.select(name)

    def reject(self, index: int) -> None:
        """A candidate is not what was meant, and nothing like it is offered again."""
        finding = self._board.state.finding
        rejected = (*finding.rejected, finding.candidates[index])
        self._board.change(finding=replace(_without(finding, index), rejected=rejected))

    def clear(self) -> None:
        """No candidates are shown any more."""
        self._board.change(finding=Finding())

    def _found(self, answer: messages.Found) -> None:
        finding = self._board.state.finding
        candidates = tuple(one for one in answer.candidates if one not in finding.accepted)
        told = "{} found by {}".format(len(candidates), answer.model) if candidates else "Nothing like that is here."
        self._board.change(finding=replace(finding, frame=answer.frame, candidates=candidates), told=told)

    def _free_name(self, label: str) -> str:
        taken = self._board.state.book.names
        name, number = label.strip() or "object", 2
        while name in taken:
            name, number = "{} {}".format(label, number), number + 1
        return name


def _without(finding: Finding, index: int) -> Finding:
    return replace(finding, candidates=(*finding.candidates[:index], *finding.candidates[index + 1 :]))
