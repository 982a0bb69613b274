"""Plate frames as pictures for panels."""

import cv2
import numpy as np

from roto_daemon.backends.base import Image
from roto_shared.errors import InputError
from roto_shared.protocol.data import Picture
from roto_shared.space import fit_proxy

_FORMATS = {
    "image/jpeg": (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90]),
    "image/png": (".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]),
}


def display_frame(image: Image, limit_px: int, media: str) -> Picture:
    """``image`` no larger than ``limit_px`` on its longer side, as JPEG or PNG. Raises InputError for other media."""
    if media not in _FORMATS:
        raise InputError(f"Frames do not come as “{media}”.", f"Ask for {' or '.join(_FORMATS)}.")
    if limit_px < 1:
        raise InputError(f"A frame of {limit_px} px is no picture.", "Ask for at least 1 px.")
    height, width = image.shape[:2]
    width, height = fit_proxy(width, height, limit_px)
    if (height, width) != image.shape[:2]:
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    ending, options = _FORMATS[media]
    coded = cv2.imencode(ending, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1]
    return Picture(media, width, height, coded.tobytes())
