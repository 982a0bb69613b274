"""``roto find``: what a text describes on a frame of one or many plates, as prompts for ``roto track``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from roto_seg.options import InProcessOption
from roto_seg.output import JsonOption, finish, note, table
from roto_shared.errors import RotoError

if TYPE_CHECKING:
    from roto_shared.client import DaemonClient
    from roto_shared.protocol.data import Candidate
    from roto_shared.protocol.messages import Found


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("find")(find_command)


def find_command(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Such as “person in red” or “car, dog”.")],
    plates: Annotated[
        list[Path], typer.Argument(metavar="PLATE...", help="A picture, sequence or video; many at once.")
    ],
    frame: Annotated[int | None, typer.Option("--frame", metavar="N", help="Where to look; else the first.")] = None,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="Which model; else the first that can run.")
    ] = "",
    least: Annotated[float, typer.Option("--least", min=0, max=1, help="Candidates below this confidence go.")] = 0.0,
    only: Annotated[str, typer.Option("--only", metavar="1,3", help="Only these candidates, by number.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Write DIR/PLATE.json, prompts for `roto track`.")
    ] = None,
    in_process: InProcessOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find what TEXT describes, and write it down as prompts."""
    from roto_seg.connection import open_client

    chosen = _numbers(only)
    rows, told, failures = [], [], []
    with open_client(in_process) as client:
        for plate in plates:
            try:
                found = ask(client, plate, text, frame, model)
            except RotoError as error:
                failures.append(error)
                note(f"roto: {plate}: {error}")
                continue
            kept = _kept(found.candidates, least, chosen)
            file = None if out is None or not kept else write_prompts(out, plate, found.frame, list(kept.values()))
            rows += [
                (plate.name, found.frame, number, one.label, f"{one.confidence:.2f}", _box(one))
                for number, one in kept.items()
            ]
            told.append(_tell(plate, found, kept, file))
    if failures and not told:
        raise failures[0]
    finish(
        as_json,
        {"plates": told},
        table(("plate", "frame", "no.", "what", "sure", "box"), rows) if rows else "Nothing fits.",
    )


def ask(client: "DaemonClient", plate: Path, text: str, frame: int | None, model: str) -> "Found":
    """Find in a session of its own, which is forgotten at the end."""
    from roto_shared.protocol.messages import CloseSession, Find, OpenSession, PlateRef

    opened = client.ask(OpenSession(PlateRef(str(plate.absolute())), key=uuid4().hex))
    try:
        return client.run(Find(opened.session, opened.frames[0] if frame is None else frame, text, model))
    finally:
        client.ask(CloseSession(opened.session, forget=True), timeout_s=5.0)


def write_prompts(folder: Path, plate: Path, frame: int, candidates: list["Candidate"]) -> Path:
    """A prompts file with a box for every candidate; returns its path."""
    from roto_shared.whole_file import write_whole

    objects = {
        name: {str(frame): {"box": [round(side, 2) for side in candidate.box]}}
        for name, candidate in zip(names_of(candidates), candidates, strict=True)
    }
    path = folder / f"{plate.name.split('.')[0]}.json"
    write_whole(path, json.dumps({"objects": objects}, indent=1, ensure_ascii=False).encode())
    return path


def names_of(candidates: list["Candidate"]) -> list[str]:
    """A name for each: its label, numbered from the second of a kind on."""
    names: list[str] = []
    for candidate in candidates:
        earlier = sum(one.label == candidate.label for one in candidates[: len(names)])
        names.append(f"{candidate.label} {earlier + 1}" if earlier else candidate.label)
    return names


def _numbers(text: str) -> set[int]:
    try:
        return {int(part) for part in text.split(",") if part.strip()}
    except ValueError:
        raise typer.BadParameter(f"“{text}” are no numbers: write 1,3.") from None


def _kept(candidates: "tuple[Candidate, ...]", least: float, chosen: set[int]) -> "dict[int, Candidate]":
    numbered = enumerate(candidates, 1)
    return {n: one for n, one in numbered if one.confidence >= least and (not chosen or n in chosen)}


def _box(candidate: "Candidate") -> str:
    return ",".join(f"{side:.0f}" for side in candidate.box)


def _tell(plate: Path, found: "Found", kept: "dict[int, Candidate]", file: Path | None) -> dict[str, object]:
    return {
        "plate": str(plate),
        "frame": found.frame,
        "model": found.model,
        "prompts": None if file is None else str(file),
        "candidates": [
            {"number": number, "label": one.label, "confidence": one.confidence, "box": list(one.box)}
            for number, one in kept.items()
        ],
    }
