"""What a shot of ``FRAMES`` HD frames costs and how it is drawn, and the same of one that is longer.

The cost is CPU seconds, and memory, which must not grow with the frames.

The outlines of a sequence's true masks are enlarged to 1080 lines and drawn with exact area coverage, so they have the
smooth edges that HD masks have; pictures are enlarged with them. The sequence runs forwards and backwards until the
shot is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from roto_daemon.motion.points import PlateMotion
from roto_geometry.bezier import Array
from roto_geometry.fitting import ShapeFitter, fitted_document
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.curve_metrics import CurveFigures, score_curves
from roto_geometry.measure.raster import Matte
from roto_geometry.settings import FitSettings
from roto_geometry.trace.contour import trace

from .cost import CpuClock, peak_memory_mb
from .footage import TRUE, Footage, Image

HEIGHT = 1080
FRAMES = 100
MUST_CPU_S = 20.0


@dataclass(frozen=True)
class HdCost:
    """One shot: how long, CPU seconds of the fit, the most memory of its process when the fit ended, its figures."""

    sequence: str
    frames: int
    cpu_s: float
    peak_memory_mb: float
    curves: CurveFigures


def measure_hd(footage: Footage, settings: FitSettings, frames: int = FRAMES) -> HdCost:
    """Fit an HD shot on one core; its masks, pictures and figures are not on the clock. Call it in a fresh process."""
    cv2.setNumThreads(1)
    clock = CpuClock()
    motion = PlateMotion(clock.paused(hd_pictures(footage))) if footage.is_pictured else None
    fitter = ShapeFitter(footage.name, settings, motion=motion)
    for frame, mask in hd_masks(footage, frames):
        with clock:
            fitter.add(frame, mask)
    with clock:
        result = fitter.fit()
    peak_mb = peak_memory_mb()
    drawn = fitted_document([result], fitter.size, (1, frames))
    return HdCost(footage.name, frames, clock.seconds, peak_mb, score_curves(drawn, hd_masks(footage, frames)))


def hd_masks(footage: Footage, frames: int) -> Iterator[tuple[int, Matte]]:
    """Masks ``HEIGHT`` px high of frames 1 to ``frames``."""
    traced: list[list[Array]] = []
    width = scale = 0.0
    for _, mask in footage.masks(TRUE):
        scale = HEIGHT / mask.shape[0]
        width = mask.shape[1] * scale
        traced.append([outline * scale for outline in trace(mask)])
    for frame in range(1, frames + 1):
        yield frame, coverage(traced[_there_and_back(frame, len(traced))], round(width), HEIGHT)


def hd_pictures(footage: Footage) -> Callable[[int], Image]:
    """Pictures ``HEIGHT`` px high of the frames of :func:`hd_masks`."""
    stored = footage.frames(TRUE)

    def read(frame: int) -> Image:
        picture = footage.picture(stored[_there_and_back(frame, len(stored))])
        size = round(picture.shape[1] * HEIGHT / picture.shape[0]), HEIGHT
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)

    return read


def _there_and_back(frame: int, count: int) -> int:
    """Which of ``count`` stored frames, from 0, is shown on ``frame``, from 1."""
    at = (frame - 1) % max(1, 2 * count - 2)
    return min(at, 2 * count - 2 - at)
