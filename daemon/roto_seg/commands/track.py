"""``roto track``: prompts on some frames of a plate, masks and keyed shapes of all of it out."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.options import (
    DEFAULT_FORMATS,
    Box,
    BoxOption,
    Click,
    Direction,
    EngineOption,
    FormatOption,
    FrameMask,
    InProcessOption,
    NegativeOption,
    ObjectOption,
    PositiveOption,
    Preset,
    PresetOption,
    StartOption,
    ToleranceOption,
    parse_mask,
    parse_range,
)
from roto_seg.output import JsonOption, finish
from roto_seg.prompts import Prompts, clicked_prompt, mask_prompts, read_prompts
from roto_shared.timeline import FrameRange


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("track")(track_command)


def track_command(
    plate: Annotated[Path, typer.Argument(metavar="PLATE", help="A folder, name.%04d.exr, name.####.exr, or a video.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for everything that comes out.")],
    frame: Annotated[int | None, typer.Option("--frame", metavar="N", help="The frame of the clicks and box.")] = None,
    point: PositiveOption = None,
    negative: NegativeOption = None,
    box: BoxOption = None,
    mask: Annotated[
        list[FrameMask] | None,
        typer.Option("--mask", parser=parse_mask, metavar="N=FILE", help="A mask of frame N; may be given again."),
    ] = None,
    prompts: Annotated[
        Path | None, typer.Option("--prompts", metavar="FILE", help="JSON with prompts of objects and frames.")
    ] = None,
    name: ObjectOption = "object",
    frames: Annotated[
        FrameRange | None, typer.Option("--range", parser=parse_range, metavar="A-B", help="Frames to do; else all.")
    ] = None,
    direction: Annotated[Direction, typer.Option("--direction", help="Where to go from the prompts.")] = Direction.BOTH,
    start: StartOption = None,
    engine: EngineOption = "",
    formats: FormatOption = None,
    tolerance: ToleranceOption = None,
    preset: PresetOption = Preset.BALANCED,
    in_process: InProcessOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow objects through a shot, and write masks, keyed shapes, a preview and a report into DIR.

    The same command again goes on where it was stopped.
    """
    from roto_seg.shot import Shot, do_shot, result_of, summary_of

    said = _choose_prompts(name, frame, point, negative, box, mask, prompts)
    names = formats.names if formats else DEFAULT_FORMATS
    shot = Shot(plate, out, said, frames, direction, start, engine, names, preset, tolerance)
    outcome = do_shot(shot, in_process)
    finish(as_json, result_of(outcome), summary_of(outcome))
    raise typer.Exit(outcome.exit)


def _choose_prompts(
    name: str,
    frame: int | None,
    positive: list[Click] | None,
    negative: list[Click] | None,
    box: Box | None,
    masks: list[FrameMask] | None,
    file: Path | None,
) -> Prompts:
    clicked = frame is not None or bool(positive or negative or box)
    if clicked + bool(masks) + (file is not None) != 1:
        raise typer.BadParameter("give exactly one of --frame with --point/--box, --mask, or --prompts.")
    if file is not None:
        return read_prompts(file)
    if masks:
        return mask_prompts(name, masks)
    if frame is None:
        raise typer.BadParameter("on which frame are the clicks and the box? Give --frame N.")
    return {frame: (clicked_prompt(name, positive, negative, box),)}
