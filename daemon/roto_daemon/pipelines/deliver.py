"""Mattes of a session to files that compositing programs take: PNG, EXR, Cryptomatte, ProRes.

Frames go out one by one, so that memory does not grow with the shot. What the plate's header says travels on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.motion_blur.blur import smear_length
from roto_daemon.outputs.cryptomatte import cryptomatte_attributes, cryptomatte_planes
from roto_daemon.outputs.exr import LOSSLESS, layer_names, write_exr
from roto_daemon.outputs.masks import encode_rgba_png
from roto_daemon.outputs.names import FileName
from roto_daemon.outputs.prores import write_prores
from roto_daemon.pipelines.around import PicturesAround
from roto_daemon.pipelines.blur import motion_on
from roto_daemon.pipelines.matte_files import SHARED_OBJECT, check_files, file_name, picture_files
from roto_daemon.plates import Plate, spare
from roto_daemon.plates.header import Header, Windows
from roto_daemon.plates.picture import finite
from roto_daemon.sessions.session import Session
from roto_shared.errors import PlateError
from roto_shared.file_names import folder_name
from roto_shared.protocol.data import MatteFiles
from roto_shared.protocol.messages import Export, FrameFault
from roto_shared.version import VERSION
from roto_shared.whole_file import write_whole

Planes = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Delivered:
    """Files of one step, the work done of a whole, what is to be said, and frames that were left out."""

    files: tuple[Path, ...]
    done: int
    total: int
    notes: tuple[str, ...] = ()
    faults: tuple[FrameFault, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """What is written where. ``frames`` are those on which ``objects`` have a mask."""

    session: Session
    folder: Path
    files: MatteFiles
    objects: dict[str, frozenset[int]]
    pictures: PicturesAround
    shutter: float | None = None

    @property
    def frames(self) -> list[int]:
        """Frames on which any object has a mask, ascending."""
        return sorted(frozenset[int]().union(*self.objects.values()))

    def mattes(self, frame: int) -> dict[str, Mask]:
        """The finest mattes of the objects that have one on ``frame``."""
        return {name: _read(self.session, name, frame) for name, has in self.objects.items() if frame in has}

    def header(self, frame: int) -> Header:
        """What travels on from the plate's frame; where it cannot be read the others' display window alone."""
        plate = self.session.plate
        return _read_header(plate, frame) or Header(windows=_whole_window(plate))


def _whole_window(plate: Plate) -> Windows | None:
    """The display window of the first frame that can be read, with data all over; None where no file has any."""
    headers = (_read_header(plate, frame) for frame in plate.frames)
    found = next((header.windows for header in headers if header is not None), None)
    return None if found is None else Windows(found.display, found.display)


def _read_header(plate: Plate, frame: int) -> Header | None:
    try:
        return plate.header(frame)
    except PlateError:
        return None


def plan_delivery(session: Session, request: Export) -> Delivery:
    """Check what is asked for before anything is written. Raises InputError."""
    objects = {name: frozenset(session.standing.frames(name)) for name in session.standing.objects}
    check_files(request.files, request.formats, objects)
    folder, shutter = Path(request.folder), request.settings.shutter
    spare(session.plate.files, "plate", picture_files(folder, request.formats, request.files, objects))
    return Delivery(session, folder, request.files, objects, PicturesAround(session.plate), shutter)


def deliver(delivery: Delivery, name: str) -> Iterator[Delivered]:
    """Write everything of the format ``name``, a step at a time. Raises StorageError."""
    if name == "prores":
        yield from _deliver_films(delivery)
        return
    write = _WRITERS[name]
    target = file_name(delivery.files, name, delivery.objects)
    total = len(delivery.frames)
    for done, frame in enumerate(delivery.frames, 1):
        try:
            yield Delivered(tuple(write(delivery, target, frame)), done, total)
        except PlateError as error:
            told = f"The {name} of frame {frame} is left out: {error}"
            yield Delivered((), done, total, (told,), (FrameFault(frame, told),))
        delivery.pictures.drop_before(frame)


def _write_png(delivery: Delivery, target: FileName, frame: int) -> Iterator[Path]:
    files = delivery.files
    colours = None if files.content == "matte" else delivery.session.plate.unexposed(frame)
    for name in (name for name, has in delivery.objects.items() if frame in has):
        path = target.path(delivery.folder, frame, folder_name(name), ".png")
        write_whole(path, _png(delivery.session, name, frame, colours, files.bits))
        yield path


def _png(session: Session, name: str, frame: int, colours: Image | None, bits: int) -> bytes:
    record = session.standing.finest_delivered(name, frame)
    if colours is None:
        return session.masks.read_png(record, bits)
    return encode_rgba_png(colours, session.masks.read(record), bits)


def _write_exr(delivery: Delivery, target: FileName, frame: int) -> Iterator[Path]:
    header = delivery.header(frame)
    colours, told = _light(delivery, frame, header)
    names = layer_names(delivery.objects)
    mattes = delivery.mattes(frame)
    if delivery.files.layers:
        planes = {}
        for name, layer in names.items():
            matte = mattes.get(name, np.zeros(_size(delivery.session), np.float32))
            planes |= _planes(delivery, name, frame, matte, colours, layer)
        path = target.path(delivery.folder, frame, SHARED_OBJECT["exr"], ".exr")
        _save_exr(delivery, path, planes, header, told)
        yield path
        return
    for name, matte in mattes.items():
        path = target.path(delivery.folder, frame, folder_name(name), ".exr")
        _save_exr(delivery, path, _planes(delivery, name, frame, matte, colours), header, told)
        yield path


def _save_exr(delivery: Delivery, path: Path, planes: Planes, header: Header, told: dict[str, Any]) -> None:
    engine = {"roto/engine": delivery.session.head.engine, "roto/version": VERSION}
    aspect = delivery.session.plate.pixel_aspect
    write_exr(path, planes, header, delivery.files.compression, aspect, {**told, **engine})


def _planes(
    delivery: Delivery, name: str, frame: int, matte: Mask, colours: NDArray[Any] | None, layer: str = ""
) -> Planes:
    """The channels of one object, in its layer where it has one."""
    prefix = f"{layer}." if layer else ""
    planes: Planes = {}
    if colours is not None:
        factor = matte[..., None] if delivery.files.content == "premultiplied" else np.float32(1)
        shown = (colours * factor).astype(np.float16)
        planes = {f"{prefix}{short}": shown[..., i] for i, short in enumerate("RGB")}
    planes[f"{prefix}A"] = matte.astype(np.float16)
    if delivery.files.motion:
        planes |= _motion_planes(delivery, name, frame, f"{layer}_" if layer else "")
    if delivery.files.coverage:
        has = frame in delivery.objects[name]
        mask = delivery.session.standing.read(name, frame) if has else np.zeros_like(matte)
        planes[f"{layer}_coverage.A" if layer else "coverage.A"] = mask.astype(np.float16)
    return planes


def _motion_planes(delivery: Delivery, name: str, frame: int, prefix: str) -> Planes:
    """An object's motion as Nuke's VectorGenerator has it: to the next and to the last frame, px, y up.

    Where the shutter is known, also the length of the smear, px: the blur map of a sharp mask.
    """
    if frame not in delivery.objects[name]:
        motion = np.zeros((*_size(delivery.session), 2), np.float32)
    else:
        motion = motion_on(delivery.pictures, frame, delivery.session.standing.read(name, frame))
    right, up = motion[..., 0], -motion[..., 1]
    length = smear_length(motion, delivery.shutter or 0.0)
    smeared = {f"{prefix}blur.length": length} if delivery.shutter else {}
    return {
        **smeared,
        f"{prefix}forward.u": right,
        f"{prefix}forward.v": up,
        f"{prefix}backward.u": -right,
        f"{prefix}backward.v": -up,
    }


def _light(delivery: Delivery, frame: int, header: Header) -> tuple[NDArray[Any] | None, dict[str, Any]]:
    """The plate's scene-linear colours, and the attributes that say which they are; None where none are wanted."""
    if delivery.files.content == "matte":
        return None, {}
    colours, is_stored = delivery.session.plate.light(frame)
    return finite(colours), dict(header.colours) if is_stored else {}


def _write_cryptomatte(delivery: Delivery, target: FileName, frame: int) -> Iterator[Path]:
    compression = delivery.files.compression if delivery.files.compression in LOSSLESS else "zip"
    path = target.path(delivery.folder, frame, SHARED_OBJECT["cryptomatte"], ".exr")
    planes = cryptomatte_planes(delivery.mattes(frame))
    attributes = cryptomatte_attributes(list(delivery.objects))
    aspect = delivery.session.plate.pixel_aspect
    write_exr(path, planes, delivery.header(frame), compression, aspect, attributes)
    yield path


def _deliver_films(delivery: Delivery) -> Iterator[Delivered]:
    """A film an object, from its first to its last frame, gaps included; where it has no matte it is transparent."""
    target, plate = file_name(delivery.files, "prores", delivery.objects), delivery.session.plate
    total, done = sum(map(len, delivery.objects.values())), 0
    there_are = {name: has for name, has in delivery.objects.items() if has}  # two that never meet have no intersection
    for name, has in there_are.items():
        frames = range(min(has), max(has) + 1)
        path = target.path(delivery.folder, 0, folder_name(name), ".mov")
        black: list[int] = []
        pictures = (_film_picture(delivery, name, frame, black) for frame in frames)
        code = delivery.header(frames[0]).timecode
        for _ in write_prores(path, pictures, plate.fps, plate.pixel_aspect, code):
            done += 1
            yield Delivered((), min(done, total), total)
        told = f"{path.name} is black where the plate cannot be read: {', '.join(map(str, black))}."
        yield Delivered((path,), min(done, total), total, (told,) if black else ())


def _film_picture(delivery: Delivery, name: str, frame: int, black: list[int]) -> tuple[Image, Mask]:
    """The plate and the matte; black, and told, where the plate cannot be read: a film cannot leave a frame out."""
    height, width = _size(delivery.session)
    try:
        image = delivery.session.plate.unexposed(frame)
    except PlateError:
        black.append(frame)
        image = np.zeros((height, width, 3), np.uint8)
    has = frame in delivery.objects[name]
    return image, _read(delivery.session, name, frame) if has else np.zeros((height, width), np.float32)


def _read(session: Session, name: str, frame: int) -> Mask:
    return session.masks.read(session.standing.finest_delivered(name, frame))


def _size(session: Session) -> tuple[int, int]:
    return session.plate.height, session.plate.width


_WRITERS: dict[str, Callable[[Delivery, FileName, int], Iterator[Path]]] = {
    "png": _write_png,
    "exr": _write_exr,
    "cryptomatte": _write_cryptomatte,
}
