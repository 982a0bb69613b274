"""ProRes 4444 with alpha: a matte over its plate that every editing program opens."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.outputs.masks import to_16_bits
from roto_daemon.plates.timecode import exact_rate
from roto_shared.errors import StorageError
from roto_shared.whole_file import written_whole

OPTIONS = {"profile": "4444", "alpha_bits": "16", "vendor": "apl0"}
"""Of FFmpeg's prores_ks; the vendor is the one that players look for."""


def write_prores(
    path: Path,
    pictures: Iterator[tuple[Image, Mask]],
    fps: float,
    pixel_aspect: float = 1.0,
    timecode: str = "",
) -> Iterator[int]:
    """Write pictures (uint8 RGB, display-referred sRGB shown as BT.709) with straight alpha as a MOV.

    Yields how many are done; the file is there once the last one was taken. Raises StorageError.
    """
    with written_whole(path) as part:
        try:
            with av.open(str(part), "w", format="mov") as opened:
                film = cast(OutputContainer, opened)
                if timecode:
                    film.metadata["timecode"] = timecode
                yield from _encode(film, pictures, fps, pixel_aspect)
        except FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise StorageError(f"{path} cannot be encoded: {error}.", "Report this with the plate's size.") from error


def _encode(
    film: OutputContainer, pictures: Iterator[tuple[Image, Mask]], fps: float, pixel_aspect: float
) -> Iterator[int]:
    stream: VideoStream | None = None
    for done, (image, matte) in enumerate(pictures, 1):
        rgba = _even(np.dstack([image.astype(np.uint16) * 257, to_16_bits(matte)]))
        if stream is None:
            stream = _add_stream(film, rgba.shape[1], rgba.shape[0], fps, pixel_aspect)
        film.mux(stream.encode(_to_yuva(rgba)))
        yield done
    if stream is not None:
        film.mux(stream.encode(None))


def _add_stream(film: OutputContainer, width: int, height: int, fps: float, pixel_aspect: float) -> VideoStream:
    rate = exact_rate(fps)
    stream = cast(VideoStream, film.add_stream("prores_ks", rate=rate, options=OPTIONS))
    stream.width, stream.height, stream.pix_fmt = width, height, "yuva444p10le"
    context = stream.codec_context
    context.sample_aspect_ratio = Fraction(pixel_aspect).limit_denominator(1000)
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return stream


def _even(picture: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The last column and row doubled where the codec needs an even size."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _to_yuva(rgba: NDArray[np.uint16]) -> VideoFrame:
    """On one thread: on several, swscale's (FFmpeg 8) write over the alpha where their slices meet, at any width that
    eight does not divide; found by comparing 30 conversions of random pictures with each other.
    """
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgba), format="rgba64le")
    return frame.reformat(
        format="yuva444p10le",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
