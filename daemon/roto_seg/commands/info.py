"""``roto info``: what a plate is, and which of its frames cannot be used."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roto_seg.exits import Exit
from roto_seg.options import PlateArgument, StartOption
from roto_seg.output import JsonOption, finish, note
from roto_seg.progress import progress_bar
from roto_shared.errors import PlateError

if TYPE_CHECKING:
    from roto_daemon.plates.picture import Picture
    from roto_daemon.plates.plate import Source

NAMES = {
    "display": "display-referred sRGB",
    "linear": "scene-linear Rec.709",
    "cineon_log": "Cineon log",
}


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("info")(info_command)


def info_command(
    plate: PlateArgument,
    start: StartOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read every frame, and list those that cannot be used.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what PLATE is: frames and gaps, size, rate, channels, and how its numbers are understood."""
    from roto_daemon.plates.plate import open_source

    source = open_source(plate, start)
    try:
        facts = describe(source)
        faults = find_faults(source) if check else {}
    finally:
        source.close()
    if check:
        facts["unusable"] = [{"frame": frame, "why": why} for frame, why in faults.items()]
    for why in faults.values():
        note(why)
    finish(as_json, facts, "\n".join(_lines(facts)))
    if faults:
        raise typer.Exit(Exit.PARTIAL)


def describe(source: "Source") -> dict[str, Any]:
    """Facts of a plate; the picture's are those of the first frame that can be read."""
    frames, form = source.frames, source.format
    facts: dict[str, Any] = {
        "file": str(source.path(frames[0])),
        "first": frames[0],
        "last": frames[-1],
        "frames": len(frames),
        "missing": gaps(frames),
        "width": form.width,
        "height": form.height,
        "pixel_aspect": form.pixel_aspect,
        "fps": form.fps,
    }
    picture = first_picture(source)
    if picture is not None:
        facts |= {
            "channels": list(picture.channels),
            "samples": str(picture.pixels.dtype),
            "taken_as": picture.encoding.value,
        }
    return facts


def gaps(frames: Iterable[int]) -> list[tuple[int, int]]:
    """First and last frame of every gap between ascending ``frames``."""
    return [(before + 1, after - 1) for before, after in pairwise(frames) if after > before + 1]


def first_picture(source: "Source") -> "Picture | None":
    """The first picture that can be read, or None."""
    for frame in source.frames:
        try:
            return source.picture(frame)
        except PlateError as error:
            note(f"roto: {error}")
    return None


def find_faults(source: "Source") -> dict[int, str]:
    """Why frames cannot be used, by frame."""
    from roto_daemon.plates.plate import read_sized

    faults: dict[int, str] = {}
    with progress_bar("Reading") as update:
        for done, frame in enumerate(source.frames, 1):
            try:
                read_sized(source, frame)
            except PlateError as error:
                faults[frame] = str(error)
            update(done, len(source.frames), f"frame {frame}")
    return faults


def _lines(facts: dict[str, Any]) -> Iterable[str]:
    missing = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in facts["missing"])
    yield f"file          {Path(facts['file'])}"
    yield f"frames        {facts['first']}-{facts['last']}, {facts['frames']} of them"
    if missing:
        yield f"missing       {missing}"
    aspect = facts["pixel_aspect"]
    yield f"size          {facts['width']}×{facts['height']}" + (f", pixels {aspect:g} wide" if aspect != 1 else "")
    yield f"rate          {'not said' if facts['fps'] is None else format(facts['fps'], 'g')}"
    if "channels" in facts:
        yield f"channels      {' '.join(facts['channels'])}, {facts['samples']}"
        yield f"taken as      {NAMES[facts['taken_as']]}"
    if "unusable" in facts:
        yield f"unusable      {', '.join(str(fault['frame']) for fault in facts['unusable']) or 'none'}"
