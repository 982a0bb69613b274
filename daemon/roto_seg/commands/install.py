"""``roto install``: a host's plugin put in place, and taken out again."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.output import JsonOption, finish
from roto_shared.errors import InputError

app = typer.Typer(name="install", help="Put a host's plugin in place, or take it out.", no_args_is_help=True)


@app.command()
def nuke(
    packed: Annotated[
        Path | None, typer.Argument(metavar="[ZIP]", help="The plugin: roto-nuke-<version>-<platform>.zip.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Where it goes; else ~/.nuke/roto.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it out again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put the plugin into Nuke's folder. An init.py that is there is never touched."""
    from roto_seg.plugin_place import install_nuke, remove_nuke

    place = (folder or Path.home() / ".nuke" / "roto").absolute()
    if undo:
        done, told = remove_nuke(place), "Took out"
    elif packed is None:
        raise InputError("No zip is named.", "Say roto install nuke ZIP, or --undo to take the plugin out.")
    else:
        done, told = install_nuke(packed, place), "Installed"
    result = {"folder": str(done.folder), "version": done.version, "left_to_do": done.left_to_do}
    finish(as_json, result, "\n".join(filter(None, (f"{told} {done.version} at {done.folder}.", done.left_to_do))))
