"""A sequence of stills as a source of pictures, by frame."""

from __future__ import annotations

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
    with _damage_named(path, frame):
        return read_exr(path) if path.suffix.lower() == ".exr" else read_raster(path)


def read_still_format(path: Path, frame: int) -> Format:
    """Size and rate of any still file from its header. Raises PlateError naming file and frame."""
    with _damage_named(path, frame):
        return read_exr_format(path) if path.suffix.lower() == ".exr" else read_raster_format(path)


class _damage_named:  # noqa: N801 - reads as a statement
    """Turns what the libraries say about a damaged file into a PlateError; 0 bytes are told apart."""

    def __init__(self, path: Path, frame: int) -> None:
        self._path, self._frame = path, frame

    def __enter__(self) -> None:
        try:
            size = self._path.stat().st_size
        except OSError as error:
            raise self._error(f"cannot be opened ({error.strerror})", "Check the path and its rights.") from error
        if size == 0:
            raise self._error("is empty (0 bytes)", "Render or copy it again.")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MemoryError):
            raise self._error("needs more memory than there is", "Give a smaller picture.") from error
        if isinstance(error, (RuntimeError, ValueError, OSError)):
            raise self._error(f"cannot be read: {error}", "Render or copy it again.") from error

    def _error(self, what: str, remedy: str) -> PlateError:
        return PlateError(f"Frame {self._frame}: {self._path} {what}.", remedy)
