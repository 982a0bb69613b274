"""Results of a session to files, or to texts for hosts that ask for them."""

import json
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roto_daemon.outputs.overlay import NEEDS_CLICK, UNCERTAIN, Tag
from roto_daemon.outputs.preview import write_preview
from roto_daemon.pipelines.commit import commit
from roto_daemon.pipelines.deliver import Delivery, deliver, plan_delivery
from roto_daemon.pipelines.fit import fit, settings_for
from roto_daemon.pipelines.host_shapes import host_settings, kept_masks
from roto_daemon.pipelines.matte_files import MATTE_FORMATS, PREVIEW_FILE
from roto_daemon.pipelines.report import make_report
from roto_daemon.sessions.given import GivenShapes, key_frames
from roto_daemon.sessions.masks import MaskRecord
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_text, write_document
from roto_formats.settings import FormatSettings
from roto_geometry.measure.cuts import cut_objects
from roto_shared.errors import InputError
from roto_shared.protocol.messages import CurveSettings, Export, Exported, Fitted, FrameFault, Progress
from roto_shared.whole_file import write_whole

SHAPE_FORMATS = ("nk", "curves", "fxs", "json", "svg")
FORMATS = (*SHAPE_FORMATS, *MATTE_FORMATS, "preview", "report")

PREVIEW_CACHE_BYTES = 64 << 20

Steps = Generator[Progress, None, None]


@dataclass
class _Written:
    """What an export wrote so far, and the ``figures`` of its last fit by object, which the report tells."""

    files: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    keys: dict[str, tuple[int, ...]] = field(default_factory=dict)
    faults: list[FrameFault] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


def export(session: Session, request: Export) -> Generator[Progress, None, Exported]:
    """Write what ``request`` asks for. Raises InputError for an unknown format and StorageError for a full disk."""
    unknown = [name for name in request.formats if name not in FORMATS]
    if unknown:
        raise InputError(f"There is no format “{unknown[0]}”.", f"Use {', '.join(FORMATS)}.")
    if request.into and (request.folder or len(request.formats) != 1):
        raise InputError("Shapes go into a host's text one format at a time.", "Name one format, and no folder.")
    if request.folder and not Path(request.folder).is_absolute():  # else it would lie where the daemon was started
        raise InputError(f"“{request.folder}” is no whole path.", "Write it from the root on, or choose the folder.")
    if request.into:
        return (yield from commit(session, request.formats[0], request))
    written = _Written()
    delivery = plan_delivery(session, request)
    given: list[GivenShapes] = []
    with session.given.masks.held():
        masks = {} if request.folder or not _needs_curves(request.formats) else kept_masks(session)
        for settings, formats in _by_settings(request).items():
            fitted = (yield from fit(session, (), settings)) if _needs_curves(formats) else None
            if fitted:
                written.figures = fitted.report
                written.notes += [note for note in cut_objects(fitted.document) if note not in written.notes]
            if request.folder:
                yield from _write_files(session, formats, fitted, request, delivery, written)
                continue
            _tell_texts(session, formats, fitted, host_settings(session, request.clock), written)
            given += [GivenShapes(fitted.document, masks)] if fitted else []
    for shapes in given:
        session.given.keep(shapes)
    return Exported(tuple(written.files), written.texts, tuple(written.notes), written.keys, tuple(written.faults))


def _needs_curves(formats: Sequence[str]) -> bool:
    return any(name in SHAPE_FORMATS or name == "preview" for name in formats)


def _by_settings(request: Export) -> dict[CurveSettings, list[str]]:
    """The formats that are written with the same settings, those that need curves first: the report tells of these."""
    grouped: dict[CurveSettings, list[str]] = {}
    for name in request.formats:
        grouped.setdefault(settings_for(name, request.settings), []).append(name)
    return dict(sorted(grouped.items(), key=lambda group: not _needs_curves(group[1])))


def _tell_texts(
    session: Session, formats: Sequence[str], fitted: Fitted | None, settings: FormatSettings, written: _Written
) -> None:
    for name in formats:
        if name in SHAPE_FORMATS and fitted is not None:
            written.texts[name], notes = document_text(fitted.document, f".{name}", settings)
            written.notes += map(str, notes)
        elif name == "report":
            written.texts[name] = _report_text(session, written.figures)
        else:
            raise InputError(f"The format “{name}” is no text.", "Give a folder to write it to.")
    if fitted is not None:
        written.keys = key_frames(fitted.document)


def _write_files(
    session: Session,
    formats: Sequence[str],
    fitted: Fitted | None,
    request: Export,
    delivery: Delivery,
    written: _Written,
) -> Steps:
    folder, settings = Path(request.folder), host_settings(session, request.clock)
    for name in formats:
        if name in MATTE_FORMATS:
            for step in deliver(delivery, name):
                written.files += map(str, step.files)
                written.notes += step.notes
                written.faults += step.faults
                yield Progress(step.done, step.total, f"{name} mattes")
        elif name == "report":
            write_whole(folder / "report.json", _report_text(session, written.figures).encode())
            written.files.append(str(folder / "report.json"))
        elif fitted is not None and name == "preview":
            yield from _write_preview(session, fitted, folder / PREVIEW_FILE, written)
        elif fitted is not None:
            path = folder / f"shapes.{name}"
            written.notes += [f"{path.name}: {note}" for note in write_document(fitted.document, path, settings)]
            written.files.append(str(path))


def _write_preview(session: Session, fitted: Fitted, path: Path, written: _Written) -> Steps:
    records = [
        session.standing.best(name, frame) for name in session.standing.objects for frame in session.plate.frames
    ]
    tags = tags_of(record for record in records if record is not None)
    first, last = fitted.document.first_frame, fitted.document.last_frame
    frames = [frame for frame in session.plate.frames if first <= frame <= last]
    with session.travel(frames, PREVIEW_CACHE_BYTES) as reader:
        for done, _ in enumerate(write_preview(path, fitted.document, reader.read, frames, tags), 1):
            yield Progress(done, len(frames), "preview")
    written.files.append(str(path))


def tags_of(records: Iterable[MaskRecord]) -> dict[int, Tag]:
    """What the preview says of frames: that an object is lost there, or else that one is uncertain."""
    states = {(record.frame, record.state) for record in records}
    doubts = {frame: UNCERTAIN for frame, state in states if state == "uncertain"}
    lost = {frame: NEEDS_CLICK for frame, state in states if state == "needs_click"}
    return doubts | lost


def _report_text(session: Session, figures: dict[str, Any]) -> str:
    return json.dumps(make_report(session, figures), indent=1)
