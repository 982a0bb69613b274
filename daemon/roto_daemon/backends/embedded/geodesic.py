"""Distances that grow fast across edges, and the correction that makes a mask obey every click.

The distance is the generalised geodesic distance of Criminisi, Sharp and Blake, "GeoS" (ECCV 2008), swept row by row;
along a row the sweep is a running minimum over cumulative costs, so that it needs no loop over pixels.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.backends.embedded.grid import resize_image, resize_mask

Field = NDArray[np.floating]
"""Logits or distances over the grid."""

EDGE_WEIGHT = 60.0
"""Pixels of plain distance that one full step of Lab colour (0..1) is worth."""

SWEEPS = 2
FAR = 1e6
REACH = 0.25
"""How far a click reaches, as a share of the grid's longer side, in geodesic pixels."""

OBEYED = 1.5
"""The logit that a click's own pixel is brought to: a probability of .82, or .18 for a negative one."""


class EdgeMap:
    """A frame's costs of stepping right and down, at half the grid's resolution, for any number of distances.

    Distances are kept: every click is answered with all clicks before it.
    """

    def __init__(self, image: Image) -> None:
        self._full = (image.shape[0], image.shape[1])
        half = ((image.shape[0] + 1) // 2, (image.shape[1] + 1) // 2)
        lab = cv2.cvtColor(resize_image(image, half), cv2.COLOR_RGB2LAB).astype(np.float32) / 255
        right = 1 + EDGE_WEIGHT * np.abs(np.diff(lab, axis=1)).sum(axis=2)
        self._down = 1 + EDGE_WEIGHT * np.abs(np.diff(lab, axis=0)).sum(axis=2)
        self._fields: dict[tuple[int, int], Field] = {}
        self._along = np.concatenate([np.zeros((half[0], 1), np.float32), right.cumsum(axis=1)], axis=1)

    def distance(self, pixel: tuple[int, int]) -> Field:
        """The geodesic distance of every grid pixel from ``pixel`` (row, column), in grid pixels."""
        start = (pixel[0] // 2, pixel[1] // 2)
        if start not in self._fields:
            self._fields[start] = self._field(start)
        return 2 * resize_mask(self._fields[start], self._full)

    def _field(self, start: tuple[int, int]) -> Field:
        """The distance from ``start``, at half the grid's resolution."""
        field = np.full(self._along.shape, FAR, dtype=np.float32)
        field[start] = 0
        for _ in range(SWEEPS):
            self._sweep(field, 1)
            self._sweep(field, -1)
        return field

    def _sweep(self, field: Field, step: int) -> None:
        """Relax every row from the one before it in the direction ``step`` and along itself, in place."""
        rows = range(len(field)) if step == 1 else range(len(field) - 1, -1, -1)
        before: int | None = None
        for row in rows:
            line = field[row]
            if before is not None:
                np.minimum(line, field[before] + self._down[min(row, before)], out=line)
            along = self._along[row]
            np.minimum(line, along + np.minimum.accumulate(line - along), out=line)
            np.minimum(line, np.minimum.accumulate((line + along)[::-1])[::-1] - along, out=line)
            before = row


def obey(
    logit: Field, edges: EdgeMap, positive: Sequence[tuple[int, int]], negative: Sequence[tuple[int, int]]
) -> Field:
    """Shift ``logit`` by as little as makes every click true, each shift fading with geodesic distance.

    A radial-basis interpolation of the residuals: clicks that already hold weigh only as anchors with residual 0.
    """
    pixels = [*positive, *negative]
    if not pixels:
        return logit
    reach = REACH * max(logit.shape)
    kernels = [np.exp(-edges.distance(pixel) / reach) for pixel in pixels]
    rows, columns = zip(*pixels, strict=True)
    values = logit[rows, columns]
    sign = np.array([1.0] * len(positive) + [-1.0] * len(negative), dtype=np.float32)
    residual = np.maximum(0, OBEYED - sign * values) * sign
    overlap = np.array([kernel[rows, columns] for kernel in kernels]) + 1e-3 * np.eye(len(pixels), dtype=np.float32)
    weights = np.linalg.solve((overlap + overlap.T) / 2, residual)
    shift = sum((weight * kernel for weight, kernel in zip(weights, kernels, strict=True)), np.zeros_like(logit))
    return stamp(logit + shift, positive, negative)


def stamp(logit: Field, positive: Sequence[tuple[int, int]], negative: Sequence[tuple[int, int]]) -> Field:
    """Set the clicked pixels themselves, so that a click holds even where two of them share a neighbourhood."""
    stamped = logit.copy()
    for pixels, sign in ((positive, 1.0), (negative, -1.0)):
        for pixel in pixels:
            stamped[pixel] = sign * max(OBEYED, sign * stamped[pixel])
    return stamped


def to_logit(probability: Mask) -> Field:
    """The log-odds of a probability, kept within ±5."""
    clipped = np.clip(probability, 0.0067, 0.9933)
    return np.log(clipped / (1 - clipped))


def to_probability(logit: Field) -> Mask:
    """The inverse of ``to_logit``."""
    return (1 / (1 + np.exp(-logit))).astype(np.float32)
