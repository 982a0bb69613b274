"""Objects made of other objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import cv2
import numpy as np

from roto_daemon.backends.base import Mask
from roto_daemon.finishing.pieces import EDGE, label_pieces
from roto_daemon.motion.flow import Floats, read_at
from roto_daemon.nearest import nearest_values

Combine = Callable[[Sequence[Mask]], Mask]


def union(masks: Sequence[Mask]) -> Mask:
    """What any of the masks covers."""
    return reduce(np.maximum, masks)


def intersect(masks: Sequence[Mask]) -> Mask:
    """What all of the masks cover."""
    return reduce(np.minimum, masks)


def subtract(masks: Sequence[Mask]) -> Mask:
    """The first mask without all others."""
    first, *others = masks
    return np.minimum(first, 1 - union(others)) if others else first


OPERATIONS: dict[str, Combine] = {"union": union, "subtract": subtract, "intersect": intersect}


def piece_at(mask: Mask, x: float, y: float) -> Mask:
    """The piece of ``mask`` at a point (plate px) or nearest to it, with its own soft rim; black for an empty mask."""
    labels, _ = label_pieces(mask >= EDGE, connectivity=8)
    if not labels.any():
        return np.zeros_like(mask)
    nearest, _ = nearest_values(labels != 0, labels)
    height, width = mask.shape
    wanted = nearest[min(max(int(y), 0), height - 1), min(max(int(x), 0), width - 1)]
    return np.where(nearest == wanted, mask, np.float32(0))


def follow_piece(piece: Mask, rest: Mask, flow: Floats, mask: Mask) -> Mask:
    """The part of ``mask`` that ``piece`` became.

    ``piece`` and ``rest`` share the mask on the frame before, to which ``flow`` leads from this one. Each pixel goes to
    the one of the two that is nearest after both moved along, so that pieces which touch are still told apart.
    """
    moved = [read_at(part, flow, cv2.INTER_LINEAR) >= EDGE for part in (rest, piece)]
    labels = np.zeros(mask.shape, np.int32)
    for number, part in enumerate(moved, 1):
        labels[part & (mask >= EDGE)] = number
    if not (labels == 2).any():
        return np.zeros_like(mask)
    return np.where(nearest_values(labels != 0, labels)[0] == 2, mask, np.float32(0))
