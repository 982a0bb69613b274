"""Handlers for shapes that come back from a host. Imported work as in :mod:`.work`."""

from __future__ import annotations

from functools import partial

from roto_daemon.rpc.answers import state_of
from roto_daemon.rpc.desk import Request
from roto_daemon.rpc.house import House
from roto_daemon.rpc.work import derive
from roto_daemon.scheduler import Steps, Urgency
from roto_daemon.sessions.masks import Sweep
from roto_shared.protocol import messages


def take_edits(house: House, request: Request) -> None:
    """Take an artist's changes over from a host's shapes."""
    message: messages.TakeEdits = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.host_shapes import take_edits

        session = house.shelf.get(message.session)
        yield from derive(house, session)
        return take_edits(session, message)

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)


def prompt_shapes(house: House, request: Request) -> None:
    """Take a host's shapes as prompts, streaming a frame at a time."""
    message: messages.PromptShapes = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.host_shapes import prompted_by_shapes

        session = house.shelf.get(message.session)
        load, total = partial(house.engines.get, session.head.engine), len(message.frames)
        for done, (frame, names) in enumerate(prompted_by_shapes(session, load, message), 1):
            records = [session.masks.record(Sweep.PROMPTED, name, frame) for name in names]
            states = tuple(state_of(session, record, True) for record in records if record is not None)
            yield messages.TrackedFrame(frame, done, total, states)
        return messages.Tracked(total, {})

    house.put(house.engine_lane, request, steps, Urgency.INTERACTIVE)


def shape_files(house: House, request: Request) -> None:
    """Read a file of shapes for a host, or write a host's shapes into one."""
    message: messages.ReadShapes | messages.WriteShapes = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.shape_files import read_shapes, write_shapes

        session = house.shelf.get(message.session)
        yield from ()
        return (
            read_shapes(session, message)
            if isinstance(message, messages.ReadShapes)
            else write_shapes(session, message)
        )

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)
