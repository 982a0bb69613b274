"""What clients are answered of a session: what it holds, what an object is on a frame, and how a track ended."""

from collections.abc import Iterator, Sequence

from roto_daemon.backends.base import Segmentation
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.track import TrackStep
from roto_daemon.sessions.masks import MaskRecord
from roto_daemon.sessions.session import Session
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings, Picture
from roto_shared.protocol.messages import ObjectState
from roto_shared.shapes import Layer


def session_opened(session: Session) -> messages.SessionOpened:
    """A session's plate, and what is stored and prompted in it."""
    plate = session.plate
    return messages.SessionOpened(
        session=session.name,
        width=plate.width,
        height=plate.height,
        frames=tuple(plate.frames),
        fps=plate.fps,
        pixel_aspect=plate.pixel_aspect,
        engine=session.head.engine,
        colour_space=plate.colour_space(),
        stored={name: tuple(session.standing.frames(name)) for name in session.standing.objects},
        prompted={name: tuple(session.keyframe_digests(name)) for name in session.standing.prompted},
        combined=tuple(session.recipes.combined.values()),
        finish=dict(session.recipes.finish),
    )


def state_of(session: Session, record: MaskRecord, with_mask: bool, curves: CurveSettings | None = None) -> ObjectState:
    """A record as clients get it, with its mask and its frame's shapes where they are asked for."""
    plate = session.plate
    picture = Picture("image/png", plate.width, plate.height, session.masks.read_png(record)) if with_mask else None
    shapes = _frame_shapes(session, record, curves) if curves is not None else None
    return ObjectState(record.object, record.confidence, record.state, picture, shapes)


def alternatives(found: Segmentation) -> tuple[Picture, ...]:
    """What else the prompts may mean, the surest first."""
    return tuple(Picture("image/png", m.shape[1], m.shape[0], encode_png(m)) for m in found.alternatives)


def tracked_frame(
    session: Session, message: messages.Track, step: TrackStep, done: int, total: int
) -> messages.TrackedFrame:
    """A step of a track, ``done`` of ``total``, with masks and shapes where they are asked for."""
    states = tuple(state_of(session, record, message.masks, message.curves) for record in step.records)
    return messages.TrackedFrame(step.frame, done, total, states, step.stored)


def tracked(
    session: Session, names: tuple[str, ...], frames: Sequence[int], faults: tuple[messages.FrameFault, ...]
) -> messages.Tracked:
    """The end of a track, with the frames of each object that need a click, and those that somebody should look at."""

    def those(state: str) -> dict[str, tuple[int, ...]]:
        told = {name: tuple(_frames_that_are(state, session, name)) for name in names}
        return {name: found for name, found in told.items() if found}

    return messages.Tracked(len(frames), those("needs_click"), faults, those("uncertain"))


def _frames_that_are(state: str, session: Session, name: str) -> Iterator[int]:
    for frame in session.standing.frames(name):
        record = session.standing.source(name, frame)
        if record is not None and record.state == state:
            yield frame


def _frame_shapes(session: Session, record: MaskRecord, curves: CurveSettings) -> Layer:
    from roto_daemon.pipelines.fit import fit_frame_shapes

    return fit_frame_shapes(session, record, curves)
