"""Mattes and masks as the shutter left them, and where they are smeared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roto_daemon.backends.base import Mask
from roto_daemon.mattes.softness import inner_edge
from roto_daemon.motion.flow import Floats
from roto_daemon.motion_blur.blur import SHARP_PX, blur_mask, smear_length

SMEARED_PX = (2.0, 8.0)
"""Along smears up to the first a matte stands alone; from the second on it is half of the outcome."""


@dataclass(frozen=True)
class Smear:
    """How an object's edge is smeared on a frame: the ``share`` of it that is, and the length where it is, px."""

    share: float
    mean_px: float
    most_px: float


def smear_matte(matte: Mask, mask: Mask, motion: Floats, shutter: float) -> Mask:
    """A matte with the smeared mask in it where the object moved while the shutter was open.

    A matte reads the picture, and finds detail; along long smears it takes ground for object. The smeared mask knows of
    no detail, and does not err there. On composites with a known shutter their mean was nearer to the truth than both.
    """
    short, long = SMEARED_PX
    weight = np.clip((smear_length(motion, shutter) - short) / (long - short), 0, 1) / 2
    smeared = blur_mask(mask, motion, shutter)
    return np.where(weight > 0, matte + weight * (smeared - matte), matte).astype(np.float32)


def edge_speeds(mask: Mask, motion: Floats) -> Floats:
    """How fast the object moves at every pixel of its edge, px a frame."""
    return smear_length(motion, 1.0)[inner_edge(mask >= 0.5)]


def describe_smear(speeds: Floats, shutter: float) -> Smear:
    """Which part of an edge with these speeds is smeared, and how far."""
    lengths = speeds * np.float32(shutter)
    smeared = lengths[lengths > SHARP_PX]
    if not smeared.size:
        return Smear(0.0, 0.0, 0.0)
    return Smear(smeared.size / lengths.size, float(smeared.mean()), float(smeared.max()))
