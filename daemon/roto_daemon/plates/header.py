"""What files say beside their pixels: time code, and what else should travel on with the frame."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import OpenImageIO as oiio  # noqa: N813 - its documentation's own name

OF_THE_FILE = (
    *("compression", "DateTime", "Software", "ExifVersion", "Orientation", "acesImageContainerFlag"),
    *("PixelAspectRatio", "ImageDescription", "multiView", "name", "version", "chunkCount", "type", "DocumentName"),
)
OF_THE_FILE_GROUPS = ("oiio:", "openexr:", "dpx:", "png:", "tiff:", "jpeg:", "Exif:", "ICCProfile", "XResolution")
OF_THE_FILE_GROUPS += (
    "YResolution",
    "ResolutionUnit",
    "planarconfig",
    "colorInteropID",
    "chromaticities",
    "cryptomatte",
)
"""Attributes that speak of how the plate's own file is stored or coloured, and would be wrong in another file."""


class Attribute(NamedTuple):
    """A header's entry as OpenImageIO names it; ``type`` is OpenImageIO's."""

    name: str
    type: Any
    value: Any


@dataclass(frozen=True)
class Header:
    """A frame's ``timecode`` (``01:00:00:00``, a semicolon before the frames of a drop-frame one; empty for none).

    ``attributes`` are those that a matte made from the frame may carry on.
    """

    timecode: str = ""
    attributes: tuple[Attribute, ...] = ()


def read_still_header(path: Path) -> Header:
    """The header of a still. Raises RuntimeError for a damaged one."""
    source = oiio.ImageInput.open(str(path))
    if source is None:
        raise RuntimeError(oiio.geterror() or "its header is damaged")
    spec = source.spec()
    source.close()
    attributes = (Attribute(told.name, told.type, told.value) for told in spec.extra_attribs)
    kept = tuple(told for told in attributes if told.value is not None and _travels(told.name))
    return Header(spec.get_string_attribute("smpte:TimeCode"), kept)


def _travels(name: str) -> bool:
    return name not in OF_THE_FILE and not name.startswith(OF_THE_FILE_GROUPS)


def count_timecode(start: str, frames: int, rate: Fraction) -> str:
    """The time code ``frames`` after ``start``; drop-frame ones (a semicolon, 29.97 and 59.94) skip numbers.

    The count wraps at midnight. Source: SMPTE ST 12-1, 5.2.2. Raises ValueError for a text that is no time code.
    """
    is_drop = ";" in start
    parts = start.replace(";", ":").split(":")
    if len(parts) != 4:
        raise ValueError(f"“{start}” is no time code")
    hours, minutes, seconds, frame = map(int, parts)
    nominal = round(rate)
    dropped = 2 * (nominal // 30) if is_drop else 0
    total_minutes = 60 * hours + minutes
    count = (total_minutes * 60 + seconds) * nominal + frame - dropped * (total_minutes - total_minutes // 10)
    day = 24 * 3600 * nominal - dropped * 24 * 54
    count = (count + frames) % day
    if dropped:
        count = _skip_dropped(count, nominal, dropped)
    seconds, frame = divmod(count, nominal)
    mark = ";" if is_drop else ":"
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{frame:02d}"


def _skip_dropped(count: int, nominal: int, dropped: int) -> int:
    """The number that a drop-frame count shows: two (four) numbers are left out each minute but every tenth."""
    tens, rest = divmod(count, 600 * nominal - 9 * dropped)
    later_minutes = max(0, rest - dropped) // (60 * nominal - dropped)
    return count + dropped * (9 * tens + later_minutes)
