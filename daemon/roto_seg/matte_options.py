"""The options that say how mattes are written as files, given to a command as one value."""

from enum import StrEnum
from typing import Annotated, Any

import typer

from roto_seg.option_groups import Command, gather
from roto_shared.protocol.data import MatteFiles


class Content(StrEnum):
    """What is in a matte's file."""

    MATTE = "matte"
    STRAIGHT = "straight"
    PREMULTIPLIED = "premultiplied"


class Bits(StrEnum):
    """Bits a channel of PNG files."""

    EIGHT = "8"
    SIXTEEN = "16"


_FILES = {
    "file_name": (
        Annotated[
            str,
            typer.Option(
                "--file-name",
                metavar="TEXT",
                help="Mattes' names below DIR without ending, with {object}, {frame:04}, {shot}, {version:03}.",
            ),
        ],
        "",
    ),
    "shot": (Annotated[str, typer.Option("--shot", metavar="NAME", help="What {shot} stands for.")], ""),
    "version": (Annotated[int, typer.Option("--file-version", metavar="N", min=0, help="What {version} is.")], 1),
    "content": (
        Annotated[Content, typer.Option("--content", help="Mattes alone, or the plate's colours with them as alpha.")],
        Content.MATTE,
    ),
    "layers": (
        Annotated[bool, typer.Option("--layers", help="EXR: all objects in one file, a named layer each.")],
        False,
    ),
    "coverage": (
        Annotated[bool, typer.Option("--coverage", help="EXR: also the masks as they were before --edges.")],
        False,
    ),
    "motion": (
        Annotated[
            bool, typer.Option("--motion", help="EXR: also objects' motion, forward.u and so on, as Nuke has it.")
        ],
        False,
    ),
    "bits": (Annotated[Bits, typer.Option("--bits", help="Of PNG files.")], Bits.EIGHT),
    "compression": (
        Annotated[
            str,
            typer.Option("--compression", metavar="NAME", help="EXR: zip, zips, piz, rle, none, pxr24, dwaa, dwab."),
        ],
        "zip",
    ),
}


def matte_files(command: Command) -> Command:
    """Give ``command(…, files)`` the options of mattes as files."""
    return gather(command, "files", _FILES, _make)


def _make(file_name: str, bits: str, **said: Any) -> MatteFiles:
    return MatteFiles(file_name, bits=int(bits), **said)
