"""A plate is opened, and made into small pictures."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from roto_hub.jobs.frames import unpack_frames
from roto_hub.jobs.kinds.bench import Bench
from roto_shared.errors import CancelledError, PlateError
from roto_shared.protocol import messages

THUMBNAIL_PX, PROXY_PX = 480, 1920
FRAMES = "frames"
ASIDE = "pictures"
"""Looking at a plate is not to be disturbed by what is done to the shot meanwhile."""


def check(bench: Bench, _request: dict[str, Any]) -> dict[str, Any]:
    """Really open a plate: its frames and size, and a thumbnail. A zip of frames is unpacked first, among the files of
    the shot: beside a zip on shared storage the studio's own frames may lie."""
    if not bench.plate.lower().endswith(".zip"):
        return _looked_at(bench)
    plate = bench.folder.parent / "plate" / FRAMES
    unpack_frames(Path(bench.plate), plate, bench.check_room)
    try:
        return _looked_at(replace(bench, plate=str(plate)))
    except PlateError:
        shutil.rmtree(plate, ignore_errors=True)
        raise


def _looked_at(bench: Bench) -> dict[str, Any]:
    opened = bench.open(aside=ASIDE)
    middle = opened.frames[len(opened.frames) // 2]
    picture = bench.ask(messages.FrameQuery(opened.session, middle, THUMBNAIL_PX)).picture
    bench.folder.mkdir(parents=True, exist_ok=True)
    (bench.folder / "thumbnail").write_bytes(picture.data)
    return {
        "plate": bench.plate,
        "first_frame": opened.frames[0],
        "last_frame": opened.frames[-1],
        "width": opened.width,
        "height": opened.height,
        "fps": opened.fps,
        "thumbnail": picture.media,
    }


def proxy(bench: Bench, _request: dict[str, Any]) -> dict[str, Any]:
    """Every frame as a small picture, for browsers."""
    opened = bench.open(aside=ASIDE)
    bench.folder.mkdir(parents=True, exist_ok=True)
    for done, frame in enumerate(opened.frames, 1):
        if bench.wants_stop():
            raise CancelledError("The pictures are not wanted any more.")
        picture = bench.ask(messages.FrameQuery(opened.session, frame, PROXY_PX)).picture
        (bench.folder / f"{frame:04}.jpg").write_bytes(picture.data)
        bench.on_progress(done, len(opened.frames))
    return {"frames": len(opened.frames)}
