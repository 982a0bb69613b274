"""``roto track``: prompts on some frames of a plate, masks and keyed shapes of all of it out."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.combinations import parse_combination
from roto_seg.curve_options import moving_curves
from roto_seg.finish_options import Blur, finishing, motion_blur, soft_edges
from roto_seg.matte_options import matte_files
from roto_seg.options import (
    DEFAULT_FORMATS,
    Box,
    BoxOption,
    Click,
    Direction,
    DirectionOption,
    EngineOption,
    FolderOption,
    FormatOption,
    FrameMask,
    FrameOption,
    InProcessOption,
    MaskOption,
    NegativeOption,
    ObjectOption,
    PositiveOption,
    PromptsOption,
    RangeOption,
)
from roto_seg.output import JsonOption, finish
from roto_seg.plate_options import a_plate
from roto_seg.prompts import Prompts, clicked_prompt, mask_prompts, read_prompts
from roto_shared.protocol.data import Combination, CurveSettings, EdgeSettings, FinishSettings, MatteFiles, PlateRef


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("track")(track_command)


@a_plate
@moving_curves
@finishing
@soft_edges
@motion_blur
@matte_files
def track_command(
    plate: PlateRef,
    out: FolderOption,
    frame: FrameOption = None,
    point: PositiveOption = None,
    negative: NegativeOption = None,
    box: BoxOption = None,
    mask: MaskOption = None,
    prompts: PromptsOption = None,
    name: ObjectOption = "object",
    frames: RangeOption = None,
    direction: DirectionOption = Direction.BOTH,
    engine: EngineOption = "",
    finish_with: FinishSettings = FinishSettings(),
    edges: EdgeSettings | None = None,
    blur: Blur | None = None,
    combine: Annotated[
        list[Combination] | None,
        typer.Option(
            "--combine",
            parser=parse_combination,
            metavar="NAME=WHAT",
            help="An object made of others: union:A,B, intersect, subtract, merge, or piece:A@FRAME:X,Y.",
        ),
    ] = None,
    formats: FormatOption = None,
    curves: CurveSettings = CurveSettings(),
    files: MatteFiles = MatteFiles(),
    in_process: InProcessOption = False,
    as_json: JsonOption = False,
) -> None:
    """Follow objects through a shot, and write masks, keyed shapes, a preview and a report into DIR.

    The same command again goes on where it was stopped.
    """
    from roto_seg.outcome import result_of, summary_of
    from roto_seg.shot import Shot, do_shot

    said = _choose_prompts(name, frame, point, negative, box, mask, prompts)
    names = formats.names if formats else DEFAULT_FORMATS
    shot = Shot(
        plate,
        out,
        said,
        frames,
        direction,
        engine,
        names,
        curves,
        finish_with,
        edges,
        blur,
        files,
        tuple(combine or ()),
    )
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
