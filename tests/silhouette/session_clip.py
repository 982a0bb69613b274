"""A disc that moves right, whose truth is exact."""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT, FIRST, LAST = 128, 96, 1001, 1012


def centre(frame: int) -> tuple[float, float]:
    return (30.0 + 5 * (frame - FIRST), 40.0)


def truth(frame: int) -> np.ndarray:
    x, y = centre(frame)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return np.hypot(columns - x, rows - y) <= 16
