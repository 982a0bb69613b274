"""The options by which an artist says how masks become shapes, given to every command that makes some."""

from enum import StrEnum
from typing import Annotated

import typer

from roto_seg.option_groups import Command, gather, number
from roto_seg.options import Preset, PresetOption
from roto_shared import bounds
from roto_shared.protocol.data import CurveSettings


class Between(StrEnum):
    """How values run from key to key."""

    LINEAR = "linear"
    SMOOTH = "smooth"


_STILL = {
    "preset": (PresetOption, Preset.BALANCED),
    "tolerance_px": Annotated[
        float | None, number("--tolerance", "PX", bounds.TOLERANCE_PX, "How far an edge may stray, in pixels.")
    ],
    "detail": Annotated[
        float | None, number("--detail", "X", bounds.DETAIL, "Knots: 1 is balanced, more follow closer.")
    ],
}
_OVER_TIME = {
    "key_density": Annotated[
        float | None, number("--key-density", "X", bounds.KEY_DENSITY, "Keys: 1 is balanced, more follow closer.")
    ],
    "smoothness": Annotated[
        float | None, number("--smooth", "X", bounds.SMOOTHNESS, "Steadier over time: 0 follows every mask, to 1.")
    ],
}
_MOVING = {
    **_STILL,
    **_OVER_TIME,
    "interpolation": Annotated[
        Between | None, typer.Option("--between-keys", help="Unless said: smooth, linear for Silhouette.")
    ],
    "parts": Annotated[
        bool | None, typer.Option("--parts/--no-parts", help="Overlapping shapes for a subject that bends, or one.")
    ],
    "most_parts": Annotated[int | None, number("--max-parts", "N", bounds.PARTS, "At most N cut from an outline.")],
    "track": Annotated[
        bool | None, typer.Option("--track/--no-track", help="Motion in a layer's transform, or in the points alone.")
    ],
    "bake": (Annotated[bool, typer.Option("--bake", help="Put all transforms into the points.")], False),
}

_FINISHED = {name: _STILL[name] for name in ("preset", "tolerance_px")} | _OVER_TIME


def still_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` the options that matter on a single frame."""
    return gather(command, "curves", _STILL, CurveSettings)


def moving_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` all options of curves."""
    return gather(command, "curves", _MOVING, CurveSettings)


def finished_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` the options that matter where the knots stay as they are."""
    return gather(command, "curves", _FINISHED, CurveSettings)
