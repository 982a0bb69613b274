"""The figures as tables: a row a sequence, then the mean over sequences and the worst value with its sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from roto_geometry.measure.agreement import Agreement

from .footage import NETWORK, TRUE
from .hd import FRAMES, MUST_CPU_S, HdCost
from .perframe import WANTED_IOU, Ladders, points_at, pooled
from .score import CurveScore
from .targets import judge

NOTHING = "–"
LOW, HIGH = min, max
TITLES = {TRUE: "true masks", NETWORK: "a network's masks"}

Get = Callable[[CurveScore], float | None]


@dataclass(frozen=True)
class Table:
    """A titled table for reading."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Column:
    """One figure: its head, where it comes from, decimals, and which end of it is the worst one, if any."""

    head: str
    get: Get
    digits: int
    worst: Callable[[Iterable[float]], float] | None


def tables(scores: Sequence[CurveScore]) -> Iterator[Table]:
    """Every figure of every sequence, for each kind of masks, and the targets."""
    for kind in (TRUE, NETWORK):
        mine = [score for score in scores if score.masks == kind]
        if mine:
            yield from _kind_tables(mine, TITLES[kind])
    true = [score for score in scores if score.masks == TRUE]
    if true:
        yield _perframe_table(true)
        yield _summary("Drawn in parts, from true masks", true, PARTS)
        yield _summary("Drift over 24 frames of known warps", true, DRIFT)
        yield _targets_table(true)


def hd_table(shots: Sequence[tuple[HdCost, HdCost]]) -> Table:
    """The cost of HD shots and of others twice as long, and how the shorter ones are drawn."""
    header = ["", "CPU s", f"must, {FRAMES} frames", "peak MiB", f"peak MiB, {2 * FRAMES} frames"]
    header += ["IoU", "p95 px", "points", "key ratio", "shapes > 300 px²"]
    rows = [
        [
            short.sequence,
            f"{short.cpu_s:.1f}",
            f"≤ {MUST_CPU_S:.0f}",
            *(f"{s.peak_memory_mb:.0f}" for s in (short, long)),
            f"{short.curves.iou:.4f}",
            f"{short.curves.boundary_p95_px:.2f}",
            f"{short.curves.points_per_frame:.0f}",
            f"{short.curves.key_ratio:.2f}",
            f"{short.curves.shapes_above_300}",
        ]
        for short, long in shots
    ]
    return Table(f"{FRAMES} frames of one subject at 1080p", header, rows)


def _kind_tables(scores: Sequence[CurveScore], masks: str) -> Iterator[Table]:
    yield _summary(f"Edges of the keyed shapes, against {masks}", scores, EDGES)
    yield _summary(f"What an artist keeps, from {masks}", scores, KEPT)
    yield _summary(f"Motion of the knots, from {masks}", scores, MOTION)
    yield _summary(f"Cost, from {masks}", scores, COST)
    for rival in sorted({name for score in scores for name in score.rivals}):
        yield _summary(f"{rival} on every frame, against {masks}", scores, _rival_columns(rival))
    if any(score.truth for score in scores):
        yield from _truth_tables([score for score in scores if score.truth])


def _truth_tables(scores: Sequence[CurveScore]) -> Iterator[Table]:
    """A network's masks as they are and what was drawn from them, all against the true masks."""
    yield _summary("The network's own masks, against true masks", scores, _agreement(lambda s: s.masks_truth))
    yield _summary("Keyed shapes from the network's masks, against true masks", scores, _agreement(lambda s: s.truth))
    for rival in sorted({name for score in scores for name in score.rivals}):
        columns = _agreement(lambda score, rival=rival: score.rivals[rival].truth)
        yield _summary(f"{rival} from the network's masks, against true masks", scores, columns)


def _agreement(of: Callable[[CurveScore], Agreement | None]) -> list[Column]:
    """Columns of an agreement, empty where there is none."""

    def get(field: str) -> Get:
        def value(score: CurveScore) -> float | None:
            agreement = of(score)
            return None if agreement is None else getattr(agreement, field)

        return value

    return [
        Column("IoU", get("iou"), 4, LOW),
        Column("worst frame", get("iou_min"), 3, LOW),
        Column("F@2", get("f2"), 3, LOW),
        Column("F@1", get("f1"), 3, LOW),
        Column("mean px", get("boundary_mean_px"), 2, HIGH),
        Column("p95 px", get("boundary_p95_px"), 2, HIGH),
        Column("max px", get("boundary_max_px"), 1, HIGH),
    ]


EDGES = [
    *_agreement(lambda score: score.figures),
    Column("IoU, all keyed", lambda s: s.iou_every_key, 4, LOW),
    Column("drop", lambda s: s.iou_drop, 4, HIGH),
]
KEPT = [
    Column("points/frame", lambda s: s.figures.points_per_frame, 1, HIGH),
    Column("key ratio", lambda s: s.figures.key_ratio, 2, HIGH),
    Column("values", lambda s: s.figures.stored_values, 0, HIGH),
    Column("of potrace's", lambda s: s.share_of_potrace, 2, HIGH),
    Column("shapes", lambda s: s.figures.shapes, 1, HIGH),
    Column("> 300 px²", lambda s: s.figures.shapes_above_300, 1, HIGH),
    Column("median life", lambda s: s.figures.median_life, 0, LOW),
    Column("recounts", lambda s: s.figures.point_count_changes, 0, HIGH),
    Column("crossings", lambda s: s.figures.self_intersections, 0, HIGH),
    Column("flips", lambda s: s.figures.orientation_flips, 0, HIGH),
]
MOTION = [
    Column("slide median px", lambda s: s.figures.slide_median_px, 2, HIGH),
    Column("slide p95 px", lambda s: s.figures.slide_p95_px, 2, HIGH),
    Column("where flow is sure: median px", lambda s: s.sure_slide and s.sure_slide.median_px, 2, HIGH),
    Column("p95 px", lambda s: s.sure_slide and s.sure_slide.p95_px, 2, HIGH),
    Column("share of knots", lambda s: s.sure_slide and s.sure_slide.share, 2, LOW),
    Column("jitter px", lambda s: s.figures.jitter_px, 2, HIGH),
]
COST = [
    Column("frames", lambda s: s.figures.frames, 0, None),
    Column("CPU s", lambda s: s.fit_cpu_s, 1, HIGH),
    Column("frames/CPU s", lambda s: s.frames_per_cpu_s, 1, LOW),
    Column("peak MiB", lambda s: s.peak_memory_mb, 0, HIGH),
]
PARTS = [
    Column("IoU", lambda s: s.parted and s.parted.figures.iou, 4, LOW),
    Column("p95 px", lambda s: s.parted and s.parted.figures.boundary_p95_px, 2, HIGH),
    Column("key ratio", lambda s: s.parted and s.parted.figures.key_ratio, 2, HIGH),
    Column("knots on keys", lambda s: s.parted and s.parted.to_edit, 0, HIGH),
    Column("without parts", lambda s: s.parted and s.parted.to_edit_whole, 0, HIGH),
    Column("values", lambda s: s.parted and s.parted.figures.stored_values, 0, HIGH),
    Column("shapes", lambda s: s.parted and s.parted.figures.shapes, 0, HIGH),
    Column("> 300 px²", lambda s: s.parted and s.parted.figures.shapes_above_300, 0, HIGH),
    Column("slide median px", lambda s: s.parted and s.parted.figures.slide_median_px, 2, HIGH),
    Column("CPU s", lambda s: s.parted and s.parted.fit_cpu_s, 1, HIGH),
]
DRIFT = [
    Column("mean px", lambda s: s.drift and s.drift.mean_px, 2, HIGH),
    Column("p95 px", lambda s: s.drift and s.drift.p95_px, 2, HIGH),
    Column("knots", lambda s: s.drift and s.drift.knots, 0, None),
    Column("lived", lambda s: s.drift and s.drift.lived, 2, LOW),
    Column("with pictures: mean px", lambda s: s.drift_seen and s.drift_seen.mean_px, 2, HIGH),
    Column("p95 px", lambda s: s.drift_seen and s.drift_seen.p95_px, 2, HIGH),
    Column("lived", lambda s: s.drift_seen and s.drift_seen.lived, 2, LOW),
]


def _rival_columns(rival: str) -> list[Column]:
    return [
        *_agreement(lambda score: score.rivals[rival].agreement),
        Column("points/frame", lambda s: s.rivals[rival].points_per_frame, 1, HIGH),
        Column("values", lambda s: s.rivals[rival].stored_values, 0, HIGH),
        Column("CPU s", lambda s: s.rivals[rival].cpu_s, 1, HIGH),
        Column("frames/CPU s", lambda s: s.figures.frames / max(s.rivals[rival].cpu_s, 1e-3), 0, LOW),
    ]


def _summary(title: str, scores: Sequence[CurveScore], columns: Sequence[Column]) -> Table:
    """Rows of the sequences, their mean, the worst value and whose it is."""
    values = [[column.get(score) for score in scores] for column in columns]
    rows = [
        [score.sequence, *(_number(column[at], c.digits) for column, c in zip(values, columns, strict=True))]
        for at, score in enumerate(scores)
    ]
    if len(scores) == 1:
        return Table(title, _head(columns), rows)
    known = [[value for value in column if value is not None] for column in values]
    worst = [c.worst(column) if c.worst and column else None for column, c in zip(known, columns, strict=True)]
    mean = [float(np.mean(column)) if column else None for column in known]
    rows.append(["mean", *(_number(value, max(c.digits, 1)) for value, c in zip(mean, columns, strict=True))])
    rows.append(["worst", *(_number(value, c.digits) for value, c in zip(worst, columns, strict=True))])
    rows.append(["worst is", *(_whose(value, column, scores) for value, column in zip(worst, values, strict=True))])
    return Table(title, _head(columns), rows)


def _head(columns: Sequence[Column]) -> list[str]:
    return ["", *(column.head for column in columns)]


def _whose(worst: float | None, values: Sequence[float | None], scores: Sequence[CurveScore]) -> str:
    """The sequence whose value is the worst; nobody's where all are the same."""
    if worst is None or len(set(values)) == 1:
        return NOTHING
    return scores[values.index(worst)].sequence


def _perframe_table(scores: Sequence[CurveScore]) -> Table:
    """Points that a frame alone needs. The mean is that of every rung over all sequences, then interpolated."""
    ladders = [score.ladders for score in scores]
    methods = list(ladders[0])
    header = ["", *(f"{method} {iou:.2f}" for method in methods for iou in WANTED_IOU)]
    rows = [[score.sequence, *_needed(score.ladders, methods)] for score in scores]
    if len(scores) > 1:
        rows.append(["mean", *_needed(pooled(ladders), methods)])
    return Table("Points for a mean IoU, every frame fitted alone, true masks", header, rows)


def _needed(ladders: Ladders, methods: Sequence[str]) -> list[str]:
    return [_number(points_at(ladders[method], iou), 0) for method in methods for iou in WANTED_IOU]


def _targets_table(scores: Sequence[CurveScore]) -> Table:
    header = ["", "measured", "must", "ambitious", "moonshot", "reached", "because"]
    return Table("Targets, true masks", header, [verdict.row() for verdict in judge(scores)])


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"
