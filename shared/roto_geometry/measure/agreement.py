"""How well drawn mattes agree with masks: overlap, boundary measures, and distances between the edges.

Boundaries are compared at sub-pixel precision: the iso-line at one half of the drawn matte against that of the mask,
both sampled at most 1 px apart and pooled over frames; what lies on the picture's border is no boundary.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.trace.contour import soft_mask, trace
from roto_shared.errors import InputError

from .mask_metrics import boundary_f, jaccard

BORDER_PX = 0.75
SAMPLE_PX = 0.5


@dataclass(frozen=True)
class Agreement:
    """Means over frames unless said otherwise; distances in px, 0 where nothing is drawn."""

    frames: int
    iou: float
    iou_min: float
    worst_frame: int
    f2: float
    f1: float
    boundary_mean_px: float
    boundary_p95_px: float
    boundary_max_px: float


@dataclass
class AgreementTally:
    """Takes frames one at a time and keeps only their figures."""

    _rows: list[tuple[int, float, float, float]] = field(default_factory=list)
    _distances: list[Array] = field(default_factory=list)

    def add(self, frame: int, matte: NDArray[np.float32], mask: NDArray[Any]) -> None:
        """Compare a matte 0..1 with a mask of any form that :func:`soft_mask` takes. Raises InputError on its size."""
        if mask.shape[:2] != matte.shape:
            raise InputError(f"The mask of frame {frame} is {mask.shape[1]}×{mask.shape[0]}.", "Give the plate's size.")
        truth = soft_mask(mask)
        inside, true = matte >= 0.5, truth >= 0.5
        self._rows.append((frame, jaccard(inside, true), boundary_f(inside, true, 2), boundary_f(inside, true, 1)))
        self._distances.append(boundary_distances(matte, truth))

    def result(self) -> Agreement:
        """The figures of all frames added. Raises InputError without any."""
        if not self._rows:
            raise InputError("There are no masks to compare with.", "Give at least one frame.")
        frames, iou, f2, f1 = np.array(self._rows).T
        distances = np.concatenate(self._distances)
        mean, p95, most = _spread(distances) if len(distances) else (0.0, 0.0, 0.0)
        worst = int(np.argmin(iou))
        return Agreement(
            frames=len(iou),
            iou=float(iou.mean()),
            iou_min=float(iou[worst]),
            worst_frame=int(frames[worst]),
            f2=float(f2.mean()),
            f1=float(f1.mean()),
            boundary_mean_px=mean,
            boundary_p95_px=p95,
            boundary_max_px=most,
        )


def boundary_distances(matte: NDArray[np.float32], truth: NDArray[np.float32]) -> Array:
    """Distances, px, of both iso-lines' samples to the other one; empty where one of them is."""
    mine, true = (_boundary_samples(picture) for picture in (matte, truth))
    if not len(mine) or not len(true):
        return np.zeros(0)
    return np.concatenate([KDTree(true).query(mine)[0], KDTree(mine).query(true)[0]])


def _spread(distances: Array) -> tuple[float, float, float]:
    return float(distances.mean()), float(np.quantile(distances, 0.95)), float(distances.max())


def _boundary_samples(picture: NDArray[np.float32]) -> Array:
    """Points every ``SAMPLE_PX`` along the iso-line at one half, those on the picture's border left out."""
    samples = [np.zeros((0, 2))]
    for points in trace(picture):
        contour = Contour(points)
        samples.append(contour.at(np.arange(0.0, contour.length, SAMPLE_PX)))
    every = np.concatenate(samples)
    size = np.array([picture.shape[1], picture.shape[0]])
    return every[((every > BORDER_PX) & (every < size - BORDER_PX)).all(axis=1)]
