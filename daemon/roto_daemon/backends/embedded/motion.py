"""Dense motion between two neighbouring frames (DIS optical flow, Kroeger et al., ECCV 2016)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask

Flow = NDArray[np.float32]
"""(height, width, 2): the displacement in grid pixels, x then y."""

SMALLEST_SIDE_PX = 16
"""Below this side at half resolution the flow's patches do not fit, and the scene counts as still."""


def flow_between(start: Image, end: Image) -> Flow:
    """Where each pixel of ``start`` lies on ``end``, relative to itself; computed at half the grid's resolution."""
    height, width = start.shape[:2]
    size = (width // 2, height // 2)
    if min(size) < SMALLEST_SIDE_PX:
        return np.zeros((height, width, 2), dtype=np.float32)
    first, second = (
        cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for image in (start, end)
    )
    empty = np.zeros((size[1], size[0], 2), dtype=np.float32)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(first, second, empty)
    flow = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR)
    return (flow * np.array([width / size[0], height / size[1]])).astype(np.float32)


def pull_back(mask: Mask, flow: Flow) -> Mask:
    """Read ``mask`` where ``flow`` points: a mask on the flow's end frame comes to its start frame."""
    height, width = mask.shape
    columns = flow[..., 0] + np.arange(width, dtype=np.float32)
    rows = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    moved = cv2.remap(mask, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.float32)
