"""``roto info``: what a plate is, and which of its frames cannot be used."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roto_seg.exits import Exit
from roto_seg.numbering import gaps, ranges_text
from roto_seg.output import JsonOption, finish, note
from roto_seg.plate_options import a_plate
from roto_seg.progress import progress_bar
from roto_shared.errors import PlateError
from roto_shared.protocol.data import PlateRef

if TYPE_CHECKING:
    from roto_daemon.plates import Plate
    from roto_daemon.plates.picture import Picture

NAMES = {"sRGB": "display-referred sRGB", "linear": "scene-linear Rec.709", "Cineon": "Cineon log"}
"""Of the spaces that need no colour configuration."""


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("info")(info_command)


@a_plate
def info_command(
    plate: PlateRef,
    check: Annotated[
        bool, typer.Option("--check", help="Read every frame, and list those that cannot be used.")
    ] = False,
    spaces: Annotated[bool, typer.Option("--spaces", help="Also list the colour spaces to choose from.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what PLATE is: frames and gaps, size, rate, layers, time code, and how its numbers are understood."""
    from roto_daemon.app import open_referenced
    from roto_daemon.settings import load_settings

    config = load_settings().ocio
    with open_referenced(plate, config) as opened:
        facts = describe(opened)
        faults = find_faults(opened) if check else {}
    if spaces:
        facts["spaces"] = list_spaces(config)
    if check:
        facts["unusable"] = [{"frame": frame, "why": why} for frame, why in faults.items()]
    for why in faults.values():
        note(why)
    finish(as_json, facts, "\n".join(_lines(facts)))
    if faults:
        raise typer.Exit(Exit.PARTIAL)


def describe(plate: "Plate") -> dict[str, Any]:
    """Facts of a plate; the picture's are those of the first frame that can be read."""
    frames = plate.frames
    facts: dict[str, Any] = {
        "file": str(plate.path(frames[0])),
        "first": frames[0],
        "last": frames[-1],
        "frames": len(frames),
        "missing": gaps(frames),
        "width": plate.width,
        "height": plate.height,
        "pixel_aspect": plate.pixel_aspect,
        "fps": plate.told_fps,
        "taken_as": plate.colour_space(),
    }
    readable = first_readable(plate)
    if readable is not None:
        frame, picture = readable
        facts |= {
            "layers": plate.layers(frame),
            "channels": list(picture.channels),
            "samples": str(picture.pixels.dtype),
            "timecode": plate.header(frame).timecode,
        }
    return facts


def list_spaces(config: str) -> list[str]:
    """Names of colour spaces to choose from: our own, then the configuration's."""
    from roto_daemon.plates.colour.config import BUILT_IN, open_config

    return [*NAMES, *open_config(config or BUILT_IN).spaces()]


def first_readable(plate: "Plate") -> "tuple[int, Picture] | None":
    """The first frame that can be read with its picture, or None."""
    for frame in plate.frames:
        try:
            return frame, plate.picture(frame)
        except PlateError as error:
            note(f"roto: {error}")
    return None


def find_faults(plate: "Plate") -> dict[int, str]:
    """Why frames cannot be used, by frame."""
    faults: dict[int, str] = {}
    with progress_bar("Reading") as update:
        for done, frame in enumerate(plate.frames, 1):
            try:
                plate.picture(frame)
            except PlateError as error:
                faults[frame] = str(error)
            update(done, len(plate.frames), f"frame {frame}")
    return faults


def _lines(facts: dict[str, Any]) -> Iterable[str]:
    missing = ranges_text(facts["missing"])
    yield f"file          {Path(facts['file'])}"
    yield f"frames        {facts['first']}-{facts['last']}, {facts['frames']} of them"
    if missing:
        yield f"missing       {missing}"
    aspect = facts["pixel_aspect"]
    yield f"size          {facts['width']}×{facts['height']}" + (f", pixels {aspect:g} wide" if aspect != 1 else "")
    yield f"rate          {'not said' if facts['fps'] is None else format(facts['fps'], 'g')}"
    if "channels" in facts:
        yield f"channels      {' '.join(facts['channels'])}, {facts['samples']}"
    if len(facts.get("layers", ())) > 1:
        yield f"layers        {', '.join(facts['layers'])}"
    if facts.get("timecode"):
        yield f"time code     {facts['timecode']}"
    yield f"taken as      {NAMES.get(facts['taken_as'], facts['taken_as'])}"
    if "unusable" in facts:
        yield f"unusable      {', '.join(str(fault['frame']) for fault in facts['unusable']) or 'none'}"
    for name in facts.get("spaces", ()):
        yield f"space         {name}"
