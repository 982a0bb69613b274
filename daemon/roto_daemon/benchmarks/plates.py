"""Plates: reading and converting beside the bare library calls, memory over a long 4K shot, tracks with read-ahead.

The files are made on the spot, of a smooth picture with grain. Ours and the bare call take turns on the same file;
figures are medians.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from statistics import median
from typing import Any

import av
import cv2
import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name
import psutil
from numpy.typing import NDArray

from roto_daemon.backends.base import Image
from roto_daemon.backends.disc import DiscBackend
from roto_daemon.benchmarks.daemon import Figure, time_of, write_picture
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.plan import make_plan
from roto_daemon.pipelines.track import Reader, track
from roto_daemon.plates import Plate, ReadAhead, open_plate
from roto_daemon.plates.colour.config import BUILT_IN, ocio
from roto_daemon.sessions.masks import MaskRecord, MaskStore, Sweep

HD, UHD = (1920, 1080), (4096, 2160)
TURNS = 9
SHORT, LONG = 100, 1000
TRACKED = 40
FILM_FRAMES = 24
DIFFERENT_FILES = 4
MUST_RATIO, MUST_MEMORY = 1.15, 1.05

Say = Callable[[str], None]


@dataclass(frozen=True)
class Kind:
    """A kind of file: how one is written, and how its library alone gets 8-bit RGB out of it."""

    name: str
    ending: str
    write: Callable[[Path, Image], None]
    bare: Callable[[Path], object]
    frames: int = 1


def measure_plates(say: Say) -> list[Figure]:
    """All figures. Raises StorageError where the temporary folder is too small: 4K takes some 200 MB."""
    with tempfile.TemporaryDirectory(prefix="roto-bench-") as name:
        folder, figures = Path(name), []
        for kind in KINDS:
            say(f"{kind.name} …")
            figures += measure_kind(folder, kind)
        say(f"Memory over {LONG} frames of 4K …")
        figures += measure_memory(folder / "long", say)
        say("Tracks with and without reading ahead …")
        return figures + measure_tracks(folder / "track")


def measure_kind(folder: Path, kind: Kind) -> list[Figure]:
    """Milliseconds for opening, reading and converting an HD frame, and against the bare library call."""
    path = folder / f"plate.0001{kind.ending}"
    kind.write(path, _picture(HD))
    ours, bare = [], []
    for _ in range(TURNS):
        ours.append(time_of(lambda: _read_plate(path)))
        bare.append(time_of(lambda: kind.bare(path)))
    return [
        Figure(f"{kind.name}: reading and converting", median(ours) * 1000 / kind.frames, "ms a frame"),
        Figure(f"{kind.name}: against the bare call", median(ours) / median(bare), "×", MUST_RATIO),
    ]


def measure_memory(folder: Path, say: Say) -> list[Figure]:
    """Resident memory after many 4K frames, read ahead, against after some; and the rate."""
    _write_shot(folder, UHD, LONG)
    process = psutil.Process()
    with open_plate(folder) as plate, ReadAhead(plate.read, plate.frames) as reader:
        _read_all(reader, plate.frames[:SHORT], say)
        short = process.memory_info().rss
        seconds = time_of(lambda: _read_all(reader, plate.frames[SHORT:], say))
        long = process.memory_info().rss
    return [
        Figure(f"4K EXR: memory after {SHORT} frames", short / 2**20, "MB"),
        Figure(f"4K EXR: memory after {LONG} frames against {SHORT}", long / short, "×", MUST_MEMORY),
        Figure("4K EXR: reading", (LONG - SHORT) / seconds, "frames/s"),
    ]


def measure_tracks(folder: Path) -> list[Figure]:
    """Frames a second of a track over HD EXR files with reading ahead, and against reading in turns."""
    _write_shot(folder / "plate", HD, TRACKED)
    with open_plate(folder / "plate") as plate:
        seconds = {
            name: min(time_of(partial(_track, plate, opener, folder / f"{name}{turn}")) for turn in range(3))
            for name, opener in (("turns", _plain), ("ahead", _ahead))
        }
    return [
        Figure("track over HD EXR, reading ahead", (TRACKED - 1) / seconds["ahead"], "frames/s"),
        Figure("track reading ahead against in turns", seconds["ahead"] / seconds["turns"], "× time"),
    ]


def _read_plate(path: Path) -> None:
    with open_plate(path) as plate:
        for frame in plate.frames:
            plate.read(frame)


def _track(
    plate: Plate, opener: Callable[[Plate, Sequence[int]], AbstractContextManager[Reader]], folder: Path
) -> None:
    folder.mkdir()
    store = MaskStore(folder)
    mask = np.zeros((plate.height, plate.width), np.float32)
    cv2.circle(mask, (plate.width // 2, plate.height // 2), 200, 1.0, -1)
    first = plate.frames[0]
    store.write(MaskRecord(Sweep.PROMPTED, "object", first, 1.0, "prompted", "given"), encode_png(mask))
    plan = make_plan("disc", {"object": {first: "given"}}, plate.fingerprints(), "forward", (None, None))
    for _ in track(plan, DiscBackend(), partial(opener, plate), store):
        pass


@contextmanager
def _plain(plate: Plate, _frames: Sequence[int]) -> Iterator[Reader]:
    yield plate


@contextmanager
def _ahead(plate: Plate, frames: Sequence[int]) -> Iterator[Reader]:
    with ReadAhead(plate.read, frames) as reader:
        yield reader


def _read_all(reader: ReadAhead, frames: Sequence[int], say: Say) -> None:
    for frame in frames:
        reader.read(frame)
        if frame % 100 == 0:
            say(f"  frame {frame}")


def _write_shot(folder: Path, size: tuple[int, int], count: int) -> None:
    """Half-float EXR files 1 to ``count``; a few different ones under many names."""
    folder.mkdir(parents=True)
    picture = _picture(size)
    for frame in range(1, count + 1):
        path = folder / f"plate.{frame:04}.exr"
        if frame <= DIFFERENT_FILES:
            _write_exr(path, np.roll(picture, 8 * frame, axis=1))
        else:
            os.link(folder / f"plate.{1 + frame % DIFFERENT_FILES:04}.exr", path)


def _picture(size: tuple[int, int]) -> Image:
    noise = np.random.default_rng(1).integers(0, 255, (size[1] // 8, size[0] // 8, 3), dtype=np.uint8)
    soft = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 4), size, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    return np.clip(soft + np.random.default_rng(2).integers(-1, 2, soft.shape), 0, 255).astype(np.uint8)


def _write_exr(path: Path, image: Image) -> None:
    light = (image / np.float32(255)) ** np.float32(2.2)
    planes = {name: np.ascontiguousarray(light[..., i], np.float16) for i, name in enumerate("RGB")}
    OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}, planes).write(str(path))


def _bare_exr(path: Path) -> NDArray[np.uint8]:
    """OpenEXR's pixels through OpenColorIO's transform to sRGB."""
    with OpenEXR.File(str(path)) as file:
        pixels = np.ascontiguousarray(file.channels()["RGB"].pixels, np.float32)
    _to_srgb().applyRGB(pixels)
    return np.asarray(np.clip(pixels * 255 + 0.5, 0, 255), np.uint8)


@lru_cache(1)
def _to_srgb() -> Any:
    config = ocio.Config.CreateFromFile(BUILT_IN)
    return config.getProcessor("Linear Rec.709 (sRGB)", "sRGB - Texture").getDefaultCPUProcessor()


def _write_dpx(path: Path, image: Image) -> None:
    spec = oiio.ImageSpec(image.shape[1], image.shape[0], 3, "uint16")
    spec.attribute("oiio:BitsPerSample", 10)
    spec.attribute("dpx:Transfer", "ITU-R 709-4")
    output: Any = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(image.astype(np.uint16) * 257)
    output.close()


def _bare_dpx(path: Path) -> NDArray[np.uint8]:
    source: Any = oiio.ImageInput.open(str(path))
    return source.read_image("uint8")


def _bare_opencv(path: Path) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB), np.uint8)


def _write_film(path: Path, image: Image) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("prores_ks", rate=24)
        stream.width, stream.height, stream.pix_fmt = image.shape[1], image.shape[0], "yuv422p10le"
        for index in range(FILM_FRAMES):
            frame = av.VideoFrame.from_ndarray(np.roll(image, index, axis=1), format="rgb24")
            frame.pts = index
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def _bare_film(path: Path) -> None:
    with av.open(str(path)) as film:
        film.streams.video[0].thread_type = "AUTO"
        for frame in film.decode(video=0):
            frame.to_ndarray(format="rgb24")


KINDS = (
    Kind("EXR, half, ZIP", ".exr", _write_exr, _bare_exr),
    Kind("DPX, 10 bits", ".dpx", _write_dpx, _bare_dpx),
    Kind("PNG", ".png", write_picture, _bare_opencv),
    Kind("JPEG", ".jpg", write_picture, _bare_opencv),
    Kind("ProRes 422", ".mov", _write_film, _bare_film, FILM_FRAMES),
)
