"""How large requests may be. Bodies are read before it is known who sends them, so they are counted as they come."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from roto_hub.api.shots import PIECE, WHOLE
from roto_hub.problems import TooLargeError
from roto_hub.services.masks import LARGEST

FORM = 2**20
"""Bytes of a form beside the file in it."""


class BodyLimitMiddleware:
    """Refuses a body that is larger than its endpoint takes: at once where the request says so, else once it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most, received = _most(scope["path"], headers), 0
        announced = headers.get("Content-Length", "")

        async def counted() -> Message:
            nonlocal received
            if announced.isdecimal() and int(announced) > most:
                raise TooLargeError(most)
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise TooLargeError(most)
            return message

        await self._app(scope, counted, send)


def _most(path: str, headers: Headers) -> int:
    """Bytes that a request may have."""
    if path.endswith("/shots") and headers.get("Content-Type", "").lower().startswith("multipart/form-data"):
        return WHOLE + FORM
    return LARGEST if path.endswith("/painted") else PIECE
