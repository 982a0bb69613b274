"""``roto preview``: shapes of any origin over their plate, as a film that any player shows."""

from pathlib import Path
from typing import Annotated

import typer

from roto_seg.drawn_shapes import read_to_draw
from roto_seg.numbering import check_range, drawn_frames, tell_alone
from roto_seg.options import RangeOption
from roto_seg.output import JsonOption, finish
from roto_seg.places import check_ending
from roto_seg.plate_options import a_plate
from roto_seg.progress import progress_bar
from roto_shared.errors import InputError
from roto_shared.protocol.data import PlateRef


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("preview")(preview_command)


@a_plate
def preview_command(
    plate: PlateRef,
    shapes: Annotated[Path, typer.Option("--shapes", metavar="FILE", help="Shapes: .nk, .fxs or .json.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The film: .mp4.")] = Path("preview.mp4"),
    frames: RangeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw shapes with their knots over PLATE into an MP4: key frames are marked, unreadable frames say so."""
    from roto_daemon.app import open_referenced
    from roto_daemon.outputs import write_preview
    from roto_daemon.plates import ReadAhead, spare
    from roto_daemon.settings import load_settings

    check_ending(out, (".mp4",))
    document = read_to_draw(shapes)
    with open_referenced(plate, load_settings().ocio) as opened:
        spare(opened.files, "plate", (out,))
        if (document.width, document.height) != (opened.width, opened.height):
            raise InputError(
                f"The shapes are for {document.width}×{document.height} px, "
                f"the plate has {opened.width}×{opened.height}.",
                "Give the plate that they were drawn on.",
            )
        check_range(frames, opened.frames, "plate", plate.path)
        drawn = drawn_frames(document, "plate", opened.frames, "--start N for the plate.")
        wanted = [frame for frame in opened.frames if frames is None or frame in frames]
        tell_alone("Frames of the plate on which no shape lives stay bare", [f for f in wanted if f not in drawn])
        with ReadAhead(opened.read, wanted) as reader, progress_bar("Drawing") as update:
            for done, frame in enumerate(write_preview(out, document, reader.read, wanted), 1):
                update(done, len(wanted), f"frame {frame}")
    finish(as_json, {"file": str(out.absolute()), "frames": len(wanted)}, f"{out}  ({len(wanted)} frames)")
