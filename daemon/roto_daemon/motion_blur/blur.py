"""A mask as the open shutter saw it: the mean of where the object was meanwhile."""

from __future__ import annotations

import cv2
import numpy as np

from roto_daemon.backends.base import Mask
from roto_daemon.motion.flow import Floats, read_at

SAMPLES_A_PX = 1.0
MOST_SAMPLES = 96

SHARP_PX = 0.75
"""A smear of less than this is the pixel's own size, and the mask stays as it is."""


def blur_mask(mask: Mask, motion: Floats, shutter: float) -> Mask:
    """The mask smeared along ``motion`` (px a frame) over ``shutter`` (frames), open around the frame's middle.

    What moves less than a pixel meanwhile keeps its values to the bit. The edge at 0.5 stays where it was.
    """
    length = smear_length(motion, shutter)
    is_smeared = length > SHARP_PX
    if not is_smeared.any():
        return mask
    samples = int(np.clip(np.ceil(length.max() * SAMPLES_A_PX), 3, MOST_SAMPLES)) | 1
    total = np.zeros_like(mask)
    for moment in (np.arange(samples) + 0.5) / samples - 0.5:
        total += np.clip(read_at(mask, motion * np.float32(-moment * shutter), cv2.INTER_LINEAR), 0, 1)
    return np.where(is_smeared, total / np.float32(samples), mask)


def smear_length(motion: Floats, shutter: float) -> Floats:
    """How far things moved while the shutter was open, px: (height, width)."""
    return np.asarray(np.linalg.norm(motion, axis=2) * shutter, np.float32)
