"""``python damaged_files.py KIND FOLDER COUNT``: reads COUNT damaged files as plates, as masks, and their headers.

Run as a process of its own, so that a crash in a library is seen as one. Prints how many could be read all the same,
and how many were refused in words; anything else ends it with a traceback.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - its documentation's own name

from roto_daemon.plates import open_masks, open_plate
from roto_shared.errors import RotoError

NOISE = np.random.default_rng(7).integers(0, 256, (40, 64, 3), np.uint8)
EXR = ("ZIP", "PIZ", "DWAA", "RLE", "PXR24", "B44", "NO")


def write_exr(path: Path, variant: int) -> None:
    told = {"compression": getattr(OpenEXR, f"{EXR[variant % 7]}_COMPRESSION"), "type": OpenEXR.scanlineimage}
    if variant % 3 == 1:
        told |= {"type": OpenEXR.tiledimage, "tiles": OpenEXR.TileDescription()}
    kind = np.float16 if variant % 2 else np.float32
    planes = {name: np.ascontiguousarray(NOISE[..., i] / 255).astype(kind) for i, name in enumerate("RGB")}
    OpenEXR.File(told, planes).write(str(path))


def write_dpx(path: Path, variant: int) -> None:
    spec = oiio.ImageSpec(64, 40, 3, "uint16")
    spec.attribute("oiio:BitsPerSample", (8, 10, 12, 16)[variant % 4])
    output = oiio.ImageOutput.create(str(path))
    output.open(str(path), spec)
    output.write_image(NOISE.astype(np.uint16) * 257)
    output.close()


def write_still(path: Path, variant: int) -> None:
    has_16_bits = variant % 2 and path.suffix != ".jpg"
    cv2.imwrite(str(path), NOISE.astype(np.uint16) * 257 if has_16_bits else NOISE)


def write_film(path: Path, variant: int) -> None:
    codec = {".mov": "prores_ks", ".mp4": "libx264", ".mkv": "ffv1"}[path.suffix]
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, rate=24 + variant)
        stream.width, stream.height = 64, 40
        stream.pix_fmt = "yuv422p10le" if path.suffix == ".mov" else "yuv420p"
        for step in range(6):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.roll(NOISE, step, axis=1), format="rgb24")))
        film.mux(stream.encode(None))


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "exr": write_exr,
    "dpx": write_dpx,
    **dict.fromkeys(("png", "tif", "jpg"), write_still),
    **dict.fromkeys(("mov", "mp4", "mkv"), write_film),
}


def damaged(content: bytes, seed: int) -> bytes:
    """The content cut off, with bytes changed anywhere or in its header, or with a piece of noise."""
    chance, torn = random.Random(seed), bytearray(content)
    match seed % 4:
        case 0:
            return bytes(torn[: chance.randrange(len(torn))])
        case 1:
            places = [chance.randrange(len(torn)) for _ in range(chance.randrange(1, 20))]
        case 2:
            places = [chance.randrange(min(len(torn), 400)) for _ in range(chance.randrange(1, 6))]
        case _:
            start = chance.randrange(len(torn))
            places = list(range(start, min(start + chance.randrange(1, 64), len(torn))))
    for place in places:
        torn[place] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
    return bytes(torn)


def use(path: Path) -> None:
    with open_plate(path) as plate:
        for frame in plate.frames[:3]:
            plate.read(frame)
            plate.header(frame)
            plate.layers(frame)
    with open_masks(path) as masks:
        masks.read(masks.frames[0])


def outcomes(kind: str, folder: Path, count: int) -> Iterator[bool]:
    """Whether each damaged file could be read."""
    contents = []
    for variant in range(14):
        path = folder / f"whole.{kind}"
        WRITERS[kind](path, variant)
        contents.append(path.read_bytes())
    for seed in range(count):
        path = folder / f"damaged.0001.{kind}"
        path.write_bytes(damaged(contents[seed % len(contents)], seed))
        try:
            use(path)
            yield True
        except RotoError:
            yield False


if __name__ == "__main__":
    read = list(outcomes(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
    print(sum(read), len(read) - sum(read))
