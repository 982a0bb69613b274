"""The options of what is done to masks after tracking: given to a command as one value each."""

from typing import Annotated

import typer

from roto_seg.option_groups import Command, gather
from roto_seg.options import Edges
from roto_shared.protocol.data import EdgeSettings, FinishSettings

_FINISH = {
    "steady_frames": (
        Annotated[
            int,
            typer.Option(
                "--steady", metavar="N", min=0, max=3, help="Take flicker out of masks with N frames on either side."
            ),
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
        Annotated[
            float, typer.Option("--grow", metavar="PX", min=-64, max=64, help="Move edges outward; inward if negative.")
        ],
        0.0,
    ),
    "feather_px": (
        Annotated[float, typer.Option("--feather", metavar="PX", min=0, max=400, help="Width of softened edges.")],
        0.0,
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


def _edge_settings(edges: str | None, steadiness: float) -> EdgeSettings | None:
    if edges is None and steadiness:
        raise typer.BadParameter("--steadiness is for soft edges: give --edges too.")
    return None if edges is None else EdgeSettings(edges, steadiness=steadiness)
