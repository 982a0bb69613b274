"""Video as a source of pictures, exact to the frame.

Frame n is the n-th picture a player would show, whatever the time stamps between them (variable rates are fine).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import numpy as np
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from roto_shared.errors import PlateError

from .film import Decoder, index_film, open_film
from .header import RATE, Header
from .picture import Format, Picture
from .timecode import count_timecode, exact_rate

KEPT_BYTES = 96 << 20
"""Decoded pictures kept in the video's own (subsampled) form, so that walking backwards decodes each group of pictures
a few times, not once a frame."""

NEAR = 4
"""So many pictures on, decoding reaches sooner than seeking; where every picture is a key, seeking would never end."""

UNTAGGED = 2
"""FFmpeg's AVCOL_SPC_UNSPECIFIED."""

TIMECODE = re.compile(r"\d\d:\d\d:\d\d[:;]\d\d")

TRANSFERS = {16: "Rec.2100-PQ - Display", 18: "Rec.2100-HLG - Display"}
"""Of ITU-T H.273, table 3: transfer functions of high dynamic range, which are not shown as they are."""

FORMATS = {(False, False): "rgb24", (True, False): "rgba", (False, True): "rgb48le", (True, True): "rgba64le"}
"""FFmpeg's names, by whether there is alpha, and whether there are more than 8 bits."""

HD_HEIGHT = 720
"""From this height on an untagged video is taken to be BT.709, below it BT.601, as players do."""


class VideoSource:
    """The first video stream of a file. Reading in order decodes on; other frames seek to the key picture before."""

    def __init__(self, path: Path, first_frame: int = 1) -> None:
        self._path = path
        self._index = index_film(path)
        with open_film(path) as film:
            self.format = _format_of(film.streams.video[0], path)
            self._timecode = _timecode_of(film)
        self.frames = tuple(range(first_frame, first_frame + len(self._index.places)))
        self._lock = Lock()
        self._decoder: Decoder | None = None
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()

    def path(self, frame: int) -> Path:
        """The video itself. Raises PlateError for a frame it does not have."""
        first, last = self.frames[0], self.frames[-1]
        if not first <= frame <= last:
            raise PlateError(f"Frame {frame} is not in {self._path}.", f"The video runs from {first} to {last}.")
        return self._path

    def picture(self, frame: int) -> Picture:
        """Decode ``frame``: RGB of 8 bits, of 16 if the video has more, with alpha if it has it. Raises PlateError."""
        self.path(frame)
        with self._lock:
            shown = self._shown(self._index.places[frame - self.frames[0]])
        if shown is None:
            raise PlateError(
                f"Frame {frame} of {self._path} cannot be decoded.", "Transcode the video or go on past it."
            )
        return _to_picture(shown, self.format.colour_space)

    def header(self, frame: int) -> Header:
        """The frame's time code, counted on from the file's own, and the rate. Raises PlateError where it has none."""
        self.path(frame)
        rate = exact_rate(self.format.fps or 24)
        told = {RATE: rate} if self.format.fps else {}
        code = count_timecode(self._timecode, frame - self.frames[0], rate) if self._timecode else ""
        return Header(code, told)

    def layers(self, frame: int) -> list[str]:
        """A video has none. Raises PlateError for a frame it does not have."""
        self.path(frame)
        return []

    def close(self) -> None:
        """Close the file; the next read opens it again."""
        with self._lock:
            self._stop()
            self._kept.clear()

    def _stop(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _shown(self, place: int) -> VideoFrame | None:
        if place not in self._kept and self._is_ahead(place):
            self._decode_until(place)
        if place not in self._kept:
            self._decode_from(self._key_before(place), place)
            if self._decoder is not None and self._decoder.began_after(place):  # the file's own index led past it
                self._decode_from(None, place)
        return self._kept.get(place)

    def _key_before(self, place: int) -> int:
        return self._index.keys[max(0, bisect_right(self._index.keys, place) - 1)]

    def _is_ahead(self, place: int) -> bool:
        """Whether decoding on reaches ``place`` sooner than seeking would."""
        at = None if self._decoder is None else self._decoder.place
        if at is None or at >= place:
            return False
        places = self._index.places
        return self._key_before(place) <= at or bisect_right(places, place) - bisect_right(places, at) <= NEAR

    def _decode_from(self, key: int | None, place: int) -> None:
        self._stop()
        self._decoder = Decoder(self._path, self._index.timed, key)
        self._decode_until(place)

    def _decode_until(self, place: int) -> None:
        assert self._decoder is not None
        for at, frame in self._decoder:
            if not frame.is_corrupt:
                self._keep(at, frame)
            if at >= place:
                return

    def _keep(self, place: int, frame: VideoFrame) -> None:
        self._kept[place] = frame
        self._kept.move_to_end(place)
        size = sum(plane.buffer_size for plane in frame.planes)
        while len(self._kept) > max(1, KEPT_BYTES // max(size, 1)):
            self._kept.popitem(last=False)


def _timecode_of(film: InputContainer) -> str:
    """That of the film, of its pictures or of its time code track, in this order; empty for none that can be read."""
    told = [film.metadata, *(stream.metadata for stream in film.streams)]
    codes = (metadata["timecode"] for metadata in told if "timecode" in metadata)
    return next((code for code in codes if TIMECODE.fullmatch(code)), "")


def _format_of(stream: VideoStream, path: Path) -> Format:
    context: VideoCodecContext | None = stream.codec_context
    if context is None:
        raise PlateError(f"{path} is damaged, or of a codec that is not known.", "Transcode or copy it again.")
    rate = stream.average_rate or stream.base_rate
    aspect = stream.sample_aspect_ratio
    try:
        return Format(
            width=context.width,
            height=context.height,
            pixel_aspect=float(aspect or 1.0),
            fps=float(rate) if rate else None,
            colour_space=TRANSFERS.get(context.color_trc, ""),
        )
    except ValueError as error:
        raise PlateError(f"{path} is damaged: {error}.", "Transcode or copy it again.") from error


def _to_picture(frame: VideoFrame, colour_space: str) -> Picture:
    has_alpha = any(component.is_alpha for component in frame.format.components)
    is_deep = any(component.bits > 8 for component in frame.format.components)
    matrix = None
    if not frame.format.is_rgb and frame.colorspace == UNTAGGED:
        matrix = Colorspace.ITU709 if frame.height >= HD_HEIGHT else Colorspace.ITU601
    pixels = frame.to_ndarray(format=FORMATS[has_alpha, is_deep], src_colorspace=matrix)
    channels = ("R", "G", "B", "A") if has_alpha else ("R", "G", "B")
    return Picture(np.asarray(pixels), channels, colour_space=colour_space)
