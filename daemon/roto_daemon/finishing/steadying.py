"""Masks that hold still over time: each pixel takes the median of what the frames around say, moved along with the
picture. A median of moved masks does not lag, and where a neighbour cannot be trusted it says what the frame itself
does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Mask
from roto_daemon.motion.flow import SMALLEST_SIDE_PX, dense_flow, flow_trust, read_at, window_around

MARGIN_PX = 48
"""What the flow sees around the masks."""

TRUSTED = np.float32(0.3)
"""From here on a neighbour has a say."""


@dataclass(frozen=True)
class Moment:
    """A frame's picture and the object's mask on it."""

    image: Image
    mask: Mask


def steady(now: Moment, others: Sequence[Moment]) -> Mask:
    """The mask of ``now``, steadied by the moments around it; those of another size say nothing."""
    around = [moment for moment in others if moment.mask.shape == now.mask.shape]
    place = window_around(np.any([moment.mask > 0 for moment in (now, *around)], axis=0), MARGIN_PX)
    if not around or min(now.mask[place].shape) < SMALLEST_SIDE_PX:
        return now.mask
    own = now.mask[place]
    said = [own, *(_moved(now.image[place], own, moment, place) for moment in around)]
    if len(said) % 2 == 0:
        said.append(own)  # at the ends of a shot the frame itself counts twice
    steadied = now.mask.copy()
    steadied[place] = np.median(np.stack(said), axis=0).astype(np.float32)
    return steadied


def _moved(image: Image, own: Mask, moment: Moment, place: tuple[slice, slice]) -> Mask:
    """The moment's mask where the picture now shows the same things; elsewhere what the frame itself says."""
    other = moment.image[place]
    there, back = dense_flow(image, other), dense_flow(other, image)
    trusted = flow_trust(image, other, there, back) >= TRUSTED
    return np.where(trusted, read_at(moment.mask[place], there, cv2.INTER_LINEAR), own)
