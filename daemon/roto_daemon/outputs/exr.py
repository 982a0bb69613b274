"""EXR files for compositing: any planes by channel name, with what the plate's header said."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from roto_daemon.plates.header import Header, Windows, exr_timecode
from roto_shared.errors import InputError
from roto_shared.whole_file import write_whole

COMPRESSIONS: dict[str, Any] = {
    "none": OpenEXR.NO_COMPRESSION,
    "rle": OpenEXR.RLE_COMPRESSION,
    "zips": OpenEXR.ZIPS_COMPRESSION,
    "zip": OpenEXR.ZIP_COMPRESSION,
    "piz": OpenEXR.PIZ_COMPRESSION,
    "pxr24": OpenEXR.PXR24_COMPRESSION,
    "dwaa": OpenEXR.DWAA_COMPRESSION,
    "dwab": OpenEXR.DWAB_COMPRESSION,
}
LOSSLESS = ("none", "rle", "zips", "zip", "piz")

Planes = Mapping[str, NDArray[Any]]


def write_exr(
    path: Path,
    planes: Planes,
    header: Header,
    compression: str = "zip",
    pixel_aspect: float = 1.0,
    attributes: Mapping[str, Any] | None = None,
) -> None:
    """Write planes (H, W) of the display window by channel name, ``float16`` or ``float32``, whole or not at all.

    The display window is the plate's, and the data window what both windows of the plate share: its time code and
    attributes are carried on. ``attributes`` come on top. Raises InputError for an unknown compression, StorageError.
    """
    if compression not in COMPRESSIONS:
        raise InputError(f"There is no compression “{compression}”.", f"Use {', '.join(COMPRESSIONS)}.")
    height, width = next(iter(planes.values())).shape
    windows = header.windows or Windows((0, 0, width - 1, height - 1), (0, 0, width - 1, height - 1))
    data = _shared(windows)
    told = {
        **header.attributes,
        **(attributes or {}),
        "compression": COMPRESSIONS[compression],
        "type": OpenEXR.scanlineimage,
        "pixelAspectRatio": pixel_aspect,
        "dataWindow": _box(data),
        "displayWindow": _box(windows.display),
    }
    code = exr_timecode(header.timecode, header.rate) if header.timecode else None
    if code is not None:
        told["timeCode"] = code
    cut = {name: _cut(plane, data, windows.display) for name, plane in planes.items()}
    stream = io.BytesIO()
    OpenEXR.File(told, cut).write(stream)
    write_whole(path, stream.getvalue())


def layer_names(objects: Iterable[str]) -> dict[str, str]:
    """A layer name for each object: letters, digits and underscores, which is what compositing programs keep."""
    names: dict[str, str] = {}
    for name in objects:
        plain = re.sub(r"\W", "_", name, flags=re.ASCII) or "object"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        numbered = (f"{plain}_{number}" for number in count(2))
        names[name] = next(told for told in chain([plain], numbered) if told not in names.values())
    return names


def _shared(windows: Windows) -> tuple[int, int, int, int]:
    """What the data window covers of the display window; all of that where they do not meet."""
    data, display = windows
    x0, y0 = max(data[0], display[0]), max(data[1], display[1])
    x1, y1 = min(data[2], display[2]), min(data[3], display[3])
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else display


def _cut(plane: NDArray[Any], data: tuple[int, ...], display: tuple[int, ...]) -> NDArray[Any]:
    top, left = data[1] - display[1], data[0] - display[0]
    cut = plane[top : top + data[3] - data[1] + 1, left : left + data[2] - data[0] + 1]
    return np.ascontiguousarray(cut)


def _box(window: tuple[int, int, int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    return np.array(window[:2], np.int32), np.array(window[2:], np.int32)
