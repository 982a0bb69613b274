"""The way back to one client's one request."""

from collections.abc import Callable
from typing import Any

import structlog

from roto_shared.errors import RotoError, storage_error
from roto_shared.protocol.codec import Envelope, encode
from roto_shared.protocol.messages import Failed

MAX_TEXT = 4000  # letters: an error may quote what a client sent, and that may be as long as a message

Send = Callable[[list[bytes]], None]


class Replies:
    """Sends events and the answer for request ``id`` through ``send``, from any thread."""

    def __init__(self, send: Send, request: int) -> None:
        self._send = send
        self._request = request

    def tell(self, message: Any) -> None:
        """Send one event or answer; a file name that is no text is told with its odd bytes escaped."""
        self._send(encode(Envelope(self._request, message), no_text="backslashreplace"))

    def fail(self, error: BaseException) -> None:
        """Send what went wrong; what neither we nor the system refused is our own fault. That goes to the log whole."""
        if isinstance(error, RotoError):
            told = error
        else:
            structlog.get_logger().error("internal error", exc_info=error)
            told = storage_error(error) if isinstance(error, OSError) else _fault(error)
        self.tell(Failed(told.code, _short(told.message), _short(told.remedy)))


def _fault(error: BaseException) -> RotoError:
    return RotoError(f"The daemon failed: {type(error).__name__}.", "Look at `roto daemon logs`.")


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} …"
