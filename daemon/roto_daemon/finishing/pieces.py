"""The connected pieces of a mask, and which of them every pixel is nearest to."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]


def label_pieces(inside: NDArray[np.bool_], connectivity: int) -> tuple[Labels, NDArray[np.int32]]:
    """Every piece's number, 0 outside, and OpenCV's statistics a row a number."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=connectivity)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def nearest_piece(labels: Labels) -> tuple[Labels, NDArray[np.float32]]:
    """For every pixel the number of the nearest piece, its own inside one, and the distance to it in px.

    Without any piece the numbers are 0.
    """
    distance, places = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = np.zeros(places.max() + 1, np.int32)
    numbers[places[labels != 0]] = labels[labels != 0]
    return numbers[places], np.asarray(distance, np.float32)
