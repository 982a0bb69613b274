"""Where the edge of a mask is not known: a band as wide as the edge is soft, chosen for each piece of edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask, Trimap
from roto_daemon.mattes.softness import edge_softness
from roto_shared import bounds
from roto_shared.errors import InputError

OUTSIDE, UNKNOWN, INSIDE = 0, 128, 255

Region = NDArray[np.bool_]
Quality = Literal["fast", "good", "best"]

LEVELS = 8
"""The widths of band that are told apart."""

CORE = 0.7
"""A core are the pixels at least so deep as a part of the deepest one near them."""


@dataclass(frozen=True)
class MatteSettings:
    """How soft edges are made.

    ``quality``: "fast" works at half the size, "good" at the plate's, "best" there twice, in two bands. ``narrow_px``
    and ``wide_px`` are the least and the most that the band reaches to each side of the mask's edge. ``steadiness``
    0..1 is how much of the frame before goes into a matte. ``tile_px`` is the longest side of what a model sees at
    once. Raises InputError where these make no sense.
    """

    quality: Quality = "good"
    narrow_px: float = 4.0
    wide_px: float = 20.0
    steadiness: float = 0.0
    tile_px: int = 1024

    def __post_init__(self) -> None:
        if self.quality not in ("fast", "good", "best"):
            raise InputError(f"There is no quality “{self.quality}”.", "Use fast, good or best.")
        bounds.BAND_PX.check("narrow_px", self.narrow_px)
        bounds.BAND_PX.check("wide_px", self.wide_px)
        if self.narrow_px > self.wide_px:
            raise InputError("A matte's band is wider where it is narrow.", "Use a narrow_px of wide_px or less.")
        if not 0 <= self.steadiness <= 1:
            raise InputError(f"A steadiness of {self.steadiness} makes no sense.", "Use a number from 0 to 1.")
        if self.tile_px < SMALLEST_TILE_PX:
            raise InputError(f"Tiles of {self.tile_px} px are too small.", f"Use {SMALLEST_TILE_PX} px or more.")


SMALLEST_TILE_PX = 256
"""A smaller tile would show a model too little of both sides of a wide band."""


def draw_trimap(image: Image, mask: Mask, settings: MatteSettings) -> Trimap:
    """0, 128 or 255 for each pixel (height, width): what the mask says, and 128 within reach of its edge at 0.5.

    Limbs, gaps, and every separate piece of the object and of the ground keep a known core even where the band would
    cover all of them: without one a matter takes a dark arm over a dark ground for nothing. A mask without an edge
    has no band.
    """
    inside = mask >= 0.5
    softness = edge_softness(image, mask, settings.wide_px)
    unknown = _band(softness, settings)
    for side in (inside, ~inside):
        unknown &= ~_cores(side, unknown, settings)
    known = np.where(inside, INSIDE, OUTSIDE)
    return np.where(unknown, UNKNOWN, known).astype(np.uint8)


def is_unknown(trimap: Trimap) -> Region:
    """The pixels of a trimap that are neither known to be inside nor outside."""
    return (trimap > OUTSIDE) & (trimap < INSIDE)


def _band(softness: NDArray[np.float32], settings: MatteSettings) -> Region:
    """The pixels that an edge pixel reaches: the distances are those between pixel centres."""
    band = np.zeros(softness.shape, np.bool_)
    wider_than = 0.0
    for reach in np.geomspace(settings.narrow_px, settings.wide_px, LEVELS):
        edge = softness > wider_than
        if not edge.any():
            break
        band |= cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) <= reach
        wider_than = reach
    return band


def _cores(side: Region, unknown: Region, settings: MatteSettings) -> Region:
    """The middle of limbs and gaps thicker than twice the narrow band, and of every piece of which nothing is known."""
    depth = np.asarray(cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    reach = 2 * int(settings.wide_px / 2) + 1
    around = cv2.dilate(depth, np.ones((reach, reach), np.uint8))
    limbs = unknown & (depth > settings.narrow_px) & (depth >= CORE * around)
    return limbs | _middles(side, side & (limbs | ~unknown), depth)


def _middles(side: Region, known: Region, depth: NDArray[np.floating]) -> Region:
    """The innermost pixels of those pieces of ``side`` that hold no ``known`` pixel."""
    count, found = cv2.connectedComponents(side.astype(np.uint8), connectivity=8)
    labels = np.asarray(found, np.intp)
    is_known = np.zeros(count, np.bool_)
    is_known[labels[known]] = True
    swallowed = side & ~is_known[labels]
    deepest = np.zeros(count, np.float32)
    np.maximum.at(deepest, labels[swallowed], depth[swallowed])
    return swallowed & (depth >= CORE * deepest[labels])
