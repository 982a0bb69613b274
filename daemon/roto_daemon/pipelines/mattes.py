"""Masks of a session to mattes with soft edges, frame by frame, stored as it goes.

A matte is valid while its mask and what it was made with stay the same; both stand in its digest.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from roto_daemon.backends.base import Image, Mask, Matter
from roto_daemon.mattes.deflicker import Deflicker
from roto_daemon.mattes.refine import refine
from roto_daemon.mattes.trimap import MatteSettings, draw_trimap
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.track import Reader, TrackStep
from roto_daemon.sessions.masks import MaskRecord, Sweep
from roto_daemon.sessions.session import Session
from roto_shared.errors import InputError, PlateError
from roto_shared.protocol.messages import FrameFault, RefineEdges
from roto_shared.version import VERSION

Travel = Callable[[list[int]], AbstractContextManager[Reader]]


@dataclass(frozen=True)
class Making:
    """What mattes are made with."""

    matter: Matter
    settings: MatteSettings

    def digest(self, mask: MaskRecord) -> str:
        """What the matte of ``mask`` depends on."""
        made_with = "|".join((VERSION, self.matter.name, repr(self.settings)))
        return f"{mask.digest}.{hashlib.sha256(made_with.encode()).hexdigest()[:12]}"


def matte_settings(request: RefineEdges) -> MatteSettings:
    """The request's settings. Raises InputError."""
    asked = request.settings
    return MatteSettings(asked.quality, asked.narrow_px, asked.wide_px, asked.steadiness)  # type: ignore[arg-type]


def frames_to_refine(session: Session, request: RefineEdges) -> dict[int, tuple[str, ...]]:
    """Frames in order, and the objects that have a mask there. Raises InputError where there is none."""
    names = request.objects or tuple(session.objects)
    found: dict[int, list[str]] = {}
    for name in names:
        for frame in session.stored_frames(name):
            if _within(frame, request):
                found.setdefault(frame, []).append(name)
    if not found:
        raise InputError("There are no masks to refine.", "Prompt and track an object first.")
    return {frame: tuple(found[frame]) for frame in sorted(found)}


def refine_edges(
    session: Session, making: Making, todo: dict[int, tuple[str, ...]], travel: Travel
) -> Iterator[TrackStep]:
    """Do ``todo``, yielding after every frame. Closing the generator stops it; what is stored stays."""
    past: dict[str, Deflicker] = {}
    fresh = [frame for frame, names in todo.items() if not _is_stored(session, making, frame, names)]
    with travel(fresh) as reader:
        for frame, names in todo.items():
            if frame not in fresh:
                past.clear()
                yield TrackStep(frame, tuple(_matte_record(session, name, frame) for name in names), stored=True)
                continue
            try:
                image = reader.read(frame)
            except PlateError as error:
                past.clear()
                yield TrackStep(frame, (), fault=FrameFault(frame, str(error)))
                continue
            past = {name: past.get(name) or Deflicker(making.settings.steadiness) for name in names}
            yield TrackStep(frame, tuple(_make(session, making, past[name], name, frame, image) for name in names))


def _make(session: Session, making: Making, past: Deflicker, name: str, frame: int, image: Image) -> MaskRecord:
    began = time.perf_counter()
    mask = session.best_record(name, frame)
    assert mask is not None  # only frames with a mask are refined
    matte = _matte(making, past, image, session.masks.read(mask))
    seconds = time.perf_counter() - began
    record = MaskRecord(Sweep.MATTE, name, frame, mask.confidence, mask.state, making.digest(mask), seconds)
    session.masks.write(record, encode_png(matte, bits=16))
    return record


def _matte(making: Making, past: Deflicker, image: Image, mask: Mask) -> Mask:
    opacity = refine(making.matter, image, mask, making.settings)
    if not making.settings.steadiness:
        return opacity
    return past.steady(image, opacity, draw_trimap(image, mask, making.settings))


def _is_stored(session: Session, making: Making, frame: int, names: tuple[str, ...]) -> bool:
    for name in names:
        mask, matte = session.best_record(name, frame), session.masks.record(Sweep.MATTE, name, frame)
        if mask is None or matte is None or matte.digest != making.digest(mask):
            return False
    return True


def _matte_record(session: Session, name: str, frame: int) -> MaskRecord:
    record = session.masks.record(Sweep.MATTE, name, frame)
    assert record is not None  # it is stored
    return record


def _within(frame: int, request: RefineEdges) -> bool:
    return (request.first is None or frame >= request.first) and (request.last is None or frame <= request.last)
