"""Results of a session to files, or to texts for hosts that ask for them."""

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from roto_daemon.outputs.masks import mask_path, write_mask
from roto_daemon.outputs.preview import write_preview
from roto_daemon.pipelines.fit import fit
from roto_daemon.pipelines.report import make_report
from roto_daemon.sessions.masks import folder_name
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_text, write_document
from roto_shared.errors import InputError
from roto_shared.protocol.messages import CurveSettings, Export, Exported, Fitted, Progress
from roto_shared.timeline import Interpolation
from roto_shared.whole_file import write_whole

SHAPE_FORMATS = ("nk", "fxs", "json", "svg")
LINEAR_FORMATS = ("fxs",)
"""Formats of hosts that draw straight lines between keys, so that shapes are fitted anew for them."""
MASK_FORMATS = ("png", "exr")
FORMATS = (*SHAPE_FORMATS, *MASK_FORMATS, "preview", "report")

PREVIEW_CACHE_BYTES = 64 << 20

Steps = Generator[Progress, None, None]


@dataclass
class _Written:
    """What an export wrote so far."""

    files: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def export(session: Session, request: Export) -> Generator[Progress, None, Exported]:
    """Write what ``request`` asks for. Raises InputError for an unknown format and StorageError for a full disk."""
    unknown = [name for name in request.formats if name not in FORMATS]
    if unknown:
        raise InputError(f"There is no format “{unknown[0]}”.", f"Use {', '.join(FORMATS)}.")
    written = _Written()
    for settings, formats in _by_settings(request).items():
        fitted = yield from fit(session, (), settings)
        if request.folder:
            yield from _write_files(session, formats, fitted, Path(request.folder), written)
        else:
            _tell_texts(session, formats, fitted, written)
    return Exported(tuple(written.files), written.texts, tuple(written.notes))


def settings_for(ending: str, settings: CurveSettings) -> CurveSettings:
    """The settings for a format (``nk`` or ``.nk``): where nothing is said, every host gets the keys that suit it."""
    is_linear = settings.interpolation is None and ending.lower().lstrip(".") in LINEAR_FORMATS
    return replace(settings, interpolation=Interpolation.LINEAR.value) if is_linear else settings


def _by_settings(request: Export) -> dict[CurveSettings, list[str]]:
    """The formats that are written with the same settings."""
    grouped: dict[CurveSettings, list[str]] = {}
    for name in request.formats:
        grouped.setdefault(settings_for(name, request.settings), []).append(name)
    return grouped


def _tell_texts(session: Session, formats: Sequence[str], fitted: Fitted, written: _Written) -> None:
    for name in formats:
        if name in SHAPE_FORMATS:
            written.texts[name], notes = document_text(fitted.document, f".{name}")
            written.notes += map(str, notes)
        elif name == "report":
            written.texts[name] = _report_text(session, fitted)
        else:
            raise InputError(f"The format “{name}” is no text.", "Give a folder to write it to.")


def _write_files(session: Session, formats: Sequence[str], fitted: Fitted, folder: Path, written: _Written) -> Steps:
    for name in formats:
        if name in SHAPE_FORMATS:
            path = folder / f"shapes.{name}"
            written.notes += [f"{path.name}: {note}" for note in write_document(fitted.document, path)]
            written.files.append(str(path))
        elif name in MASK_FORMATS:
            yield from _write_masks(session, folder, name, written)
        elif name == "report":
            write_whole(folder / "report.json", _report_text(session, fitted).encode())
            written.files.append(str(folder / "report.json"))
        else:
            yield from _write_preview(session, fitted, folder / "preview.mp4", written)


def _write_masks(session: Session, folder: Path, ending: str, written: _Written) -> Steps:
    stored = [(name, frame) for name in session.objects for frame in session.stored_frames(name)]
    for done, (name, frame) in enumerate(stored, 1):
        record = session.finest_record(name, frame)
        assert record is not None  # the frame is one of the stored ones
        path = mask_path(folder / folder_name(name), frame, f".{ending}")
        if ending == "png":
            write_whole(path, session.masks.read_png(record))
        else:
            write_mask(path, session.masks.read(record), session.plate.pixel_aspect)
        written.files.append(str(path))
        yield Progress(done, len(stored), f"{ending} masks")


def _write_preview(session: Session, fitted: Fitted, path: Path, written: _Written) -> Steps:
    records = [session.best_record(name, frame) for name in session.objects for frame in session.plate.frames]
    lost = {record.frame for record in records if record is not None and record.state == "needs_click"}
    first, last = fitted.document.first_frame, fitted.document.last_frame
    frames = [frame for frame in session.plate.frames if first <= frame <= last]
    with session.travel(frames, PREVIEW_CACHE_BYTES) as reader:
        for done, _ in enumerate(write_preview(path, fitted.document, reader.read, frames, lost), 1):
            yield Progress(done, len(frames), "preview")
    written.files.append(str(path))


def _report_text(session: Session, fitted: Fitted) -> str:
    return json.dumps(make_report(session, fitted.report), indent=1)
