"""Several objects on one frame: no pixel belongs to two of them, and what was prompted there comes first."""

from collections.abc import Iterable, Mapping

import numpy as np

from roto_daemon.backends.base import Mask


def share_pixels(masks: Mapping[str, Mask]) -> dict[str, Mask]:
    """Masks whose sum is at most 1 everywhere: where they claim more, each gets its share of the claim."""
    if len(masks) < 2:
        return dict(masks)
    claim = np.maximum(np.sum(list(masks.values()), axis=0), 1.0)
    return {name: (mask / claim).astype(np.float32) for name, mask in masks.items()}


def without_pixels(masks: Mapping[str, Mask], prompted: Iterable[Mask]) -> dict[str, Mask]:
    """Masks without what the artist said that others are."""
    free = np.maximum(1.0 - sum(prompted, np.zeros(1, np.float32)), 0.0)
    return {name: np.minimum(mask, free).astype(np.float32) for name, mask in masks.items()}


def rivals(masks: Mapping[str, Mask]) -> dict[str, list[str]]:
    """Of each mask the others that :func:`share_pixels` makes it share with."""
    contested = np.sum(list(masks.values()), axis=0) > 1.0
    claims = {name: contested & (mask > 0) for name, mask in masks.items()}
    return {
        name: [other for other, theirs in claims.items() if other != name and (claim & theirs).any()]
        for name, claim in claims.items()
    }
