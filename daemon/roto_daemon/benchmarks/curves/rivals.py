"""The rivals that draw every frame anew: a polygon (Douglas and Peucker 1973) and Debian's potrace.

Their points have no history, so a stored value is a coordinate on every frame: two a polygon's corner, six a knot of a
curve. potrace runs as a process of its own; without it there is no such rival.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, bernstein
from roto_geometry.measure.agreement import Agreement, AgreementTally
from roto_geometry.measure.coverage import coverage
from roto_geometry.trace.contour import trace

from .cost import CpuClock
from .footage import Mask

POLYGON_TOLERANCE_PX = 1.0
POTRACE_PIECES = 8
POTRACE_UNIT_PX = 0.1


@dataclass(frozen=True)
class Traced:
    """One frame of a rival: polygons to draw, how many points and how many numbers they take."""

    polygons: list[Array]
    points: int
    values: int


Tracer = Callable[[Mask], Traced]


@dataclass(frozen=True)
class Potrace:
    """potrace's own settings, its defaults by default: corners, tolerance of joining curves (px), specks (px²)."""

    alphamax: float = 1.0
    opttolerance: float = 0.2
    turdsize: int = 2

    def __call__(self, mask: Mask) -> Traced:
        """Trace one mask."""
        rows = np.packbits(mask, axis=1).tobytes()
        picture = b"P4\n%d %d\n" % (mask.shape[1], mask.shape[0]) + rows
        options = ["-a", str(self.alphamax), "-O", str(self.opttolerance), "-t", str(self.turdsize)]
        command = ["potrace", "-b", "svg", "--flat", *options, "-o", "-", "-"]
        svg = subprocess.run(command, input=picture, capture_output=True, check=True).stdout.decode()
        polygons, points = [], 0
        for path in re.findall(r'<path d="([^"]*)"', svg):
            for loop, count in _svg_loops(path):
                polygons.append(loop * (POTRACE_UNIT_PX, -POTRACE_UNIT_PX) + (0, mask.shape[0]))
                points += count
        return Traced(polygons, points, 6 * points)


@dataclass(frozen=True)
class Polygon:
    """Douglas-Peucker on the sub-pixel outline."""

    tolerance_px: float = POLYGON_TOLERANCE_PX

    def __call__(self, mask: Mask) -> Traced:
        """Trace one mask."""
        outlines = [outline.astype(np.float32)[:, None] for outline in trace(mask, overscan_px=0)]
        polygons = [np.asarray(cv2.approxPolyDP(o, self.tolerance_px, True), float)[:, 0] for o in outlines]
        points = sum(map(len, polygons))
        return Traced(polygons, points, 2 * points)


@dataclass(frozen=True)
class RivalScore:
    """A rival over a sequence: how it agrees with the masks it drew and with the true ones, what it took to store."""

    agreement: Agreement
    truth: Agreement | None
    points_per_frame: float
    stored_values: int
    cpu_s: float


def has_potrace() -> bool:
    """Whether potrace can be asked."""
    return shutil.which("potrace") is not None


def default_rivals() -> Mapping[str, Tracer]:
    """The rivals at the settings that people use."""
    polygon: dict[str, Tracer] = {"polygon": Polygon()}
    return polygon | ({"potrace": Potrace()} if has_potrace() else {})


def score_rival(
    tracer: Tracer, masks: Sequence[tuple[int, Mask]], truths: Mapping[int, Mask] | None = None
) -> RivalScore:
    """Trace every mask alone and compare; ``truths`` are the true masks where ``masks`` are a network's."""
    own, true, clock = AgreementTally(), AgreementTally(), CpuClock()
    points = values = 0
    for frame, mask in masks:
        with clock:
            traced = tracer(mask)
        matte = draw(traced, mask)
        own.add(frame, matte, mask)
        if truths is not None:
            true.add(frame, matte, truths[frame])
        points, values = points + traced.points, values + traced.values
    against_truth = None if truths is None else true.result()
    return RivalScore(own.result(), against_truth, points / len(masks), values, clock.seconds)


def draw(traced: Traced, mask: Mask) -> NDArray[np.float32]:
    """The polygons' exact coverage at the mask's size."""
    return coverage(traced.polygons, mask.shape[1], mask.shape[0])


def _svg_loops(path: str) -> Iterator[tuple[Array, int]]:
    """Polygons of a path of M/m, c, l and z as potrace writes them, each with its number of segments."""
    here = start = np.zeros(2)
    pieces: list[Array] = []
    count = 0
    for command, text in re.findall(r"([MmclzZ])([^MmclzZ]*)", path):
        numbers = np.array(text.replace(",", " ").split(), dtype=np.float64).reshape(-1, 2)
        if command in "Mm":
            here = numbers[0] if command == "M" else here + numbers[0]
            start, pieces, count = here, [here[None]], 0
        elif command in "zZ":
            yield np.vstack(pieces), count
            here = start
        else:
            step = 3 if command == "c" else 1
            for first in range(0, len(numbers), step):
                control = here + np.vstack([np.zeros(2), numbers[first : first + step]])
                pieces.append(_curve(control) if step == 3 else control[1:])
                here = control[-1]
                count += 1


def _curve(control: Array) -> Array:
    return bernstein(np.arange(1, POTRACE_PIECES + 1) / POTRACE_PIECES) @ control
