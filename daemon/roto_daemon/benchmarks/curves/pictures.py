"""Charts of a benchmark: agreement against points of single frames, and against what the keyed shot stores.

Agreement is drawn on a scale of its error, so that .97, .98 and .99 stand apart; points and values on logarithmic ones.
Thick lines are means over the sequences, thin ones the sequences of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .footage import TRUE
from .perframe import pooled
from .score import EVERY_FRAME, CurveScore, Keyed
from .style import ACCENT, FAINT, LIMIT, SECOND, THIRD, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

IOU_TICKS = (0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)
COUNT_TICKS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000)
COLOURS = {"ours": ACCENT, "potrace": SECOND, "polygon": THIRD}
LABELS = {"ours": "roto", "potrace": "potrace", "polygon": "polygon (Douglas-Peucker)"}


class Spot(NamedTuple):
    """A place on a chart."""

    amount: float
    iou: float


def write_charts(folder: Path, scores: Sequence[CurveScore]) -> Iterator[Path]:
    """Write the charts of true masks into ``folder`` as SVG, and name them; none without such masks."""
    true = [score for score in scores if score.masks == TRUE]
    if true:
        yield _points_chart(folder / "iou-points.svg", true)
        yield _values_chart(folder / "iou-values.svg", true)


def _points_chart(path: Path, scores: Sequence[CurveScore]) -> Path:
    with figure(7.6, 4.6, path) as drawn:
        axes = drawn.subplots()
        for score in scores:
            _line(axes, [Spot(rung.points, rung.iou) for rung in score.ladders["ours"]], ACCENT, thin=True)
        for method, rungs in pooled([score.ladders for score in scores]).items():
            _line(axes, [Spot(rung.points, rung.iou) for rung in rungs], COLOURS[method], LABELS[method])
        axes.plot(
            [45], [0.98], marker=(3, 0, 180), markersize=9, color=LIMIT, linestyle="none", label="must: 45 at .98"
        )
        _finish(axes, "points per frame", f"Every frame fitted alone · {_sequences(scores)}")
    return path


def _values_chart(path: Path, scores: Sequence[CurveScore]) -> Path:
    with figure(7.6, 4.6, path) as drawn:
        axes = drawn.subplots()
        for score in scores:
            between = [keyed for keyed in score.keyed if keyed.setting != EVERY_FRAME]
            _line(axes, [Spot(keyed.values_per_frame, keyed.iou) for keyed in between], ACCENT, thin=True)
        settings = zip(*(score.keyed for score in scores), strict=True)
        spots = {same[0].setting: _mean_keyed(same) for same in settings}
        every = spots.pop(EVERY_FRAME, None)
        _line(axes, list(spots.values()), ACCENT, "roto, keyed over the shot")
        _name_ends(axes, spots)
        if every:
            axes.plot(*every, "D", markersize=7, color=ACCENT, label=f"roto, {EVERY_FRAME}")
        for rival, spot in _rival_spots(scores).items():
            axes.plot(*spot, "D", markersize=7, color=COLOURS[rival], label=f"{LABELS[rival]}, every frame")
        counted = "stored values per frame (6 a knot and key, 2 a polygon's point)"
        _finish(axes, counted, f"Keyed over the shot · {_sequences(scores)}")
    return path


def _name_ends(axes: Axes, spots: Mapping[str, Spot]) -> None:
    """What the loosest setting and the closest one are called."""
    for name in (*list(spots)[:1], *list(spots)[-1:]):
        axes.annotate(name, spots[name], textcoords="offset points", xytext=(9, -3), fontsize=8, color=FAINT)


def _mean_keyed(same: Sequence[Keyed]) -> Spot:
    return Spot(float(np.mean([keyed.values_per_frame for keyed in same])), float(np.mean([k.iou for k in same])))


def _rival_spots(scores: Sequence[CurveScore]) -> Mapping[str, Spot]:
    """Each rival's mean values a frame and mean IoU."""
    spots = {}
    for name in scores[0].rivals:
        rivals = [score.rivals[name] for score in scores]
        values = [r.stored_values / r.agreement.frames for r in rivals]
        spots[name] = Spot(float(np.mean(values)), float(np.mean([r.agreement.iou for r in rivals])))
    return spots


def _line(axes: Axes, spots: Sequence[Spot], colour: str, label: str | None = None, thin: bool = False) -> None:
    if spots:
        width, alpha, marker = (0.8, 0.35, None) if thin else (2.2, 1.0, "o")
        axes.plot(
            *zip(*spots, strict=True), marker=marker, markersize=4.5, lw=width, alpha=alpha, color=colour, label=label
        )


def _finish(axes: Axes, counted: str, title: str) -> None:
    """Scales, ticks and words."""
    axes.set_xscale("log")
    axes.set_yscale("function", functions=(_spread, _gathered))
    low, high = axes.get_xlim()
    axes.set_xticks([tick for tick in COUNT_TICKS if low <= tick <= high], minor=False)
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.xaxis.set_minor_formatter("")
    axes.set_ylim(max(0.82, axes.get_ylim()[0]), 0.998)
    axes.set_yticks([tick for tick in IOU_TICKS if tick >= axes.get_ylim()[0]])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel(counted)
    axes.set_ylabel("IoU with the masks (mean over frames)")
    axes.set_title(title)
    axes.legend(loc="lower right")


def _spread(iou: np.ndarray) -> np.ndarray:
    return -np.log10(np.maximum(1 - np.asarray(iou, float), 1e-4))


def _gathered(spread: np.ndarray) -> np.ndarray:
    return 1 - 10 ** -np.asarray(spread, float)


def _sequences(scores: Sequence[CurveScore]) -> str:
    return f"true masks, {len(scores)} sequence{'s' if len(scores) > 1 else ''}"
