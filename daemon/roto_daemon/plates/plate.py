"""A plate: the shot's pictures by frame, as engines and viewers want them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol, Self

from roto_daemon.backends.base import Image
from roto_shared.errors import PlateError

from .colour import Colour, Reading
from .header import Header
from .picture import Encoding, Format, Picture, Pixels
from .sequence import STILL_TYPES, find_files
from .stills import StillSource
from .video import VideoSource

DEFAULT_FPS = 24.0
"""Rate of a plate whose files do not say one."""


class Source(Protocol):
    """Pictures by frame, as stored. ``frames`` ascends; it may have gaps."""

    frames: tuple[int, ...]
    format: Format

    def path(self, frame: int) -> Path:
        """The file that holds ``frame``. Raises PlateError where there is none."""
        ...

    def picture(self, frame: int) -> Picture:
        """Read ``frame``. Raises PlateError."""
        ...

    def header(self, frame: int) -> Header:
        """What the file says of ``frame`` beside its pixels. Raises PlateError."""
        ...

    def layers(self, frame: int) -> list[str]:
        """Names of layers to choose from; none where files have no layers. Raises PlateError."""
        ...

    def close(self) -> None:
        """Let go of open files."""
        ...


class Plate:
    """The frames of a shot. Every read stands alone: a bad frame raises, the others stay readable.

    ``width`` and ``height`` are px, ``pixel_aspect`` is a pixel's width over its height, ``fps`` frames per second,
    ``told_fps`` None where the files do not say.
    """

    def __init__(self, source: Source, colour: Colour | None = None) -> None:
        self._source = source
        self.colour = colour or Colour()
        self.frames = source.frames
        self.width, self.height = source.format.width, source.format.height
        self.pixel_aspect = source.format.pixel_aspect
        self.told_fps = source.format.fps
        self.fps = self.told_fps or DEFAULT_FPS

    def path(self, frame: int) -> Path:
        """The file that holds ``frame``. Raises PlateError where there is none."""
        return self._source.path(frame)

    @property
    def files(self) -> set[Path]:
        """The files that hold its frames."""
        return {self.path(frame) for frame in self.frames}

    def fingerprints(self) -> dict[int, str]:
        """Size and time of writing of the file of every frame, ascending; empty for one that is gone."""
        told = {file: _fingerprint(file) for file in self.files}
        return {frame: told[self.path(frame)] for frame in self.frames}

    def read(self, frame: int) -> Image:
        """The picture of ``frame``: ``uint8`` RGB (height, width, 3), display-referred sRGB.

        Raises PlateError, or InputError for a colour space that does not exist.
        """
        return self.colour.for_models(self.picture(frame), self.path(frame))

    def unexposed(self, frame: int) -> Image:
        """As :meth:`read`, without the exposure that is for models alone. Raises PlateError or InputError."""
        return self.colour.for_models(self.picture(frame), self.path(frame), is_exposed=False)

    def light(self, frame: int) -> tuple[Pixels, bool]:
        """The scene-linear RGB of ``frame`` and whether it is as stored; see :meth:`.colour.Colour.as_light`."""
        return self.colour.as_light(self.picture(frame), self.path(frame))

    def look(self, frame: int, size: tuple[int, int], view: str = "", exposure: float = 0.0) -> Image:
        """The picture for eyes at ``size`` (width, height), through a view; see :meth:`.colour.Colour.for_eyes`."""
        return self.colour.for_eyes(self.picture(frame), self.path(frame), size, view, exposure)

    def picture(self, frame: int) -> Picture:
        """The picture of ``frame`` as stored, in the plate's size. Raises PlateError."""
        return read_sized(self._source, frame)

    def header(self, frame: int) -> Header:
        """What the file says of ``frame`` beside its pixels. Raises PlateError."""
        return self._source.header(frame)

    def layers(self, frame: int) -> list[str]:
        """Names by which layers of ``frame`` can be chosen; none where files have no layers. Raises PlateError."""
        return self._source.layers(frame)

    def colour_space(self) -> str:
        """The name of the space that the plate is taken to be in. Raises InputError for an unknown choice."""
        space = self.colour.space(self._source.format, self.path(self.frames[0]))
        return space.told if isinstance(space, Encoding) else space

    def close(self) -> None:
        """Let go of open files."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_plate(
    reference: str | Path, first_frame: int | None = None, layer: str = "", reading: Reading | None = None
) -> Plate:
    """Open a folder of stills, a pattern (``plate.%04d.exr``, ``plate.####.exr``), a single still or a video.

    Stills keep the number in their names, a video counts from 1. ``first_frame`` gives the first file, or the video's
    first picture, that number and shifts all others with it, so gaps stay. ``layer`` chooses one of EXR files, and
    ``reading`` says how numbers become colours. Raises PlateError.
    """
    return Plate(open_source(reference, first_frame, layer), Colour(reading or Reading()))


def _fingerprint(file: Path) -> str:
    try:
        told = file.stat()
    except OSError:
        return ""
    return f"{told.st_size:x}-{told.st_mtime_ns:x}"


def open_source(reference: str | Path, first_frame: int | None = None, layer: str = "") -> Source:
    """The pictures behind a reference, as stored; see :func:`open_plate`. Raises PlateError."""
    path = Path(reference).expanduser()
    _check_name(path)
    if _is_video(path):
        return VideoSource(path, 1 if first_frame is None else first_frame)
    files = find_files(path)
    for file in files.values():
        _check_name(file)
    shift = 0 if first_frame is None else first_frame - next(iter(files))
    return StillSource({frame + shift: file for frame, file in files.items()}, layer)


def files_of(reference: str | Path) -> list[Path]:
    """The files behind a reference as :func:`open_plate` takes it; none is opened. Raises PlateError."""
    path = Path(reference).expanduser()
    return [path] if _is_video(path) else list(find_files(path).values())


def plain_path(reference: str) -> str:
    """A plate's reference as all write it who mean the same files: from the root, and links are kept.

    Two dots stay where they follow a link, for they lead to the folder above what that links to.
    """
    path = Path(reference).expanduser().absolute()
    plain = os.path.normpath(path)
    is_same = "\0" in reference or os.path.realpath(plain) == os.path.realpath(path)
    return plain if is_same else str(path)


def _is_video(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() not in STILL_TYPES


def _check_name(file: Path) -> None:
    """Raise PlateError for a name that is not UTF-8, which the libraries that read pictures do not take."""
    try:
        str(file).encode()
    except UnicodeEncodeError as error:
        told = str(file).encode(errors="replace").decode()
        raise PlateError(f"The name of {told} is not UTF-8.", "Rename it.") from error


def read_sized(source: Source, frame: int) -> Picture:
    """A picture that has the size of its sequence. Raises PlateError naming both sizes where it has not."""
    picture = source.picture(frame)
    if picture.size != (source.format.width, source.format.height):
        raise PlateError(
            f"Frame {frame}: {source.path(frame)} is {picture.size[0]}×{picture.size[1]}, "
            f"the rest is {source.format.width}×{source.format.height}.",
            "Render the frame in the sequence's size.",
        )
    return picture
