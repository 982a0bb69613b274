"""Plate frames as pictures for panels."""

import cv2

from roto_daemon.sessions.session import Session
from roto_shared import bounds
from roto_shared.errors import InputError
from roto_shared.protocol.data import Picture
from roto_shared.protocol.messages import FrameQuery
from roto_shared.space import fit_proxy

_FORMATS = {
    "image/jpeg": (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90]),
    "image/png": (".png", [cv2.IMWRITE_PNG_COMPRESSION, 1]),
}


def display_frame(session: Session, query: FrameQuery) -> Picture:
    """The frame no larger than ``limit_px`` on its longer side, as JPEG or PNG. Raises InputError for other media."""
    if query.media not in _FORMATS:
        raise InputError(f"Frames do not come as “{query.media}”.", f"Ask for {' or '.join(_FORMATS)}.")
    if query.limit_px < 1:
        raise InputError(f"A frame of {query.limit_px} px is no picture.", "Ask for at least 1 px.")
    bounds.EXPOSURE_STOPS.check("exposure", query.exposure)
    size = fit_proxy(session.plate.width, session.plate.height, query.limit_px)
    image = session.look(query.frame, size, query.view, query.exposure)
    ending, options = _FORMATS[query.media]
    coded = cv2.imencode(ending, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)[1]
    return Picture(query.media, *size, coded.tobytes())
