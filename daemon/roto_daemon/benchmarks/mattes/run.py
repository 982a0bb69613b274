"""Mattes of all kinds on all composites, beside a blur, a guided filter and a band of one width."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np

from roto_daemon.backends.base import Image, Mask, Matter
from roto_daemon.backends.embedded.edges import guided_filter
from roto_daemon.benchmarks.curves.footage import Footage, find_footage
from roto_daemon.benchmarks.mattes.composites import Composite, hair, soft_objects, soft_runs
from roto_daemon.benchmarks.mattes.score import MatteError, score_flicker, score_matte
from roto_daemon.mattes.deflicker import Deflicker
from roto_daemon.mattes.refine import matte_band, refine
from roto_daemon.mattes.trimap import MatteSettings, draw_trimap

BLUR_PX = 6.0
FIXED_PX = 20.0
BLUR = f"Gaussian {BLUR_PX:g} px"
MUST, AMBITIOUS = 0.80, 0.65
"""SAD against the Gaussian's: a fifth and a third less."""

Method = Callable[[Image, Mask], Mask]


@dataclass(frozen=True)
class Scored:
    """One method on one composite."""

    method: str
    composite: str
    kind: str
    error: MatteError


def methods(matter: Matter) -> dict[str, Method]:
    """Rivals and ours, by name."""
    fixed = MatteSettings(narrow_px=FIXED_PX, wide_px=FIXED_PX)
    ours = {quality: MatteSettings(quality) for quality in ("fast", "good", "best")}
    return {
        "mask as it is": lambda _, mask: mask,
        BLUR: lambda _, mask: np.asarray(cv2.GaussianBlur(mask, (0, 0), BLUR_PX), np.float32),
        "guided filter": guided_filter,
        f"band of {FIXED_PX:g} px": lambda image, mask: matte_band(matter, image, _fixed_band(mask), fixed),
        **{name: lambda i, m, s=settings: refine(matter, i, m, s) for name, settings in ours.items()},
    }


def score_mattes(matter: Matter, data: Path, say: Callable[[str], None]) -> list[Scored]:
    """All methods on all composites of ``data`` (``SEQUENCE/frames`` and ``gt``; stills with an alpha anywhere below
    the folder above it). Raises InputError."""
    footage = find_footage(data)
    scored: list[Scored] = []
    for composite in _all(data, footage):
        say(composite.name)
        scored += [_score(name, method, composite) for name, method in methods(matter).items()]
    return scored


def score_steadiness(matter: Matter, data: Path, say: Callable[[str], None]) -> dict[str, float]:
    """The mean dtSSD of every method, and of "good" with all its steadiness, on runs of frames. Raises InputError."""
    found: dict[str, list[float]] = {}
    for run in soft_runs(find_footage(data)):
        say(f"{run[0].name} to {run[-1].name}")
        alphas = [composite.alpha for composite in run]
        for name, mattes in _runs(matter, run).items():
            found.setdefault(name, []).append(score_flicker(mattes, alphas))
    return {name: fmean(values) for name, values in found.items()}


def _runs(matter: Matter, run: Sequence[Composite]) -> dict[str, list[Mask]]:
    mattes = {name: [method(one.image, one.mask) for one in run] for name, method in methods(matter).items()}
    past, settings = Deflicker(1.0), MatteSettings()
    trimaps = [draw_trimap(one.image, one.mask, settings) for one in run]
    steadied = [past.steady(o.image, m, t) for o, m, t in zip(run, mattes["good"], trimaps, strict=True)]
    return {**mattes, "good, steadied": steadied}


def table_of(scored: Sequence[Scored]) -> list[list[str]]:
    """Rows of means: a method, its SAD by kind of edge, and all four errors over everything."""
    kinds = list(dict.fromkeys(one.kind for one in scored))
    blurred = fmean(one.error.sad for one in scored if one.method == BLUR)
    rows = []
    for method in dict.fromkeys(one.method for one in scored):
        own = [one for one in scored if one.method == method]
        by_kind = [fmean(one.error.sad for one in own if one.kind == kind) for kind in kinds]
        means = [fmean(getattr(one.error, name) for one in own) for name in ("sad", "mse", "grad", "conn")]
        rows.append([method, *(f"{value:.2f}" for value in (*by_kind, *means)), f"{means[0] / blurred:.2f}"])
    return [["method", *kinds, "SAD", "MSE", "Grad", "Conn", "of Gaussian"], *rows]


def _all(data: Path, footage: Sequence[Footage]) -> Iterator[Composite]:
    yield from soft_objects(footage)
    yield from hair(data.parent, footage)


def _score(name: str, method: Method, composite: Composite) -> Scored:
    error = score_matte(method(composite.image, composite.mask), composite.alpha)
    return Scored(name, composite.name, composite.kind, error)


def _fixed_band(mask: Mask) -> np.ndarray:
    inside = (mask >= 0.5).astype(np.uint8)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(FIXED_PX) + 1,) * 2)
    trimap = np.full(mask.shape, 128, np.uint8)
    trimap[cv2.erode(inside, reach) > 0] = 255
    trimap[cv2.dilate(inside, reach) == 0] = 0
    return trimap
