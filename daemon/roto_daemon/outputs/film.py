"""What all films that are written have in common: whole or not there, an even size, and the tags of BT.709 video."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, cast

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from roto_daemon.plates.timecode import exact_rate
from roto_shared.errors import StorageError
from roto_shared.whole_file import written_whole

S = TypeVar("S", np.uint8, np.uint16)


@contextmanager
def written_film(path: Path, kind: str, options: Mapping[str, str] | None = None) -> Iterator[OutputContainer]:
    """A film of FFmpeg's format ``kind`` to write to; it is there when the block ends well. Raises StorageError."""
    with written_whole(path) as part:
        try:
            with av.open(str(part), "w", format=kind, options=dict(options or {})) as film:
                yield cast(OutputContainer, film)
        except FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise StorageError(f"{path} cannot be encoded: {error}.", "Report this with the plate's size.") from error


def add_stream(
    film: OutputContainer,
    codec: str,
    pixel_format: str,
    size: tuple[int, int],
    fps: float,
    pixel_aspect: float,
    options: Mapping[str, str],
) -> VideoStream:
    """A stream of pictures of ``size`` (width, height), tagged as BT.709 video."""
    stream = cast(VideoStream, film.add_stream(codec, rate=exact_rate(fps), options=dict(options)))
    stream.width, stream.height, stream.pix_fmt = *size, pixel_format
    context = stream.codec_context
    context.sample_aspect_ratio = Fraction(pixel_aspect).limit_denominator(1000)
    context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
    context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    return stream


def encode(
    film: OutputContainer, frames: Iterable[VideoFrame], make_stream: Callable[[VideoFrame], VideoStream]
) -> Iterator[int]:
    """Encode ``frames``, the stream made for the first one. Yields how many are done; exhaust it to end the film."""
    stream: VideoStream | None = None
    for done, frame in enumerate(frames, 1):
        if stream is None:
            stream = make_stream(frame)
        film.mux(stream.encode(frame))
        yield done
    if stream is not None:
        film.mux(stream.encode(None))


def even_sized(picture: NDArray[S]) -> NDArray[S]:
    """The picture (H, W, C) with its last column and row doubled where a codec needs an even size."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def to_video(picture: NDArray[Any], stored: str, wanted: str, threads: int | None = None) -> VideoFrame:
    """Full-range samples in the format ``stored`` as BT.709 video in the format ``wanted``."""
    return VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=stored).reformat(
        format=wanted,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        threads=threads,
    )
