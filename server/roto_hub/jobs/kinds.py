"""What each kind of job asks of the daemon. Nothing here knows the database."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from roto_hub.jobs.frames import unpacked_frames
from roto_shared.client import DaemonClient
from roto_shared.errors import CancelledError, InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import Candidate, CurveSettings, MatteFiles, ObjectPrompt, PlateRef

SHAPES = ("json", "nk", "fxs")
MASKS = MatteFiles(name="masks/{object}/{frame:04}")
THUMBNAIL_PX, PROXY_PX = 480, 1920


@dataclass(frozen=True)
class Bench:
    """What a job works with: a daemon, the shot's plate, a folder for results, and ways to tell and to be stopped."""

    client: DaemonClient
    plate: str
    shot_id: str
    folder: Path
    on_progress: Callable[[int, int], None]
    wants_stop: Callable[[], bool]

    def ask(self, message: Any) -> Any:
        """Ask the daemon; frames that are done are told, and a stop reaches it between two frames."""
        return self.client.finish(self.client.start(message), self._on_event, wants_stop=self.wants_stop)

    def open(self, engine: str = "") -> messages.SessionOpened:
        """The shot's session: the same one for every job of the shot, so that what is stored is not done again."""
        opened: messages.SessionOpened = self.ask(messages.OpenSession(PlateRef(self.plate), engine, self.shot_id))
        return opened

    def _on_event(self, event: Any) -> None:
        if isinstance(event, messages.TrackedFrame | messages.Progress):
            self.on_progress(event.done, event.total)


Kind = Callable[[Bench, dict[str, Any]], dict[str, Any]]


def check(bench: Bench, _request: dict[str, Any]) -> dict[str, Any]:
    """Really open a plate: its frames and size, and a thumbnail. A zip of frames is unpacked first."""
    plate = unpacked_frames(Path(bench.plate)) if bench.plate.lower().endswith(".zip") else bench.plate
    opened = Bench(bench.client, plate, bench.shot_id, bench.folder, bench.on_progress, bench.wants_stop).open()
    middle = opened.frames[len(opened.frames) // 2]
    picture = bench.ask(messages.FrameQuery(opened.session, middle, THUMBNAIL_PX)).picture
    bench.folder.mkdir(parents=True, exist_ok=True)
    (bench.folder / "thumbnail").write_bytes(picture.data)
    return {
        "plate": plate,
        "first_frame": opened.frames[0],
        "last_frame": opened.frames[-1],
        "width": opened.width,
        "height": opened.height,
        "fps": opened.fps,
        "thumbnail": picture.media,
    }


def segment(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Segment what was said, follow it through the shot, and write shapes, masks and a report.

    The shot's session goes on: an object that is named again is corrected, and the others stay as they were.
    """
    opened = bench.open(request.get("engine", ""))
    by_frame: dict[int, list[ObjectPrompt]] = {}
    for one in request["prompts"]:
        prompt = ObjectPrompt(one["object"], _points(one, "positive"), _points(one, "negative"), _box(one))
        by_frame.setdefault(one["frame"], []).append(prompt)
    found = [hit for text in request.get("texts", ()) for hit in _find(bench, opened, text)]
    for hit, name in zip(found, _names(found, [one["object"] for one in request["prompts"]]), strict=True):
        by_frame.setdefault(hit.frame, []).append(ObjectPrompt(name, box=hit.candidate.box))
    for frame, prompts in sorted(by_frame.items()):
        bench.ask(messages.Segment(opened.session, frame, tuple(prompts)))
    bench.ask(
        messages.Track(opened.session, request.get("direction", "both"), request.get("first"), request.get("last"))
    )
    curves = CurveSettings(**request.get("curves", {}))
    shutil.rmtree(bench.folder, ignore_errors=True)
    exported = _export(bench, opened.session, (*SHAPES, "png", "report"), curves, MASKS)
    prompted = {prompt.object for prompts in by_frame.values() for prompt in prompts}
    objects = sorted({*opened.stored, *prompted})
    return {"objects": objects, **exported}


def export(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Write what the shot's session holds in other formats."""
    opened = bench.open(request.get("engine", ""))
    if not opened.stored:
        raise InputError("Nothing of this shot was tracked on this worker's machine.", "Segment it first.")
    shutil.rmtree(bench.folder, ignore_errors=True)
    curves, files = CurveSettings(**request.get("curves", {})), MatteFiles(**request.get("files", {}))
    return _export(bench, opened.session, tuple(request["formats"]), curves, files)


def proxy(bench: Bench, _request: dict[str, Any]) -> dict[str, Any]:
    """Every frame as a small picture, for browsers."""
    opened = bench.open()
    bench.folder.mkdir(parents=True, exist_ok=True)
    for done, frame in enumerate(opened.frames, 1):
        if bench.wants_stop():
            raise CancelledError("The pictures are not wanted any more.")
        picture = bench.ask(messages.FrameQuery(opened.session, frame, PROXY_PX)).picture
        (bench.folder / f"{frame:04}.jpg").write_bytes(picture.data)
        bench.on_progress(done, len(opened.frames))
    return {"frames": len(opened.frames)}


KINDS: dict[str, Kind] = {"check": check, "proxy": proxy, "segment": segment, "export": export}


def _export(
    bench: Bench, session: str, formats: tuple[str, ...], curves: CurveSettings, files: MatteFiles
) -> dict[str, Any]:
    bench.folder.mkdir(parents=True, exist_ok=True)
    answer = bench.ask(messages.Export(session, formats, str(bench.folder), curves, files))
    written = sorted(str(Path(file).relative_to(bench.folder)) for file in answer.files)
    return {"files": written, "notes": list(answer.notes)}


@dataclass(frozen=True)
class _Hit:
    """Something that fits a text, and the name that it asks for."""

    name: str
    frame: int
    candidate: Candidate


def _find(bench: Bench, opened: messages.SessionOpened, said: dict[str, Any]) -> list[_Hit]:
    """The surest of what fits a text. Raises InputError where nothing does."""
    frame = said.get("frame")
    frame = opened.frames[len(opened.frames) // 2] if frame is None else frame
    candidates = bench.ask(messages.Find(opened.session, frame, said["text"])).candidates
    sure = [one for one in candidates if one.confidence >= said.get("confidence", 0.0)][: said.get("most", 1)]
    if not sure:
        raise InputError(f"Nothing on frame {frame} is “{said['text']}”.", "Use other words, or another frame.")
    return [_Hit(said.get("object") or one.label, frame, one) for one in sure]


def _names(found: list[_Hit], taken: Iterable[str]) -> list[str]:
    """A name for each: where several ask for the same, the later ones are counted."""
    names: list[str] = []
    used = set(taken)
    for hit in found:
        numbered = (f"{hit.name} {number}" for number in count(2))
        names.append(next(name for name in chain([hit.name], numbered) if name not in used))
        used.add(names[-1])
    return names


def _points(said: dict[str, Any], name: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in said.get(name) or ())


def _box(said: dict[str, Any]) -> tuple[float, float, float, float] | None:
    box = said.get("box")
    return None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
