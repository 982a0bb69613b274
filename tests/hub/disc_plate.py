"""A red disc that moves right, as files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, FIRST, LAST = 97, 63, 1001, 1012


def centre(frame: int) -> tuple[float, float]:
    return (20.0 + 4 * (frame - FIRST), 30.0)


def make_plate(folder: Path, last: int = LAST) -> str:
    """A red disc that moves right; answers its files as a pattern."""
    folder.mkdir(parents=True, exist_ok=True)
    for frame in range(FIRST, last + 1):
        assert cv2.imwrite(str(folder / f"disc.{frame}.png"), _picture(frame))
    return str(folder / "disc.####.png")


def make_disc_film(path: Path) -> Path:
    """The same disc as a film, as a camera's clip comes."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv444p"
        for frame in range(FIRST, LAST + 1):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(_picture(frame), format="bgr24")))
        container.mux(stream.encode(None))
    return path


def _picture(frame: int) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    image = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    x, y = centre(frame)
    image[np.hypot(columns - x, rows - y) <= 10] = (0, 0, 255)
    return image


def make_film(path: Path, fps: Fraction, frames: int = 24) -> Path:
    """A film in which a red bar tells the frame: its left edge stands at 8 px times the frame's place in the film."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 8 * frames + 8, 64, "yuv420p"
        for number in range(frames):
            image = np.full((stream.height, stream.width, 3), 128, np.uint8)
            image[:, 8 * number : 8 * number + 8] = (255, 0, 0)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return path
