"""How far a matte is from the true alpha, in the band around the true edge.

SAD (thousands), MSE (thousandths), Grad and Conn as Rhemann et al. define them ("A perceptually motivated online
benchmark for image matting", CVPR 2009): Grad compares gradients by a Gaussian of σ 1.4 px, Conn how far pixels are
from being connected to the part that both mattes are sure of, in steps of .1. dtSSD is Erofeev et al.'s
("Perceptually motivated benchmark for video matting", BMVC 2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask

BAND_PX = 20
"""Around the true edge, and around every true grey."""

GRADIENT_PX = 1.4
STEP = 0.1
TOLERATED = 0.15
"""Being cut off by less counts as connected."""


@dataclass(frozen=True)
class MatteError:
    """Errors of one matte; ``sad`` and ``conn`` in thousands of px, ``mse`` in thousandths, ``grad`` in thousands."""

    sad: float
    mse: float
    grad: float
    conn: float


def score_matte(matte: Mask, alpha: Mask) -> MatteError:
    """Errors of a matte (height, width) against the true alpha."""
    band = true_band(alpha)
    difference = np.abs(matte - alpha)[band].astype(np.float64)
    gradients = np.abs(_gradient(matte) - _gradient(alpha))[band]
    return MatteError(
        sad=float(difference.sum()) / 1000,
        mse=float((difference**2).mean()) * 1000,
        grad=float((gradients**2).sum()) / 1000,
        conn=float(_disconnection(matte, alpha)[band].sum()) / 1000,
    )


def score_flicker(mattes: Sequence[Mask], alphas: Sequence[Mask]) -> float:
    """dtSSD of frames in a row (thousandths): how differently mattes and true alphas change from frame to frame."""
    steps = zip(mattes, mattes[1:], alphas, alphas[1:], strict=False)
    squares = [
        ((after - before) - (true_after - true_before))[true_band(true_after) | true_band(true_before)] ** 2
        for before, after, true_before, true_after in steps
    ]
    return float(np.sqrt(np.concatenate(squares).mean())) * 1000


def true_band(alpha: Mask) -> NDArray[np.bool_]:
    """Where mattes are judged; all of the picture if there is no edge."""
    unsure = ((alpha > 0.004) & (alpha < 0.996)).astype(np.uint8)
    edge = cv2.morphologyEx((alpha >= 0.5).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * BAND_PX + 1,) * 2)
    band = cv2.dilate(np.maximum(unsure, edge), reach) > 0
    return band if band.any() else np.ones(alpha.shape, np.bool_)


def _gradient(matte: Mask) -> NDArray[np.float64]:
    smooth = cv2.GaussianBlur(matte.astype(np.float64), (0, 0), GRADIENT_PX)
    return np.hypot(*np.gradient(smooth))


def _disconnection(matte: Mask, alpha: Mask) -> NDArray[np.float64]:
    """The difference of how far each matte's pixels are cut off from what both are sure of."""
    level = _connected_level(matte, alpha)
    cut_off = [np.where(one - level >= TOLERATED, one - level, 0.0) for one in (matte, alpha)]
    return np.abs(cut_off[0] - cut_off[1]).astype(np.float64)


def _connected_level(matte: Mask, alpha: Mask) -> NDArray[np.float64]:
    """The highest threshold at which a pixel still hangs together with the largest sure piece."""
    level = np.ones(alpha.shape)
    settled = np.zeros(alpha.shape, np.bool_)
    for threshold in np.arange(STEP, 1 + STEP / 2, STEP):
        both = ((matte >= threshold) & (alpha >= threshold)).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(both, connectivity=4)
        largest = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax()) if count > 1 else np.zeros_like(settled)
        falls = ~largest & ~settled
        level[falls] = threshold - STEP
        settled |= falls
    return level
