"""The targets that the project set itself, and which of them are reached: decided by rule, never by hand.

Figures are means over the sequences given, true masks in; the targets were set for 19 sequences of DAVIS-2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .footage import TRUE
from .perframe import points_at, pooled
from .score import CurveScore

LEVELS = ("must", "ambitious", "moonshot")
RIGID_DROP, ARTICULATED_DROP = 0.005, 0.010

Scores = Sequence[CurveScore]
Figures = tuple[float, ...]


@dataclass(frozen=True)
class Target:
    """One row: bounds of one or more figures for each of ``LEVELS``; ``most`` says whether they are upper bounds.

    ``measure`` gives the figures, or None where they cannot be had; ``blame`` says why they do not count, if so.
    """

    name: str
    digits: int
    most: bool
    bounds: tuple[Figures, Figures, Figures]
    measure: Callable[[Scores], Figures | None]
    blame: Callable[[Scores], str] = lambda _: ""


@dataclass(frozen=True)
class Verdict:
    """A target, what was measured, the highest level reached ("" for none), and why it does not count, if so."""

    target: Target
    measured: Figures | None
    reached: str
    because: str

    def row(self) -> list[str]:
        """The verdict as cells of a table."""
        sign = "≤ " if self.target.most else "≥ "
        bounds = [sign + _text(bound, self.target.digits) for bound in self.target.bounds]
        measured = _text(self.measured, self.target.digits) if self.measured else "–"
        return [self.target.name, measured, *bounds, self.reached or "missed", self.because]

    def told(self) -> Mapping[str, object]:
        """The verdict for programs."""
        bounds = dict(zip(LEVELS, self.target.bounds, strict=True))
        told = {"name": self.target.name, "measured": self.measured, "at_most": self.target.most, **bounds}
        return told | {"reached": self.reached, "because": self.because}


def judge(scores: Scores) -> Iterator[Verdict]:
    """The verdict on every target, from the scores of true masks among these; none without any."""
    scores = [score for score in scores if score.masks == TRUE]
    if not scores:
        return
    for target in TARGETS:
        measured = target.measure(scores)
        because = "not measured here" if measured is None else target.blame(scores)
        reached = "" if measured is None or because else _level(target, measured)
        yield Verdict(target, measured, reached, because)


def _level(target: Target, measured: Figures) -> str:
    """The highest level whose bounds all figures keep."""
    sign = 1 if target.most else -1
    kept = [
        level
        for level, bounds in zip(LEVELS, target.bounds, strict=True)
        if all(sign * value <= sign * bound for value, bound in zip(measured, bounds, strict=True))
    ]
    return kept[-1] if kept else ""


def _mean(scores: Scores, of: Callable[[CurveScore], float | None]) -> float | None:
    values = [value for value in map(of, scores) if value is not None]
    return float(np.mean(values)) if values else None


def _means(*of: Callable[[CurveScore], float | None]) -> Callable[[Scores], Figures | None]:
    """Means over all sequences; None where one of them cannot be had."""

    def measure(scores: Scores) -> Figures | None:
        means = [_mean(scores, one) for one in of]
        known = tuple(mean for mean in means if mean is not None)
        return known if len(known) == len(means) else None

    return measure


def _points(scores: Scores) -> Figures | None:
    points = points_at(pooled([score.ladders for score in scores])["ours"], 0.98)
    return None if points is None else (points,)


def _speed(scores: Scores) -> Figures:
    return (sum(score.figures.frames for score in scores) / sum(score.fit_cpu_s for score in scores),)


def _group(rigid: bool) -> Callable[[Scores], Scores]:
    return lambda scores: [score for score in scores if score.rigid is rigid]


def _key_ratio(name: str, rigid: bool, most_drop: float, bounds: tuple[Figures, Figures, Figures]) -> Target:
    """Few keys count only while they cost little agreement."""
    mine = _group(rigid)

    def blame(scores: Scores) -> str:
        drop = _mean(mine(scores), lambda score: score.iou_drop) or 0.0
        return f"IoU drop {drop:.4f} > {most_drop:.3f}" if drop > most_drop else ""

    key_ratio = _means(lambda score: score.figures.key_ratio)
    return Target(name, 2, True, bounds, lambda scores: key_ratio(mine(scores)), blame)


TARGETS = (
    Target("points per frame at per-frame IoU .98", 1, True, ((45,), (37,), (28,)), _points),
    Target(
        "IoU with a key on every frame", 3, False, ((0.970,), (0.980,), (0.985,)), _means(lambda s: s.iou_every_key)
    ),
    Target("IoU with sparse keys", 3, False, ((0.960,), (0.970,), (0.980,)), _means(lambda s: s.figures.iou)),
    Target("p95 boundary, px", 2, True, ((2.5,), (1.8,), (1.2,)), _means(lambda s: s.figures.boundary_p95_px)),
    _key_ratio("key ratio, rigid", True, RIGID_DROP, ((0.40,), (0.25,), (0.12,))),
    _key_ratio("key ratio, articulated", False, ARTICULATED_DROP, ((0.80,), (0.50,), (0.33,))),
    Target(
        "stored values, share of potrace's", 2, True, ((0.30,), (0.20,), (0.10,)), _means(lambda s: s.share_of_potrace)
    ),
    Target(
        "shapes above 300 px² a sequence", 1, True, ((20,), (10,), (5,)), _means(lambda s: s.figures.shapes_above_300)
    ),
    Target(
        "slide median / p95, px",
        2,
        True,
        ((1.0, 6.0), (0.5, 3.0), (0.25, 1.5)),
        _means(lambda s: s.figures.slide_median_px, lambda s: s.figures.slide_p95_px),
    ),
    Target(
        "drift mean / p95, px",
        2,
        True,
        ((1.5, 4.6), (1.0, 3.0), (0.5, 1.5)),
        _means(lambda s: s.drift and s.drift.mean_px, lambda s: s.drift and s.drift.p95_px),
    ),
    Target("frames a CPU second, everything", 1, False, ((8,), (12,), (30,)), _speed),
)


def _text(figures: Figures, digits: int) -> str:
    return " / ".join(f"{figure:.{digits}f}" for figure in figures)
