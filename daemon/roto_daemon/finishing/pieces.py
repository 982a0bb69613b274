"""The connected pieces of a mask."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

EDGE = np.float32(0.5)
"""The coverage that an edge lies at."""

Labels = NDArray[np.int32]


def label_pieces(inside: NDArray[np.bool_], connectivity: int) -> tuple[Labels, NDArray[np.int32]]:
    """Every piece's number, 0 outside, and OpenCV's statistics a row a number."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=connectivity)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
