"""What the panel needs of the program that it lives in."""

from abc import ABC, abstractmethod
from typing import Callable, Dict

from roto_shared.protocol.data import PlateRef


class Host(ABC):
    """A host. Everything but :meth:`deliver` is called on its main thread alone."""

    shape_format = "json"
    """The format in which it takes shapes, as the daemon's export names it."""

    @abstractmethod
    def plate(self) -> PlateRef:
        """The plate that is to be worked on. Raises InputError that says what to select."""

    @abstractmethod
    def frame(self) -> int:
        """The source frame that is shown."""

    @abstractmethod
    def go_to(self, frame: int) -> None:
        """Show a source frame."""

    @abstractmethod
    def deliver(self, callback: Callable[[], None]) -> None:
        """Run a callback on the main thread, soon; from any thread but the main one."""

    @abstractmethod
    def commit(self, shapes: str) -> str:
        """Put shapes, as text in its format, into the scene in one undo step; answers where they are, in words."""

    @abstractmethod
    def saved(self) -> Dict[str, str]:
        """Texts that were kept with the scene by :meth:`save`."""

    @abstractmethod
    def save(self, name: str, text: str) -> None:
        """Keep a text with the scene."""
