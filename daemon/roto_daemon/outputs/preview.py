"""The preview: a small H.264 film of the plate with the shapes over it, for anyone's player."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream

from roto_daemon.backends.base import Image
from roto_daemon.plates.timecode import exact_rate
from roto_shared.errors import InputError, PlateError, StorageError
from roto_shared.shapes import ShapeDocument
from roto_shared.space import fit_proxy
from roto_shared.whole_file import written_whole

from .overlay import NEEDS_CLICK, UNREADABLE, Tag, draw_frame

LIMIT_PX = 1920
"""Longer side of the film at most; larger plates are shrunk, none is enlarged."""

QUALITY = {"crf": "18", "preset": "veryfast"}


def write_preview(
    path: Path,
    document: ShapeDocument,
    read: Callable[[int], Image],
    frames: Sequence[int],
    needs_click: Collection[int] = (),
) -> Iterator[int]:
    """Write ``frames`` of the plate that ``read`` gives (uint8 RGB) with the document over them as an MP4.

    Yields each frame that is done; the file is there when the last one was taken, and closing the generator before
    leaves nothing behind. A frame that cannot be read shows as black and says so. Raises StorageError, and InputError
    where there is no frame.
    """
    if not frames:
        raise InputError(f"There is no frame for {path}.", "Track some frames first.")
    pictures = _pictures(document, read, frames, frozenset(needs_click))
    with written_whole(path) as part:
        try:
            with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as film:
                yield from _encode(cast(OutputContainer, film), document, zip(frames, pictures, strict=True))
        except FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise StorageError(f"{path} cannot be encoded: {error}.", "Report this with the plate's size.") from error


def _pictures(
    document: ShapeDocument, read: Callable[[int], Image], frames: Sequence[int], needs_click: frozenset[int]
) -> Iterator[Image]:
    for frame in frames:
        tags: list[Tag] = [NEEDS_CLICK] if frame in needs_click else []
        try:
            image = read(frame)
        except PlateError:
            image = np.zeros((document.height, document.width, 3), np.uint8)
            tags.append(UNREADABLE)
        yield fit_film(draw_frame(image, document, frame, tags))


def fit_film(image: Image) -> Image:
    """The picture at most ``LIMIT_PX`` long, its last column and row doubled where H.264 needs an even size."""
    height, width = image.shape[:2]
    size = fit_proxy(width, height, LIMIT_PX)
    if size != (width, height):
        image = cast(Image, cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return np.pad(image, ((0, size[1] % 2), (0, size[0] % 2), (0, 0)), mode="edge")


def _encode(film: OutputContainer, document: ShapeDocument, pictures: Iterator[tuple[int, Image]]) -> Iterator[int]:
    stream: VideoStream | None = None
    for frame, image in pictures:
        if stream is None:
            stream = _add_stream(film, document, image)
        film.mux(stream.encode(_to_yuv(image)))
        yield frame
    if stream is not None:
        film.mux(stream.encode(None))


def _add_stream(film: OutputContainer, document: ShapeDocument, image: Image) -> VideoStream:
    rate = exact_rate(document.fps)
    stream = cast(VideoStream, film.add_stream("libx264", rate=rate, options=QUALITY))
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.sample_aspect_ratio = Fraction(document.pixel_aspect).limit_denominator(1000)
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return stream


def _to_yuv(image: Image) -> VideoFrame:
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
    return frame.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
