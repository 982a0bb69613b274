"""What a shot of ``FRAMES`` HD frames costs: CPU seconds, and memory at two lengths, since it must not grow with them.

The outlines of a sequence's true masks are enlarged to 1080 lines and drawn with exact area coverage, so they have the
smooth edges that HD masks have. The sequence runs forwards and backwards until the shot is full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roto_geometry.bezier import Array
from roto_geometry.fitting import ShapeFitter
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.raster import Matte
from roto_geometry.settings import FitSettings
from roto_geometry.trace.contour import trace

from .cost import CpuClock, peak_memory_mb
from .footage import TRUE, Footage

HEIGHT = 1080
FRAMES = 100
MUST_CPU_S = 20.0


@dataclass(frozen=True)
class HdCost:
    """One shot: how long, CPU seconds of the fit, and the most memory of its process when the fit ended."""

    sequence: str
    frames: int
    cpu_s: float
    peak_memory_mb: float


def measure_hd(footage: Footage, settings: FitSettings, frames: int = FRAMES) -> HdCost:
    """Fit an HD shot; masks are made one at a time and not on the clock. Call it in a fresh process."""
    clock = CpuClock()
    fitter = ShapeFitter(footage.name, settings)
    for frame, mask in hd_masks(footage, frames):
        with clock:
            fitter.add(frame, mask)
    with clock:
        fitter.fit()
    return HdCost(footage.name, frames, clock.seconds, peak_memory_mb())


def hd_masks(footage: Footage, frames: int) -> Iterator[tuple[int, Matte]]:
    """Masks ``HEIGHT`` px high of frames 1 to ``frames``."""
    traced: list[list[Array]] = []
    width = scale = 0.0
    for _, mask in footage.masks(TRUE):
        scale = HEIGHT / mask.shape[0]
        width = mask.shape[1] * scale
        traced.append([outline * scale for outline in trace(mask)])
    there_and_back = traced + traced[-2:0:-1]
    for index in range(frames):
        yield index + 1, coverage(there_and_back[index % len(there_and_back)], round(width), HEIGHT)
