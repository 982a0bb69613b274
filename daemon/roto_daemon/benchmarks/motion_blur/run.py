"""Motion blur by several means, against the true alpha."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import cv2
import numpy as np

from roto_daemon.backends.base import Mask, Matter
from roto_daemon.benchmarks.curves.footage import find_footage
from roto_daemon.benchmarks.mattes.score import MatteError, score_matte
from roto_daemon.benchmarks.motion_blur.composites import BlurredComposite, moving_objects
from roto_daemon.mattes.refine import refine
from roto_daemon.mattes.trimap import MatteSettings
from roto_daemon.motion_blur.blur import blur_mask
from roto_daemon.motion_blur.motion import object_motion
from roto_daemon.motion_blur.shutter import find_shutter, shutter_evidence
from roto_daemon.motion_blur.smear import smear_matte

BLUR_PX = 6.0
NO_TREATMENT = "mask as it is"


@dataclass(frozen=True)
class Scored:
    """One means on one composite; ``measured`` is the shutter that was found there."""

    means: str
    composite: str
    speed_px: float
    shutter: float
    measured: float | None
    error: MatteError


def score_motion_blur(matter: Matter, data: Path, say: Callable[[str], None]) -> list[Scored]:
    """All means on all composites of ``data`` (``SEQUENCE/frames`` and ``gt``). Raises InputError."""
    scored: list[Scored] = []
    for composite in moving_objects(find_footage(data)):
        say(composite.name)
        measured, mattes = _treat(composite, matter)
        scored += [
            Scored(
                name,
                composite.name,
                composite.speed_px,
                composite.shutter,
                measured,
                score_matte(matte, composite.alpha),
            )
            for name, matte in mattes.items()
        ]
    return scored


def table_of(scored: Sequence[Scored]) -> list[list[str]]:
    """Rows of means of the SAD (thousands): by speed and shutter, over all, and against no treatment."""
    kinds = sorted({(one.speed_px, one.shutter) for one in scored})
    plain = fmean(one.error.sad for one in scored if one.means == NO_TREATMENT)
    rows = [["", *(f"{speed:g} px, {shutter:g}" for speed, shutter in kinds), "SAD", "MSE", "of none"]]
    for means in dict.fromkeys(one.means for one in scored):
        own = [one for one in scored if one.means == means]
        cells = [fmean(o.error.sad for o in own if (o.speed_px, o.shutter) == kind) for kind in kinds]
        sad, mse = fmean(one.error.sad for one in own), fmean(one.error.mse for one in own)
        rows.append([means, *(f"{cell:.2f}" for cell in cells), f"{sad:.2f}", f"{mse:.2f}", f"{sad / plain:.2f}"])
    return rows


def shutters_of(scored: Sequence[Scored]) -> list[list[str]]:
    """Rows: speed, true shutter, the median of the measured ones, their extremes, and on how many there was none."""
    rows = [["speed", "shutter", "measured", "least", "most", "not told"]]
    for speed, shutter in sorted({(one.speed_px, one.shutter) for one in scored}):
        own = [o.measured for o in scored if (o.speed_px, o.shutter) == (speed, shutter) and o.means == NO_TREATMENT]
        told = [value for value in own if value is not None] or [float("nan")]
        figures = (shutter, median(told), min(told), max(told))
        rows.append([f"{speed:g} px", *(f"{figure:.2f}" for figure in figures), str(own.count(None))])
    return rows


def _treat(composite: BlurredComposite, matter: Matter) -> tuple[float | None, dict[str, Mask]]:
    before, image, after = composite.images
    mask = composite.mask
    motion = object_motion(image, mask, before, after)
    measured = find_shutter(shutter_evidence(image, mask, motion))
    matte = refine(matter, image, mask, MatteSettings())
    return measured, {
        NO_TREATMENT: mask,
        f"Gaussian {BLUR_PX:g} px": np.asarray(cv2.GaussianBlur(mask, (0, 0), BLUR_PX), np.float32),
        "matte alone": matte,
        "smeared, shutter known": blur_mask(mask, motion, composite.shutter),
        "smeared, shutter measured": blur_mask(mask, motion, measured or 0.0),
        "matte and smear, known": smear_matte(matte, mask, motion, composite.shutter),
        "matte and smear, measured": smear_matte(matte, mask, motion, measured or 0.0),
    }
