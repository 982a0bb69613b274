"""A sequence of stills as a source of pictures, by frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roto_shared.errors import PlateError

from .exr import NoLayerError, list_layers, read_exr, read_exr_format
from .header import Header, read_still_header
from .picture import Format, Picture
from .raster import read_raster, read_raster_format


class StillSource:
    """Stills by frame; ``layer`` chooses one of EXR files. The format is that of the first readable header."""

    def __init__(self, files: dict[int, Path], layer: str = "") -> None:
        self._files = files
        self._layer = layer
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
        return read_still(self.path(frame), frame, self._layer)

    def header(self, frame: int) -> Header:
        """What the file of ``frame`` says beside its pixels. Raises PlateError."""
        path = self.path(frame)
        with named_damage(path, frame):
            return read_still_header(path, self._layer)

    def layers(self, frame: int) -> list[str]:
        """Names of the layers in the file of ``frame``; none where it is no EXR. Raises PlateError."""
        path = self.path(frame)
        with named_damage(path, frame):
            return list_layers(path) if path.suffix.lower() == ".exr" else []

    def close(self) -> None:
        """Nothing stays open between frames."""

    def _first_format(self) -> Format:
        reason: PlateError | None = None
        for frame, path in self._files.items():
            try:
                return read_still_format(path, frame, self._layer)
            except PlateError as error:
                reason = reason or error
        assert reason is not None
        raise reason


def _gap_remedy(frames: tuple[int, ...]) -> str:
    return (
        f"The plate has {len(frames)} frames from {frames[0]} to {frames[-1]}; render the gap or choose another range."
    )


def read_still(path: Path, frame: int, layer: str = "") -> Picture:
    """Any still file as a picture. Raises PlateError naming file and frame."""
    with named_damage(path, frame):
        if path.suffix.lower() == ".exr":
            return read_exr(path, layer)
        _refuse_layer(layer)
        return read_raster(path)


def read_still_format(path: Path, frame: int, layer: str = "") -> Format:
    """Size and rate of any still file from its header. Raises PlateError naming file and frame."""
    with named_damage(path, frame):
        if path.suffix.lower() == ".exr":
            return read_exr_format(path, layer)
        _refuse_layer(layer)
        return read_raster_format(path)


def _refuse_layer(layer: str) -> None:
    if layer:
        raise NoLayerError(f"only EXR files have layers to choose “{layer}” from")


@contextmanager
def named_damage(path: Path, frame: int) -> Iterator[None]:
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
    except NoLayerError as error:
        raise PlateError(f"{here}: {error}.", "Choose one of the file's layers, or none.") from error
    except UnicodeDecodeError as error:
        raise PlateError(f"{here}: a text of its header is not UTF-8.", "Write the file anew without it.") from error
    except MemoryError as error:
        raise PlateError(f"{here} needs more memory than there is.", "Give a smaller picture.") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise PlateError(f"{here} cannot be read: {error}.", "Render or copy it again.") from error
