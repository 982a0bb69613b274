"""How soft an object's edge is, piece by piece: in its mask, in the picture, and by hair.

The edge is followed, and the picture is read across it. Averaged along a piece of edge, texture goes and what remains
is a step, as wide as the lens, the motion or the strands of hair made it. The blurred step that explains this profile
best, of any contrast and a little displaced, tells the width. (The energies of the gradient at two scales, after Zhuo
and Sim, "Defocus map estimation from a single image", 2011, were tried: on textured grounds they found every edge
hard.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.special import ndtr

from roto_daemon.backends.base import Image, Mask

Floats = NDArray[np.float32]
Counts = NDArray[np.intp]
Region = NDArray[np.bool_]

PIECE_PX = 25
"""The length of edge that one width is measured on."""

SHORTEST_PX = 8
"""Contours with fewer pixels are specks; nothing is measured on them."""

SHARPEST_PX = 0.7
"""The σ of the hardest step that is tried; the softest one just fits into the farthest reach."""

SIGMAS = 8
"""The steps that are tried, each a constant factor softer than the one before."""

SHIFT = 0.1
"""Each is tried in place, and displaced to both sides by this part of the farthest reach: masks are never exact."""

NEARNESS = 0.3
"""The σ of a profile's weights, of the farthest reach: what lies far from the edge says little about it."""

FAINTEST = 1.0
"""The variance of a profile (steps of 8 bits, squared) up to which it is flat and says nothing."""

SPREADS = 2.0
"""A soft edge counts so many σ to each side: 95 % of its ramp."""

RAMP = (0.02, 0.98)
"""The coverage between which a mask is a ramp."""

WINDING = 1.9
"""An edge with so many times the pixels of a straight one in a square is hair, or something as thin."""

WINDING_SIDE_PX = 17


@dataclass(frozen=True)
class Contour:
    """The pixels along one edge of an object, on its inner side; ``inwards`` are unit vectors (n, 2), x then y."""

    columns: Counts
    rows: Counts
    inwards: Floats

    def across(self, steps: Floats, shape: tuple[int, ...]) -> tuple[Counts, Counts]:
        """The rows and columns of the pixels so many ``steps`` (px) inwards, (n, steps), on a plate of ``shape``."""
        rows = np.rint(self.rows[:, None] + self.inwards[:, 1:] * steps).astype(np.intp)
        columns = np.rint(self.columns[:, None] + self.inwards[:, :1] * steps).astype(np.intp)
        return np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)


def edge_softness(image: Image, mask: Mask, farthest_px: float) -> Floats:
    """How far an edge is soft to each side of the mask's edge at 0.5, px: (height, width), 0 off the edge.

    Where nothing is measured, and on hard edges, it is at least 1; it is looked for up to ``farthest_px``.
    """
    inside = mask >= 0.5
    edge = inner_edge(inside)
    softness = edge.astype(np.float32)
    reach = np.ceil(farthest_px)
    steps = np.arange(-reach, reach + 1, dtype=np.float32)
    for contour in edge_contours(inside):
        places = contour.across(steps, mask.shape)
        widths = np.maximum(_step_width(image[places], steps), _ramp_width(mask[places], steps))
        softness[contour.rows, contour.columns] = np.clip(widths, 1, farthest_px)
    softness[is_hair(edge)] = farthest_px
    return softness


def inner_edge(inside: Region) -> Region:
    """The pixels of an object that share a side with one of the ground."""
    ground = np.pad(~inside, 1)
    return inside & (ground[1:-1, 2:] | ground[1:-1, :-2] | ground[2:, 1:-1] | ground[:-2, 1:-1])


def is_hair(edge: Region) -> Region:
    """The edge pixels around which the edge winds: hair, fringes, and anything thinner than half a square."""
    side = (WINDING_SIDE_PX, WINDING_SIDE_PX)
    count = cv2.boxFilter(edge.astype(np.float32), -1, side, normalize=False, borderType=cv2.BORDER_CONSTANT)
    return edge & (count > WINDING * WINDING_SIDE_PX)


def edge_contours(inside: Region) -> Iterator[Contour]:
    """Every contour that is no speck. Where the plate's border cuts the object off, there is no edge."""
    edge = inner_edge(inside)
    found, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    inwards = _inwards(inside)
    for points in found:
        columns, rows = points[:, 0].astype(np.intp).T
        kept = edge[rows, columns]
        if kept.sum() >= SHORTEST_PX:
            columns, rows = columns[kept], rows[kept]
            yield Contour(columns, rows, inwards[rows, columns])


def _inwards(inside: Region) -> Floats:
    """Unit vectors (height, width, 2), x then y, from the ground into the object; good near its edge."""
    blurred = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 3.0)
    slope = np.stack([cv2.Sobel(blurred, cv2.CV_32F, 1, 0), cv2.Sobel(blurred, cv2.CV_32F, 0, 1)], axis=2)
    return (slope / np.maximum(np.linalg.norm(slope, axis=2, keepdims=True), 1e-9)).astype(np.float32)


def _step_width(colours: Image, steps: Floats) -> Floats:
    """The reach of the step in the colours across a contour (n, steps, 3), px."""
    profiles = uniform_filter1d(colours.astype(np.float32), PIECE_PX, axis=0, mode="wrap")
    farthest = float(steps[-1])
    weights = np.exp(-0.5 * (steps / (NEARNESS * farthest)) ** 2)
    weights /= weights.sum()
    softest = max(farthest / SPREADS, SHARPEST_PX)
    sigmas = np.geomspace(SHARPEST_PX, softest, SIGMAS)
    sigmas, shifts = (grid.ravel() for grid in np.meshgrid(sigmas, SHIFT * farthest * np.array([-1, 0, 1])))
    templates = ndtr((steps - shifts[:, None]) / sigmas[:, None])
    templates -= (templates @ weights)[:, None]
    templates /= np.sqrt(templates**2 @ weights)[:, None]
    explained = np.einsum("nsc,ks->nkc", profiles, templates * weights, optimize=True) ** 2
    explained = explained.sum(axis=2)
    reaches = (SPREADS * sigmas + np.abs(shifts))[explained.argmax(axis=1)]
    return np.where(explained.max(axis=1) > FAINTEST, reaches, 0).astype(np.float32)


def _ramp_width(coverage: Mask, steps: Floats) -> Floats:
    """The reach of the ramp in a mask across a contour (n, steps), px: the larger of its two sides."""
    ramp = (coverage > RAMP[0]) & (coverage < RAMP[1])
    widths = np.maximum(ramp[:, steps > 0].sum(axis=1), ramp[:, steps < 0].sum(axis=1))
    return np.asarray(uniform_filter1d(widths.astype(np.float32), PIECE_PX, mode="wrap"), np.float32)
