"""The encodings that need no colour configuration: sRGB, scene-linear Rec.709 and Cineon log, to display-referred sRGB.

Every conversion is one look-up table over all values of the sample type, so that cost does not depend on the curve and
a float's NaN, infinities and negatives are settled once.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.plates.picture import Encoding, Pixels

CINEON_BLACK, CINEON_WHITE, CINEON_STEP, CINEON_GAMMA = 95.0, 685.0, 0.002, 0.6
"""Code values of black and white in 10 bits, density per code, film gamma (Kodak, Cineon digital film format, 1995)."""

BAND_ROWS = 64
"""Rows looked up at a time: their indices stay in the processor's cache, three times as quick as the whole picture."""


def show(planes: Pixels, encoding: Encoding, exposure: float = 0.0) -> NDArray[np.uint8]:
    """``uint8`` of ``planes`` (H, W, C), display-referred sRGB; ``exposure`` is in stops, over scene-linear light."""
    if planes.dtype == np.uint8 and encoding is Encoding.DISPLAY and not exposure:
        return planes
    if planes.dtype == np.uint16 and encoding is Encoding.DISPLAY and not exposure:
        scaled = cv2.convertScaleAbs(planes, alpha=1 / 257)  # the table's values to the last one, ten times as quick
        return np.asarray(scaled, np.uint8).reshape(planes.shape)
    if planes.dtype == np.float32:
        with np.errstate(over="ignore", invalid="ignore"):
            planes = planes.astype(np.float16)
    codes = planes.view(np.uint16) if planes.dtype == np.float16 else planes
    table = display_table(str(planes.dtype), encoding, exposure)
    shown = np.empty(codes.shape, np.uint8)
    for top in range(0, len(codes), BAND_ROWS):
        np.take(table, codes[top : top + BAND_ROWS], out=shown[top : top + BAND_ROWS], mode="clip")
    return shown


def light_of(planes: Pixels, encoding: Encoding) -> NDArray[np.float32]:
    """Scene-linear Rec.709 of samples (H, W, C)."""
    if planes.dtype.kind == "f":
        return _to_linear(planes.astype(np.float64), encoding).astype(np.float32)
    top = np.iinfo(planes.dtype).max
    table = _to_linear(np.arange(top + 1) / top, encoding).astype(np.float32)
    return np.take(table, planes)


@lru_cache(maxsize=64)
def display_table(dtype: str, encoding: Encoding, exposure: float = 0.0) -> NDArray[np.uint8]:
    """The 8-bit sRGB value of every bit pattern of ``uint8``, ``uint16`` or ``float16`` samples."""
    if dtype == "float16":
        values = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float64)
    else:
        top = np.iinfo(dtype).max
        values = np.arange(top + 1) / top
    values = np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=0.0)
    if encoding is Encoding.DISPLAY and not exposure:
        shown = values
    else:
        shown = linear_to_srgb(_to_linear(values, encoding) * 2.0**exposure)
    return np.rint(np.clip(shown, 0.0, 1.0) * 255).astype(np.uint8)


def _to_linear(values: NDArray[np.float64], encoding: Encoding) -> NDArray[np.float64]:
    if encoding is Encoding.CINEON_LOG:
        return cineon_to_linear(values * 1023)
    return srgb_to_linear(values) if encoding is Encoding.DISPLAY else values


def cineon_to_linear(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scene-linear light of 10-bit Cineon codes; black is 0, white is 1, codes above white go over 1."""
    light = 10 ** ((code - CINEON_WHITE) * CINEON_STEP / CINEON_GAMMA)
    black = 10 ** ((CINEON_BLACK - CINEON_WHITE) * CINEON_STEP / CINEON_GAMMA)
    return (light - black) / (1 - black)


def linear_to_srgb(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sRGB curve (IEC 61966-2-1) over light clipped to 0..1."""
    light = np.clip(linear, 0.0, 1.0)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def srgb_to_linear(shown: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light of sRGB values clipped to 0..1 (IEC 61966-2-1)."""
    values = np.clip(shown, 0.0, 1.0)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
