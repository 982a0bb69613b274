"""A whole shot through a daemon: open, prompt, track, export; stopped at any time, everything done is kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from roto_seg.connection import open_client
from roto_seg.options import Direction
from roto_seg.outcome import Outcome, Travel
from roto_seg.output import note
from roto_seg.progress import progress_bar
from roto_seg.prompts import Prompts
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol.data import CurveSettings, EdgeSettings, MatteFiles
from roto_shared.protocol.messages import (
    Export,
    Exported,
    ObjectPrompt,
    OpenSession,
    PlateRef,
    Progress,
    RefineEdges,
    Segment,
    SessionOpened,
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
    edges: EdgeSettings | None = None
    files: MatteFiles = MatteFiles()

    @property
    def key(self) -> str:
        """The session's key: the same plate, folder and engine find what was stored before."""
        return hashlib.sha256(str(self.out.absolute()).encode()).hexdigest()[:32]


def do_shot(shot: Shot, in_process: bool = False) -> Outcome:
    """Do ``shot``; after Ctrl-C export what there is."""
    with open_client(in_process) as client:
        opened = open_shot(client, shot)
        prompt_shot(client, shot, opened)
        shot.out.mkdir(parents=True, exist_ok=True)  # before the long part, so that it fails early if at all
        travel = Travel()
        try:
            tracked = track_shot(client, shot, opened, travel)
            if shot.edges is not None:
                refine_shot(client, opened, shot.edges)
        except KeyboardInterrupt:
            note("Stopped. Writing what there is …")
            tracked = None
        return Outcome(shot.out, opened.engine, travel, tracked, export_shot(client, shot, opened))


def open_shot(client: DaemonClient, shot: Shot) -> SessionOpened:
    """Open the session, check folder and frames before any work. Raises InputError naming what does not fit."""
    if shot.out.exists() and not shot.out.is_dir():
        raise InputError(f"{shot.out} is a file.", "Give --out a folder.")
    opened = client.ask(OpenSession(shot.plate, shot.engine, shot.key))
    first, last = opened.frames[0], opened.frames[-1]
    remedy = f"{shot.plate.path} has frames {first} to {last}."
    for frame in shot.prompts:
        if frame not in opened.frames:
            raise InputError(f"The plate has no frame {frame}, which the prompts name.", remedy)
    if shot.frames is not None and (shot.frames.first > last or shot.frames.last < first):
        raise InputError(f"The range {shot.frames} lies outside the plate.", remedy)
    return opened


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


def refine_shot(client: DaemonClient, opened: SessionOpened, edges: EdgeSettings) -> None:
    """Refine the soft edges of all masks, with a progress bar."""
    with progress_bar("Refining edges") as update:

        def on_event(event: object) -> None:
            if isinstance(event, TrackedFrame):
                update(event.done, event.total, f"frame {event.frame}")

        client.run(RefineEdges(opened.session, settings=edges), on_event)


def export_shot(client: DaemonClient, shot: Shot, opened: SessionOpened) -> Exported:
    """Fit and write everything into the folder, with a progress bar."""
    with progress_bar("Fitting and writing", "steps") as update:

        def on_event(event: object) -> None:
            if isinstance(event, Progress):
                update(event.done, event.total, event.note)

        formats = (*shot.formats, "preview", "report")
        folder = str(shot.out.absolute())
        return client.run(Export(opened.session, formats, folder, shot.curves, shot.files), on_event)
