"""Several objects on one frame: no pixel belongs to two of them."""

from collections.abc import Mapping

import numpy as np

from roto_daemon.backends.base import Mask


def share_pixels(masks: Mapping[str, Mask]) -> dict[str, Mask]:
    """Masks whose sum is at most 1 everywhere: where they claim more, each gets its share of the claim."""
    if len(masks) < 2:
        return dict(masks)
    claim = np.maximum(np.sum(list(masks.values()), axis=0), 1.0)
    return {name: (mask / claim).astype(np.float32) for name, mask in masks.items()}
