"""Handlers for what is done to masks after tracking. Imported work as in :mod:`.work`."""

from __future__ import annotations

from collections.abc import Callable

from roto_daemon.outputs.masks import encode_png
from roto_daemon.rpc.answers import state_of
from roto_daemon.rpc.desk import Request
from roto_daemon.rpc.house import House
from roto_daemon.rpc.work import derive, open_reader, refuse_while_tracked
from roto_daemon.scheduler import Steps, Urgency
from roto_daemon.sessions.session import Session
from roto_shared.protocol import messages
from roto_shared.protocol.data import Picture
from roto_shared.protocol.messages import ObjectState


def finish_masks(house: House, request: Request) -> None:
    """Finish masks, or show how they would be."""
    message: messages.FinishMasks = request.message
    act = _preview if message.preview else _finish

    def steps() -> Steps:
        return act(house, house.shelf.get(message.session), message)

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)


def combine_objects(house: House, request: Request) -> None:
    """Make an object of others."""
    message: messages.CombineObjects = request.message

    def steps() -> Steps:
        return _combine(house, house.shelf.get(message.session), message)

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)


def delete_object(house: House, request: Request) -> None:
    """Take an object out."""
    message: messages.DeleteObject = request.message
    _change_objects(house, request, lambda session: session.delete_object(message.object))


def rename_object(house: House, request: Request) -> None:
    """Call an object otherwise."""
    message: messages.RenameObject = request.message
    _change_objects(house, request, lambda session: session.rename_object(message.object, message.name))


def _change_objects(house: House, request: Request, change: Callable[[Session], None]) -> None:
    """Change what objects a session has, while nothing else is done in it."""
    name = request.message.session
    refuse_while_tracked(house, name)
    house.refuse_while_at_work(name)

    def steps() -> Steps:
        session = house.shelf.get(name)
        yield from ()
        with house.undisturbed(name):
            change(session)
        return messages.Done()

    house.put(house.engine_lane, request, steps, Urgency.INTERACTIVE)


def measure_blur(house: House, request: Request) -> None:
    """Answer the shutter, and where edges are smeared."""
    message: messages.MeasureBlur = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.blur import measure_blur

        session = house.shelf.get(message.session)
        yield from derive(house, session)
        return (yield from measure_blur(session, message, open_reader(house, session)))

    house.put(house.curves_lane, request, steps, Urgency.BATCH)


def _finish(house: House, session: Session, message: messages.FinishMasks) -> Steps:
    from roto_daemon.pipelines import derive as masks

    names, reader = message.objects or tuple(session.standing.objects), open_reader(house, session)
    masks.set_finish(session, names, message.settings)
    todo = {name: masks.stale_finished(session, name, message.first, message.last) for name in names}
    done = 0
    for name in masks.sources_first(session, names):
        yield from masks.combine_anew(session, name, reader)
        if name not in names:
            yield from masks.finish_anew(session, name, reader)
            continue
        todo[name] = masks.stale_finished(session, name, message.first, message.last)  # what it is made of is new now
        for step in masks.finish_object(session, name, todo[name], reader):
            done += 1
            states = tuple(state_of(session, record, message.masks) for record in step.records)
            yield messages.TrackedFrame(step.frame, done, sum(map(len, todo.values())), states)
    return messages.Tracked(sum(map(len, todo.values())), {})


def _preview(house: House, session: Session, message: messages.FinishMasks) -> Steps:
    from roto_daemon.pipelines import derive as masks

    names, reader = message.objects or tuple(session.standing.objects), open_reader(house, session)
    masks.check_objects(session, names)
    yield from masks.bring_to_finish(session, names, reader)
    todo = {name: masks.frames_within(session, name, message.first, message.last) for name in names}
    total, done = sum(map(len, todo.values())), 0
    for name, frames in todo.items():
        for made in masks.preview_finish(session, name, message.settings, frames, reader):
            done += 1
            height, width = made.mask.shape
            picture = Picture("image/png", width, height, encode_png(made.mask))
            state = ObjectState(name, made.record.confidence, made.record.state, picture)
            yield messages.TrackedFrame(made.record.frame, done, total, (state,))
    return messages.Tracked(total, {})


def _combine(house: House, session: Session, message: messages.CombineObjects) -> Steps:
    from roto_daemon.pipelines import derive as masks

    made, reader = message.combination, open_reader(house, session)
    session.recipes.combine(made, session.standing.every_object)
    yield from masks.bring_up_to_date(session, made.objects, reader)
    total = len(session.standing.due_frames(made.name))
    stale = masks.stale_combined(session, made)
    for done, step in enumerate(masks.combine(session, made, stale, reader), 1):
        states = tuple(state_of(session, record, message.masks) for record in step.records)
        yield messages.TrackedFrame(step.frame, done, total, states)
    return messages.Tracked(total, {})
