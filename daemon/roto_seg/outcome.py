"""What came out of a shot, for people and for programs."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roto_seg.exits import Exit
from roto_seg.numbering import ranges_text
from roto_shared.protocol.messages import Exported, Tracked, TrackedFrame


class Travel:
    """What a track told while it ran: the last event of every frame."""

    def __init__(self) -> None:
        self._events: dict[int, TrackedFrame] = {}
        self._done: set[tuple[str, int]] = set()

    def add(self, event: TrackedFrame) -> None:
        """Take in one finished step."""
        self._events[event.frame] = event
        self._done |= {(state.object, event.frame) for state in event.objects}

    def has(self, name: str, frame: int) -> bool:
        """Whether an object came by on a frame."""
        return (name, frame) in self._done

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
    """What came out, in ``folder``; ``tracked`` is None when the track was interrupted.

    ``missing`` names prompted objects that did not come out, ``kept`` are frames that came out as an earlier command
    left them, by object.
    """

    folder: Path
    engine: str
    travel: Travel
    tracked: Tracked | None
    exported: Exported
    missing: tuple[str, ...]
    kept: dict[str, tuple[int, ...]]

    @property
    def exit(self) -> Exit:
        """PARTIAL when frames failed or were left out, or objects are missing; INTERRUPTED after Ctrl-C."""
        if self.tracked is None:
            return Exit.INTERRUPTED
        return Exit.PARTIAL if self.tracked.faults or self.exported.faults or self.missing else Exit.OK


def result_of(outcome: Outcome) -> dict[str, Any]:
    """The outcome for programs."""
    tracked = outcome.tracked
    return {
        "folder": str(outcome.folder.absolute()),
        "engine": outcome.engine,
        "frames": outcome.travel.frames,
        "stored_before": outcome.travel.stored,
        "interrupted": tracked is None,
        "missing": list(outcome.missing),
        "kept": {name: list(frames) for name, frames in outcome.kept.items()},
        "needs_click": {name: list(frames) for name, frames in tracked.needs_click.items()} if tracked else {},
        "uncertain": {name: list(frames) for name, frames in tracked.uncertain.items()} if tracked else {},
        "faults": [{"frame": fault.frame, "message": fault.message} for fault in tracked.faults] if tracked else [],
        "files": list(outcome.exported.files),
        "notes": list(outcome.exported.notes),
    }


def summary_of(outcome: Outcome) -> str:
    """The outcome for people."""
    tracked, travel = outcome.tracked, outcome.travel
    lines = [f"{travel.frames} frames tracked by {outcome.engine}, {travel.stored} of them stored before."]
    if tracked is not None:
        lines += [
            f"{name} needs a click on {_frames(frames)}." for name, frames in tracked.needs_click.items() if frames
        ]
        lines += [
            f"{name} is uncertain on {_frames(frames)}: look there." for name, frames in tracked.uncertain.items()
        ]
        lines += [f"Frame {fault.frame} could not be done: {fault.message}" for fault in tracked.faults]
    lines += [f"{name} is as an earlier command left it on {_frames(frames)}." for name, frames in outcome.kept.items()]
    lines += [f"{name} did not come out: another command took its prompts back." for name in outcome.missing]
    lines += outcome.exported.notes
    lines += short_list(outcome.folder, outcome.exported.files)
    return "\n".join(lines)


def short_list(out: Path, files: tuple[str, ...]) -> list[str]:
    """Files, and for each folder below ``out`` one line instead of one for every mask."""
    inside = [Path(file).relative_to(out.absolute()) for file in files]
    folders = Counter(file.parent for file in inside if file.parent != Path())
    single = [str(out / file) for file in inside if file.parent == Path()]
    return single + [f"{out / folder}/ ({count} files)" for folder, count in folders.items()]


def _frames(frames: tuple[int, ...]) -> str:
    """``frames 3-5, 9`` for a person."""
    runs: list[tuple[int, int]] = []
    for frame in frames:
        if runs and frame == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], frame)
        else:
            runs.append((frame, frame))
    return f"frame{'s' if len(frames) > 1 else ''} {ranges_text(runs)}"
