"""Masks of a session to mattes with soft edges, frame by frame, stored as it goes.

A matte is valid while its mask, the pictures and what it was made with stay the same; all stand in its digest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from roto_daemon.backends.base import Image, Mask, Matter
from roto_daemon.mattes.deflicker import Deflicker
from roto_daemon.mattes.refine import refine
from roto_daemon.mattes.trimap import MatteSettings, draw_trimap
from roto_daemon.motion_blur.blur import blur_mask
from roto_daemon.motion_blur.smear import smear_matte
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.around import PicturesAround, with_neighbours
from roto_daemon.pipelines.blur import motion_on
from roto_daemon.pipelines.derive import frames_within
from roto_daemon.pipelines.track import Reader, TrackStep
from roto_daemon.sessions.masks import MaskRecord, Sweep
from roto_daemon.sessions.recipes import digest_of
from roto_daemon.sessions.session import Session
from roto_shared import bounds
from roto_shared.errors import InputError, PlateError
from roto_shared.protocol.data import EdgeSettings
from roto_shared.protocol.messages import FrameFault, RefineEdges

Travel = Callable[[list[int]], AbstractContextManager[Reader]]

MASK_EDGE = "none"
"""The quality that leaves a mask's own edge."""


@dataclass(frozen=True)
class Making:
    """What mattes are made with: no ``matter`` leaves the mask's own edge, no ``shutter`` smears nothing.

    ``pictures`` are the fingerprints of the plate's frames.
    """

    matter: Matter | None
    settings: MatteSettings
    pictures: Mapping[int, str]
    shutter: float | None = None

    @property
    def leaves_masks(self) -> bool:
        """Whether masks stay as they are."""
        return self.matter is None and self.shutter is None

    @property
    def reach(self) -> int:
        """How many frames before and after are needed."""
        return 0 if self.shutter is None else 1

    def digest(self, mask: MaskRecord) -> str:
        """What the matte of ``mask`` depends on."""
        name = None if self.matter is None else self.matter.name
        seen = [self.pictures.get(mask.frame + step) for step in range(-self.reach, self.reach + 1)]
        return f"{mask.digest}.{digest_of(name, self.settings, self.shutter, seen)}"


def matte_settings(asked: EdgeSettings) -> MatteSettings:
    """The settings in a matte's own words. Raises InputError."""
    quality = "good" if asked.quality == MASK_EDGE else asked.quality
    if asked.shutter is not None:
        bounds.SHUTTER_FRAMES.check("shutter", asked.shutter)
    return MatteSettings(quality, asked.narrow_px, asked.wide_px, asked.steadiness)  # type: ignore[arg-type]


def frames_to_refine(session: Session, request: RefineEdges) -> dict[int, tuple[str, ...]]:
    """Frames in order, and the objects that have a mask there. Raises InputError where there is none."""
    names = request.objects or tuple(session.standing.objects)
    found: dict[int, list[str]] = {}
    for name in names:
        for frame in frames_within(session, name, request.first, request.last):
            found.setdefault(frame, []).append(name)
    if not found:
        raise InputError("There are no masks to refine.", "Prompt and track an object first.")
    return {frame: tuple(found[frame]) for frame in sorted(found)}


def refine_edges(
    session: Session, making: Making, todo: dict[int, tuple[str, ...]], travel: Travel
) -> Iterator[TrackStep]:
    """Do ``todo``, yielding after every frame. Closing the generator stops it; what is stored stays."""
    if making.leaves_masks:
        yield from _take_back(session, todo)
        return
    past: dict[str, Deflicker] = {}
    fresh = [frame for frame, names in todo.items() if not _is_stored(session, making, frame, names)]
    with travel(with_neighbours(fresh, making.reach, session.plate.frames)) as reader:
        pictures = PicturesAround(reader)
        for frame, names in todo.items():
            if frame not in fresh:
                past.clear()
                yield TrackStep(frame, tuple(_matte_record(session, name, frame) for name in names), stored=True)
                continue
            try:
                pictures.must_have(frame)
            except PlateError as error:
                past.clear()
                yield TrackStep(frame, (), fault=FrameFault(frame, str(error)))
                continue
            past = {name: past.get(name) or Deflicker(making.settings.steadiness) for name in names}
            yield TrackStep(frame, tuple(_make(session, making, past[name], name, frame, pictures) for name in names))
            pictures.drop_before(frame)


def _take_back(session: Session, todo: dict[int, tuple[str, ...]]) -> Iterator[TrackStep]:
    """Forget the mattes of ``todo``, so that the masks stand again."""
    for frame, names in todo.items():
        for name in names:
            session.masks.forget(Sweep.MATTE, name, frame)
        records = (session.standing.best(name, frame) for name in names)
        yield TrackStep(frame, tuple(record for record in records if record is not None), stored=True)


def _make(
    session: Session, making: Making, past: Deflicker, name: str, frame: int, pictures: PicturesAround
) -> MaskRecord:
    began = time.perf_counter()
    record = session.standing.delivered(name, frame)
    mask, image = session.masks.read(record), pictures.must_have(frame)
    matte = _matte(making, past, image, mask)
    if making.shutter is not None:
        motion = motion_on(pictures, frame, mask)
        matte = (
            smear_matte(matte, mask, motion, making.shutter)
            if making.matter
            else blur_mask(mask, motion, making.shutter)
        )
    seconds = time.perf_counter() - began
    made = replace(record, sweep=Sweep.MATTE, digest=making.digest(record), seconds=seconds)
    session.masks.write(made, encode_png(matte, bits=16))
    return made


def _matte(making: Making, past: Deflicker, image: Image, mask: Mask) -> Mask:
    if making.matter is None:
        return mask
    opacity = refine(making.matter, image, mask, making.settings)
    if not making.settings.steadiness:
        return opacity
    return past.steady(image, opacity, draw_trimap(image, mask, making.settings))


def _is_stored(session: Session, making: Making, frame: int, names: tuple[str, ...]) -> bool:
    for name in names:
        mask, matte = session.standing.best(name, frame), session.masks.record(Sweep.MATTE, name, frame)
        if mask is None or matte is None or matte.digest != making.digest(mask):
            return False
    return True


def _matte_record(session: Session, name: str, frame: int) -> MaskRecord:
    record = session.masks.record(Sweep.MATTE, name, frame)
    assert record is not None  # it is stored
    return record
