"""``roto score``: how good masks or shapes are against true masks."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.output import JsonOption, finish, table
from roto_seg.progress import progress_bar

if TYPE_CHECKING:
    from roto_seg.scoring import Score

app = typer.Typer(name="score", help="How good masks or shapes are against true masks.", no_args_is_help=True)

FIGURES = ("j", "davis_f", "f2", "f1")
TruthArgument = Annotated[Path, typer.Argument(help="The true masks: a folder, a pattern or a video.")]


@app.command("masks")
def score_masks_command(
    masks: Annotated[Path, typer.Argument(metavar="A", help="The masks to score: a folder, a pattern or a video.")],
    truth: Annotated[Path, typer.Argument(metavar="B", help="The true masks.")],
    as_json: JsonOption = False,
) -> None:
    """Score masks A against true masks B, as DAVIS does: the first and the last frame do not count."""
    from roto_daemon.plates import open_masks
    from roto_seg.scoring import score_masks

    with open_masks(masks) as results, open_masks(truth) as truths, progress_bar("Scoring") as update:
        score = score_masks(results, truths, lambda done, total: update(done, total, ""))
    _tell(score, as_json)


def _tell(score: "Score", as_json: bool) -> None:
    names = dict(zip(FIGURES, ("J", f"F@{score.radius_px}", "F@2", "F@1"), strict=True))
    result = {
        "frames": len(score.frames),
        "mean": {figure: score.mean(figure) for figure in FIGURES},
        "recall": {figure: score.recall(figure) for figure in FIGURES},
        "davis_radius_px": score.radius_px,
        "per_frame": {str(frame): asdict(figures) for frame, figures in score.frames.items()},
    }
    rows = [(names[f], f"{score.mean(f):.4f}", f"{score.recall(f):.4f}") for f in FIGURES]
    finish(as_json, result, f"{table(('', 'mean', 'recall'), rows)}\n{len(score.frames)} frames scored.")
