"""Where a mask's edge lies on the picture.

The edge is placed on the grid only, and enlarged linearly. Placing it again at 1080p was tried on three synthetic
composites: by the colours on either side of the uncertain band it lost (a perfect mask fell from IoU .999 to .990, the
engine's own masks by .03 to .05 in F@2); by this filter at full resolution it made no difference (±.015).
"""

from __future__ import annotations

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Mask

RADIUS_PX = 4
REGULARITY = 1e-4
"""The squared contrast (of luma 0..1) below which the filter smooths rather than follows the picture."""

DECISION = 3.0
"""Power of the odds: a veil of .2 over the background, which a compositor would see, becomes .015; .7 inside, .93."""


def guided_filter(picture: Image, mask: Mask) -> Mask:
    """Move the mask's edge onto the picture's (He, Sun and Tang, "Guided image filtering", ECCV 2010)."""
    guide = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    size = (2 * RADIUS_PX + 1, 2 * RADIUS_PX + 1)
    mean_guide, mean_mask = cv2.blur(guide, size), cv2.blur(mask, size)
    slope = (cv2.blur(guide * mask, size) - mean_guide * mean_mask) / (
        cv2.blur(guide * guide, size) - mean_guide**2 + REGULARITY
    )
    offset = mean_mask - slope * mean_guide
    filtered = cv2.blur(slope, size) * guide + cv2.blur(offset, size)
    return np.clip(filtered, 0, 1).astype(np.float32)


def decided(mask: Mask) -> Mask:
    """The mask with its odds raised to a power: hazes go, greys inside fill, and the edge at one half stays."""
    inside, outside = mask**DECISION, (1 - mask) ** DECISION
    return (inside / (inside + outside)).astype(np.float32)
