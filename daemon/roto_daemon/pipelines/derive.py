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
from roto_daemon.sessions.standing import digest_of_combined, digest_of_finished, neighbours
from roto_shared.errors import InputError
from roto_shared.protocol.data import Combination, FinishSettings
from roto_shared.protocol.messages import Progress


@dataclass(frozen=True)
class Preview:
    """A finished mask that is not kept."""

    record: MaskRecord
    mask: Mask


def bring_up_to_date(session: Session, names: Sequence[str], open_reader: OpenReader) -> Iterator[Progress]:
    """Make combined and finished masks of objects anew that are missing or stale, what they are made of first.

    Raises PlateError or StorageError.
    """
    for name in sources_first(session, names):
        yield from combine_anew(session, name, open_reader)
        yield from finish_anew(session, name, open_reader)


def bring_to_finish(session: Session, names: Sequence[str], open_reader: OpenReader) -> Iterator[Progress]:
    """Bring objects to where they can be finished: as :func:`bring_up_to_date`, but for their own finished masks."""
    combined = session.recipes.combined
    made_of = [source for name in names if name in combined for source in combined[name].objects]
    yield from bring_up_to_date(session, made_of, open_reader)
    for name in names:
        yield from combine_anew(session, name, open_reader)


def combine_anew(session: Session, name: str, open_reader: OpenReader) -> Iterator[Progress]:
    """Make an object's masks anew where what it is made of has changed; nothing for one that is its own."""
    made = session.recipes.combined.get(name)
    if made is not None:
        stale = stale_combined(session, made)
        total = len(session.standing.due_frames(name) if made.operation == "piece" else stale)  # it is followed anew
        for done, _ in enumerate(combine(session, made, stale, open_reader), 1):
            yield Progress(done, total, f"combining {name}")


def finish_anew(session: Session, name: str, open_reader: OpenReader) -> Iterator[Progress]:
    """Make an object's finished masks anew that are missing or stale; nothing for one that is left as it is."""
    stale = _stale(session, Sweep.FINISHED, name)
    for done, _ in enumerate(finish_object(session, name, stale, open_reader), 1):
        yield Progress(done, len(stale), f"finishing {name}")


def sources_first(session: Session, names: Sequence[str]) -> list[str]:
    """Objects and all that they are made of, each after what it is made of itself: of these it takes finished masks."""
    ordered: dict[str, None] = {}

    def put(name: str) -> None:
        made = session.recipes.combined.get(name)
        for source in () if made is None else made.objects:
            put(source)
        ordered[name] = None

    for name in names:
        put(name)
    return list(ordered)


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
    """Frames of a range on which an object's finished mask is missing or stale, or will be once what it is made of is
    made anew.
    """
    return [f for f in _stale(session, Sweep.FINISHED, name) if _within(f, first, last)]


def frames_within(session: Session, name: str, first: int | None, last: int | None) -> list[int]:
    """Frames of a range on which an object has a mask, ascending."""
    return [frame for frame in session.standing.frames(name) if _within(frame, first, last)]


def finish_object(session: Session, name: str, frames: Sequence[int], open_reader: OpenReader) -> Iterator[TrackStep]:
    """Finish an object's masks on ``frames``, ascending, yielding after each."""
    for made in preview_finish(session, name, session.recipes.finish.get(name, FinishSettings()), frames, open_reader):
        session.masks.write(made.record, encode_png(made.mask, bits=16))
        yield TrackStep(made.record.frame, (made.record,))


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
            source = moments.record(frame)
            around = [moments.record(at) for at in neighbours(frame, reach)]
            if source is None:
                continue  # it was taken out meanwhile
            mask = moments.mask(source)
            now = moments.at(frame) if reach else None
            if now is not None:
                mask = steady(now, [moment for at in neighbours(frame, reach) if (moment := moments.at(at))])
            moments.drop_before(frame - reach + 1)
            mask = finish(settings, mask)
            digest, seconds = digest_of_finished(settings, source, around), time.perf_counter() - began
            yield Preview(replace(source, sweep=Sweep.FINISHED, digest=digest, seconds=seconds), mask)


def combine(session: Session, made: Combination, frames: Sequence[int], open_reader: OpenReader) -> Iterator[TrackStep]:
    """Make an object of others on ``frames``, yielding after each; a piece is followed over all of its own, if any.

    A frame on which one of these was changed meanwhile is passed over: it is made with what is made anew then.
    """
    if made.operation == "piece":
        yield from _follow(session, made, frames, open_reader) if frames else ()
        return
    for frame in frames:
        sources = session.standing.made_of(made, frame)
        if sources is not None:
            masks = [_mask_or_black(session, source) for source in sources]
            yield _keep_combined(session, made, frame, sources, OPERATIONS[made.operation](masks))


def _follow(session: Session, made: Combination, frames: Sequence[int], open_reader: OpenReader) -> Iterator[TrackStep]:
    """A piece from its frame to both ends of what it is a piece of."""
    sources = session.standing.made_of(made, frames[0])
    whole = {one.frame: one for one in sources or () if one is not None and one.object == made.objects[0]}
    if sources is None or not whole:
        return
    anchor = min(whole, key=lambda frame: abs(frame - (made.frame or 0)))
    ahead, behind = [f for f in whole if f >= anchor], [f for f in reversed(whole) if f <= anchor]
    for way in (ahead, behind):
        with open_reader(way) as reader:
            for frame, piece in _pieces(session, made, [whole[frame] for frame in way], PicturesAround(reader)):
                if way is ahead or frame != anchor:
                    yield _keep_combined(session, made, frame, sources, piece)


def _pieces(
    session: Session, made: Combination, way: Sequence[MaskRecord], pictures: PicturesAround
) -> Iterator[tuple[int, Mask]]:
    """A piece of each mask of a way; where a picture cannot be read nothing counts as moved."""
    assert made.point is not None  # recipes refuse a piece without one
    piece = rest = image = None
    for record in way:
        mask = _mask(session, record)
        before, image = image, pictures.at(record.frame)
        if piece is None or rest is None:
            piece = piece_at(mask, *made.point)
        else:
            still = np.zeros((*mask.shape, 2), np.float32)
            flow = still if before is None or image is None else dense_flow(image, before)
            piece = follow_piece(piece, rest, flow, mask)
        rest = mask - piece
        pictures.forget()
        yield record.frame, piece


def _mask_or_black(session: Session, record: MaskRecord | None) -> Mask:
    if record is None:
        return np.zeros((session.plate.height, session.plate.width), np.float32)
    return _mask(session, record)


def _mask(session: Session, record: MaskRecord) -> Mask:
    """The mask of a line. Raises InputError where it is of a plate that had another size."""
    mask, plate = session.masks.read(record), session.plate
    if mask.shape != (plate.height, plate.width):
        was = f"“{record.object}” is {mask.shape[1]}×{mask.shape[0]} px on frame {record.frame}"
        raise InputError(f"{was}, the plate is {plate.width}×{plate.height} now.", "Prompt it anew, and track.")
    return mask


def _keep_combined(
    session: Session, made: Combination, frame: int, sources: Sequence[MaskRecord | None], mask: Mask
) -> TrackStep:
    """Store a mask that was made of ``sources``: of these as they were, for they may have changed meanwhile."""
    there = [record for record in sources if record is not None and record.frame == frame]
    confidence = min((record.confidence for record in there), default=0.0)
    states = [record.state for record in there]
    state = next((s for s in ("needs_click", "uncertain", "tracked") if s in states), "prompted")
    digest = digest_of_combined(made, sources)
    record = MaskRecord(Sweep.COMBINED, made.name, frame, confidence, state, digest)
    session.masks.write(record, encode_png(mask, bits=16))
    return TrackStep(frame, (record,))


class _Moments:
    """Pictures and masks of an object around the frame at hand, each read once.

    A mask's line is held from before it is read: where it changes meanwhile, what is made of it counts as stale.
    """

    def __init__(self, session: Session, name: str, pictures: PicturesAround) -> None:
        self._session = session
        self._name = name
        self._pictures = pictures
        self._records: dict[int, MaskRecord | None] = {}
        self._masks: dict[int, Mask] = {}

    def record(self, frame: int) -> MaskRecord | None:
        """The line of the mask on a frame; None where there is none."""
        if frame not in self._records:
            self._records[frame] = self._session.standing.source(self._name, frame)
        return self._records[frame]

    def at(self, frame: int) -> Moment | None:
        """None where there is no mask or no picture."""
        record = self.record(frame)
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
        self._records = {at: record for at, record in self._records.items() if at >= frame}
        self._masks = {at: mask for at, mask in self._masks.items() if at >= frame}


def _within(frame: int, first: int | None, last: int | None) -> bool:
    return (first is None or frame >= first) and (last is None or frame <= last)


def _stale(session: Session, sweep: Sweep, name: str) -> list[int]:
    wanted = session.standing.combined_digest if sweep is Sweep.COMBINED else session.standing.finished_digest
    if sweep is Sweep.FINISHED and name not in session.recipes.finish:
        return []
    frames = session.standing.due_frames(name)
    records: Mapping[int, MaskRecord | None] = {frame: session.masks.record(sweep, name, frame) for frame in frames}
    return [frame for frame, record in records.items() if record is None or record.digest != wanted(name, frame)]
