"""J and F of masks, exactly as the official DAVIS code computes them (davis2017-evaluation, ``metrics.py``).

J is intersection over union, 1 where both masks are empty. F is the harmonic mean of boundary precision and recall,
where a boundary pixel counts as met within ``radius_px``.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_shared.errors import InputError

Binary = NDArray[np.bool_]

DAVIS_BOUND = 0.008


def jaccard(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Intersection over union of two binary masks (anything non-zero is inside); 1 where both are empty."""
    first, second = _pair(a, b)
    union = int(np.count_nonzero(first | second))
    return int(np.count_nonzero(first & second)) / union if union else 1.0


def boundary_f(result: NDArray[Any], truth: NDArray[Any], radius_px: float | None = None) -> float:
    """Boundary F-measure of binary masks within ``radius_px``; None is DAVIS' 0.8 % of the diagonal (8 px at 480p)."""
    mine, true = (boundary(mask) for mask in _pair(result, truth))
    radius = davis_radius_px(mine.shape) if radius_px is None else int(np.ceil(radius_px))
    mine_count, true_count = int(np.count_nonzero(mine)), int(np.count_nonzero(true))
    if mine_count == 0 or true_count == 0:
        return 1.0 if mine_count == true_count else 0.0
    disk = _disk(radius)
    precision = np.count_nonzero(mine & _dilated(true, disk)) / mine_count
    recall = np.count_nonzero(true & _dilated(mine, disk)) / true_count
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def boundary(mask: Binary) -> Binary:
    """One-pixel boundaries of a mask: ``seg2bmap`` of the DAVIS code at the mask's own size."""
    east, south, diagonal = mask.copy(), mask.copy(), mask.copy()
    east[:, :-1] = mask[:, 1:]
    south[:-1] = mask[1:]
    diagonal[:-1, :-1] = mask[1:, 1:]
    edges = (mask ^ east) | (mask ^ south) | (mask ^ diagonal)
    edges[-1] = mask[-1] ^ east[-1]
    edges[:, -1] = mask[:, -1] ^ south[:, -1]
    edges[-1, -1] = False
    return edges


def davis_radius_px(shape: tuple[int, ...]) -> int:
    """The match distance that the DAVIS code takes for a picture of this (height, width)."""
    return int(np.ceil(DAVIS_BOUND * np.linalg.norm(shape[:2])))


def _pair(a: NDArray[Any], b: NDArray[Any]) -> tuple[Binary, Binary]:
    if a.shape != b.shape:
        raise InputError(f"Masks of different sizes: {a.shape} and {b.shape}.", "Compare masks of one size.")
    return a.astype(bool), b.astype(bool)


def _disk(radius: int) -> NDArray[np.uint8]:
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return (x * x + y * y <= radius * radius).astype(np.uint8)


def _dilated(edges: Binary, disk: NDArray[np.uint8]) -> Binary:
    return cv2.dilate(edges.astype(np.uint8), disk, borderType=cv2.BORDER_CONSTANT, borderValue=0).astype(bool)
