"""Options that several commands share, and how their texts are read."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from roto_shared.errors import InputError
from roto_shared.timeline import FrameRange, parse_frame_range

SHAPE_FORMATS = ("nk", "fxs", "json", "svg")
MATTE_FORMATS = ("png", "exr", "cryptomatte", "prores")
FORMATS = (*SHAPE_FORMATS, *MATTE_FORMATS)
DEFAULT_FORMATS = (*SHAPE_FORMATS, "png")
DEFAULT_MATTE_FORMATS = ("png", "exr")


class Click(NamedTuple):
    """A point, px from the top left."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle by its top left and bottom right corner, px from the picture's top left."""

    x0: float
    y0: float
    x1: float
    y1: float


class FrameMask(NamedTuple):
    """A mask file and the frame that it belongs to."""

    frame: int
    path: Path


class Formats(NamedTuple):
    """Names of file formats, each once."""

    names: tuple[str, ...]


class Names(NamedTuple):
    """Names that a user listed, each once."""

    names: tuple[str, ...]


class Preset(StrEnum):
    """How closely shapes follow, against how few knots and keys they have."""

    TIGHT = "tight"
    BALANCED = "balanced"
    LOOSE = "loose"


class Edges(StrEnum):
    """How much time soft edges may take."""

    FAST = "fast"
    GOOD = "good"
    BEST = "best"


class Direction(StrEnum):
    """Where a track goes from its prompted frames."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"


def parse_numbers(text: str, count: int, wanted: str) -> tuple[float, ...]:
    """``count`` numbers with commas between. Raises BadParameter, saying what is ``wanted``."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(abs(number) < 1e6 for number in numbers):
        raise typer.BadParameter(f"“{text}” is not {wanted}.")
    return numbers


def parse_point(text: str) -> Click:
    """``X,Y`` in px from the top left."""
    x, y = parse_numbers(text, 2, "a point: write X,Y in pixels from the top left, such as 640,360")
    return Click(x, y)


def parse_box(text: str) -> Box:
    """``X0,Y0,X1,Y1``: the top left and the bottom right corner, px from the picture's top left."""
    wanted = "a box: write X0,Y0,X1,Y1, top left and bottom right corner in pixels, such as 100,50,400,300"
    x0, y0, x1, y1 = parse_numbers(text, 4, wanted)
    if x1 <= x0 or y1 <= y0:
        raise typer.BadParameter(f"the box “{text}” is empty: X1 must be right of X0, and Y1 below Y0.")
    return Box(x0, y0, x1, y1)


def parse_range(text: str) -> FrameRange:
    """``FIRST-LAST``; every frame of it."""
    try:
        frames = parse_frame_range(text)
    except InputError as error:
        raise typer.BadParameter(f"{error.message} Write FIRST-LAST, such as 1001-1100.") from error
    if frames.step != 1:
        raise typer.BadParameter(f"“{text}” has a step; a track needs every frame. Write FIRST-LAST.")
    return frames


def parse_mask(text: str) -> FrameMask:
    """``N=FILE``: a mask file and its frame."""
    frame, separator, file = text.partition("=")
    if not separator or not file or not frame.strip().removeprefix("-").isdecimal():
        raise typer.BadParameter(f"“{text}” is not a mask: write FRAME=FILE, such as 1001=mask.png.")
    return FrameMask(int(frame), Path(file))


def parse_formats(text: str) -> Formats:
    """Names of formats with commas between; doubles are dropped."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [name for name in names if name not in FORMATS]
    if unknown:
        raise typer.BadParameter(f"there is no format “{unknown[0]}”. Use some of {', '.join(FORMATS)}.")
    return Formats(names)


def parse_names(text: str) -> Names:
    """Names with commas between; doubles are dropped."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not names:
        raise typer.BadParameter(f"“{text}” names nothing. Write A,B.")
    return Names(names)


PositiveOption = Annotated[
    list[Click] | None,
    typer.Option("--point", parser=parse_point, metavar="X,Y", help="A click on the object; may be given again."),
]
NegativeOption = Annotated[
    list[Click] | None,
    typer.Option(
        "--negative", parser=parse_point, metavar="X,Y", help="A click on what is not the object; may be given again."
    ),
]
BoxOption = Annotated[
    Box | None, typer.Option("--box", parser=parse_box, metavar="X0,Y0,X1,Y1", help="A box around the object.")
]
EngineOption = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="Which engine; see `roto models list`. Empty: the daemon's own.")
]
ObjectOption = Annotated[str, typer.Option("--object", metavar="NAME", help="The object's name in files and shapes.")]
StartOption = Annotated[
    int | None, typer.Option("--start", metavar="N", help="Number the first frame N instead of as in the files' names.")
]
PresetOption = Annotated[Preset, typer.Option("--preset", help="How closely shapes follow.")]
InProcessOption = Annotated[
    bool, typer.Option("--in-process", help="Do the work in this process instead of asking the daemon.")
]
FormatOption = Annotated[
    Formats | None,
    typer.Option(
        "--format",
        parser=parse_formats,
        metavar="LIST",
        help=f"Some of {','.join(FORMATS)}; by default {','.join(DEFAULT_FORMATS)}.",
    ),
]
MatteFormatOption = Annotated[
    Formats | None,
    typer.Option(
        "--format",
        parser=parse_formats,
        metavar="LIST",
        help=f"Some of {','.join(MATTE_FORMATS)}; by default {','.join(DEFAULT_MATTE_FORMATS)}.",
    ),
]
PlateArgument = Annotated[
    Path, typer.Argument(metavar="PLATE", help="A folder, name.%04d.exr, name.####.exr, or a video.")
]
FolderOption = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for everything that comes out.")]
FrameOption = Annotated[int | None, typer.Option("--frame", metavar="N", help="The frame of the clicks and box.")]
MaskOption = Annotated[
    list[FrameMask] | None,
    typer.Option("--mask", parser=parse_mask, metavar="N=FILE", help="A mask of frame N; may be given again."),
]
PromptsOption = Annotated[
    Path | None, typer.Option("--prompts", metavar="FILE", help="JSON with prompts of objects and frames.")
]
RangeOption = Annotated[
    FrameRange | None, typer.Option("--range", parser=parse_range, metavar="A-B", help="Frames to do; else all.")
]
DirectionOption = Annotated[Direction, typer.Option("--direction", help="Where to go from the prompts.")]
