"""How an object moves at its edge, where a flow of the picture is a mixture of the object's and the ground's motion.

So flow is read inside of the mask only, where it can be trusted, and goes on beyond the edge from the nearest pixel.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.motion.flow import Floats, dense_flow, flow_trust, window_around
from roto_daemon.nearest import nearest_values

MARGIN_PX = 48
"""What the flow sees around the mask, and how far motion goes on beyond the edge."""

INSIDE_PX = 3.0
"""Flow nearer to the edge than this is not the object's alone."""

SMOOTH_PX = 6.0
"""The σ over which trusted motion is averaged: limbs move differently, their pixels alike."""

LEAST_TRUST = np.float32(0.02)


def object_motion(now: Image, mask: Mask, before: Image | None, after: Image | None) -> Floats:
    """The object's motion on a frame, px a frame, (height, width, 2), x then y; 0 where nothing is known.

    From the frame before to the one after where both are there: what accelerates is met in the middle.
    """
    motion = np.zeros((*mask.shape, 2), np.float32)
    place = window_around(mask >= 0.5, MARGIN_PX)
    core = _core(mask[place])
    if not core.any() or (before is None and after is None):
        return motion
    picture = np.ascontiguousarray(now[place])
    parts = [
        _trusted(picture, np.ascontiguousarray(other[place]), sign)
        for other, sign in ((after, 1), (before, -1))
        if other is not None
    ]
    weight = sum((trust for _, trust in parts), np.zeros(core.shape, np.float32)) * core
    moved = sum((flow * trust[..., None] for flow, trust in parts), np.zeros((*core.shape, 2), np.float32))
    motion[place] = _spread(moved * core[..., None], weight)
    return motion


def _trusted(now: Image, other: Image, sign: int) -> tuple[Floats, Floats]:
    """Motion forward in time, and how far it is to be trusted."""
    there, back = dense_flow(now, other), dense_flow(other, now)
    return sign * there, flow_trust(now, other, there, back) + LEAST_TRUST


def _core(mask: Mask) -> NDArray[np.bool_]:
    """Pixels well inside; of thin parts the innermost ones."""
    depth = np.asarray(cv2.distanceTransform((mask >= 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    reach = 2 * int(np.ceil(INSIDE_PX)) + 1
    deepest = np.asarray(cv2.dilate(depth, np.ones((reach, reach), np.uint8)), np.float32)
    return (depth > 0) & (depth >= np.minimum(INSIDE_PX, deepest))


def _spread(weighted: Floats, weight: Floats) -> Floats:
    """The weighted mean of motion around each pixel; far from all weight that of the nearest pixel with some."""
    total = cv2.GaussianBlur(weight, (0, 0), SMOOTH_PX)
    mean = cv2.GaussianBlur(weighted, (0, 0), SMOOTH_PX) / np.maximum(total, 1e-12)[..., None]
    spread, _ = nearest_values(weight > 0, np.asarray(mean, np.float32))
    return np.asarray(cv2.GaussianBlur(spread, (0, 0), SMOOTH_PX / 2), np.float32)
