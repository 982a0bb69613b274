"""The front desk: checks every message, and hands it to the one handler of its kind."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from roto_daemon.rpc.replies import Replies, Send
from roto_shared.errors import ProtocolError, RotoError
from roto_shared.protocol.codec import decode, decode_address
from roto_shared.protocol.messages import REQUESTS
from roto_shared.protocol.version import PROTOCOL, is_compatible
from roto_shared.version import VERSION


@dataclass(frozen=True)
class Request:
    """A checked request: who asks (opaque), its id, the message, and the way back."""

    client: bytes
    id: int
    message: Any
    replies: Replies


Handler = Callable[[Request], None]


class Desk:
    """Knows the token and a handler for each class of request. Nothing a client sends makes it raise."""

    def __init__(self, token: str, handlers: Mapping[type, Handler]) -> None:
        self._token = token
        self._handlers = handlers

    def receive(self, parts: list[bytes], send: Send, client: bytes = b"") -> None:
        """Handle one message; answers go to ``send``."""
        try:
            address = decode_address(parts)
        except RotoError as error:
            Replies(send, 0).fail(error)
            return
        replies = Replies(send, address["id"])
        try:
            self._check(address)
            request = Request(client, address["id"], decode(parts).message, replies)
            self._handlers[type(request.message)](request)
        except Exception as error:  # noqa: BLE001  a client's message must never end the daemon; Replies logs it
            replies.fail(error)

    def _check(self, address: Any) -> None:
        if not secrets.compare_digest(address["token"].encode(), self._token.encode()):
            raise ProtocolError("The token is wrong.", "Read it from the connection file of this daemon.")
        if not is_compatible(address["v"]):
            raise ProtocolError(
                f"This daemon {VERSION} speaks protocol {PROTOCOL[0]}, the client another.",
                "Update the older one of the two.",
            )
        if address["kind"] not in REQUESTS:
            raise ProtocolError(f"There is no request “{address['kind']}”.", f"Known: {', '.join(REQUESTS)}.")
