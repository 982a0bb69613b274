"""The preview: a small H.264 film of the plate with the shapes over it, for anyone's player."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from roto_daemon.backends.base import Image
from roto_daemon.outputs.film import add_stream, encode, even_sized, to_video, written_film
from roto_shared.errors import InputError, PlateError
from roto_shared.shapes import ShapeDocument
from roto_shared.space import fit_proxy

from .overlay import UNREADABLE, Tag, draw_frame

LIMIT_PX = 1920
"""Longer side of the film at most; larger plates are shrunk, none is enlarged."""

QUALITY = {"crf": "18", "preset": "veryfast"}


def write_preview(
    path: Path,
    document: ShapeDocument,
    read: Callable[[int], Image],
    frames: Sequence[int],
    tags: Mapping[int, Tag] = MappingProxyType({}),
) -> Iterator[int]:
    """Write ``frames`` of the plate that ``read`` gives (uint8 RGB) with the document and their ``tags`` as an MP4.

    Yields each frame that is done; the file is there when the last one was taken, and closing the generator before
    leaves nothing behind. A frame that cannot be read shows as black and says so. Raises StorageError, and InputError
    where there is no frame.
    """
    if not frames:
        raise InputError(f"There is no frame for {path}.", "Track some frames first.")
    pictures = (to_video(image, "rgb24", "yuv420p") for image in _pictures(document, read, frames, tags))

    def make_stream(frame: VideoFrame) -> VideoStream:
        size = (frame.width, frame.height)
        return add_stream(film, "libx264", "yuv420p", size, document.fps, document.pixel_aspect, QUALITY)

    with written_film(path, "mp4", {"movflags": "+faststart"}) as film:
        for done in encode(film, pictures, make_stream):
            yield frames[done - 1]


def _pictures(
    document: ShapeDocument, read: Callable[[int], Image], frames: Sequence[int], tags: Mapping[int, Tag]
) -> Iterator[Image]:
    for frame in frames:
        shown = [tags[frame]] if frame in tags else []
        try:
            image = read(frame)
        except PlateError:
            image = np.zeros((document.height, document.width, 3), np.uint8)
            shown.append(UNREADABLE)
        yield fit_film(draw_frame(image, document, frame, shown))


def fit_film(image: Image) -> Image:
    """The picture at most ``LIMIT_PX`` long, its last column and row doubled where H.264 needs an even size."""
    height, width = image.shape[:2]
    size = fit_proxy(width, height, LIMIT_PX)
    if size != (width, height):
        image = cast(Image, cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return even_sized(image)
