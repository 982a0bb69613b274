"""``roto convert``: shapes from one format to another, telling what the other one cannot hold."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.output import JsonOption, finish
from roto_seg.places import check_ending


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("convert")(convert_command)


def convert_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Shapes: .nk, .fxs or .json.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Shapes: .nk, .fxs, .json or .svg.")],
    bake: Annotated[bool, typer.Option("--bake", help="Put all transforms into the points.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the shapes of IN as OUT, and say what was baked or lost on the way."""
    from roto_formats.bake import baked_document
    from roto_formats.registry import read_document, writable_endings, write_document

    check_ending(target, writable_endings())
    document = read_document(source)
    document = baked_document(document) if bake else document
    notes = [str(told) for told in write_document(document, target)]
    shapes = sum(1 for _ in document.shapes())
    text = "\n".join((f"{target}  ({shapes} shapes)", *notes))
    finish(as_json, {"file": str(target), "shapes": shapes, "notes": notes}, text)
