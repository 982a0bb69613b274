"""``roto matte``: masks that are there already, finished, with soft edges, in the files that compositing takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roto_seg.exits import Exit
from roto_seg.finish_options import Blur, finishing, motion_blur, soft_edges
from roto_seg.mask_reach import check_reach
from roto_seg.matte_options import matte_files
from roto_seg.numbering import check_alike, check_range, tell_alone
from roto_seg.options import (
    DEFAULT_MATTE_FORMATS,
    MATTE_FORMATS,
    FolderOption,
    InProcessOption,
    MatteFormatOption,
    ObjectOption,
    RangeOption,
)
from roto_seg.output import JsonOption, finish, note
from roto_seg.places import make_folder
from roto_seg.plate_options import a_plate
from roto_seg.progress import progress_bar
from roto_seg.prompts import mask_picture
from roto_shared.errors import InputError, PlateError
from roto_shared.protocol.data import CurveSettings, EdgeSettings, FinishSettings, MatteFiles, PlateRef
from roto_shared.timeline import FrameRange

if TYPE_CHECKING:
    from roto_daemon.plates import MaskSequence
    from roto_shared.client import DaemonClient
    from roto_shared.protocol.messages import ObjectPrompt, SessionOpened


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("matte")(matte_command)


@a_plate
@finishing
@soft_edges
@motion_blur
@matte_files
def matte_command(
    plate: PlateRef,
    masks: Annotated[
        Path, typer.Option("--masks", metavar="MASKS", help="Masks of the object, as `roto curves` reads.")
    ],
    out: FolderOption,
    name: ObjectOption = "object",
    frames: RangeOption = None,
    masks_start: Annotated[
        int | None,
        typer.Option("--masks-start", metavar="N", help="Number the first mask N, if files count otherwise."),
    ] = None,
    formats: MatteFormatOption = None,
    edges: EdgeSettings | None = None,
    blur: Blur | None = None,
    finish_with: FinishSettings = FinishSettings(),
    files: MatteFiles = MatteFiles(),
    in_process: InProcessOption = False,
    as_json: JsonOption = False,
) -> None:
    """Finish masks of PLATE and refine their edges, without tracking anything: a matte for every mask, into DIR."""
    from roto_daemon.pipelines.matte_files import check_files, picture_files
    from roto_daemon.plates import files_of, open_masks, spare
    from roto_seg.connection import open_client
    from roto_seg.outcome import short_list
    from roto_seg.shot import (
        check_folder,
        export_session,
        finish_session,
        measure_session,
        open_session,
        refine_session,
        with_shutter,
    )

    wanted = formats.names if formats else DEFAULT_MATTE_FORMATS
    check_formats(wanted)
    check_files(files, wanted, {name})
    check_folder(out)
    check_report(out)
    with open_client(in_process) as client, open_masks(masks, masks_start) as sequence:
        targets = list(picture_files(out, wanted, files, {name: sequence.frames}))
        spare(files_of(plate.path), "plate", targets)
        spare(sequence.files, "masks", targets)
        opened = open_session(client, plate, out)
        check_not_tracked(opened, out)
        check_range(frames, opened.frames, "plate", plate.path)
        check_range(frames, sequence.frames, "masks", masks)
        faults = [str(fault) for fault in say_masks(client, opened, sequence, name, frames)]
        check_reach(sequence.reach, masks)
        make_folder(out)
        finish_session(client, opened, finish_with)
        shutter = measure_session(client, opened, blur)
        refined = refine_session(client, opened, with_shutter(edges, shutter))
        faults += [fault.message for fault in refined.faults]
        exported = export_session(client, opened, out, (*wanted, "report"), files, CurveSettings(shutter=shutter))
    for fault in faults:
        note(f"roto: {fault}")
    faults += [fault.message for fault in exported.faults]
    told: dict[str, Any] = {"folder": str(out.absolute()), "files": list(exported.files), "faults": faults}
    finish(
        as_json, told | {"notes": list(exported.notes)}, "\n".join((*exported.notes, *short_list(out, exported.files)))
    )
    if faults:
        raise typer.Exit(Exit.PARTIAL)


def check_formats(names: tuple[str, ...]) -> None:
    """Raise BadParameter for formats that are no mattes."""
    others = [name for name in names if name not in MATTE_FORMATS]
    if others:
        raise typer.BadParameter(f"“{others[0]}” holds shapes. Use some of {', '.join(MATTE_FORMATS)}, or roto track.")


def check_report(out: Path) -> None:
    """Raise InputError where ``out`` holds the report of a track, which says where a person has to look."""
    try:
        objects = json.loads((out / "report.json").read_text(encoding="utf-8"))["objects"]
        is_tracked = any({"tracked", "uncertain", "needs_click"} & set(told["states"]) for told in objects.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # there is none, or it is another program's
    if is_tracked:
        raise InputError(f"{out} holds a track, whose report would be lost.", "Give another --out.")


def check_not_tracked(opened: "SessionOpened", out: Path) -> None:
    """Raise InputError where a track into ``out`` left masks, with or without a report: they would come out too."""
    if any(set(frames) - set(opened.prompted.get(name, ())) for name, frames in opened.stored.items()):
        raise InputError(f"A track of this plate into {out} is kept.", "Give another --out.")


def say_masks(
    client: "DaemonClient",
    opened: "SessionOpened",
    masks: "MaskSequence",
    name: str,
    frames: FrameRange | None,
) -> list[PlateError]:
    """Make every mask of the range the object itself; the errors of those that cannot be read.

    Raises InputError where masks and plate share no frame, PlateError where none can be read.
    """
    from roto_shared.protocol.messages import ObjectPrompt, Segment

    wanted = [frame for frame in masks.frames if frames is None or frame in frames]
    check_alike("masks", wanted, "plate", opened.frames, "--start N for the plate, --masks-start N for the masks.")
    shared = [frame for frame in wanted if frame in opened.frames]
    tell_alone("Masks of frames that the plate lacks are left out", sorted(set(wanted) - set(shared)))
    faults: list[PlateError] = []
    for frame in set(opened.prompted.get(name, ())) - set(shared):
        client.run(Segment(opened.session, frame, (ObjectPrompt(name),)))
    with progress_bar("Reading masks") as update:
        for done, (frame, prompt) in enumerate(_prompts(masks, name, shared), 1):
            if isinstance(prompt, PlateError):
                faults.append(prompt)
            else:
                client.run(Segment(opened.session, frame, (prompt,)))
            update(done, len(shared), f"frame {frame}")
    if len(faults) == len(shared):
        raise faults[0]
    return faults


def _prompts(masks: "MaskSequence", name: str, frames: list[int]) -> Iterator[tuple[int, "ObjectPrompt | PlateError"]]:
    from roto_shared.protocol.messages import ObjectPrompt

    for frame in frames:
        try:
            coverage = masks.read(frame)
        except PlateError as error:
            yield frame, error
            continue
        yield frame, ObjectPrompt(name, mask=mask_picture(coverage))
