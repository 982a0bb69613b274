"""A whole shot through a daemon: open, prompt, track, export; stopped at any time, everything done is kept."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roto_seg.connection import open_client
from roto_seg.exits import Exit
from roto_seg.options import Direction, Preset
from roto_seg.output import note
from roto_seg.progress import progress_bar
from roto_seg.prompts import Prompts
from roto_shared.client import DaemonClient
from roto_shared.errors import InputError
from roto_shared.protocol.messages import (
    CurveSettings,
    Export,
    Exported,
    ObjectPrompt,
    OpenSession,
    PlateRef,
    Progress,
    Segment,
    SessionOpened,
    Track,
    Tracked,
    TrackedFrame,
)
from roto_shared.structure import to_plain
from roto_shared.timeline import FrameRange


@dataclass(frozen=True)
class Shot:
    """What ``roto track`` was asked to do. ``tolerance_px`` is None for the preset's own."""

    plate: Path
    out: Path
    prompts: Prompts
    frames: FrameRange | None = None
    direction: Direction = Direction.BOTH
    start: int | None = None
    engine: str = ""
    formats: tuple[str, ...] = ("nk", "fxs", "json", "svg", "png")
    preset: Preset = Preset.BALANCED
    tolerance_px: float | None = None

    @property
    def key(self) -> str:
        """The session's key: the same plate, folder, engine and prompts find what was stored before."""
        said = {str(frame): [to_plain(p, ObjectPrompt) for p in prompts] for frame, prompts in self.prompts.items()}
        told = [str(self.plate.absolute()), str(self.out.absolute()), self.start, self.engine, said]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=_digest).encode()).hexdigest()[:32]

    @property
    def curves(self) -> CurveSettings:
        """How its shapes are fitted."""
        return CurveSettings(self.preset.value, self.tolerance_px)


class Travel:
    """What a track told while it ran: the last event of every frame."""

    def __init__(self) -> None:
        self._events: dict[int, TrackedFrame] = {}

    def add(self, event: TrackedFrame) -> None:
        """Take in one finished step."""
        self._events[event.frame] = event

    @property
    def frames(self) -> int:
        """Frames that are done."""
        return len(self._events)

    @property
    def stored(self) -> int:
        """Frames of these that were there before."""
        return sum(event.stored for event in self._events.values())


@dataclass(frozen=True)
class Outcome:
    """What came out of a shot; ``tracked`` is None when it was interrupted."""

    shot: Shot
    opened: SessionOpened
    travel: Travel
    tracked: Tracked | None
    exported: Exported

    @property
    def exit(self) -> Exit:
        """PARTIAL when frames failed, INTERRUPTED after Ctrl-C."""
        if self.tracked is None:
            return Exit.INTERRUPTED
        return Exit.PARTIAL if self.tracked.faults else Exit.OK


def do_shot(shot: Shot, in_process: bool = False) -> Outcome:
    """Do ``shot``; after Ctrl-C export what there is."""
    with open_client(in_process) as client:
        opened = open_shot(client, shot)
        travel = Travel()
        try:
            tracked = track_shot(client, shot, opened, travel)
        except KeyboardInterrupt:
            note("Stopped. Writing what there is …")
            tracked = None
        return Outcome(shot, opened, travel, tracked, export_shot(client, shot, opened))


def open_shot(client: DaemonClient, shot: Shot) -> SessionOpened:
    """Open the session and check frames before any work. Raises InputError naming what does not fit."""
    _check_folder(shot.out)
    opened = client.ask(OpenSession(PlateRef(str(shot.plate.absolute()), shot.start), shot.engine, shot.key))
    first, last = opened.frames[0], opened.frames[-1]
    remedy = f"{shot.plate} has frames {first} to {last}."
    for frame in shot.prompts:
        if frame not in opened.frames:
            raise InputError(f"The plate has no frame {frame}, which the prompts name.", remedy)
    if shot.frames is not None and (shot.frames.first > last or shot.frames.last < first):
        raise InputError(f"The range {shot.frames} lies outside the plate.", remedy)
    return opened


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file.", "Give --out a folder.")
    out.mkdir(parents=True, exist_ok=True)


def track_shot(client: DaemonClient, shot: Shot, opened: SessionOpened, travel: Travel) -> Tracked:
    """Set the prompts and track, with a progress bar."""
    for frame, prompts in shot.prompts.items():
        client.run(Segment(opened.session, frame, prompts))
    frames = shot.frames
    with progress_bar("Tracking") as update:

        def on_event(event: object) -> None:
            if isinstance(event, TrackedFrame):
                travel.add(event)
                update(event.done, event.total, f"frame {event.frame}")

        bounds = (frames.first, frames.last) if frames else (None, None)
        return client.run(Track(opened.session, shot.direction.value, *bounds), on_event)


def export_shot(client: DaemonClient, shot: Shot, opened: SessionOpened) -> Exported:
    """Fit and write everything into the folder, with a progress bar."""
    with progress_bar("Fitting and writing", "steps") as update:

        def on_event(event: object) -> None:
            if isinstance(event, Progress):
                update(event.done, event.total, event.note)

        formats = (*shot.formats, "preview", "report")
        return client.run(Export(opened.session, formats, str(shot.out.absolute()), shot.curves), on_event)


def result_of(outcome: Outcome) -> dict[str, Any]:
    """The outcome for programs."""
    tracked = outcome.tracked
    return {
        "folder": str(outcome.shot.out.absolute()),
        "engine": outcome.opened.engine,
        "frames": outcome.travel.frames,
        "stored_before": outcome.travel.stored,
        "interrupted": tracked is None,
        "needs_click": {name: list(frames) for name, frames in tracked.needs_click.items()} if tracked else {},
        "faults": [{"frame": fault.frame, "message": fault.message} for fault in tracked.faults] if tracked else [],
        "files": list(outcome.exported.files),
        "notes": list(outcome.exported.notes),
    }


def summary_of(outcome: Outcome) -> str:
    """The outcome for people."""
    tracked, travel = outcome.tracked, outcome.travel
    lines = [f"{travel.frames} frames by {outcome.opened.engine}, {travel.stored} of them stored before."]
    if tracked is not None:
        lines += [
            f"{name} needs a click on {_frames(frames)}." for name, frames in tracked.needs_click.items() if frames
        ]
        lines += [f"Frame {fault.frame} could not be done: {fault.message}" for fault in tracked.faults]
    lines += outcome.exported.notes
    lines += _short_list(outcome.shot.out, outcome.exported.files)
    return "\n".join(lines)


def _short_list(out: Path, files: tuple[str, ...]) -> list[str]:
    """Files, and for each object one line instead of one for every mask."""
    folders = Counter(Path(file).parent for file in files if Path(file).parent != out.absolute())
    single = [str(out / Path(file).name) for file in files if Path(file).parent == out.absolute()]
    return single + [f"{out / folder.name}{'/'} ({count} masks)" for folder, count in folders.items()]


def _frames(frames: tuple[int, ...]) -> str:
    """``frames 3-5, 9`` for a person."""
    runs: list[list[int]] = []
    for frame in frames:
        if runs and frame == runs[-1][-1] + 1:
            runs[-1].append(frame)
        else:
            runs.append([frame])
    told = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return f"frame{'s' if len(frames) > 1 else ''} {', '.join(told)}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
