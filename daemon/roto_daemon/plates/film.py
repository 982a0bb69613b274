"""A video file underneath: its index of pictures, and a decoder that gives them in the order they are shown.

A picture's *place* on the way through the file is its time stamp where the file's time stamps can be trusted, and else
its number in the order of decoding. Nothing is taken from the container's own frame count or index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from roto_shared.errors import PlateError

UNTIMED_FORMATS = {"avi"}
"""Containers that store no presentation times: what FFmpeg makes up for them is wrong where pictures are reordered."""


@dataclass(frozen=True)
class FilmIndex:
    """``places`` of all pictures, ascending; ``keys`` are those that decode on their own. ``timed``: time stamps."""

    places: list[int]
    keys: list[int]
    timed: bool


def open_film(path: Path) -> InputContainer:
    """Open a video. Raises PlateError."""
    try:
        container = av.open(str(path), metadata_errors="replace")
    except (FFmpegError, OSError) as error:
        raise PlateError(
            f"{path} cannot be opened as a video: {error.strerror}.", "Transcode or copy it again."
        ) from error
    if not container.streams.video:
        container.close()
        raise PlateError(f"{path} holds no pictures.", "Give a file with a video stream.")
    return container


def index_film(path: Path) -> FilmIndex:
    """Find all pictures: from the packets alone if they are timed, else by decoding once. Raises PlateError."""
    with open_film(path) as container:
        index = _timed_index(container)
    if index is None:
        with Decoder(path, timed=False) as decoder:
            places = [place for place, _ in decoder]
        index = FilmIndex(places, places[:1], timed=False)
    if not index.places:
        raise PlateError(f"{path} holds no picture that can be decoded.", "Transcode or copy it again.")
    return index


def _timed_index(container: InputContainer) -> FilmIndex | None:
    """The index by time stamps, or None where they are missing, double (a packet a field) or made up."""
    if container.format.name in UNTIMED_FORMATS:
        return None
    packets = [packet for packet in _packets(container) if packet.size > 0 and not packet.is_discard]
    times = {packet.pts: packet.is_keyframe for packet in packets if packet.pts is not None}
    if len(times) < len(packets):
        return None
    places = sorted(times)
    return FilmIndex(places, [place for place in places if times[place]] or places[:1], timed=True)


class Decoder:
    """Pictures with their places, from the last key picture at or before ``key`` on, or from the start.

    Packets that do not decode are passed over. ``place`` is that of the latest picture, None before the first.
    """

    def __init__(self, path: Path, timed: bool, key: int | None = None) -> None:
        self._container = _open_at(path, key if timed else None)
        self._container.streams.video[0].thread_type = "AUTO"
        self._pictures = self._decode(timed)
        self._first: int | None = None
        self.place: int | None = None

    def __iter__(self) -> Iterator[tuple[int, VideoFrame]]:
        for place, frame in self._pictures:
            self._first = place if self._first is None else self._first
            self.place = place
            yield place, frame

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def began_after(self, place: int) -> bool:
        """Whether ``place`` lies before the first picture that came."""
        return self._first is None or self._first > place

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decode(self, timed: bool) -> Iterator[tuple[int, VideoFrame]]:
        for number, frame in enumerate(self._frames()):
            if not timed:
                yield number, frame
            elif frame.pts is not None:
                yield frame.pts, frame

    def _frames(self) -> Iterator[VideoFrame]:
        for packet in _packets(self._container):
            try:
                frames = packet.decode()
            except FFmpegError:
                continue
            yield from (frame for frame in frames if isinstance(frame, VideoFrame))


def _open_at(path: Path, key: int | None) -> InputContainer:
    """A video at its key picture ``key``; at its start where none is asked, or where its index leads nowhere."""
    container = open_film(path)
    if key is not None:
        try:
            container.seek(key, stream=container.streams.video[0], backward=True, any_frame=False)
        except FFmpegError:
            container.close()
            return open_film(path)
    return container


def _packets(container: InputContainer) -> Iterator[Packet]:
    stream: VideoStream = container.streams.video[0]
    try:
        yield from container.demux(stream)
    except FFmpegError:
        return  # the rest of the file is cut off or damaged: what came before is there
