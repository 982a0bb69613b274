"""``roto install``: a host's plugin put in place, and taken out again."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.output import JsonOption, finish
from roto_shared.errors import InputError

app = typer.Typer(name="install", help="Put a host's plugin in place, or take it out.", no_args_is_help=True)


ZipArgument = Annotated[
    Path | None, typer.Argument(metavar="[ZIP]", help="The plugin: roto-<host>-<version>-<platform>.zip.")
]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take it out again.")]


@app.command()
def nuke(
    packed: ZipArgument = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Where it goes; else ~/.nuke/roto.")
    ] = None,
    undo: UndoOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put the plugin into Nuke's folder. An init.py that is there is never touched."""
    _place("nuke", packed, folder, undo, as_json)


@app.command()
def silhouette(
    packed: ZipArgument = None,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Where it goes; else ~/.roto/silhouette.")
    ] = None,
    undo: UndoOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put the plugin for Silhouette in place, and say which variable makes Silhouette find it."""
    _place("silhouette", packed, folder, undo, as_json)


def _place(host: str, packed: Path | None, folder: Path | None, undo: bool, as_json: bool) -> None:
    from roto_seg.plugin_place import PLUGINS, install_plugin, remove_plugin

    plugin = PLUGINS[host]
    place = (folder or plugin.usual_folder).absolute()
    if undo:
        done, told = remove_plugin(plugin, place), "Took out"
    elif packed is None:
        raise InputError("No zip is named.", f"Say roto install {host} ZIP, or --undo to take the plugin out.")
    else:
        done, told = install_plugin(plugin, packed, place), "Installed"
    result = {"folder": str(done.folder), "version": done.version, "left_to_do": done.left_to_do}
    finish(as_json, result, "\n".join(filter(None, (f"{told} {done.version} at {done.folder}.", done.left_to_do))))
