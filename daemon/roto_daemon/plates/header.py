"""What files say beside their pixels: time code, windows, and what else should travel on with the frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name

from .exr import find_layer
from .raster import frame_rate
from .timecode import MOST_NUMBERS, exact_rate, frames_a_number, split_timecode

OF_THE_FILE = frozenset(
    {
        *("channels", "chunkCount", "compression", "dataWindow", "displayWindow", "dwaCompressionLevel", "lineOrder"),
        *("name", "pixelAspectRatio", "preview", "tiles", "type", "version", "view", "multiView", "maxSamplesPerPixel"),
        *("acesImageContainerFlag", "chromaticities", "colorInteropID", "zipCompressionLevel", "timeCode"),
    }
)
"""EXR attributes that say how the plate's own file is stored or coloured, and would be wrong in another one."""

OF_A_CRYPTOMATTE = "cryptomatte/"

CARRIED_TYPES = (str, int, float, Fraction, tuple, list, np.ndarray, OpenEXR.KeyCode)
"""What the bindings can write as well as read."""

RATE = "framesPerSecond"
"""OpenEXR's standard attribute."""

COLOUR_ATTRIBUTES = ("chromaticities", "colorInteropID")


class Windows(NamedTuple):
    """An EXR's windows, each (x0, y0, x1, y1) in its own numbering, the last pixel included."""

    data: tuple[int, int, int, int]
    display: tuple[int, int, int, int]


@dataclass(frozen=True)
class Header:
    """A frame's ``timecode`` (``01:00:00:00``, a semicolon before the frames of a drop-frame one; empty for none).

    It has a number for every frame, also where more than 30 are in a second and files give one number to several.
    ``attributes`` are those that any file made from the frame may carry on, ``colours`` those that say which colours
    its numbers are. ``windows`` is None where the file has none.
    """

    timecode: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    colours: Mapping[str, Any] = field(default_factory=dict)
    windows: Windows | None = None

    @property
    def rate(self) -> Fraction | None:
        """Frames a second; None where the file does not say."""
        told = self.attributes.get(RATE)
        return told if isinstance(told, Fraction) else None


def read_still_header(path: Path, layer: str = "") -> Header:
    """The header of a still; of an EXR that of the part which ``layer`` is in: each has a data window of its own.

    Raises RuntimeError or ValueError for a damaged one.
    """
    return _read_exr_header(path, layer) if path.suffix.lower() == ".exr" else _read_raster_header(path)


def _read_exr_header(path: Path, layer: str) -> Header:
    with OpenEXR.File(str(path), header_only=True) as file:
        told = find_layer(file, layer).part.header
        code = told.get("timeCode")
        text = "" if code is None else _timecode_text(code)
        windows = Windows(_corners(told["dataWindow"]), _corners(told["displayWindow"]))
        kept = {name: _copy(value) for name, value in told.items() if _travels(name, value)}
        colours = {name: _copy(told[name]) for name in COLOUR_ATTRIBUTES if name in told}
    header = Header(text, kept, colours, windows)
    return replace(header, timecode=_of_every_frame(text, header.rate))


def _read_raster_header(path: Path) -> Header:
    source = oiio.ImageInput.open(str(path))
    if source is None:
        raise RuntimeError(oiio.geterror() or "its header is damaged")
    code, told = source.spec().get_string_attribute("smpte:TimeCode"), frame_rate(source.spec())
    source.close()
    if told is None:
        return Header(code)
    rate = exact_rate(told)
    return Header(_of_every_frame(code, rate), {RATE: rate})


def _travels(name: str, value: Any) -> bool:
    is_ours = name not in OF_THE_FILE and not name.startswith(OF_A_CRYPTOMATTE)
    is_empty = isinstance(value, list) and not value  # the bindings cannot tell what it is a list of
    return is_ours and isinstance(value, CARRIED_TYPES) and not is_empty


def _copy(value: Any) -> Any:
    return np.array(value) if isinstance(value, np.ndarray) else value


def _corners(window: Any) -> tuple[int, int, int, int]:
    (x0, y0), (x1, y1) = window
    return int(x0), int(y0), int(x1), int(y1)


def _timecode_text(code: Any) -> str:
    mark = ";" if code.dropFrame else ":"
    return f"{code.hours:02d}:{code.minutes:02d}:{code.seconds:02d}{mark}{code.frame:02d}"


def _of_every_frame(text: str, rate: Fraction | None) -> str:
    """A file's time code, with the number of the first frame that it stands for."""
    return f"{text[:-2]}{int(text[-2:]) * frames_a_number(rate):02d}" if text else ""


def exr_timecode(text: str, rate: Fraction | None) -> Any:
    """OpenEXR's own form of a time code; None where it has none, since files hold numbers that no clock shows.

    Raises ValueError for a text that is no time code.
    """
    hours, minutes, seconds, frame = split_timecode(text)
    number = frame // frames_a_number(rate)
    if hours > 23 or minutes > 59 or seconds > 59 or number >= MOST_NUMBERS:
        return None
    code = OpenEXR.TimeCode()
    code.hours, code.minutes, code.seconds, code.frame, code.dropFrame = hours, minutes, seconds, number, ";" in text
    return code
