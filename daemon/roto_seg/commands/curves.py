"""``roto curves``: masks or mattes to keyed shapes, without a model and without the daemon."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.options import Preset, PresetOption, StartOption, ToleranceOption
from roto_seg.output import JsonOption


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("curves")(curves_command)


def curves_command(
    masks: Annotated[Path, typer.Argument(metavar="MASKS", help="A folder, name.%04d.png, name.####.exr, or a video.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Shapes: .nk, .fxs, .json or .svg.")],
    start: StartOption = None,
    tolerance: ToleranceOption = None,
    preset: PresetOption = Preset.BALANCED,
    as_json: JsonOption = False,
) -> None:
    """Fit keyed shapes to masks or mattes."""
    raise NotImplementedError
