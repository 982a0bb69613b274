"""A whole shot through a daemon: open, prompt, track, export; stopped at any time, everything done is kept."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from roto_seg.connection import open_client
from roto_seg.finish_options import Blur
from roto_seg.numbering import check_range, tell_gaps
from roto_seg.options import Direction
from roto_seg.outcome import Outcome, Travel
from roto_seg.output import note
from roto_seg.places import make_folder
from roto_seg.progress import Update, progress_bar
from roto_seg.prompts import Prompts
from roto_shared.client import DaemonClient
from roto_shared.errors import BusyError, InputError
from roto_shared.protocol.data import Combination, CurveSettings, EdgeSettings, FinishSettings, MatteFiles
from roto_shared.protocol.messages import (
    CombineObjects,
    DeleteObject,
    Export,
    Exported,
    FinishMasks,
    MeasureBlur,
    ObjectPrompt,
    OpenSession,
    PlateRef,
    Progress,
    RefineEdges,
    Segment,
    SessionOpened,
    StatusQuery,
    Track,
    Tracked,
    TrackedFrame,
)
from roto_shared.timeline import FrameRange


@dataclass(frozen=True)
class Shot:
    """What ``roto track`` was asked to do."""

    plate: PlateRef
    out: Path
    prompts: Prompts
    frames: FrameRange | None = None
    direction: Direction = Direction.BOTH
    engine: str = ""
    formats: tuple[str, ...] = ("nk", "fxs", "json", "svg", "png")
    curves: CurveSettings = CurveSettings()
    finish: FinishSettings = FinishSettings()
    edges: EdgeSettings | None = None
    blur: Blur | None = None
    files: MatteFiles = MatteFiles()
    combined: tuple[Combination, ...] = ()

    @property
    def prompted(self) -> set[str]:
        """Names of the objects that its prompts name."""
        return {prompt.object for prompts in self.prompts.values() for prompt in prompts}

    @property
    def named(self) -> set[str]:
        """Names of all objects that come out."""
        return self.prompted | {made.name for made in self.combined}


def do_shot(shot: Shot, in_process: bool = False) -> Outcome:
    """Do ``shot``; after Ctrl-C export what there is."""
    check_outputs(shot)
    with open_client(in_process) as client:
        opened = open_shot(client, shot)
        prompt_shot(client, shot, opened)
        make_folder(shot.out)  # before the long part, so that it fails early if at all
        travel, curves = Travel(), shot.curves
        try:
            tracked = track_shot(client, shot, opened, travel)
            combine_session(client, opened, shot.combined)
            finish_session(client, opened, shot.finish)
            shutter = measure_session(client, opened, shot.blur)
            edges, curves = with_shutter(shot.edges, shutter), replace(shot.curves, shutter=shutter)
            refine_session(client, opened, edges)
        except KeyboardInterrupt:
            note("Stopped. Writing what there is …")
            tracked = None
        formats = (*shot.formats, "preview", "report")
        exported = export_session(client, opened, shot.out, formats, shot.files, curves)
        kept = kept_frames(shot, opened, travel)
        return Outcome(shot.out, opened.engine, travel, tracked, exported, missing_objects(shot), kept)


def check_outputs(shot: Shot) -> None:
    """Refuse, before hours of tracking, what could not be written after them. Raises InputError."""
    from roto_daemon.pipelines.matte_files import check_files
    from roto_daemon.sessions.recipes import check_combination

    combined: dict[str, Combination] = {}
    for made in shot.combined:
        check_combination(made, shot.prompted | set(combined), combined)
        combined[made.name] = made
    check_files(shot.files, shot.formats, shot.named)


def missing_objects(shot: Shot) -> tuple[str, ...]:
    """Prompted objects that the written report does not have: another command on the same folder took them back."""
    reported = json.loads((shot.out / "report.json").read_text(encoding="utf-8"))["objects"]
    taken_in = {name for made in shot.combined if not made.keep for name in made.objects}
    return tuple(sorted(shot.prompted - taken_in - set(reported)))


def kept_frames(shot: Shot, opened: SessionOpened, travel: Travel) -> dict[str, tuple[int, ...]]:
    """Frames of prompted objects that came out as an earlier command left them, for this one did not come by."""
    kept: dict[str, tuple[int, ...]] = {}
    for name in sorted(shot.prompted & set(opened.stored)):
        said = {frame for frame, prompts in shot.prompts.items() if name in {prompt.object for prompt in prompts}}
        left = tuple(f for f in opened.stored[name] if f not in said and not travel.has(name, f))
        kept |= {name: left} if left else {}
    return kept


def check_folder(out: Path) -> None:
    """Raise InputError where a file has the folder's place, or its name is none that the daemon can be told."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file.", "Give --out a folder.")
    told = str(out.absolute()).encode("utf-8", "replace").decode()
    if told != str(out.absolute()):
        raise InputError(f"The name {told} is not UTF-8.", "Give --out another one.")


def open_session(client: DaemonClient, plate: PlateRef, out: Path, engine: str = "") -> SessionOpened:
    """The session of a plate and a folder: the same ones, and the same engine, find what was stored before.

    A folder is the same by whatever name it is reached: relative, with dots, or through a link.

    Raises BusyError while another command works on it.
    """
    key = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:32]
    opened = client.ask(OpenSession(plate, engine, key))
    _refuse_while_worked_on(client, opened)
    return opened


def _refuse_while_worked_on(client: DaemonClient, opened: SessionOpened) -> None:
    """Raise BusyError where another command is at work: other prompts would give it another object in mid-shot."""
    jobs = client.ask(StatusQuery()).jobs
    if any(job.session == opened.session and job.kind != "segment" for job in jobs):
        raise BusyError("Another command works on this plate and folder.", "Wait for it, or stop it first.")


def open_shot(client: DaemonClient, shot: Shot) -> SessionOpened:
    """Open the session, check folder and frames before any work. Raises InputError naming what does not fit."""
    check_folder(shot.out)
    opened = open_session(client, shot.plate, shot.out, shot.engine)
    remedy = f"{shot.plate.path} has frames {opened.frames[0]} to {opened.frames[-1]}."
    for frame in shot.prompts:
        if frame not in opened.frames:
            raise InputError(f"The plate has no frame {frame}, which the prompts name.", remedy)
    check_range(shot.frames, opened.frames, "plate", shot.plate.path)
    spare_plate(shot, opened)
    tell_gaps("plate lacks", (frame for frame in opened.frames if shot.frames is None or frame in shot.frames))
    return opened


def spare_plate(shot: Shot, opened: SessionOpened) -> None:
    """Raise InputError where the shot's files would take the place of the plate's."""
    from roto_daemon.pipelines.matte_files import picture_files
    from roto_daemon.plates import files_of, spare

    objects = dict.fromkeys(shot.named, opened.frames)
    targets = picture_files(shot.out, (*shot.formats, "preview"), shot.files, objects)
    spare(files_of(shot.plate.path), "plate", targets)


def prompt_shot(client: DaemonClient, shot: Shot, opened: SessionOpened) -> None:
    """Say the shot's prompts, and take back those of an earlier run that it no longer has."""
    said = {(frame, prompt.object) for frame, prompts in shot.prompts.items() for prompt in prompts}
    for name, frames in opened.prompted.items():
        for frame in frames:
            if (frame, name) not in said:
                client.run(Segment(opened.session, frame, (ObjectPrompt(name),)))
    for frame, prompts in shot.prompts.items():
        client.run(Segment(opened.session, frame, prompts))


def track_shot(client: DaemonClient, shot: Shot, opened: SessionOpened, travel: Travel) -> Tracked:
    """Track the prompted objects, with a progress bar."""
    frames = shot.frames
    with progress_bar("Tracking") as update:

        def on_event(event: object) -> None:
            if isinstance(event, TrackedFrame):
                travel.add(event)
                update(event.done, event.total, f"frame {event.frame}")

        bounds = (frames.first, frames.last) if frames else (None, None)
        return client.run(Track(opened.session, shot.direction.value, *bounds), on_event)


def combine_session(client: DaemonClient, opened: SessionOpened, wanted: tuple[Combination, ...]) -> None:
    """Make objects of others, and take out those of an earlier run that are no longer wanted."""
    for made in reversed(opened.combined):
        if made not in wanted:
            client.run(DeleteObject(opened.session, made.name))
    for made in wanted:
        with progress_bar(f"Combining {made.name}") as update:
            client.run(CombineObjects(opened.session, made), _told_to(update))


def finish_session(client: DaemonClient, opened: SessionOpened, settings: FinishSettings) -> None:
    """Say how all masks are finished, and do it with a progress bar."""
    if settings != FinishSettings() or opened.finish:
        with progress_bar("Finishing masks") as update:
            client.run(FinishMasks(opened.session, settings), _told_to(update))


def measure_session(client: DaemonClient, opened: SessionOpened, blur: Blur | None) -> float | None:
    """The shutter that edges are smeared by: as it is given, else measured with a progress bar; None for none."""
    if blur is None or blur.shutter is not None:
        return None if blur is None else blur.shutter
    with progress_bar("Measuring motion blur") as update:
        shutter = client.run(MeasureBlur(opened.session), _told_to(update)).shutter
    if shutter is None:
        note("Too little moves to tell the shutter; edges are left as they are. Give --shutter to smear them.")
    else:
        note(f"The shutter was open for {shutter:.2f} frames ({shutter * 360:.0f}°).")
    return shutter


def with_shutter(edges: EdgeSettings | None, shutter: float | None) -> EdgeSettings:
    """What edges are made with: the mask's own where nothing else is asked, whatever an earlier command asked for."""
    return replace(edges or EdgeSettings("none"), shutter=shutter)


def refine_session(client: DaemonClient, opened: SessionOpened, edges: EdgeSettings) -> Tracked:
    """Refine the soft edges of all masks, with a progress bar."""
    with progress_bar("Refining edges") as update:
        return client.run(RefineEdges(opened.session, settings=edges), _told_to(update))


def export_session(
    client: DaemonClient,
    opened: SessionOpened,
    out: Path,
    formats: tuple[str, ...],
    files: MatteFiles,
    curves: CurveSettings = CurveSettings(),
) -> Exported:
    """Fit and write ``formats`` into the folder, with a progress bar."""
    with progress_bar("Writing", "steps") as update:
        return client.run(Export(opened.session, formats, str(out.absolute()), curves, files), _told_to(update))


def _told_to(update: Update) -> Callable[[object], None]:
    """Events to a progress bar."""

    def on_event(event: object) -> None:
        if isinstance(event, TrackedFrame):
            update(event.done, event.total, f"frame {event.frame}")
        elif isinstance(event, Progress):
            update(event.done, event.total, event.note)

    return on_event
