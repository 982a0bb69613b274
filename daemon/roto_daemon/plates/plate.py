"""A plate: the shot's pictures by frame, as engines and viewers want them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, Self

from roto_daemon.backends.base import Image
from roto_shared.errors import PlateError

from .colour import to_display
from .picture import Format, Picture
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

    def close(self) -> None:
        """Let go of open files."""
        ...


class Plate:
    """The frames of a shot. Every read stands alone: a bad frame raises, the others stay readable.

    ``width`` and ``height`` are px, ``pixel_aspect`` is a pixel's width over its height, ``fps`` frames per second.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.frames = source.frames
        self.width, self.height = source.format.width, source.format.height
        self.pixel_aspect = source.format.pixel_aspect
        self.fps = source.format.fps or DEFAULT_FPS

    def path(self, frame: int) -> Path:
        """The file that holds ``frame``. Raises PlateError where there is none."""
        return self._source.path(frame)

    def read(self, frame: int) -> Image:
        """The picture of ``frame``: ``uint8`` RGB (height, width, 3), display-referred sRGB. Raises PlateError."""
        return to_display(read_sized(self._source, frame))

    def close(self) -> None:
        """Let go of open files."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_plate(reference: str | Path, first_frame: int | None = None) -> Plate:
    """Open a folder of stills, a pattern (``plate.%04d.exr``, ``plate.####.exr``), a single still or a video.

    Stills keep the number in their names, a video counts from 1. ``first_frame`` gives the first file, or the video's
    first picture, that number and shifts all others with it, so gaps stay. Raises PlateError.
    """
    return Plate(open_source(reference, first_frame))


def open_source(reference: str | Path, first_frame: int | None = None) -> Source:
    """The pictures behind a reference, as stored; see :func:`open_plate`."""
    path = Path(reference).expanduser()
    if path.is_file() and path.suffix.lower() not in STILL_TYPES:
        return VideoSource(path, 1 if first_frame is None else first_frame)
    files = find_files(path)
    shift = 0 if first_frame is None else first_frame - next(iter(files))
    return StillSource({frame + shift: file for frame, file in files.items()})


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
