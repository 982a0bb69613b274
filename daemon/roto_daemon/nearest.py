"""What is known on some pixels, carried on to all others from the nearest one."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

V = TypeVar("V", bound=np.generic)


def nearest_values(known: NDArray[np.bool_], values: NDArray[V]) -> tuple[NDArray[V], NDArray[np.float32]]:
    """``values`` (height, width, …) with each pixel's from the nearest ``known`` one, and the distance to that in px.

    Where nothing is known the values stay as they are.
    """
    distance, found = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    numbers = np.asarray(found, np.intp)
    table = np.zeros((int(numbers.max()) + 1, *values.shape[2:]), values.dtype)
    table[numbers[known]] = values[known]
    return (table[numbers] if known.any() else values), np.asarray(distance, np.float32)
