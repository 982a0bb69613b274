"""How good the curves are on masks that are known, beside potrace and a polygon that know nothing of time.

A data folder holds one folder a sequence with ``gt`` masks, and ``osvos`` ones (a network's) where there are some. The
rivals draw every frame anew: their points have no history, so for them a stored value is a coordinate on every frame.
Times are CPU seconds of this process and its children, since the machines are shared.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, bernstein
from roto_geometry.contour import trace
from roto_geometry.coverage import coverage
from roto_geometry.curve_metrics import CurveFigures, score_curves
from roto_geometry.fitting import fit_shapes, fitted_document
from roto_geometry.mask_metrics import jaccard
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError

POLYGON_TOLERANCE_PX = 1.0
POTRACE_PIECES = 8

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RivalScore:
    """What a tracer without time needs: mean IoU, points and stored values over all frames."""

    iou: float
    points_per_frame: float
    stored_values: int


@dataclass(frozen=True)
class CurveScore:
    """One sequence: our figures, CPU seconds of the fit a frame, and the rivals by name."""

    sequence: str
    masks: str
    figures: CurveFigures
    fit_s_per_frame: float
    rivals: Mapping[str, RivalScore]

    def lines(self) -> Iterator[str]:
        """The figures as text."""
        f = self.figures
        yield (
            f"{self.sequence:16} {self.masks:5} IoU {f.iou:.4f} (worst {f.iou_min:.3f} at {f.worst_frame}) "
            f"F@2 {f.f2:.3f} F@1 {f.f1:.3f}  "
            f"px mean {f.boundary_mean_px:.2f} p95 {f.boundary_p95_px:.2f} max {f.boundary_max_px:.0f}"
        )
        yield (
            f"{'':22} points {f.points_per_frame:.0f} values {f.stored_values} key ratio {f.key_ratio:.2f} "
            f"shapes {f.shapes} (> 300 px²: {f.shapes_above_300}) life {f.median_life:.0f} "
            f"jitter {f.jitter_px:.2f} px  crossings {f.self_intersections} flips {f.orientation_flips} "
            f"recounts {f.point_count_changes}  "
            f"{1 / self.fit_s_per_frame:.1f} frames/CPU s"
        )
        for name, rival in self.rivals.items():
            yield (
                f"{'':22} {name}: IoU {rival.iou:.4f} points {rival.points_per_frame:.0f} values {rival.stored_values} "
                f"(ours: {f.stored_values / rival.stored_values:.2f} of them)"
            )


def score_folder(folder: Path, settings: FitSettings | None = None) -> Iterator[CurveScore]:
    """Every sequence of ``folder``, true masks first, then a network's where there are some."""
    found = False
    for place in sorted(folder.iterdir() if folder.is_dir() else []):
        for kind in ("gt", "osvos"):
            if (place / kind).is_dir():
                found = True
                yield score_sequence(place.name, kind, read_masks(place / kind), settings or FitSettings())
    if not found:
        raise InputError(f"{folder} holds no sequences.", "Give a folder of <sequence>/gt.")


def score_sequence(sequence: str, kind: str, masks: Sequence[tuple[int, Mask]], settings: FitSettings) -> CurveScore:
    """Fit one sequence of masks and score it against them and beside the rivals."""
    began = time.process_time()
    result = fit_shapes(masks, settings, sequence)
    seconds = (time.process_time() - began) / len(masks)
    height, width = masks[0][1].shape
    document = fitted_document([result], (width, height), (masks[0][0], masks[-1][0]))
    rivals = {"polygon": _score_rival([_polygon(mask) for _, mask in masks], masks)}
    if shutil.which("potrace"):
        rivals["potrace"] = _score_rival([_potrace(mask) for _, mask in masks], masks)
    return CurveScore(sequence, kind, score_curves(document, masks), seconds, rivals)


def read_masks(folder: Path) -> list[tuple[int, Mask]]:
    """PNG masks by the number in their names; any colour but the palette's black is the object."""
    masks = []
    for path in sorted(folder.glob("*.png")):
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise InputError(f"{path} cannot be read.", "Check the file.")
        masks.append((int(re.sub(r"\D", "", path.stem) or 0), np.asarray(picture).max(axis=2) > 0))
    if not masks:
        raise InputError(f"{folder} holds no PNG masks.", "Give a folder of masks.")
    return masks


@dataclass(frozen=True)
class _Traced:
    """One frame of a rival: polygons to draw, how many points and how many numbers they take."""

    polygons: list[Array]
    points: int
    values: int


def _score_rival(frames: Sequence[_Traced], masks: Sequence[tuple[int, Mask]]) -> RivalScore:
    agreement = [
        jaccard(coverage(traced.polygons, mask.shape[1], mask.shape[0]) >= 0.5, mask)
        for traced, (_, mask) in zip(frames, masks, strict=True)
    ]
    points = float(np.mean([traced.points for traced in frames]))
    return RivalScore(float(np.mean(agreement)), points, sum(traced.values for traced in frames))


def _polygon(mask: Mask) -> _Traced:
    """Douglas-Peucker on the sub-pixel outline."""
    polygons = [
        np.asarray(cv2.approxPolyDP(outline.astype(np.float32)[:, None], POLYGON_TOLERANCE_PX, True), float)[:, 0]
        for outline in trace(mask, overscan_px=0)
    ]
    points = sum(map(len, polygons))
    return _Traced(polygons, points, 2 * points)


def _potrace(mask: Mask) -> _Traced:
    """Debian's potrace at its defaults, its SVG read back."""
    rows = np.packbits(mask, axis=1).tobytes()
    picture = b"P4\n%d %d\n" % (mask.shape[1], mask.shape[0]) + rows
    svg = subprocess.run(
        ["potrace", "-b", "svg", "--flat", "-o", "-", "-"], input=picture, capture_output=True, check=True
    )
    polygons, points = [], 0
    for path in re.findall(r'<path d="([^"]*)"', svg.stdout.decode()):
        for loop, count in _svg_loops(path):
            polygons.append(loop * (0.1, -0.1) + (0, mask.shape[0]))
            points += count
    return _Traced(polygons, points, 6 * points)


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
