"""Options that belong together, given to a command as one value."""

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from typing import Any

import typer

from roto_shared.bounds import Bounds

Command = Callable[..., None]


def gather(command: Command, parameter: str, options: Mapping[str, Any], make: Callable[..., Any]) -> Command:
    """The command with ``options`` in place of its ``parameter``, which gets what ``make`` makes of them by name.

    An option is its annotation (its default is None then), or a pair of annotation and default.
    """

    @wraps(command)
    def run(**given: Any) -> None:
        said = {name: _plain(given.pop(name)) for name in options}
        command(**given, **{parameter: make(**said)})

    own = [p for p in inspect.signature(command).parameters.values() if p.name != parameter]
    added = [_parameter(name, option) for name, option in options.items()]
    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *added)]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in every}
    return run


def number(flag: str, metavar: str, limits: Bounds, help: str) -> Any:
    """The option of a number that an artist chooses within ``limits``."""
    return typer.Option(flag, metavar=metavar, min=limits.least, max=limits.most, help=help)


def _parameter(name: str, option: Any) -> inspect.Parameter:
    annotation, default = option if isinstance(option, tuple) else (option, None)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value
