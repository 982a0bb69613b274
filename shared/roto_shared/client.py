"""The client that lives inside hosts, the command line and hub workers: typed requests, progress, cancel. No Qt.

One client belongs to one thread. A request streams events to a callback and returns its answer; failures come back as
the same exceptions that the daemon raised.
"""

import time
from typing import Any, Callable, Dict, Optional

from .errors import DaemonError, error_from_wire
from .protocol import messages
from .protocol.codec import Envelope, decode, encode
from .protocol.messages import EVENTS, KINDS
from .transport.base import Transport

OnEvent = Callable[[Any], None]

POLL_S = 0.5  # a dead daemon is noticed within two polls


class DaemonClient:
    """Speaks to a daemon over ``transport``; ``token`` comes from its connection file."""

    def __init__(self, transport: Transport, token: str = "") -> None:
        self._transport = transport
        self._token = token
        self._last_id = 0
        self._waiting: Dict[int, Any] = {}

    def start(self, message: Any) -> int:
        """Send a request and return its id at once; :meth:`finish` gets its answer."""
        self._last_id += 1
        self._transport.send(encode(Envelope(self._last_id, message, self._token)))
        return self._last_id

    def finish(
        self,
        request: int,
        on_event: Optional[OnEvent] = None,
        timeout_s: Optional[float] = None,
        wants_stop: Optional[Callable[[], bool]] = None,
    ) -> Any:
        """Wait for the answer to ``request``. Events for it go to ``on_event``.

        ``wants_stop`` is asked now and then; once it is true, the daemon is told to stop between two frames, and the
        answer is CancelledError. Raises the daemon's error, or DaemonError when it died or stayed silent for
        ``timeout_s``.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while request not in self._waiting:
            if wants_stop is not None and wants_stop():
                self.start(messages.Cancel(request))
                wants_stop = None
            self._pump(request, on_event)
            if deadline is not None and time.monotonic() > deadline and request not in self._waiting:
                raise DaemonError("The daemon does not answer.", "Look at `roto daemon logs`, or restart it.")
        answer = self._waiting.pop(request)
        if isinstance(answer, messages.Failed):
            raise error_from_wire(answer.code, answer.message, answer.remedy)
        return answer

    def ask(self, message: Any, on_event: Optional[OnEvent] = None, timeout_s: Optional[float] = None) -> Any:
        """Send a request and wait for its answer, of the type that the request says."""
        return self.finish(self.start(message), on_event, timeout_s)

    def run(self, message: Any, on_event: Optional[OnEvent] = None) -> Any:
        """Like :meth:`ask`; an interrupt (Ctrl-C) cancels the request first: the daemon stops between frames."""
        request = self.start(message)
        try:
            return self.finish(request, on_event)
        except KeyboardInterrupt:
            self.ask(messages.Cancel(request), timeout_s=5.0)
            raise

    def is_alive(self) -> bool:
        """Whether the daemon still listens; quick."""
        return self._transport.is_alive()

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.close()

    def _pump(self, request: int, on_event: Optional[OnEvent]) -> None:
        parts = self._transport.receive(POLL_S)
        if parts is None:
            if not self._transport.is_alive():
                raise DaemonError(
                    "The daemon is gone; every finished frame is stored.", "Run the same command again to go on."
                )
            return
        envelope = decode(parts)
        if KINDS[type(envelope.message)] not in EVENTS:
            self._waiting[envelope.id] = envelope.message
        elif on_event is not None and envelope.id == request:
            on_event(envelope.message)
