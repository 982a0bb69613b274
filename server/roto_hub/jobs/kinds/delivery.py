"""Results as files."""

import shutil
from pathlib import Path
from typing import Any

from roto_formats.registry import read_document, write_document
from roto_formats.settings import FormatSettings
from roto_hub.jobs.kinds.bench import Bench
from roto_hub.jobs.kinds.leftovers import check_nothing_lost, take_out_leftovers
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import CurveSettings, MatteFiles
from roto_shared.shapes import ShapeDocument

SHAPES = ("json", "nk", "fxs", "svg")
MASKS = MatteFiles(name="masks/{object}/{frame:04}")


def export(bench: Bench, request: dict[str, Any]) -> dict[str, Any]:
    """Write the newest version in other formats: its shapes as they are, or new ones where curves are asked for."""
    if bench.newest is None:
        raise InputError("The shot has no version any more.", "Segment it first.")
    with bench.session(request.get("engine", "")) as opened:
        if not opened.stored:
            raise InputError("Nothing of this shot was tracked on this worker's machine.", "Segment it first.")
        check_nothing_lost(bench, opened)
        take_out_leftovers(bench, opened)
        shutil.rmtree(bench.folder, ignore_errors=True)
        files = MatteFiles(**request.get("files", {}))
        asked = list(request["formats"])
        if "curves" in request:
            return deliver(bench, opened.session, asked, CurveSettings(**request.get("curves", {})), files)
        document = read_document(bench.stored(bench.newest.shapes))
        written = write_shapes(bench, document, [name for name in asked if name in SHAPES])
        others = [name for name in asked if name not in SHAPES]
        if others:
            more = deliver(bench, opened.session, others, CurveSettings(), files)
            written = {name: written[name] + more[name] for name in written}
        return written


def deliver(bench: Bench, session: str, formats: list[str], curves: CurveSettings, files: MatteFiles) -> dict[str, Any]:
    """Have the daemon write formats into the job's folder; answers the files' names below it, and notes."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    answer = bench.ask(messages.Export(session, tuple(formats), str(bench.folder), curves, files))
    written = sorted(str(Path(file).relative_to(bench.folder)) for file in answer.files)
    return {"files": written, "notes": list(answer.notes)}


def write_shapes(bench: Bench, document: ShapeDocument, formats: list[str]) -> dict[str, Any]:
    """Write a document as it is, in formats for shapes; answers the files' names, and what a format could not hold."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    settings = FormatSettings((document.width, document.height), document.pixel_aspect, 0, document.first_frame)
    notes: list[str] = []
    for name in formats:
        notes += map(str, write_document(document, bench.folder / f"shapes.{name}", settings))
    return {"files": [f"shapes.{name}" for name in formats], "notes": notes}
