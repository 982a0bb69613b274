"""A still as its file holds it: pixels, channel names and what the numbers mean, before any colour conversion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

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


LARGEST_PX = 1 << 29
"""More pixels than this in one picture are taken for a damaged header; 16K square is half of it."""


@dataclass(frozen=True)
class Format:
    """Size in pixels and the width of a pixel over its height; ``fps`` is None where the file does not say.

    Raises ValueError for a size that no picture has.
    """

    width: int
    height: int
    pixel_aspect: float = 1.0
    fps: float | None = None

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or self.width * self.height > LARGEST_PX:
            raise ValueError(f"it says that it is {self.width}×{self.height}")


@dataclass(frozen=True)
class Picture:
    """``pixels`` is (H, W, C), C as ``channels`` names them: ("R", "G", "B"), with "A" if there is one, or ("Y",).

    Integers use their full range (10-bit files come scaled to 16), halves and floats are as stored.
    ``labels`` is (H, W) palette indices for a picture that was stored with a palette, else None.
    """

    pixels: Pixels
    channels: tuple[str, ...]
    encoding: Encoding = Encoding.DISPLAY
    labels: NDArray[np.uint8] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def channel(self, name: str) -> Pixels | None:
        """The (H, W) plane called ``name``, or None."""
        return self.pixels[..., self.channels.index(name)] if name in self.channels else None
