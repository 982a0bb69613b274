"""``roto curves``: masks or mattes to keyed shapes, without a model and without the daemon."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.curve_options import moving_curves
from roto_seg.exits import Exit
from roto_seg.mask_reach import check_reach
from roto_seg.numbering import check_alike, tell_alone, tell_gaps
from roto_seg.options import ObjectOption, StartOption
from roto_seg.output import JsonOption, finish, note
from roto_seg.places import check_ending, make_folder
from roto_seg.progress import progress_bar
from roto_shared.errors import InputError, PlateError
from roto_shared.protocol.data import CurveSettings

if TYPE_CHECKING:
    from roto_daemon.plates import MaskSequence, Plate
    from roto_geometry.fitting import FitResult, ShapeFitter
    from roto_shared.shapes import ShapeDocument


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("curves")(curves_command)


@moving_curves
def curves_command(
    masks: Annotated[Path, typer.Argument(metavar="MASKS", help="A folder, name.%04d.png, name.####.exr, or a video.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Shapes: .nk, .fxs, .json or .svg.")],
    name: ObjectOption = "object",
    start: StartOption = None,
    plate: Annotated[
        str | None,
        typer.Option(metavar="PLATE", help="The pictures behind the masks: with them knots stay on what they mark."),
    ] = None,
    curves: CurveSettings = CurveSettings(),
    as_json: JsonOption = False,
) -> None:
    """Fit keyed shapes to masks or mattes. A frame that cannot be read is named, and the rest goes on."""
    from roto_daemon.motion.points import PlateMotion
    from roto_daemon.pipelines.fit import fit_settings, settings_for
    from roto_daemon.plates import open_masks, open_plate
    from roto_formats.bake import baked_document
    from roto_formats.registry import writable_endings, write_document
    from roto_geometry.fitting import ShapeFitter, fitted_document
    from roto_shared.shapes import Provenance
    from roto_shared.version import VERSION

    check_ending(out, writable_endings())
    with open_masks(masks, start) as sequence, ExitStack() as opened:
        fitter = ShapeFitter(name, fit_settings(settings_for(out.suffix, curves)))
        behind: MaskSequence | Plate = sequence
        if plate is not None:
            behind = pictures = opened.enter_context(open_plate(plate, start))
            _check_plate(pictures, sequence)
            fitter.motion = PlateMotion(pictures.read)
        make_folder(out.parent)
        tell_gaps("masks lack", sequence.frames)
        faults = _trace(sequence, fitter)
        if len(faults) == len(sequence.frames):
            raise faults[0]
        check_reach(sequence.reach, masks)
        if not sequence.reach:
            raise InputError(f"{masks} is black on all frames: there is nothing to draw.", "Give masks of the object.")
        result = fitter.fit()
        frames = (sequence.frames[0], sequence.frames[-1])
    told = Provenance("masks", version=VERSION)
    document = fitted_document((result,), fitter.size, frames, behind.fps, told)
    if next(document.shapes(), None) is None:
        raise InputError(
            f"{masks} shows specks alone, which are left out: there is nothing to draw.",
            "Give larger masks, or --preset tight, which leaves out less.",
        )
    document = replace(document, pixel_aspect=behind.pixel_aspect)
    document = baked_document(document) if curves.bake else document
    notes = [str(told) for told in write_document(document, out)]
    _tell(out, document, result, notes, faults, as_json)
    if faults:
        raise typer.Exit(Exit.PARTIAL)


def _check_plate(plate: "Plate", masks: "MaskSequence") -> None:
    """Raise InputError where the plate has another size than the masks, or none of their frames."""
    if (plate.width, plate.height) != (masks.width, masks.height):
        raise InputError(
            f"The plate is {plate.width}×{plate.height}, the masks are {masks.width}×{masks.height}.",
            "Give them in one size.",
        )
    check_alike("masks", masks.frames, "plate", plate.frames, "--start N numbers the first frame of both.")
    alone = sorted(set(masks.frames) - set(plate.frames))
    tell_alone("Masks of frames that the plate lacks are fitted without it", alone)


def _trace(sequence: "MaskSequence", fitter: "ShapeFitter") -> list[PlateError]:
    """Give every mask to ``fitter``; the errors of those that cannot be read."""
    faults = []
    with progress_bar("Tracing") as update:
        for done, frame in enumerate(sequence.frames, 1):
            try:
                fitter.add(frame, sequence.read(frame))
            except PlateError as error:
                faults.append(error)
            update(done, len(sequence.frames), "")
    return faults


def _tell(
    out: Path,
    document: "ShapeDocument",
    result: "FitResult",
    notes: list[str],
    faults: list[PlateError],
    as_json: bool,
) -> None:
    shapes = list(document.shapes())
    told = {
        "file": str(out),
        "frames": len(result.report),
        "shapes": len(shapes),
        "knots": sum(shape.knot_count for shape in shapes),
        "keys": sum(len(shape.keys) for shape in shapes),
        "mean_iou": result.mean_iou,
        "notes": notes,
        "faults": [str(fault) for fault in faults],
    }
    for fault in faults:
        note(f"roto: {fault}")
    summary = "{file}  ({shapes} shapes, {knots} knots, {keys} keys over {frames} frames; mean IoU {mean_iou:.4f})"
    finish(as_json, told, "\n".join((summary.format(**told), *notes)))
