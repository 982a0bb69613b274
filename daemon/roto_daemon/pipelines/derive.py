"""Masks that are made of other masks: objects combined, then finished. Stored as they are made, and made anew where
what they were made of has changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_daemon.backends.base import Mask
from roto_daemon.finishing.combining import OPERATIONS, follow_piece, piece_at
from roto_daemon.finishing.finish import check_finish, finish
from roto_daemon.finishing.steadying import Moment, steady
from roto_daemon.motion.flow import dense_flow
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.around import PicturesAround, with_neighbours
from roto_daemon.pipelines.track import OpenReader, TrackStep
from roto_daemon.sessions.masks import MaskRecord, Sweep
from roto_daemon.sessions.session import Session
from roto_daemon.sessions.standing import neighbours
from roto_shared.errors import InputError
from roto_shared.protocol.data import Combination, FinishSettings
from roto_shared.protocol.messages import Progress


@dataclass(frozen=True)
class Preview:
    """A finished mask that is not kept."""

    record: MaskRecord
    mask: Mask


def bring_up_to_date(session: Session, open_reader: OpenReader) -> Iterator[Progress]:
    """Make every combined and finished mask anew that is missing or stale. Raises PlateError or StorageError."""
    for name in sources_first(session, session.standing.every_object):
        yield from combine_anew(session, name, open_reader)
        stale = _stale(session, Sweep.FINISHED, name)
        for done, _ in enumerate(finish_object(session, name, stale, open_reader), 1):
            yield Progress(done, len(stale), f"finishing {name}")


def combine_anew(session: Session, name: str, open_reader: OpenReader) -> Iterator[Progress]:
    """Make an object's masks anew where what it is made of has changed; nothing for one that is its own."""
    made = session.recipes.combined.get(name)
    if made is not None:
        stale = stale_combined(session, made)
        for done, _ in enumerate(combine(session, made, stale, open_reader), 1):
            yield Progress(done, len(stale), f"combining {name}")


def sources_first(session: Session, names: Sequence[str]) -> list[str]:
    """The names with every object after those that it is made of: of these it takes finished masks."""
    ordered: dict[str, None] = {}

    def put(name: str) -> None:
        made = session.recipes.combined.get(name)
        for source in () if made is None else made.objects:
            put(source)
        ordered[name] = None

    for name in names:
        put(name)
    return [name for name in ordered if name in names]


def set_finish(session: Session, names: Sequence[str], settings: FinishSettings) -> None:
    """Say how objects are finished. Raises InputError for settings or objects that make no sense."""
    check_objects(session, names)
    check_finish(settings)
    for name in names:
        session.recipes.set_finish(name, settings)


def check_objects(session: Session, names: Sequence[str]) -> None:
    """Raise InputError for an object that there is not, or where there is none at all."""
    unknown = [name for name in names if name not in session.standing.objects]
    if unknown or not names:
        told = f"There is no object “{unknown[0]}”." if unknown else "There are no masks yet."
        raise InputError(told, "Prompt and track an object first.")


def stale_combined(session: Session, made: Combination) -> list[int]:
    """Frames on which a combined object's mask is missing or stale."""
    return _stale(session, Sweep.COMBINED, made.name)


def stale_finished(session: Session, name: str, first: int | None, last: int | None) -> list[int]:
    """Frames of a range on which an object's finished mask is missing or stale."""
    return [f for f in _stale(session, Sweep.FINISHED, name) if _within(f, first, last)]


def frames_within(session: Session, name: str, first: int | None, last: int | None) -> list[int]:
    """Frames of a range on which an object has a mask, ascending."""
    return [frame for frame in session.standing.frames(name) if _within(frame, first, last)]


def finish_object(session: Session, name: str, frames: Sequence[int], open_reader: OpenReader) -> Iterator[TrackStep]:
    """Finish an object's masks on ``frames``, ascending, yielding after each."""
    for made in preview_finish(session, name, session.recipes.finish.get(name, FinishSettings()), frames, open_reader):
        frame = made.record.frame
        record = replace(made.record, sweep=Sweep.FINISHED, digest=session.standing.finished_digest(name, frame))
        session.masks.write(record, encode_png(made.mask, bits=16))
        yield TrackStep(frame, (record,))


def preview_finish(
    session: Session, name: str, settings: FinishSettings, frames: Sequence[int], open_reader: OpenReader
) -> Iterator[Preview]:
    """An object's finished masks on ``frames``, ascending, with nothing stored. Raises InputError for the settings.

    A mask whose picture cannot be read is not steadied.
    """
    check_finish(settings)
    reach = settings.steady_frames
    with open_reader(with_neighbours(frames, reach, session.plate.frames) if reach else []) as reader:
        moments = _Moments(session, name, PicturesAround(reader))
        for frame in frames:
            began = time.perf_counter()
            record = session.standing.source(name, frame)
            assert record is not None  # only frames with a mask are finished
            mask = moments.mask(record)
            now = moments.at(frame) if reach else None
            if now is not None:
                mask = steady(now, [moment for at in neighbours(frame, reach) if (moment := moments.at(at))])
            moments.drop_before(frame - reach + 1)
            mask = finish(settings, mask)
            yield Preview(replace(record, seconds=time.perf_counter() - began), mask)


def combine(session: Session, made: Combination, frames: Sequence[int], open_reader: OpenReader) -> Iterator[TrackStep]:
    """Make an object of others on ``frames``, yielding after each; a piece is followed over all of its own, if any."""
    if made.operation == "piece":
        yield from _follow(session, made, open_reader) if frames else ()
        return
    for frame in frames:
        masks = [_mask_or_black(session, source, frame) for source in made.objects]
        yield _keep_combined(session, made, frame, OPERATIONS[made.operation](masks))


def _follow(session: Session, made: Combination, open_reader: OpenReader) -> Iterator[TrackStep]:
    """A piece from its frame to both ends of what it is a piece of."""
    frames = session.standing.due_frames(made.name)
    anchor = min(frames, key=lambda frame: abs(frame - (made.frame or 0)))
    ahead, behind = [f for f in frames if f >= anchor], [f for f in reversed(frames) if f <= anchor]
    for way in (ahead, behind):
        with open_reader(way) as reader:
            for frame, piece in _pieces(session, made, way, PicturesAround(reader)):
                if way is ahead or frame != anchor:
                    yield _keep_combined(session, made, frame, piece)


def _pieces(
    session: Session, made: Combination, way: Sequence[int], pictures: PicturesAround
) -> Iterator[tuple[int, Mask]]:
    """A piece on each frame of a way; where a picture cannot be read nothing counts as moved."""
    assert made.point is not None  # recipes refuse a piece without one
    piece = rest = image = None
    for frame in way:
        mask = _mask_or_black(session, made.objects[0], frame)
        before, image = image, pictures.at(frame)
        if piece is None or rest is None:
            piece = piece_at(mask, *made.point)
        else:
            still = np.zeros((*mask.shape, 2), np.float32)
            flow = still if before is None or image is None else dense_flow(image, before)
            piece = follow_piece(piece, rest, flow, mask)
        rest = mask - piece
        pictures.forget()
        yield frame, piece


def _mask_or_black(session: Session, name: str, frame: int) -> Mask:
    record = session.standing.best(name, frame)
    if record is None:
        return np.zeros((session.plate.height, session.plate.width), np.float32)
    return session.masks.read(record)


def _keep_combined(session: Session, made: Combination, frame: int, mask: Mask) -> TrackStep:
    found = [session.standing.best(source, frame) for source in made.objects]
    sources = [record for record in found if record is not None]
    confidence = min((record.confidence for record in sources), default=0.0)
    states = [record.state for record in sources]
    state = next((s for s in ("needs_click", "uncertain", "tracked") if s in states), "prompted")
    record = MaskRecord(
        Sweep.COMBINED, made.name, frame, confidence, state, session.standing.combined_digest(made.name, frame)
    )
    session.masks.write(record, encode_png(mask, bits=16))
    return TrackStep(frame, (record,))


class _Moments:
    """Pictures and masks of an object around the frame at hand, each read once."""

    def __init__(self, session: Session, name: str, pictures: PicturesAround) -> None:
        self._session = session
        self._name = name
        self._pictures = pictures
        self._masks: dict[int, Mask] = {}

    def at(self, frame: int) -> Moment | None:
        """None where there is no mask or no picture."""
        record = self._session.standing.source(self._name, frame)
        image = None if record is None else self._pictures.at(frame)
        return None if record is None or image is None else Moment(image, self.mask(record))

    def mask(self, record: MaskRecord) -> Mask:
        """The mask of a line."""
        if record.frame not in self._masks:
            self._masks[record.frame] = self._session.masks.read(record)
        return self._masks[record.frame]

    def drop_before(self, frame: int) -> None:
        """Let go of what lies before ``frame``."""
        self._pictures.drop_before(frame)
        self._masks = {at: mask for at, mask in self._masks.items() if at >= frame}


def _within(frame: int, first: int | None, last: int | None) -> bool:
    return (first is None or frame >= first) and (last is None or frame <= last)


def _stale(session: Session, sweep: Sweep, name: str) -> list[int]:
    wanted = session.standing.combined_digest if sweep is Sweep.COMBINED else session.standing.finished_digest
    if sweep is Sweep.FINISHED and name not in session.recipes.finish:
        return []
    frames = session.standing.due_frames(name) if sweep is Sweep.COMBINED else session.standing.frames(name)
    records: Mapping[int, MaskRecord | None] = {frame: session.masks.record(sweep, name, frame) for frame in frames}
    return [frame for frame, record in records.items() if record is None or record.digest != wanted(name, frame)]
