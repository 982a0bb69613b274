"""What the hub does beside requests."""

import threading
from abc import ABC, abstractmethod


class Background(ABC):
    """Work on a thread of its own, called ``name``, which goes on until it is closed."""

    def __init__(self, name: str) -> None:
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End, once what is under way is done."""
        self._is_closing.set()
        if self._thread.ident is not None:
            self._thread.join()

    @abstractmethod
    def _run(self) -> None:
        """Work until ``_is_closing`` is set."""
