"""``roto score``: how good masks or shapes are against true masks."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roto_seg.drawn_shapes import read_to_draw
from roto_seg.numbering import drawn_frames, tell_alone
from roto_seg.options import StartOption
from roto_seg.output import JsonOption, finish, table
from roto_seg.progress import progress_bar

if TYPE_CHECKING:
    from roto_daemon.backends.base import Mask
    from roto_daemon.plates import MaskSequence
    from roto_geometry.measure.curve_metrics import CurveFigures
    from roto_seg.scoring import Score

app = typer.Typer(name="score", help="How good masks or shapes are against true masks.", no_args_is_help=True)

FIGURES = ("j", "davis_f", "f2", "f1")
CURVE_FIGURES = {
    "iou": "IoU",
    "iou_min": "IoU, worst frame",
    "f2": "F@2",
    "f1": "F@1",
    "boundary_mean_px": "edge distance, mean px",
    "boundary_p95_px": "edge distance, p95 px",
    "boundary_max_px": "edge distance, max px",
    "points_per_frame": "knots a frame",
    "key_ratio": "key ratio",
    "shapes": "shapes",
    "shapes_above_300": "shapes above 300 px²",
    "median_life": "median life, frames",
    "stored_values": "stored values",
    "self_intersections": "self-intersections",
}


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


@app.command("curves")
def score_curves_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Shapes: .nk, .fxs or .json.")],
    masks: Annotated[Path, typer.Argument(metavar="MASKS", help="The true masks.")],
    start: StartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score shapes, drawn with exact area coverage, against true masks on every frame of these."""
    figures = score_shapes(file, masks, start)
    finish(as_json, asdict(figures), describe_curves(figures))


def score_shapes(file: Path, masks: Path, start: int | None = None) -> "CurveFigures":
    """Figures of a shape file against masks. Raises FormatError, PlateError or InputError."""
    from roto_daemon.plates import open_masks
    from roto_geometry.measure.curve_metrics import score_curves

    document = read_to_draw(file)
    with open_masks(masks, start) as truths, progress_bar("Scoring") as update:
        drawn = drawn_frames(document, "masks", truths.frames, "--start N for the masks.")
        tell_alone(
            "Masks of frames on which no shape lives are scored too", [f for f in truths.frames if f not in drawn]
        )
        return score_curves(document, _read_all(truths, lambda done, total: update(done, total, "")))


def describe_curves(figures: "CurveFigures") -> str:
    """The figures as a table for people."""
    told = asdict(figures)
    rows = [
        (title, f"{told[name]:.4g}" if name != "stored_values" else told[name]) for name, title in CURVE_FIGURES.items()
    ]
    return f"{table(('figure', 'value'), rows)}\n{figures.frames} frames scored; the worst is {figures.worst_frame}."


def _read_all(masks: "MaskSequence", advance: Callable[[int, int], None]) -> "Iterator[tuple[int, Mask]]":
    for done, frame in enumerate(masks.frames, 1):
        yield frame, masks.read(frame)
        advance(done, len(masks.frames))
