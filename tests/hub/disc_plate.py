"""A red disc that moves right, as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT, FIRST, LAST = 97, 63, 1001, 1012


def centre(frame: int) -> tuple[float, float]:
    return (20.0 + 4 * (frame - FIRST), 30.0)


def make_plate(folder: Path, last: int = LAST) -> str:
    """A red disc that moves right; answers its files as a pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    for frame in range(FIRST, last + 1):
        image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        x, y = centre(frame)
        image[np.hypot(columns - x, rows - y) <= 10] = (0, 0, 255)
        assert cv2.imwrite(str(folder / f"disc.{frame}.png"), image)
    return str(folder / "disc.####.png")
