"""Edges moved by parts of a pixel, and softened."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask

STEP_PX = 8
"""Discs of this radius one after the other, since OpenCV's time grows with a disc's area; a large disc made of such
steps is round within a twentieth of its radius."""

SIGMAS_A_FEATHER = 4.0
"""A Gaussian's edge goes from 2 to 98 % over four sigmas: that is the width of a feather."""


def grow(mask: Mask, distance_px: float) -> Mask:
    """The mask with every edge moved outward by ``distance_px``, inward where it is negative; soft edges stay soft."""
    if distance_px < 0:
        return np.asarray(1 - grow(1 - mask, -distance_px), np.float32)
    whole = math.floor(distance_px)
    grown = _dilate(mask, whole)
    part = np.float32(distance_px - whole)
    if not part:
        return grown
    return np.asarray(grown + part * (_dilate(mask, whole + 1) - grown), np.float32)


def feather(mask: Mask, width_px: float) -> Mask:
    """The mask with edges that take ``width_px`` from outside to inside, half of it on either side."""
    if not width_px:
        return mask
    sigma = width_px / SIGMAS_A_FEATHER
    softened = cv2.GaussianBlur(mask, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.clip(softened, 0, 1), np.float32)  # the kernel's sum is not 1 to the last bit


def _dilate(mask: Mask, radius_px: int) -> Mask:
    grown = mask
    while radius_px > 0:
        step = min(radius_px, STEP_PX)
        grown = np.asarray(cv2.dilate(grown, _disc(step), borderType=cv2.BORDER_REPLICATE), np.float32)
        radius_px -= step
    return grown


def _disc(radius_px: int) -> NDArray[np.uint8]:
    steps = np.arange(-radius_px, radius_px + 1)
    return (np.hypot(steps, steps[:, None]) <= radius_px + 0.3).astype(np.uint8)  # rounder than without the rest
