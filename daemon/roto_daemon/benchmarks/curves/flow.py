"""The picture's own motion on an object, by a flow that no part of the fit uses.

Dense inverse search at full resolution (Kroeger et al. 2016, OpenCV's medium preset down to the finest scale). A knot
sits on the edge, where flow is a mixture of the object's and the background's. So flow is read ``INSIDE_PX`` inside of
the mask, as a median over its neighbourhood, and each pixel further out takes the nearest one's; where the object is
thinner, its middle line counts as its inside. Limits: on limbs that move fast or blur, the flow itself errs by pixels,
and so does every slide measured with it. :func:`sure_flow` is the same where it can be believed: it comes home when it
is run backwards, and leads from an edge to the edge of the next mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.motion.flow import read_at
from roto_daemon.nearest import nearest_values
from roto_geometry.measure.curve_metrics import Flow

from .footage import Footage, Image, Mask

INSIDE_PX = 3.0
MEDIAN_PX = 5
ROOM_PX = 64
HOME_PX, EDGE_PX = 1.0, 2.0
"""How far a flow that is believed may miss its start when it comes back, and the next mask's edge."""


def object_flow(footage: Footage, masks: Mapping[int, Mask]) -> Flow | None:
    """Flow, px, from each frame of ``masks`` to the next one, as the object moves; None without the pictures."""
    following = dict(pairwise(sorted(masks)))
    if not all(footage.has_picture(frame) for frame in masks):
        return None
    return lambda frame: _object_flow(footage, masks, frame, following[frame])


def sure_flow(footage: Footage, masks: Mapping[int, Mask]) -> Flow | None:
    """As :func:`object_flow`, but NaN where the flow cannot be believed on the object's edge."""
    following = dict(pairwise(sorted(masks)))
    there = object_flow(footage, masks)
    if there is None:
        return None

    def flow(frame: int) -> NDArray[np.float32]:
        after = following[frame]
        onward = there(frame)
        home = read_at(_object_flow(footage, masks, after, frame), onward)
        missed = np.linalg.norm(onward + home, axis=2)
        off = read_at(_edge_distance(masks[after]), onward, cv2.INTER_LINEAR)
        return np.where(((missed <= HOME_PX) & (off <= EDGE_PX))[..., None], onward, np.float32(np.nan))

    return flow


def _object_flow(footage: Footage, masks: Mapping[int, Mask], frame: int, after: int) -> NDArray[np.float32]:
    window = _window(masks[frame] | masks[after])
    whole = np.zeros((*masks[frame].shape, 2), np.float32)
    whole[window] = dense_flow(footage.picture(frame)[window], footage.picture(after)[window])
    return from_inside(whole, masks[frame])


def _edge_distance(mask: Mask) -> NDArray[np.float32]:
    """How far each pixel's centre lies off the mask's edge, px, to both sides."""
    padded = np.pad(mask, 1)
    depths = [
        cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for side in (padded, ~padded)
    ]
    return np.abs(np.maximum(*depths)[1:-1, 1:-1] - 0.5).astype(np.float32)


def _window(mask: Mask) -> tuple[slice, slice]:
    """The box around a mask with ``ROOM_PX`` on all sides; flow elsewhere is not asked for."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return slice(None), slice(None)
    top, left = max(0, int(rows[0]) - ROOM_PX), max(0, int(columns[0]) - ROOM_PX)
    return slice(top, int(rows[-1]) + ROOM_PX), slice(left, int(columns[-1]) + ROOM_PX)


def dense_flow(first: Image, second: Image) -> NDArray[np.float32]:
    """Flow (height, width, 2), px, from one RGB picture to another, median filtered."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    search.setFinestScale(0)
    before, after = (np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8) for picture in (first, second))
    raw = np.asarray(search.calc(before, after, np.zeros((*before.shape, 2), np.float32)), np.float32)
    smooth = [cv2.medianBlur(np.ascontiguousarray(raw[..., axis]), MEDIAN_PX) for axis in (0, 1)]
    return np.stack(smooth, axis=-1, dtype=np.float32)


def from_inside(flow: NDArray[np.float32], mask: Mask) -> NDArray[np.float32]:
    """Flow with every pixel's value taken from the nearest one well inside of the mask; as it is without a mask."""
    depth = np.asarray(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    wanted = INSIDE_PX + 0.5  # depth is measured to the centres of the pixels outside
    reach = 2 * int(np.ceil(wanted)) + 1
    deepest = np.asarray(cv2.dilate(depth, np.ones((reach, reach), np.uint8)))
    inside = (depth > 0) & (depth >= np.minimum(wanted, deepest))
    inside = inside[1:-1, 1:-1]
    return nearest_values(inside, flow)[0]
