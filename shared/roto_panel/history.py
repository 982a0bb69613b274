"""Undo and redo over frozen states, with what was done in words."""

from typing import Generic, List, Tuple, TypeVar

State = TypeVar("State")

MOST_STEPS = 500
"""Older steps are forgotten; books share what they do not change, so this costs little."""


class History(Generic[State]):
    """States one after the other, and which one is shown."""

    def __init__(self, state: State) -> None:
        self._steps: List[Tuple[str, State]] = [("", state)]
        self._place = 0

    @property
    def state(self) -> State:
        """The state that is shown."""
        return self._steps[self._place][1]

    @property
    def labels(self) -> Tuple[str, ...]:
        """What was done, oldest first, and what can be done again."""
        return tuple(label for label, _ in self._steps[1:])

    @property
    def place(self) -> int:
        """How many of the labels are done."""
        return self._place

    def do(self, label: str, state: State) -> bool:
        """Go on to a new state; what was undone before is forgotten. Whether anything changed."""
        if state == self.state:
            return False
        self._steps = [*self._steps[: self._place + 1], (label, state)][-MOST_STEPS - 1 :]
        self._place = len(self._steps) - 1
        return True

    def undo(self) -> bool:
        """Go back by one; whether there was something to go back to."""
        return self.go_to(self._place - 1)

    def redo(self) -> bool:
        """Go forward by one; whether there was something to do again."""
        return self.go_to(self._place + 1)

    def go_to(self, place: int) -> bool:
        """Go to where ``place`` labels are done; whether there is such a place."""
        if not 0 <= place < len(self._steps):
            return False
        self._place = place
        return True
