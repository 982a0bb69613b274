"""The options of what is done to masks after tracking: given to a command as one value each."""

from dataclasses import dataclass
from typing import Annotated

import typer

from roto_seg.option_groups import Command, gather, number
from roto_seg.options import Edges
from roto_shared import bounds
from roto_shared.protocol.data import EdgeSettings, FinishSettings

_FINISH = {
    "steady_frames": (
        Annotated[
            int,
            number("--steady", "N", bounds.STEADY_FRAMES, "Take flicker out of masks with N frames on either side."),
        ],
        0,
    ),
    "fill_holes_px2": (
        Annotated[
            float, typer.Option("--fill-holes", metavar="PX2", min=0, help="Fill holes of up to so many square pixels.")
        ],
        0.0,
    ),
    "drop_specks_px2": (
        Annotated[
            float,
            typer.Option("--drop-specks", metavar="PX2", min=0, help="Drop pieces of up to so many square pixels."),
        ],
        0.0,
    ),
    "grow_px": (
        Annotated[float, number("--grow", "PX", bounds.GROW_PX, "Move edges outward; inward if negative.")],
        0.0,
    ),
    "feather_px": (
        Annotated[float, number("--feather", "PX", bounds.FEATHER_PX, "Width of softened edges.")],
        0.0,
    ),
}
_BLUR = {
    "motion_blur": (
        Annotated[
            bool, typer.Option("--motion-blur", help="Smear edges as the shutter did, and give it to the shapes.")
        ],
        False,
    ),
    "shutter": (
        Annotated[
            float | None,
            number(
                "--shutter",
                "FRAMES",
                bounds.SHUTTER_FRAMES,
                "With --motion-blur: how long it was open, 0.5 for 180°; else it is measured.",
            ),
        ],
        None,
    ),
}
_EDGES = {
    "edges": (
        Annotated[
            Edges | None, typer.Option("--edges", help="Refine soft edges (hair, defocus) of what is written as masks.")
        ],
        None,
    ),
    "steadiness": (
        Annotated[
            float,
            typer.Option("--steadiness", min=0, max=1, help="With --edges: how much flicker to take out, 0 to 1."),
        ],
        0.0,
    ),
}


def finishing(command: Command) -> Command:
    """Give ``command(…, finish_with)`` the options of finishing."""
    return gather(command, "finish_with", _FINISH, FinishSettings)


def soft_edges(command: Command) -> Command:
    """Give ``command(…, edges)`` the options of mattes; the value is None where none are wanted."""
    return gather(command, "edges", _EDGES, _edge_settings)


@dataclass(frozen=True)
class Blur:
    """That motion blur is wanted; the ``shutter``, in frames, is None where it is to be measured."""

    shutter: float | None = None


def motion_blur(command: Command) -> Command:
    """Give ``command(…, blur)`` the options of motion blur; the value is None where none is wanted."""
    return gather(command, "blur", _BLUR, _blur)


def _blur(motion_blur: bool, shutter: float | None) -> Blur | None:
    if shutter is not None and not motion_blur:
        raise typer.BadParameter("--shutter is for motion blur: give --motion-blur too.")
    return Blur(shutter) if motion_blur else None


def _edge_settings(edges: str | None, steadiness: float) -> EdgeSettings | None:
    if edges is None and steadiness:
        raise typer.BadParameter("--steadiness is for soft edges: give --edges too.")
    return None if edges is None else EdgeSettings(edges, steadiness=steadiness)
