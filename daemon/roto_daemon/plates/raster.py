"""Every still that is not EXR, through OpenImageIO: PNG, JPEG, TIFF, DPX, Cineon, Targa, Radiance …

Colours stay as stored: alpha is not multiplied in, palettes are resolved (and kept as labels), CMYK becomes RGB.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name
from numpy.typing import NDArray
from PIL import Image

from .picture import Encoding, Format, Picture

VIDEO_TRANSFERS = frozenset(
    {
        *("Linear", "Unspecified video", "SMPTE 274M", "ITU-R 709-4", "ITU-R 601-5 system B or G"),
        *("ITU-R 601-5 system M", "NTSC composite video", "PAL composite video"),
    }
)
"""DPX transfer characteristics that mean a picture to be shown as it is, by OpenImageIO's names.

FFmpeg writes "Unspecified video" for such pictures, older ones "Linear".
"""

FASTEST = 1000.0
"""More frames a second than this are taken for a field that nobody filled."""

PALETTE_TYPES = frozenset({".png", ".gif", ".bmp", ".tif", ".tiff"})


def read_raster_format(path: Path) -> Format:
    """Size, pixel aspect and rate from the header. Raises RuntimeError or ValueError for a damaged one."""
    source = _open(path)
    return _format_of(source.spec(), source.format_name())


def read_raster(path: Path) -> Picture:
    """The still as stored. Raises RuntimeError or ValueError for a damaged file."""
    source = _open(path)
    spec = source.spec()
    form = _format_of(spec, source.format_name())
    pixels = source.read_image(_sample_kind(spec))
    if pixels is None or source.has_error:
        raise RuntimeError(_reason(source.geterror()))
    pixels = np.asarray(pixels).reshape(form.height, form.width, spec.nchannels)
    indices, channels = _choose_channels(list(spec.channelnames))
    if indices != list(range(spec.nchannels)):
        pixels = pixels[..., indices]
    return Picture(pixels, channels, form.encoding, _labels(path))


def _format_of(spec: oiio.ImageSpec, file_format: str) -> Format:
    return Format(
        width=spec.width,
        height=spec.height,
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0) or 1.0,
        fps=frame_rate(spec),
        encoding=_encoding(spec, file_format),
    )


def frame_rate(spec: oiio.ImageSpec) -> float | None:
    """Frames a second as a DPX says them; None where it does not, or says what no film has."""
    rate = spec.get_float_attribute("dpx:FrameRate") or spec.get_float_attribute("dpx:TemporalFrameRate")
    return rate if 0 < rate <= FASTEST else None


def _open(path: Path) -> oiio.ImageInput:
    raw = oiio.ImageSpec()
    raw.attribute("oiio:UnassociatedAlpha", 1)
    source = oiio.ImageInput.open(str(path), raw)
    if source is None:
        raise RuntimeError(_reason(oiio.geterror()))
    return source


def _reason(text: str) -> str:
    """The first line of a library's complaint; the rest repeats it."""
    return next(iter(text.strip().splitlines()), "its content is damaged").strip(" .?")


def _sample_kind(spec: oiio.ImageSpec) -> str:
    name = str(spec.format)
    if name in {"uint8", "uint16"}:
        return name
    return "half" if name == "half" else "float" if name in {"float", "double"} else "uint16"


def _choose_channels(names: list[str]) -> tuple[list[int], tuple[str, ...]]:
    alpha = [names.index("A")] if "A" in names else []
    if {"R", "G", "B"} <= set(names):
        colours = [names.index(name) for name in ("R", "G", "B")]
        return colours + alpha, ("R", "G", "B", *("A" for _ in alpha))
    return ([0, *alpha], ("Y", "A")) if alpha and alpha != [0] else ([0], ("A",) if alpha else ("Y",))


def _encoding(spec: oiio.ImageSpec, file_format: str) -> Encoding:
    if file_format in {"dpx", "cineon"}:
        plain = spec.get_string_attribute("dpx:Transfer") in VIDEO_TRANSFERS
        return Encoding.DISPLAY if plain else Encoding.CINEON_LOG
    return Encoding.LINEAR if str(spec.format) in {"half", "float", "double"} else Encoding.DISPLAY


def _labels(path: Path) -> NDArray[np.uint8] | None:
    """Palette indices of a still that is stored with a palette; OpenImageIO gives only their colours."""
    if path.suffix.lower() not in PALETTE_TYPES:
        return None
    try:
        with Image.open(path) as image:
            return np.asarray(image, dtype=np.uint8) if image.mode == "P" else None
    except (OSError, ValueError):  # kinds that Pillow does not know have no palette either
        return None
