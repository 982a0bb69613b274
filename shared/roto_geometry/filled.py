"""Polygons as small pictures, to ask quickly where they lie; what is scored is rasterised exactly (:mod:`.measure`)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .bezier import Array

SHIFT_BITS = 4
"""Corners are rounded to sixteenths of a px."""


def filled(polygon: Array, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """1 in a closed polygon (m, 2), 0 elsewhere, as a picture of ``shape`` (rows, columns); it is half a px too large.

    OpenCV counts every pixel that an edge touches as inside.
    """
    picture = np.zeros(shape, np.uint8)
    cv2.fillPoly(picture, [np.rint(polygon * (1 << SHIFT_BITS)).astype(np.int32)], [1], shift=SHIFT_BITS)
    return picture
