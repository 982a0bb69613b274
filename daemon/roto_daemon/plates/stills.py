"""A sequence of stills as a source of pictures, by frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roto_shared.errors import PlateError

from .exr import read_exr, read_exr_format
from .picture import Format, Picture
from .raster import read_raster, read_raster_format


class StillSource:
    """Stills by frame. The format is that of the first file whose header can be read."""

    def __init__(self, files: dict[int, Path]) -> None:
        self._files = files
        self.frames = tuple(files)
        self.format = self._first_format()

    def path(self, frame: int) -> Path:
        """The file of ``frame``. Raises PlateError where there is none."""
        if frame not in self._files:
            raise PlateError(
                f"Frame {frame} is missing in {self._files[self.frames[0]].parent}.", _gap_remedy(self.frames)
            )
        return self._files[frame]

    def picture(self, frame: int) -> Picture:
        """Read ``frame``. Raises PlateError."""
        return read_still(self.path(frame), frame)

    def close(self) -> None:
        """Nothing stays open between frames."""

    def _first_format(self) -> Format:
        reason: PlateError | None = None
        for frame, path in self._files.items():
            try:
                return read_still_format(path, frame)
            except PlateError as error:
                reason = reason or error
        assert reason is not None
        raise reason


def _gap_remedy(frames: tuple[int, ...]) -> str:
    return (
        f"The plate has {len(frames)} frames from {frames[0]} to {frames[-1]}; render the gap or choose another range."
    )


def read_still(path: Path, frame: int) -> Picture:
    """Any still file as a picture. Raises PlateError naming file and frame."""
    with _named_damage(path, frame):
        return read_exr(path) if path.suffix.lower() == ".exr" else read_raster(path)


def read_still_format(path: Path, frame: int) -> Format:
    """Size and rate of any still file from its header. Raises PlateError naming file and frame."""
    with _named_damage(path, frame):
        return read_exr_format(path) if path.suffix.lower() == ".exr" else read_raster_format(path)


@contextmanager
def _named_damage(path: Path, frame: int) -> Iterator[None]:
    """Turn what the libraries say about a damaged file into a PlateError; files of 0 bytes are told apart."""
    here = f"Frame {frame}: {path}"
    try:
        size = path.stat().st_size
    except OSError as error:
        raise PlateError(f"{here} cannot be opened ({error.strerror}).", "Check the path and its rights.") from error
    if size == 0:
        raise PlateError(f"{here} is empty (0 bytes).", "Render or copy it again.")
    try:
        yield
    except MemoryError as error:
        raise PlateError(f"{here} needs more memory than there is.", "Give a smaller picture.") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise PlateError(f"{here} cannot be read: {error}.", "Render or copy it again.") from error
