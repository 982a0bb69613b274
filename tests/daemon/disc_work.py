"""The clip's disc, and how its plate is opened."""

from typing import Any

from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.protocol.messages import ObjectPrompt, PlateRef

DISC = ObjectPrompt("disc", ((20.5, 30.5),))


def open_session(client: DaemonClient, clip: Any, **more: Any) -> messages.SessionOpened:
    return client.ask(messages.OpenSession(PlateRef(clip.pattern), **more))
