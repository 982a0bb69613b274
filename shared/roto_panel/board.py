"""The one state that a panel shows, changed in one place."""

from dataclasses import replace
from typing import Any, Callable, Optional, TypeVar

from roto_panel.state import PanelState, Trouble
from roto_shared.errors import InputError, RotoError

T = TypeVar("T")

Show = Callable[[PanelState], None]


class Board:
    """Holds the state; ``show`` is called with every new one."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self.state = PanelState()

    def change(self, **fields: Any) -> None:
        """The state with other values in some of its fields."""
        self.state = replace(self.state, **fields)
        self._show(self.state)

    def reset(self, **fields: Any) -> None:
        """The state of a panel that was just made, with other values in some fields."""
        self.state = PanelState()
        self.change(**fields)

    def complain(self, error: RotoError) -> None:
        """Show what went wrong."""
        self.change(trouble=Trouble(error.message, error.remedy))

    def attempt(self, act: Callable[[], T]) -> Optional[T]:
        """What ``act`` answers; None, with its error shown, where it fails."""
        try:
            return act()
        except RotoError as error:
            self.complain(error)
            return None

    def has_open(self, session: str) -> bool:
        """Whether it is still that session which is open."""
        return self.state.session is not None and self.state.session.session == session

    def open_session(self) -> Optional[str]:
        """The open session's name; None, with a sentence shown, without one."""
        if self.state.session is None:
            self.complain(InputError("No plate is open.", "Press Open plate."))
            return None
        return self.state.session.session
