"""What trackers tell of an object on a frame: sure, unsure or lost, and never two objects on one pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from roto_daemon.backends.base import Mask, TrackedMask, TrackState

UNSURE = 0.6
"""Below this confidence a person should look."""


def decidedness(mask: Mask) -> float:
    """How far from grey a mask is inside its 10 % bounds: 1 where every pixel there is sure, 0 where there is none."""
    seen = mask[mask > 0.1]
    return float(np.abs(2 * seen - 1).mean()) if seen.size else 0.0


def keep_last(mask: Mask, confidence: float, present: bool, last: Mask | None) -> TrackedMask:
    """A mask with its state; where the object is gone, the ``last`` mask that there was, which needs a click."""
    if present and mask.max(initial=0.0) >= 0.5:
        state = TrackState.TRACKED if confidence >= UNSURE else TrackState.UNCERTAIN
        return TrackedMask(mask, confidence, state)
    return TrackedMask(mask if last is None else last, 0.0, TrackState.NEEDS_CLICK)


def share_exclusively(masks: Sequence[Mask]) -> list[Mask]:
    """Masks of which at most one is one half or more on any pixel: the surer one has it, the others stay below."""
    if len(masks) < 2:
        return list(masks)
    stacked = np.stack(masks)
    surest = stacked.argmax(axis=0)
    rank = np.arange(len(masks))[:, None, None]
    most = np.float32(0.5) - np.finfo(np.float32).eps
    return list(np.where(rank == surest, stacked, np.minimum(stacked, most)).astype(np.float32))
