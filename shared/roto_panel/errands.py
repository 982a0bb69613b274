"""Requests to the daemon on threads of their own; what comes back is handed to the host's main thread.

A click must not wait for a track, so there is a lane for quick things, one for long ones and one for what goes on
beside both, each with its own connection. A lane connects when it is first used, and anew after the daemon was gone.
"""

import queue
import threading
import time
from functools import partial
from typing import Any, Callable, Dict, Optional

from roto_shared.client import DaemonClient
from roto_shared.errors import CancelledError, DaemonError, RotoError

QUICK, LONG, BACKGROUND = "quick", "long", "background"

Connect = Callable[[], DaemonClient]
Deliver = Callable[[Callable[[], None]], None]
OnError = Callable[[RotoError], None]


class Errand:
    """One request under way. :meth:`cancel` may be called from any thread, at any time.

    Once ``abandoned`` is set nothing of it is heard any more.
    """

    def __init__(
        self,
        message: Any,
        on_answer: Callable[[Any], None],
        on_error: OnError,
        on_event: Optional[Callable[[Any], None]] = None,
        abandoned: Optional[threading.Event] = None,
    ) -> None:
        self.message = message
        self.on_answer = on_answer
        self.on_error = on_error
        self.on_event = on_event
        self.abandoned = abandoned or threading.Event()
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop it between two frames; its answer is then CancelledError, given to ``on_error``."""
        self._cancelled.set()


class Errands:
    """Lanes of requests. ``connect`` is called on a lane's thread; ``deliver`` runs a callback on the main thread."""

    def __init__(self, connect: Connect, deliver: Deliver) -> None:
        self._lanes: Dict[str, _Lane] = {name: _Lane(name, connect, deliver) for name in (QUICK, LONG, BACKGROUND)}
        self._abandoned = threading.Event()

    def send(
        self,
        message: Any,
        on_answer: Callable[[Any], None],
        on_error: OnError,
        on_event: Optional[Callable[[Any], None]] = None,
        lane: str = QUICK,
    ) -> Errand:
        """Ask the daemon; exactly one of ``on_answer`` and ``on_error`` is called, after all of ``on_event``."""
        errand = Errand(message, on_answer, on_error, on_event, self._abandoned)
        self._lanes[lane].put(errand)
        return errand

    def abandon(self) -> None:
        """Deliver nothing of what was sent so far; the daemon still does it. On the main thread."""
        self._abandoned.set()
        self._abandoned = threading.Event()

    def close(self) -> None:
        """Cancel everything and have the threads end, without waiting; nothing is delivered any more."""
        for lane in self._lanes.values():
            lane.close()

    def wait_until_closed(self, timeout_s: float) -> None:
        """Wait for the threads to end after :meth:`close`, so long at most: before the whole program does."""
        deadline = time.monotonic() + timeout_s
        for lane in self._lanes.values():
            lane.join(max(0.0, deadline - time.monotonic()))


class _Lane:
    def __init__(self, name: str, connect: Connect, deliver: Deliver) -> None:
        self._connect = connect
        self._deliver_there = deliver
        self._waiting: "queue.Queue[Optional[Errand]]" = queue.Queue()
        self._running: Optional[Errand] = None
        self._client: Optional[DaemonClient] = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._work, name="roto-" + name, daemon=True)
        self._thread.start()

    def put(self, errand: Errand) -> None:
        self._waiting.put(errand)

    def close(self) -> None:
        self._closed.set()
        running = self._running
        if running is not None:
            running.cancel()
        self._waiting.put(None)

    def join(self, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while not self._closed.is_set():
            errand = self._waiting.get()
            if errand is not None and not self._closed.is_set():
                self._running = errand
                self._do(errand)
                self._running = None
        self._let_go()

    def _do(self, errand: Errand) -> None:
        try:
            answer = self._ask(errand)
        except RotoError as error:
            self._deliver(errand, partial(errand.on_error, error))
        except Exception as error:  # noqa: BLE001 - told to the artist; else it would end the thread unseen
            told = DaemonError("The panel failed: {}: {}".format(type(error).__name__, error), "Please report it.")
            self._deliver(errand, partial(errand.on_error, told))
        else:
            self._deliver(errand, partial(errand.on_answer, answer))

    def _ask(self, errand: Errand) -> Any:
        if errand.is_cancelled:
            raise CancelledError("It was stopped before it began.", "Ask again.")
        client = self._connected()
        try:
            request = client.start(errand.message)
            return client.finish(request, self._told_to(errand), wants_stop=lambda: errand.is_cancelled)
        except DaemonError as error:
            self._let_go()
            raise DaemonError(error.message, "Open the plate again to go on.") from error

    def _connected(self) -> DaemonClient:
        """The lane's client; a new one where the daemon went while nothing was asked."""
        if self._client is not None and not self._client.is_alive():
            self._let_go()
        if self._client is None:
            self._client = self._connect()
        return self._client

    def _let_go(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _told_to(self, errand: Errand) -> Callable[[Any], None]:
        def on_event(event: Any) -> None:
            if errand.on_event is not None:
                self._deliver(errand, partial(errand.on_event, event))

        return on_event

    def _deliver(self, errand: Errand, callback: Callable[[], None]) -> None:
        if not self._closed.is_set():
            self._deliver_there(partial(self._run_if_wanted, errand, callback))

    def _run_if_wanted(self, errand: Errand, callback: Callable[[], None]) -> None:
        """On the main thread, where closing happens too: what was under way when it did comes to nothing."""
        if not self._closed.is_set() and not errand.abandoned.is_set():
            callback()
