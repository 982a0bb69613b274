"""Masks and outlines that the geometry tests share."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[Any]


def plane(width: int, height: int, per_pixel: int = 4) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates x, y (height·k, width·k) of k × k samples in every pixel, plate px."""
    x = (np.arange(width * per_pixel) + 0.5) / per_pixel
    y = (np.arange(height * per_pixel) + 0.5) / per_pixel
    return np.meshgrid(x, y)


def soft(inside: NDArray[np.bool_], per_pixel: int = 4) -> Mask:
    """Mean of k × k samples: a mask with soft edges."""
    rows, columns = inside.shape[0] // per_pixel, inside.shape[1] // per_pixel
    return inside.reshape(rows, per_pixel, columns, per_pixel).mean(axis=(1, 3)).astype(np.float32)


def superellipse(size: tuple[int, int], centre: tuple[float, float], radii: tuple[float, float], power: float) -> Mask:
    """|x/a|^p + |y/b|^p ≤ 1: a circle at 2, a box at large powers, a star with cusps below 1."""
    x, y = plane(*size)
    return soft(np.abs((x - centre[0]) / radii[0]) ** power + np.abs((y - centre[1]) / radii[1]) ** power <= 1)


def disc(size: tuple[int, int], centre: tuple[float, float], radius: float) -> Mask:
    """A filled circle."""
    return superellipse(size, centre, (radius, radius), 2.0)


def blob(size: tuple[int, int], seed: int, phase: float = 0.0) -> Mask:
    """A random lobed shape with a possible hole or pieces; ``phase`` deforms it smoothly."""
    random = np.random.default_rng(seed)
    x, y = plane(*size, per_pixel=2)
    field = np.full(x.shape, -1.0)
    for _ in range(random.integers(2, 6)):
        where = random.uniform(0.1, 0.9, 2) * size + 4 * np.sin(phase + random.uniform(0, 6, 2))
        reach = random.uniform(0.08, 0.25) * min(size)
        field += random.choice([1.6, 1.6, -0.8]) * np.exp(-((x - where[0]) ** 2 + (y - where[1]) ** 2) / reach**2)
    return soft(field + 0.6 > 0, per_pixel=2)
