"""``roto check``: whether a file keeps to its host's rules, and where it does not."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from roto_seg.exits import Exit
from roto_seg.output import JsonOption, finish
from roto_seg.places import check_ending


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("check")(check_command)


def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Shapes of a host: .nk, .curves or .fxs.")],
    as_json: JsonOption = False,
) -> None:
    """Say which rules of its format FILE breaks, line by line. Exit code 3 when it breaks any."""
    from roto_formats.rules.nuke import nuke_findings
    from roto_formats.rules.silhouette import silhouette_findings
    from roto_formats.stored_file import read_text

    checks = {".nk": nuke_findings, ".curves": nuke_findings, ".fxs": silhouette_findings}
    check_ending(file, list(checks))
    findings = checks[file.suffix.lower()](read_text(file))
    told = "\n".join(map(str, findings)) or f"{file} keeps to every rule that is known."
    finish(as_json, {"file": str(file), "findings": [asdict(finding) for finding in findings]}, told)
    if findings:
        raise typer.Exit(Exit.INPUT)
