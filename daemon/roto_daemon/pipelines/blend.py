"""One mask out of the two that a forward and a backward pass found."""

from collections.abc import Sequence

import numpy as np

from roto_daemon.backends.base import Mask


def blend_directions(masks: Sequence[Mask], confidences: Sequence[float], distances: Sequence[int]) -> Mask:
    """Weighted mean of two masks, float32 in 0..1.

    ``distances`` are frames from the keyframe that each pass came from. Confidence rules, squared: time alone would
    trust a pass that lost its object just because its keyframe is near.
    """
    first, second = (c * c / d for c, d in zip(confidences, distances, strict=True))
    share = np.float32(first / (first + second) if first + second > 0 else 0.5)
    return (masks[0] * share + masks[1] * (1 - share)).astype(np.float32)
