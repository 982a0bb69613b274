"""OpenEXR files: the picture is the display window of the layer that was chosen, or of the first that holds colour.

Unless one is chosen, the unnamed layer of the first part with colour counts first, then the first layer with red, green
and blue, then luminance, then the first channel there is. Where the data window does not reach, the picture is black
and transparent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from .picture import Encoding, Format, Picture, Pixels
from .primaries import name_space

COLOURS = ("R", "G", "B")


class Window(NamedTuple):
    """Pixels x0 ≤ x < x1, y0 ≤ y < y1 in EXR's own numbering."""

    x0: int
    y0: int
    x1: int
    y1: int


def read_exr_format(path: Path, layer: str = "") -> Format:
    """Size, pixel aspect and rate from the header alone. Raises RuntimeError or ValueError for a damaged one."""
    with OpenEXR.File(str(path), header_only=True) as file:
        return _format_of(find_layer(file, layer).part.header)


def read_exr(path: Path, layer: str = "") -> Picture:
    """The colours of an EXR as stored, scene-linear. Raises RuntimeError or ValueError for a damaged file."""
    with OpenEXR.File(str(path), header_only=True) as head:
        parts = len(head.parts)
        _format_of(find_layer(head, layer).part.header)  # before memory is taken for a size that cannot be right
    with OpenEXR.File(str(path), separate_channels=True) as file:
        if len(file.parts) < parts:  # a part whose pixels are damaged is left out without an exception
            raise RuntimeError("its pixel data is damaged or cut off")
        part, names = find_layer(file, layer)
        planes = [_plane(part, full) for full in names.values()]
        windows = _window(part.header, "dataWindow"), _window(part.header, "displayWindow")
        space = name_space(part.header)
    common = np.result_type(*(plane.dtype for plane in planes))
    pixels = np.stack([plane.astype(common, copy=False) for plane in planes], axis=-1)
    return Picture(_crop(pixels, *windows), tuple(names), Encoding.LINEAR, colour_space=space)


def list_layers(path: Path) -> list[str]:
    """Names by which layers can be chosen: those of parts with several, of layers, of channels on their own.

    Raises RuntimeError or ValueError for a damaged header.
    """
    with OpenEXR.File(str(path), header_only=True) as file:
        return list(_layers(file))


def _format_of(header: dict[str, Any]) -> Format:
    data, display = _window(header, "dataWindow"), _window(header, "displayWindow")
    Format(data.x1 - data.x0, data.y1 - data.y0)
    rate = header.get("framesPerSecond")
    return Format(
        width=display.x1 - display.x0,
        height=display.y1 - display.y0,
        pixel_aspect=float(header.get("pixelAspectRatio", 1.0)),
        fps=None if rate is None else float(rate),
        encoding=Encoding.LINEAR,
        colour_space=name_space(header),
    )


def _plane(part: Any, name: str) -> Pixels:
    plane = part.channels[name].pixels
    if plane.ndim != 2 or plane.shape != (part.height(), part.width()):
        raise ValueError(f"its channel {name} is deep or subsampled, which is not read")
    return plane if plane.dtype == np.float16 else plane.astype(np.float32, copy=False)


class NoLayerError(ValueError):
    """There is no layer of the name that was chosen."""


class LayerFound(NamedTuple):
    """A part of an open file, and which of its channels make the picture, by their short names."""

    part: Any
    channels: dict[str, str]


def find_layer(file: Any, layer: str) -> LayerFound:
    """The layer of that name, or the best one for an empty name. Raises NoLayerError naming those there are."""
    if not layer:
        part = _best_part(file)
        return LayerFound(part, choose_channels(_channel_names(part)))
    layers = _layers(file)
    if layer not in layers:
        raise NoLayerError(f"it has no layer “{layer}” but {', '.join(layers) or 'a single one'}")
    return layers[layer]


def _layers(file: Any) -> dict[str, LayerFound]:
    found: dict[str, LayerFound] = {}
    for part in file.parts:
        names = _channel_names(part)
        own = str(part.header.get("name", "")) if len(file.parts) > 1 else ""
        for layer in dict.fromkeys(name.rpartition(".")[0] for name in names):
            inside = [name for name in names if name.rpartition(".")[0] == layer]
            told = ".".join(filter(None, (own if own != layer else "", layer))) or "rgba"
            found.setdefault(told, LayerFound(part, choose_channels(inside)))
    return found


def _channel_names(part: Any) -> list[str]:
    return [channel.name for channel in part.header.get("channels", ())]


def choose_channels(names: list[str]) -> dict[str, str]:
    """Which channels of a part make the picture: "R", "G", "B", "A" or "Y" → the full name in the file."""
    layers = dict.fromkeys(["", *(name.rpartition(".")[0] for name in names)])
    for layer in layers:
        full = {short: f"{layer}.{short}" if layer else short for short in (*COLOURS, "A", "Y")}
        wanted = COLOURS if full["R"] in names else ("Y",)
        if all(full[short] in names for short in wanted):
            return {short: full[short] for short in (*wanted, "A") if full[short] in names}
    alpha = next((name for name in names if name.rpartition(".")[2] == "A"), None)
    return {"A": alpha} if alpha else {"Y": names[0]}


def _best_part(file: Any) -> Any:
    parts = [part for part in file.parts if part.header.get("channels")]
    if not parts:
        raise RuntimeError("it holds no channels")
    coloured = (part for part in parts if "R" in choose_channels(_channel_names(part)))
    return next(coloured, parts[0])


def _window(header: dict[str, Any], name: str) -> Window:
    (x0, y0), (x1, y1) = header[name]
    return Window(int(x0), int(y0), int(x1) + 1, int(y1) + 1)


def _crop(pixels: NDArray[Any], data: Window, display: Window) -> NDArray[Any]:
    if data == display:
        return pixels
    framed = np.zeros((display.y1 - display.y0, display.x1 - display.x0, pixels.shape[2]), pixels.dtype)
    x0, y0 = max(data.x0, display.x0), max(data.y0, display.y0)
    x1, y1 = min(data.x1, display.x1), min(data.y1, display.y1)
    if x1 > x0 and y1 > y0:
        inside = pixels[y0 - data.y0 : y1 - data.y0, x0 - data.x0 : x1 - data.x0]
        framed[y0 - display.y0 : y1 - display.y0, x0 - display.x0 : x1 - display.x0] = inside
    return framed
