"""Video as a source of pictures, exact to the frame.

Frame n is the n-th picture a player would show, whatever the time stamps between them (variable rates are fine). The
time stamps come from the packets of the whole file, not from the container's own count or index.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from roto_shared.errors import PlateError

from .picture import Format, Picture

KEPT_BYTES = 96 << 20
"""Decoded pictures kept in the video's own (subsampled) form, so that walking backwards decodes each group of pictures
a few times, not once a frame."""

UNTAGGED = 2
"""FFmpeg's AVCOL_SPC_UNSPECIFIED."""

HD_HEIGHT = 720
"""From this height on an untagged video is taken to be BT.709, below it BT.601, as players do."""


class VideoSource:
    """The first video stream of a file. Reading in order decodes on; other frames seek to the key picture before."""

    def __init__(self, path: Path, first_frame: int = 1) -> None:
        self._path = path
        self._lock = Lock()
        with _open(path) as container:
            self._stamps, self._keys = _time_stamps(container, path)
            self.format = _format(container.streams.video[0])
        self.frames = tuple(range(first_frame, first_frame + len(self._stamps)))
        self._decoder: _Decoder | None = None
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()

    def path(self, frame: int) -> Path:
        """The video itself. Raises PlateError for a frame it does not have."""
        if frame not in self.frames:
            raise PlateError(
                f"Frame {frame} is not in {self._path}.", f"The video runs from {self.frames[0]} to {self.frames[-1]}."
            )
        return self._path

    def picture(self, frame: int) -> Picture:
        """Decode ``frame``: 8-bit RGB, with alpha if the video has it. Raises PlateError."""
        self.path(frame)
        with self._lock:
            shown = self._shown(self._stamps[frame - self.frames[0]])
        if shown is None:
            raise PlateError(
                f"Frame {frame} of {self._path} cannot be decoded.", "Transcode the video or go on past it."
            )
        return _to_picture(shown)

    def close(self) -> None:
        """Close the file; the next read opens it again."""
        with self._lock:
            self._stop()
            self._kept.clear()

    def _stop(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _shown(self, stamp: int) -> VideoFrame | None:
        if stamp not in self._kept and self._is_ahead(stamp):
            self._decode_until(stamp)
        if stamp not in self._kept:
            self._decode_from(self._key_before(stamp), stamp)
            if self._decoder is not None and self._decoder.began_after(stamp):  # the index led past it
                self._decode_from(None, stamp)
        return self._kept.get(stamp)

    def _key_before(self, stamp: int) -> int:
        return self._keys[max(0, bisect_right(self._keys, stamp) - 1)]

    def _is_ahead(self, stamp: int) -> bool:
        """Whether decoding on reaches ``stamp`` sooner than seeking would."""
        at = None if self._decoder is None else self._decoder.stamp
        return at is not None and at < stamp and self._key_before(stamp) <= at

    def _decode_from(self, key: int | None, stamp: int) -> None:
        self._stop()
        self._decoder = _Decoder(self._path, key)
        self._decode_until(stamp)

    def _decode_until(self, stamp: int) -> None:
        assert self._decoder is not None
        for shown_at, frame in self._decoder:
            if not frame.is_corrupt:
                self._keep(shown_at, frame)
            if shown_at >= stamp:
                return

    def _keep(self, stamp: int, frame: VideoFrame) -> None:
        self._kept[stamp] = frame
        self._kept.move_to_end(stamp)
        size = sum(plane.buffer_size for plane in frame.planes)
        while len(self._kept) > max(2, KEPT_BYTES // max(size, 1)):
            self._kept.popitem(last=False)


class _Decoder:
    """Pictures with their time stamps as they are shown, from the key picture at ``key`` on, or from the start.

    Packets that do not decode are passed over. ``stamp`` is that of the latest picture.
    """

    def __init__(self, path: Path, key: int | None) -> None:
        self._container = _open(path)
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        if key is not None:
            self._container.seek(key, stream=stream, backward=True, any_frame=False)
        self._pictures = _decode(self._container, stream)
        self._first: int | None = None
        self.stamp: int | None = None

    def __iter__(self) -> Iterator[tuple[int, VideoFrame]]:
        for stamp, frame in self._pictures:
            self._first = stamp if self._first is None else self._first
            self.stamp = stamp
            yield stamp, frame

    def began_after(self, stamp: int) -> bool:
        """Whether ``stamp`` lies before the first picture that came."""
        return self._first is None or self._first > stamp

    def close(self) -> None:
        self._container.close()


def _decode(container: InputContainer, stream: VideoStream) -> Iterator[tuple[int, VideoFrame]]:
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            if isinstance(frame, VideoFrame) and frame.pts is not None:
                yield frame.pts, frame


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    try:
        yield from container.demux(stream)
    except FFmpegError:
        return  # the rest of the file is cut off or damaged: what came before is there


def _open(path: Path) -> InputContainer:
    try:
        container = av.open(str(path))
    except (FFmpegError, OSError) as error:
        raise PlateError(
            f"{path} cannot be opened as a video: {error.strerror}.", "Transcode or copy it again."
        ) from error
    if not container.streams.video:
        container.close()
        raise PlateError(f"{path} holds no pictures.", "Give a file with a video stream.")
    return container


def _time_stamps(container: InputContainer, path: Path) -> tuple[list[int], list[int]]:
    """When each picture is shown, ascending, and which of them can be decoded on their own."""
    stream = container.streams.video[0]
    packets = [(packet.pts, packet.is_keyframe) for packet in _packets(container, stream) if _holds_picture(packet)]
    stamps = sorted({stamp for stamp, _ in packets if stamp is not None})
    keys = sorted({stamp for stamp, is_key in packets if is_key and stamp is not None})
    if len(stamps) < len(packets):  # fields in packets of their own, or no time stamps: only decoding tells
        container.seek(0)
        stamps = sorted({stamp for stamp, _ in _decode(container, stream)})
        keys = stamps[:1]
    if not stamps:
        raise PlateError(f"{path} holds no picture that can be decoded.", "Transcode or copy it again.")
    return stamps, keys or stamps[:1]


def _holds_picture(packet: Packet) -> bool:
    return packet.size > 0 and not packet.is_discard


def _format(stream: VideoStream) -> Format:
    rate = stream.average_rate or stream.base_rate
    aspect = stream.sample_aspect_ratio
    context = stream.codec_context
    return Format(context.width, context.height, float(aspect) if aspect else 1.0, float(rate) if rate else None)


def _to_picture(frame: VideoFrame) -> Picture:
    has_alpha = any(component.is_alpha for component in frame.format.components)
    matrix = None
    if not frame.format.is_rgb and frame.colorspace == UNTAGGED:
        matrix = Colorspace.ITU709 if frame.height >= HD_HEIGHT else Colorspace.ITU601
    pixels = frame.to_ndarray(format="rgba" if has_alpha else "rgb24", src_colorspace=matrix)
    return Picture(np.asarray(pixels), ("R", "G", "B", "A") if has_alpha else ("R", "G", "B"))
