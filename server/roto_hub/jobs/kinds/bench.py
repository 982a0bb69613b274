"""What a job works with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.protocol.data import PlateRef


@dataclass(frozen=True)
class Newest:
    """A shot's newest version as a job begins: the name of its shapes in the storage, and its objects."""

    shapes: str
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Bench:
    """A daemon, the shot's plate, a folder for results, files by their names in the storage, ways to tell and to be
    stopped, the shot's newest version (None before the first), and what asks for room for so many bytes."""

    client: DaemonClient
    plate: str
    shot_id: str
    folder: Path
    stored: Callable[[str], Path]
    on_progress: Callable[[int, int], None]
    wants_stop: Callable[[], bool]
    newest: Newest | None = None
    check_room: Callable[[int], None] = lambda _size: None

    def ask(self, message: Any) -> Any:
        """Ask the daemon; frames that are done are told, and a stop reaches it between two frames."""
        return self.client.finish(self.client.start(message), self._on_event, wants_stop=self.wants_stop)

    def open(self, engine: str = "", aside: str = "") -> messages.SessionOpened:
        """The shot's session: the same one for every job of the shot, so that what is stored is not done again.

        ``aside`` names another one beside it, for what is not to be kept.
        """
        key = f"{self.shot_id}-{aside}" if aside else self.shot_id
        opened: messages.SessionOpened = self.ask(messages.OpenSession(PlateRef(self.plate), engine, key))
        return opened

    @contextmanager
    def session(self, engine: str = "") -> Iterator[messages.SessionOpened]:
        """The shot's session, let go of at the end: another machine may do the next job of the shot, and what it leaves
        is read from the disk then."""
        opened = self.open(engine)
        try:
            yield opened
        finally:
            self.client.ask(messages.CloseSession(opened.session))

    def _on_event(self, event: Any) -> None:
        if isinstance(event, messages.TrackedFrame | messages.Progress):
            self.on_progress(event.done, event.total)
