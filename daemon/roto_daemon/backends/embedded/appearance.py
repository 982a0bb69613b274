"""What an object looks like against what is around it: two colour histograms and their log-ratio."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from roto_daemon.backends.base import Image, Mask

BINS = 16
SMOOTHING_BINS = 0.7
LIMIT = 3.0
"""The largest log-ratio that colour alone may speak for."""

ColourIndex = NDArray[np.int32]
Histogram = NDArray[np.float32]


def colour_index(image: Image) -> ColourIndex:
    """Each pixel's Lab colour as one index into a histogram of ``BINS``³ cells."""
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.int32) * BINS // 256
    return (lab[..., 0] * BINS + lab[..., 1]) * BINS + lab[..., 2]


class ColourModel:
    """Colours of the object and of its surroundings, as shares that sum to 1."""

    def __init__(self, colours: ColourIndex, mask: Mask) -> None:
        self._object = histogram(colours, mask)
        self._rest = histogram(colours, 1 - mask)

    def learn(self, colours: ColourIndex, mask: Mask, rate: float) -> None:
        """Move towards the colours of another frame by ``rate`` (0..1)."""
        self._object += rate * (histogram(colours, mask) - self._object)
        self._rest += rate * (histogram(colours, 1 - mask) - self._rest)

    def evidence(self, colours: ColourIndex) -> NDArray[np.float32]:
        """The log-ratio of object to surroundings for every pixel, within ±``LIMIT``."""
        floor = 1e-5
        ratio = np.log((self._object + floor) / (self._rest + floor))
        return np.clip(ratio, -LIMIT, LIMIT)[colours]


def histogram(colours: ColourIndex, weight: Mask) -> Histogram:
    """The smoothed share of each colour among the weighted pixels."""
    counts = np.bincount(colours.ravel(), weights=weight.ravel(), minlength=BINS**3)
    smooth = gaussian_filter(counts.reshape(BINS, BINS, BINS), SMOOTHING_BINS).ravel()
    return (smooth / max(float(smooth.sum()), 1e-6)).astype(np.float32)
