"""Handlers that show what there is: frames, masks, colour spaces. They have a lane of their own, so that a panel never
waits for a model.
"""

from __future__ import annotations

from dataclasses import replace

from roto_daemon.pipelines.view import display_frame
from roto_daemon.rpc.answers import state_of
from roto_daemon.rpc.desk import Request
from roto_daemon.rpc.house import House
from roto_daemon.scheduler import Steps, Urgency
from roto_daemon.sessions.masks import MaskRecord
from roto_daemon.sessions.session import Session
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings
from roto_shared.protocol.messages import ObjectState


def frame(house: House, request: Request) -> None:
    """Answer a display-ready frame."""
    message: messages.FrameQuery = request.message

    def steps() -> Steps:
        session = house.shelf.get(message.session)
        yield from ()
        return messages.Frame(message.frame, display_frame(session, message))

    house.put(house.pictures_lane, request, steps, Urgency.INTERACTIVE)


def masks(house: House, request: Request) -> None:
    """Answer the masks that stand on a frame."""
    message: messages.MaskQuery = request.message

    def steps() -> Steps:
        session = house.shelf.get(message.session)
        yield from ()
        names = message.objects or tuple(session.standing.objects)
        records = [session.standing.finest(name, message.frame) for name in names]
        states = [_drawn(session, record, message.curves) for record in records if record is not None]
        return messages.Segmented(message.frame, tuple(states))

    house.put(house.pictures_lane, request, steps, Urgency.INTERACTIVE)


def _drawn(session: Session, record: MaskRecord, curves: CurveSettings | None) -> ObjectState:
    """An object with its mask, and where shapes are asked for those that the host has, else the mask's own."""
    given = None if curves is None else session.given.shapes_on(record.object, record.frame)
    if given is None:
        return state_of(session, record, True, curves)
    return replace(state_of(session, record, True), shapes=given)


def colours(house: House, request: Request) -> None:
    """Answer the colour configuration's spaces and views."""

    def steps() -> Steps:
        from roto_daemon.plates.colour.config import BUILT_IN, open_config

        yield from ()
        config = open_config(house.settings.ocio or BUILT_IN)
        views = {display: tuple(names) for display, names in config.views().items()}
        return messages.Colours(config.name, tuple(config.spaces()), views)

    house.put(house.pictures_lane, request, steps, Urgency.INTERACTIVE)
