"""Handlers that schedule work on a session: each puts a generator into a lane.

They run on the socket's thread. Only what they put into a lane asks the shelf for a session, whose plate may have to be
opened for it.
Fitting and exporting are imported when first asked for, since half of a daemon's start would go into them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeVar

from roto_daemon.backends.base import Backend, Matter
from roto_daemon.backends.choice import find_default, resolve_engine
from roto_daemon.backends.table import Task
from roto_daemon.pipelines.plan import make_plan
from roto_daemon.pipelines.segment import segment
from roto_daemon.pipelines.track import OpenReader, track
from roto_daemon.plates import plain_path
from roto_daemon.rpc.answers import alternatives, session_opened, state_of, tracked, tracked_frame
from roto_daemon.rpc.desk import Request
from roto_daemon.rpc.house import MOMENTARY, House
from roto_daemon.scheduler import Steps, Urgency
from roto_daemon.sessions.masks import Sweep
from roto_daemon.sessions.session import Session, SessionHead
from roto_daemon.sessions.shelf import session_name
from roto_shared.errors import BusyError, InputError, OutOfMemoryError
from roto_shared.protocol import messages

A = TypeVar("A")


def open_session(house: House, request: Request) -> None:
    """Open a plate's session, new or as it was left."""
    message: messages.OpenSession = request.message

    def steps() -> Steps:
        yield from ()
        engine = resolve_engine(message.engine or house.settings.engine, house.place, house.settings.auto_tracker)
        plate = replace(message.plate, path=plain_path(message.plate.path))
        head = SessionHead(plate, engine, message.key)
        is_held = session_name(head) in house.shelf.names()
        session = house.shelf.open(head)
        if is_held:
            _look_again(house, session)
        return session_opened(session)

    house.put(house.pictures_lane, request, steps, Urgency.INTERACTIVE)


def _look_again(house: House, session: Session) -> None:
    """Give a session that was open before the frames that were rendered since. Raises BusyError while it is tracked."""
    plate = session.look_again()
    if plate is not None:
        refuse_while_tracked(house, session.name)
        session.take_plate(plate)


def close_session(house: House, request: Request) -> None:
    """Let go of a session, while nothing else is done in it."""
    message: messages.CloseSession = request.message

    def steps() -> Steps:
        yield from ()
        with house.undisturbed(message.session):
            house.shelf.close(message.session, message.forget)
        return messages.Done()

    house.put(house.engine_lane, request, steps, Urgency.INTERACTIVE)


def segment_objects(house: House, request: Request) -> None:
    """Answer masks of prompted objects."""
    message: messages.Segment = request.message
    if any(prompt.is_empty for prompt in message.prompts):
        refuse_while_tracked(house, message.session)  # the track would end without what it was begun for
        house.refuse_while_at_work(message.session, MOMENTARY)  # other work would come to a frame without a mask

    def steps() -> Steps:
        session = house.shelf.get(message.session)
        yield from ()
        found = _with_memory(house, session, lambda load: segment(session, load, message.frame, message.prompts))
        records = [session.masks.record(Sweep.PROMPTED, name, message.frame) for name in found]
        states = [state_of(session, record, True, message.curves) for record in records if record is not None]
        if message.alternatives:
            states = [replace(state, alternatives=alternatives(found[state.object])) for state in states]
        return messages.Segmented(message.frame, tuple(states))

    subject = f"{message.session} {message.frame} {sorted(prompt.object for prompt in message.prompts)}"
    house.put(house.engine_lane, request, steps, Urgency.INTERACTIVE, supersedes=subject)


def find_objects(house: House, request: Request) -> None:
    """Answer what fits a text on a frame."""
    message: messages.Find = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.find import find

        session = house.shelf.get(message.session)
        yield from ()
        model = find_default(Task.DETECT, message.model, house.place)
        engine = house.engines.get(session.head.engine) if message.masks else None
        return find(session, house.engines.model(model.name), engine, message)

    subject = f"{message.session} {message.frame} find"
    house.put(house.engine_lane, request, steps, Urgency.INTERACTIVE, supersedes=subject)


def refine_edges(house: House, request: Request) -> None:
    """Make mattes of masks, streaming a frame at a time."""
    message: messages.RefineEdges = request.message

    def steps() -> Steps:
        return _refine(house, house.shelf.get(message.session), message)

    house.put(house.engine_lane, request, steps, Urgency.TRACK)


def track_objects(house: House, request: Request) -> None:
    """Follow objects through the shot, streaming a frame at a time."""
    message: messages.Track = request.message
    refuse_while_tracked(house, message.session)

    def steps() -> Steps:
        return _track(house, house.shelf.get(message.session), message)

    house.put(house.engine_lane, request, steps, Urgency.TRACK)


def fit_objects(house: House, request: Request) -> None:
    """Fit keyed shapes to what is stored."""
    message: messages.Fit = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.fit import fit

        session = house.shelf.get(message.session)
        yield from derive(house, session)
        return (yield from fit(session, message.objects, message.settings))

    house.put(house.curves_lane, request, steps, Urgency.BATCH)


def edit_on_masks(house: House, request: Request) -> None:
    """Edit an artist's shapes on the session's masks."""
    message = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.edit import edit_on_masks

        session = house.shelf.get(message.session)
        yield from derive(house, session)
        return edit_on_masks(session, message)

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)


def edit_shapes(house: House, request: Request) -> None:
    """Edit an artist's shapes without masks."""

    def steps() -> Steps:
        from roto_daemon.pipelines.edit import edit_shapes

        yield from ()
        return edit_shapes(request.message)

    house.put(house.curves_lane, request, steps, Urgency.INTERACTIVE)


def export_results(house: House, request: Request) -> None:
    """Write results, or answer them as texts."""
    message: messages.Export = request.message

    def steps() -> Steps:
        from roto_daemon.pipelines.export import export

        session = house.shelf.get(message.session)
        yield from derive(house, session)
        return (yield from export(session, message))

    house.put(house.curves_lane, request, steps, Urgency.BATCH)


def _track(house: House, session: Session, message: messages.Track) -> Steps:
    names = message.objects or tuple(session.standing.prompted)
    unknown = [name for name in names if name not in session.standing.prompted]
    if unknown:
        raise InputError(f"The object “{unknown[0]}” is not prompted on any frame.", "Click it on one frame first.")
    session.check_keyframes(names)
    keyframes = {name: session.keyframe_digests(name) for name in names}
    plan = make_plan(session.head.engine, keyframes, session.pictures, message.direction, (message.first, message.last))
    total = sum(1 for _ in plan.steps())
    travel = open_reader(house, session)
    faults: dict[int, messages.FrameFault] = {}
    steps = track(plan, house.engines.get(plan.engine), travel, session.masks)
    for done in range(1, total + 1):
        try:
            step = next(steps)
        except OutOfMemoryError:
            if not _make_room(house, session):
                raise
            steps = islice(track(plan, house.engines.get(plan.engine), travel, session.masks), done - 1, None)
            step = next(steps)
        if step.fault is not None:
            faults[step.fault.frame] = step.fault
        yield tracked_frame(session, message, step, done, total)
    return tracked(session, names, plan.frames, tuple(faults.values()))


def _with_memory(house: House, session: Session, act: Callable[[Callable[[], Backend]], A]) -> A:
    """What ``act`` answers, given what loads the session's engine; once more with the GPU to itself where its memory
    ran out."""
    load = partial(house.engines.get, session.head.engine)
    try:
        return act(load)
    except OutOfMemoryError:
        if not _make_room(house, session):
            raise
        return act(load)


def _make_room(house: House, session: Session) -> bool:
    """Give back what other models and prepared frames hold; whether there was anything."""
    freed = house.engines.unload_others(session.head.engine)
    house.shelf.drop_embeddings()
    return bool(freed)


def _refine(house: House, session: Session, message: messages.RefineEdges) -> Steps:
    from roto_daemon.pipelines import mattes

    yield from derive(house, session)
    todo = mattes.frames_to_refine(session, message)
    has_matter = message.settings.quality != mattes.MASK_EDGE
    matter = _matter(house, message) if has_matter else None
    making = mattes.Making(matter, mattes.matte_settings(message.settings), session.pictures, message.settings.shutter)
    travel = open_reader(house, session)
    faults: dict[int, messages.FrameFault] = {}
    for done, step in enumerate(mattes.refine_edges(session, making, todo, travel), 1):
        if step.fault is not None:
            faults[step.frame] = step.fault
        states = tuple(state_of(session, record, message.masks) for record in step.records)
        yield messages.TrackedFrame(step.frame, done, len(todo), states, step.stored)
    return messages.Tracked(len(todo), {}, tuple(faults.values()))


def _matter(house: House, message: messages.RefineEdges) -> Matter:
    return house.engines.model(find_default(Task.MATTE, message.model, house.place).name)


def refuse_while_tracked(house: House, session: str) -> None:
    """Raise BusyError while a track of the session of that name runs or waits."""
    if any(task.name == "track" and task.session == session for task in house.engine_lane.tasks()):
        raise BusyError("This session is being tracked already.", "Wait for it or cancel it first.")


def open_reader(house: House, session: Session) -> OpenReader:
    """Readers of the session's plate within the memory that the settings allow."""
    return partial(session.travel, cache_bytes=house.settings.cache_mb * 2**20)


def derive(house: House, session: Session) -> Iterator[messages.Progress]:
    """Combined and finished masks made anew where what they are made of has changed."""
    if session.recipes.combined or session.recipes.finish:
        from roto_daemon.pipelines.derive import bring_up_to_date

        yield from bring_up_to_date(session, session.standing.every_object, open_reader(house, session))
