"""The argument PLATE and the options that say how it is read, given to a command as one reference."""

import inspect
from pathlib import Path
from typing import Annotated

import typer

from roto_seg.option_groups import Command, gather, number
from roto_seg.options import PlateArgument, StartOption
from roto_shared import bounds
from roto_shared.protocol.data import PlateRef

_HOW = {
    "layer": (
        Annotated[
            str, typer.Option("--layer", metavar="NAME", help="A layer or part of EXR files; else the main one.")
        ],
        "",
    ),
    "colour_space": (
        Annotated[
            str,
            typer.Option(
                "--colour-space",
                metavar="NAME",
                help="The space that PLATE is in; else as files, rules or their kind say. `roto info --spaces` lists.",
            ),
        ],
        "",
    ),
    "exposure": (
        Annotated[float, number("--exposure", "STOPS", bounds.EXPOSURE_STOPS, "Brighter or darker for the models.")],
        0.0,
    ),
}
_IMAGE = Annotated[Path, typer.Argument(metavar="IMAGE", help="The picture.")]
_REQUIRED = inspect.Parameter.empty


def a_plate(command: Command) -> Command:
    """Give ``command(plate, …)`` the argument PLATE and the options of a shot."""
    return gather(command, "plate", {"path": (PlateArgument, _REQUIRED), "start": StartOption, **_HOW}, _refer)


def an_image(command: Command) -> Command:
    """Give ``command(plate, …)`` the argument IMAGE and the options of a single picture."""
    return gather(command, "plate", {"path": (_IMAGE, _REQUIRED), **_HOW}, _refer)


def _refer(path: Path, layer: str, colour_space: str, exposure: float, start: int | None = None) -> PlateRef:
    return PlateRef(str(path.absolute()), start, layer, colour_space, exposure)
