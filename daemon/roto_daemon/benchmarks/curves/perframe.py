"""How many points a single frame's fit needs for a wanted agreement: every frame is fitted alone.

Each method has one setting that trades points for closeness; a ladder of it gives IoU against points, both means over
frames, and between its rungs IoU is linear in points. For our fit the setting is ``detail``. What pays over the life of
a shape only is left out, since a frame alone has none: a shape is worth it if it covers more than its knots must save,
and pieces stay pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from roto_geometry.fit.knots import FEWEST_KNOTS
from roto_geometry.fitting import fit_frame
from roto_geometry.measure.mask_metrics import jaccard
from roto_geometry.settings import FitSettings

from .footage import Mask
from .rivals import Polygon, Potrace, Tracer, draw, has_potrace

WANTED_IOU = (0.97, 0.98, 0.99)
DETAILS = (0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0)
POLYGON_TOLERANCES_PX = (0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
POTRACE_LADDER = (
    Potrace(),
    Potrace(alphamax=0.5),
    Potrace(alphamax=1.334, opttolerance=0.5),
    Potrace(alphamax=1.334, opttolerance=1.0, turdsize=10),
    Potrace(alphamax=1.334, opttolerance=2.0, turdsize=30),
    Potrace(alphamax=1.334, opttolerance=5.0, turdsize=100),
)
"""potrace chooses its polygon by itself; these join the curves on it as far as they can be joined."""


@dataclass(frozen=True)
class Rung:
    """One setting of a method: mean IoU and mean points over the frames."""

    setting: float | str
    iou: float
    points: float


Ladders = Mapping[str, tuple[Rung, ...]]


def climb(masks: Sequence[tuple[int, Mask]], settings: FitSettings) -> Ladders:
    """The ladders of all methods over these frames."""
    ladders = {
        "ours": tuple(_fitted(masks, _alone(replace(settings, detail=detail))) for detail in DETAILS),
        "polygon": tuple(_traced(masks, Polygon(px), px) for px in POLYGON_TOLERANCES_PX),
    }
    if has_potrace():
        ladders["potrace"] = tuple(_traced(masks, potrace, _named(potrace)) for potrace in POTRACE_LADDER)
    return ladders


def points_at(rungs: Sequence[Rung], iou: float) -> float | None:
    """Points for a mean IoU, interpolated between the rungs that no other rung beats; None where it is not reached.

    Below the coarsest rung it is that rung's number: an upper bound.
    """
    front = _front(rungs)
    if not front or front[-1].iou < iou:
        return None
    if front[0].iou >= iou:
        return front[0].points
    low, high = next((a, b) for a, b in pairwise(front) if a.iou < iou <= b.iou)
    return low.points + (high.points - low.points) * (iou - low.iou) / (high.iou - low.iou)


def pooled(ladders: Sequence[Ladders]) -> Ladders:
    """Means over sequences of every rung, so that a mean IoU stands beside mean points."""
    return {
        method: tuple(
            Rung(rungs[0].setting, float(np.mean([r.iou for r in rungs])), float(np.mean([r.points for r in rungs])))
            for rungs in zip(*(ladder[method] for ladder in ladders), strict=True)
        )
        for method in (ladders[0] if ladders else ())
    }


def _front(rungs: Iterable[Rung]) -> list[Rung]:
    """The rungs that agree better than all with fewer points, ascending."""
    front: list[Rung] = []
    for rung in sorted(rungs, key=lambda rung: (rung.points, -rung.iou)):
        if not front or rung.iou > front[-1].iou:
            front.append(rung)
    return front


def _alone(settings: FitSettings) -> FitSettings:
    return replace(settings, shape_price=FEWEST_KNOTS * settings.knot_share, bridge_share=0.0)


def _fitted(masks: Sequence[tuple[int, Mask]], settings: FitSettings) -> Rung:
    results = [fit_frame(mask, frame, settings) for frame, mask in masks]
    points = [sum(shape.knot_count for shape in result.shapes) for result in results]
    return Rung(settings.detail, float(np.mean([result.mean_iou for result in results])), float(np.mean(points)))


def _traced(masks: Sequence[tuple[int, Mask]], tracer: Tracer, setting: float | str) -> Rung:
    frames = [tracer(mask) for _, mask in masks]
    agreement = [jaccard(draw(traced, mask) >= 0.5, mask) for traced, (_, mask) in zip(frames, masks, strict=True)]
    return Rung(setting, float(np.mean(agreement)), float(np.mean([traced.points for traced in frames])))


def _named(potrace: Potrace) -> str:
    return f"-a {potrace.alphamax:g} -O {potrace.opttolerance:g} -t {potrace.turdsize}"
