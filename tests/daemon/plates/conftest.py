"""Builders of small real files."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray
from picture_greys import grey_of

WriteVideo = Callable[..., Path]
WriteExr = Callable[..., Path]
WriteStills = Callable[..., Path]


@pytest.fixture
def write_stills(tmp_path: Path) -> WriteStills:
    """Writes one small picture for every name; its grey is the name's place in the list."""

    def write(*names: str, folder: str = "shot", size: tuple[int, int] = (6, 4)) -> Path:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for index, name in enumerate(names):
            assert cv2.imwrite(str(place / name), np.full((size[1], size[0]), grey_of(index), np.uint8))
        return place

    return write


@pytest.fixture
def write_exr(tmp_path: Path) -> WriteExr:
    """Writes planes by channel name into an EXR; ``data`` and ``display`` are (x0, y0, x1, y1), the last included."""

    def write(
        planes: dict[str, NDArray],
        name: str = "plate.0001.exr",
        data: tuple[int, int, int, int] | None = None,
        display: tuple[int, int, int, int] | None = None,
        **header: object,
    ) -> Path:
        height, width = next(iter(planes.values())).shape[:2]
        windows = {"dataWindow": data or (0, 0, width - 1, height - 1)}
        windows["displayWindow"] = display or windows["dataWindow"]
        corners = {key: (np.array(v[:2], np.int32), np.array(v[2:], np.int32)) for key, v in windows.items()}
        told = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **corners, **header}
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        OpenEXR.File(told, dict(planes)).write(str(path))
        return path

    return write


@pytest.fixture
def write_video(tmp_path: Path) -> WriteVideo:
    """Encodes pictures of one grey each; ``times`` are presentation times in frames, to make the rate vary."""

    def write(
        count: int,
        name: str = "shot.mp4",
        codec: str = "libx264",
        times: list[int] | None = None,
        size: tuple[int, int] = (64, 48),
        **options: str,
    ) -> Path:
        path = tmp_path / name
        with av.open(str(path), "w") as film:
            stream = film.add_stream(codec, rate=24, options=options)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            for index in range(count):
                picture = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), grey_of(index), np.uint8))
                picture.pts, picture.time_base = (times or range(count))[index], Fraction(1, 24)
                film.mux(stream.encode(picture))
            film.mux(stream.encode(None))
        return path

    return write
