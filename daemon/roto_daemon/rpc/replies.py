"""The way back to one client's one request."""

from collections.abc import Callable
from typing import Any

import structlog

from roto_shared.errors import RotoError
from roto_shared.protocol.codec import Envelope, encode
from roto_shared.protocol.messages import Failed

Send = Callable[[list[bytes]], None]


class Replies:
    """Sends events and the answer for request ``id`` through ``send``, from any thread."""

    def __init__(self, send: Send, request: int) -> None:
        self._send = send
        self._request = request

    def tell(self, message: Any) -> None:
        """Send one event or answer."""
        self._send(encode(Envelope(self._request, message)))

    def fail(self, error: BaseException) -> None:
        """Send what went wrong; what is no RotoError is our own fault and goes to the log whole."""
        if isinstance(error, RotoError):
            self.tell(Failed(error.code, error.message, error.remedy))
            return
        structlog.get_logger().error("internal error", exc_info=error)
        self.tell(Failed("internal", f"The daemon failed: {type(error).__name__}.", "Look at `roto daemon logs`."))
