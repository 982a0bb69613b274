"""What a person or a program reads: results on stdout, everything else on stderr."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated

import typer

from roto_shared.errors import RotoError

_JSON = "roto.json"


def _remember_json(context: typer.Context, wanted: bool) -> bool:
    context.meta[_JSON] = wanted
    return wanted


JsonOption = Annotated[
    bool, typer.Option("--json", callback=_remember_json, help="Print one JSON object on stdout, for programs.")
]


def note(text: str) -> None:
    """A line for the person at the screen, on stderr."""
    typer.echo(text, err=True)


def finish(as_json: bool, result: Mapping[str, object], text: str) -> None:
    """The result of a command on stdout: ``result`` as one JSON object, or ``text``."""
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else text)


def wants_json(context: typer.Context) -> bool:
    """Whether ``--json`` was given to the command that runs."""
    return context.meta.get(_JSON, False)


def fail(error: RotoError, as_json: bool) -> None:
    """Tell an error: its sentence and remedy on stderr, and ``as_json`` an ``error`` object on stdout."""
    note(f"roto: {error}")
    if as_json:
        told = {"code": error.code, "message": error.message, "remedy": error.remedy}
        with suppress(OSError):  # stdout itself may be what failed
            typer.echo(json.dumps({"error": told}, ensure_ascii=False))


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns for reading: numbers right-aligned, words left-aligned."""
    columns = zip(*([str(cell) for cell in row] for row in (header, *rows)), strict=True)
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*map(_aligned, columns), strict=True))


def _aligned(column: Sequence[str]) -> list[str]:
    width = max(map(len, column))
    numeric = all(cell.strip("-.%").replace(".", "").isdigit() or cell == "–" for cell in column[1:])
    return [cell.rjust(width) if numeric else cell.ljust(width) for cell in column]
