"""A transport that calls a handler in the same process: no socket, the same messages."""

import queue
from typing import Callable, List, Optional

from .base import Transport

Reply = Callable[[List[bytes]], None]
Handler = Callable[[List[bytes], Reply], None]


class MemoryTransport(Transport):
    """Gives every message to ``handler`` together with a function that sends one back (from any thread)."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._inbox: "queue.Queue[List[bytes]]" = queue.Queue()

    def send(self, parts: List[bytes]) -> None:
        self._handler(parts, self._inbox.put)

    def receive(self, timeout_s: float) -> Optional[List[bytes]]:
        try:
            return self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def is_alive(self) -> bool:
        return True

    def close(self) -> None:
        return None
