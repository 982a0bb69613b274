"""Masks and mattes that others made, read as coverage."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask
from roto_shared.errors import PlateError

from .picture import Picture, Pixels
from .plate import DEFAULT_FPS, Source, open_source, read_sized

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Rec.709 weights of red, green and blue."""

GREY = 0.02
"""The most that the colours of grey differ by; films do not bring it back exactly."""


class MaskSequence:
    """Masks by frame. With a ``label`` only the pixels that hold that id are the object.

    ``pixel_aspect`` and ``fps`` are as those of a plate. ``reach`` is the largest coverage that was read so far.
    """

    def __init__(self, source: Source, label: int | None = None) -> None:
        self._source = source
        self._label = label
        self.frames = source.frames
        self.width, self.height = source.format.width, source.format.height
        self.pixel_aspect = source.format.pixel_aspect
        self.fps = source.format.fps or DEFAULT_FPS
        self.reach = 0.0

    def path(self, frame: int) -> Path:
        """The file that holds ``frame``. Raises PlateError where there is none."""
        return self._source.path(frame)

    @property
    def files(self) -> set[Path]:
        """The files that hold its frames."""
        return {self.path(frame) for frame in self.frames}

    def read(self, frame: int) -> Mask:
        """Coverage of ``frame``: ``float32`` (height, width) in 0..1. Raises PlateError."""
        mask = self._coverage(frame)
        self.reach = max(self.reach, float(mask.max()))
        return mask

    def _coverage(self, frame: int) -> Mask:
        picture = read_sized(self._source, frame)
        if self._label is None:
            return to_coverage(picture)
        ids = label_ids(picture)
        if ids is None:
            raise PlateError(
                f"Frame {frame}: {self.path(frame)} holds no object ids.",
                "Give palette or integer grey images.",
            )
        return (ids == self._label).astype(np.float32)

    def close(self) -> None:
        """Let go of open files."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_masks(reference: str | Path, first_frame: int | None = None, label: int | None = None) -> MaskSequence:
    """Open masks as :func:`open_plate` opens plates; ``label`` picks one id of annotations. Raises PlateError."""
    return MaskSequence(open_source(reference, first_frame), label)


def read_mask(reference: str | Path, label: int | None = None) -> Mask:
    """The coverage in a single file. Raises PlateError."""
    with open_masks(reference, label=label) as masks:
        return masks.read(masks.frames[0])


def to_coverage(picture: Picture) -> Mask:
    """Coverage that a picture stands for.

    Palette images are annotations: every id but 0 is the object. Otherwise alpha counts; where it is the same
    everywhere, it is a matte of nothing or of all beside a picture, and beside grey the mask is in the colours.
    Without alpha luma counts, or the single channel. Numbers are coverage as they stand, never colours: no curve is
    applied to them.
    """
    if picture.labels is not None:
        return (picture.labels > 0).astype(np.float32)
    alpha = picture.channel("A")
    colours = picture.pixels[..., [i for i, name in enumerate(picture.channels) if name != "A"]]
    if alpha is not None and not (colours.shape[2] and alpha.min() == alpha.max() and _holds_mask(colours, alpha)):
        return _unit(alpha)
    if colours.shape[2] >= 3:
        return np.clip(_unit(colours[..., :3]) @ LUMA, 0.0, 1.0)
    return _unit(colours[..., 0])


def _holds_mask(colours: Pixels, alpha: Pixels) -> bool:
    """Whether colours beside an alpha that is the same everywhere are grey, and not one white that it takes away."""
    shown = _unit(colours)
    is_grey = (shown.max(axis=2) - shown.min(axis=2)).max() <= GREY
    return bool(is_grey and (alpha.max() > 0 or shown.min() != shown.max()))


def label_ids(picture: Picture) -> Pixels | None:
    """Object ids (H, W): palette indices, or the integers of a single channel; None where there are none."""
    if picture.labels is not None:
        return picture.labels
    grey = picture.channel("Y")
    return grey if grey is not None and grey.dtype in (np.uint8, np.uint16) else None


def _unit(samples: Pixels) -> NDArray[np.float32]:
    """Samples in 0..1; NaN counts as nothing."""
    if samples.dtype in (np.uint8, np.uint16):
        return np.multiply(samples, 1 / np.iinfo(samples.dtype).max, dtype=np.float32)
    return np.clip(np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
