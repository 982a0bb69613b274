"""A still as its file holds it: pixels, channel names and what the numbers mean, before any colour conversion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
"""Samples of ``uint8``, ``uint16``, ``float16`` or ``float32``."""


class Encoding(Enum):
    """What a number in a picture means.

    DISPLAY: display-referred sRGB. LINEAR: scene-linear Rec.709. CINEON_LOG: printing density of a film scan.
    """

    DISPLAY = "display"
    LINEAR = "linear"
    CINEON_LOG = "cineon_log"

    @property
    def told(self) -> str:
        """Its name for people, by which it can also be chosen."""
        return {"display": "sRGB", "linear": "linear", "cineon_log": "Cineon"}[self.value]


LARGEST_PX = 1 << 29
"""More pixels than this in one picture are taken for a damaged header; 16K square is half of it."""


@dataclass(frozen=True)
class Format:
    """Size in pixels and the width of a pixel over its height; ``fps`` is None where the file does not say.

    ``encoding`` and ``colour_space`` are those of :class:`Picture`. Raises ValueError for a size that no picture has.
    """

    width: int
    height: int
    pixel_aspect: float = 1.0
    fps: float | None = None
    encoding: Encoding = Encoding.DISPLAY
    colour_space: str = ""

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or self.width * self.height > LARGEST_PX:
            raise ValueError(f"it says that it is {self.width}×{self.height}")


@dataclass(frozen=True)
class Picture:
    """``pixels`` is (H, W, C), C as ``channels`` names them: ("R", "G", "B"), with "A" if there is one, or ("Y",).

    Integers use their full range (10-bit files come scaled to 16), halves and floats are as stored.
    ``labels`` is (H, W) palette indices for a picture that was stored with a palette, else None. ``colour_space`` is
    what the file itself calls its space, by a name of the Color Interop Forum or of the Academy; empty where it does
    not, or where that is what ``encoding`` says.
    """

    pixels: Pixels
    channels: tuple[str, ...]
    encoding: Encoding = Encoding.DISPLAY
    labels: NDArray[np.uint8] | None = None
    colour_space: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def channel(self, name: str) -> Pixels | None:
        """The (H, W) plane called ``name``, or None."""
        return self.pixels[..., self.channels.index(name)] if name in self.channels else None


LARGEST_HALF = 65504.0


def finite(pixels: Pixels) -> Pixels:
    """Floats that can be multiplied and stored as halves: NaN is nothing, what is too large for a half its largest."""
    is_told = np.isfinite(pixels) if pixels.dtype == np.float16 else np.abs(pixels) <= LARGEST_HALF
    if is_told.all():  # nearly always, and looking takes a tenth of the time of changing
        return pixels
    known = pixels.copy()
    known[~is_told] = np.clip(np.nan_to_num(pixels[~is_told], nan=0.0), -LARGEST_HALF, LARGEST_HALF)
    return known


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """(H, W, C) samples at ``size`` (width, height), each the mean of what it covers; halves become floats.

    NaN counts as nothing, for else one such pixel would spread.
    """
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    wide = pixels.astype(np.float32) if pixels.dtype == np.float16 else np.ascontiguousarray(pixels)
    if wide.dtype == np.float32:
        wide = np.nan_to_num(wide, nan=0.0, posinf=LARGEST_HALF, neginf=0.0)
    small = cv2.resize(wide, size, interpolation=cv2.INTER_AREA)
    return small.reshape(size[1], size[0], pixels.shape[2])
