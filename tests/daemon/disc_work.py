"""The clip's disc and square, how its plate is opened and tracked, and what masks hold."""

from typing import Any

import cv2
import numpy as np

from roto_shared.client import DaemonClient
from roto_shared.protocol import messages
from roto_shared.protocol.messages import ObjectPrompt, Picture, PlateRef

DISC = ObjectPrompt("disc", ((20.5, 30.5),))
SQUARE = ObjectPrompt("square", ((8.5, 54.5),))


def open_session(client: DaemonClient, clip: Any, **more: Any) -> messages.SessionOpened:
    return client.ask(messages.OpenSession(PlateRef(clip.pattern), **more))


def track(client: DaemonClient, session: str, **more: Any) -> tuple[list[messages.TrackedFrame], messages.Tracked]:
    events: list[Any] = []
    answer = client.ask(messages.Track(session, **more), events.append)
    return [event for event in events if isinstance(event, messages.TrackedFrame)], answer


def pixels(picture: Picture) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_UNCHANGED) / 255.0
