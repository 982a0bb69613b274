"""The options by which an artist says how masks become shapes, given to every command that makes some."""

import inspect
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Annotated, Any

import typer

from roto_seg.options import Preset, PresetOption
from roto_shared.protocol.data import CurveSettings


class Between(StrEnum):
    """How values run from key to key."""

    LINEAR = "linear"
    SMOOTH = "smooth"


_STILL = {
    "preset": (PresetOption, Preset.BALANCED),
    "tolerance_px": Annotated[
        float | None,
        typer.Option("--tolerance", metavar="PX", min=0.01, max=100.0, help="How far an edge may stray, in pixels."),
    ],
    "detail": Annotated[
        float | None,
        typer.Option("--detail", metavar="X", min=0.1, max=10.0, help="Knots: 1 is balanced, more follow closer."),
    ],
}
_OVER_TIME = {
    "key_density": Annotated[
        float | None,
        typer.Option("--key-density", metavar="X", min=0.1, max=10.0, help="Keys: 1 is balanced, more follow closer."),
    ],
    "smoothness": Annotated[
        float | None,
        typer.Option("--smooth", metavar="X", min=0.0, max=1.0, help="Steadier over time: 0 follows every mask, to 1."),
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
    "most_parts": Annotated[
        int | None, typer.Option("--max-parts", metavar="N", min=1, max=32, help="At most N shapes for an outline.")
    ],
    "track": Annotated[
        bool | None, typer.Option("--track/--no-track", help="Motion in a layer's transform, or in the points alone.")
    ],
    "bake": (Annotated[bool, typer.Option("--bake", help="Put all transforms into the points.")], False),
}

_FINISHED = {name: _STILL[name] for name in ("preset", "tolerance_px")} | _OVER_TIME

Command = Callable[..., None]


def still_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` the options that matter on a single frame."""
    return _with_options(command, _STILL)


def moving_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` all options of curves."""
    return _with_options(command, _MOVING)


def finished_curves(command: Command) -> Command:
    """Give ``command(…, curves)`` the options that matter where the knots stay as they are."""
    return _with_options(command, _FINISHED)


def _with_options(command: Command, options: dict[str, Any]) -> Command:
    """The command with ``options`` in place of its parameter ``curves``, which gets what they say."""

    @wraps(command)
    def run(**given: Any) -> None:
        said = {name: given.pop(name) for name in options}
        command(**given, curves=CurveSettings(**{name: _plain(value) for name, value in said.items()}))

    own = [p for p in inspect.signature(command).parameters.values() if p.name != "curves"]
    added = [_parameter(name, option) for name, option in options.items()]
    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *added)]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in every}
    return run


def _parameter(name: str, option: Any) -> inspect.Parameter:
    annotation, default = option if isinstance(option, tuple) else (option, None)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value
