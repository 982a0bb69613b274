"""Holes filled and specks dropped, with their soft rims and without touching any other edge."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask
from roto_daemon.finishing.pieces import EDGE, Labels, label_pieces
from roto_daemon.nearest import nearest_values

RIM_PX = 8.0
"""How far around a hole or a speck soft pixels count as its rim; masks are soft over a few pixels at most."""

Bools = NDArray[np.bool_]


def fill_holes(mask: Mask, most_px2: float) -> Mask:
    """The mask with holes of up to ``most_px2`` (px²) filled; what opens to the picture's border is no hole."""
    labels, stats = label_pieces(mask < EDGE, connectivity=4)
    height, width = mask.shape
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    enclosed = (left > 0) & (top > 0) & (right < width) & (bottom < height)
    is_hole = enclosed & (stats[:, cv2.CC_STAT_AREA] <= most_px2)
    is_hole[0] = False  # label 0 is the object
    return _replace(mask, labels, is_hole, np.float32(1.0)) if is_hole.any() else mask


def drop_specks(mask: Mask, most_px2: float) -> Mask:
    """The mask without pieces of up to ``most_px2`` (px²); the largest piece stays, however small it is."""
    labels, stats = label_pieces(mask >= EDGE, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    is_speck = areas <= most_px2
    is_speck[0] = False  # label 0 is what lies outside
    if len(areas) > 1:
        is_speck[1 + int(areas[1:].argmax())] = False
    return _replace(mask, labels, is_speck, np.float32(0.0)) if is_speck.any() else mask


def _replace(mask: Mask, labels: Labels, is_replaced: Bools, value: np.float32) -> Mask:
    """``value`` in the replaced pieces, and in their soft rims: what is nearer to them than to any other piece."""
    nearest, distance = nearest_values(labels != 0, labels)
    is_soft = (mask > 0) & (mask < 1) & (distance <= RIM_PX)
    cleaned = mask.copy()
    cleaned[is_replaced[nearest] & (is_soft | (labels != 0))] = value
    return cleaned
