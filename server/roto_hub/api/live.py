"""Events as they happen, by server-sent events or a WebSocket; both go on where a lost connection ended."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from roto_hub.auth.guards import BearerDep, HubDep, UserDep
from roto_hub.db.models import Event
from roto_hub.hub import Hub
from roto_hub.live import Projects
from roto_hub.problems import ForbiddenError, HubError, UnknownUserError
from roto_hub.services.logins import caller_of
from roto_hub.services.users import projects_of

router = APIRouter(tags=["live"])
REFUSED = 4401
"""The WebSocket's way to say 401 or 403."""


@router.get("/events", response_class=StreamingResponse)
def stream_events(
    hub: HubDep,
    token: BearerDep,
    _user: UserDep,
    last_event_id: Annotated[int | None, Header(ge=0, lt=2**31)] = None,
) -> StreamingResponse:
    """Events from now on, or after the last one seen (``Last-Event-ID``), until the log-in is over."""
    return StreamingResponse(_lines(hub, last_event_id, token), media_type="text/event-stream")


@router.websocket("/live")
async def live(socket: WebSocket, after: Annotated[int | None, Query(ge=0, lt=2**31)] = None) -> None:
    """The same for browsers: the first message is the access token, each message back an event."""
    await socket.accept()
    hub: Hub = socket.app.state.hub
    try:
        quiet, token = "ready", await socket.receive_text()
        async for event in hub.live.events(after, partial(_projects, hub, token)):
            await socket.send_json({"kind": quiet} if event is None else event_out(event))
            quiet = "beat"
    except HubError as error:
        await socket.close(REFUSED, error.message)
    except WebSocketDisconnect:
        return


def event_out(event: Event) -> dict[str, Any]:
    """An event as it goes out."""
    at = event.at.isoformat()
    return {
        "id": event.id,
        "at": at,
        "kind": event.kind,
        "project": event.project_id,
        "subject": event.subject,
        **event.data,
    }


async def _lines(hub: Hub, after: int | None, token: str) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    with suppress(HubError):  # the client comes back, and is told why it may not listen any more
        async for event in hub.live.events(after, partial(_projects, hub, token)):
            if event is None:
                yield ": still here\n\n"
                continue
            yield f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps(event_out(event))}\n\n"


def _projects(hub: Hub, token: str) -> Projects:
    """What may be heard with a token now. Raises UnknownUserError, ForbiddenError."""
    if not token:
        raise UnknownUserError("Nobody is logged in.", "Send the access token first.")
    with hub.database.read() as session:
        found = caller_of(session, token, hub.settings.signing_secret())
        if "read" not in found.scopes:
            raise ForbiddenError("The key has no scope “read”.", "Use another key.")
        return projects_of(session, found.user)
