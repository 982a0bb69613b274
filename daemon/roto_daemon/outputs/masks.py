"""Masks as single files: grey PNG for whatever reads pictures, half-float EXR for compositing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Mask
from roto_daemon.outputs.exr import write_exr
from roto_daemon.plates.header import Header
from roto_geometry.trace.contour import soft_mask
from roto_shared.errors import InputError
from roto_shared.whole_file import write_whole

ENDINGS = (".png", ".exr")

NEARNESS = 1e-3
"""Of a step of 8 bits: what rounding adds to a float that was one; a step of 16 bits is four times as much."""


def mask_path(folder: Path, frame: int, ending: str = ".png") -> Path:
    """Where ``frame``'s mask goes: ``mask.0007.png``; the frame is padded to four places, a minus counts as one."""
    return folder / f"mask.{frame:04d}{ending}"


def write_mask(path: Path, mask: Mask, pixel_aspect: float = 1.0) -> None:
    """Write coverage 0..1 as ``.png`` (grey, 0–255) or ``.exr`` (half, channel ``A`` alone).

    Raises StorageError for what the disk refuses and InputError for any other ending.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(f"Masks are not written as “{path.suffix}”.", f"Use one of {', '.join(ENDINGS)}.")
    clipped = np.clip(mask, 0.0, 1.0)
    if ending == ".png":
        write_whole(path, encode_png(clipped))
    else:
        write_exr(path, {"A": clipped.astype(np.float16)}, Header(), pixel_aspect=pixel_aspect)


_PNG_OPTIONS = [
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE),
]
"""Masks are mostly flat: at 1080p this takes a third of the time of OpenCV's own choice, for as many bytes."""


def needed_bits(mask: Mask) -> int:
    """8 where a PNG of so many holds the mask (0..1) as it is, else 16."""
    codes = mask * np.float32(255)
    return 8 if np.abs(codes - np.rint(codes)).max(initial=0) < NEARNESS else 16


def encode_png(mask: Mask, bits: int = 8) -> bytes:
    """A grey PNG of 8 or 16 bits; PNG readers expect square pixels, so the aspect is left to the plate."""
    samples = cv2.convertScaleAbs(mask, alpha=255) if bits == 8 else to_16_bits(mask)
    return cv2.imencode(".png", samples, _PNG_OPTIONS)[1].tobytes()


def decode_png(coded: bytes) -> Mask | None:
    """The mask of a PNG of 8 or 16 bits, float32 (height, width) in 0..1; None where it is none."""
    picture = cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_UNCHANGED) if coded else None
    return None if picture is None else soft_mask(picture)


def encode_rgba_png(colours: NDArray[np.uint8], alpha: Mask, bits: int = 8) -> bytes:
    """A PNG of 8-bit RGB (H, W, 3) with straight alpha, as PNG's definition has it; ``bits`` are those of the alpha."""
    if bits == 16:
        blue_first = colours[..., ::-1].astype(np.uint16) * 257
        return cv2.imencode(".png", np.dstack([blue_first, to_16_bits(alpha)]))[1].tobytes()
    return cv2.imencode(".png", np.dstack([colours[..., ::-1], cv2.convertScaleAbs(alpha, alpha=255)]))[1].tobytes()


def to_16_bits(mask: Mask) -> NDArray[np.uint16]:
    """Coverage 0..1 as 0..65535."""
    return np.rint(np.clip(mask, 0.0, 1.0) * np.float32(65535)).astype(np.uint16)
