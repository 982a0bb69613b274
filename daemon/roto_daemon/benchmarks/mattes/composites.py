"""Pictures whose alpha is known: a foreground over another sequence's frame, and a mask of it as a tracker gives one.

Two kinds. Objects of sequences with true masks, whose edge is made soft by a Gaussian of known σ: their colours go on
beyond their edge, so the composite is exact. And stills with a true alpha (``NAME_foreground.png`` and
``NAME_alpha.png``), for hair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image, Mask
from roto_daemon.benchmarks.curves.footage import TRUE, Footage
from roto_daemon.nearest import nearest_values
from roto_shared.errors import InputError

SIGMAS_PX = (0.5, 2.0, 4.0, 8.0)
RUN_SIGMAS_PX = (0.5, 4.0)
RUN_FRAMES = 3

NOISE = 1.0
"""Grain, steps of 8 bits."""

WOBBLE_PX = 1.5
"""How far a tracker's edge strays from the true one, in slow waves; it knows nothing finer than some 4 px."""

MARGIN_PX = 2
"""An object's outermost pixels, whose colours already have some of the ground."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Composite:
    """A picture, its true alpha and a tracker's mask; ``kind`` says how its edge is."""

    name: str
    kind: str
    image: Image
    alpha: Mask
    mask: Mask


def soft_objects(footage: Sequence[Footage], frames_each: int = 2) -> Iterator[Composite]:
    """``frames_each`` frames of every sequence, over the next sequence, with every softness. Raises InputError."""
    for number, shot in enumerate(footage):
        ground = middle_picture(footage[(number + 1) % len(footage)])
        shown = [(frame, mask) for frame, mask in shot.masks(TRUE) if mask.any() and shot.has_picture(frame)]
        for index in np.linspace(0, len(shown) - 1, frames_each + 2).round().astype(int)[1:-1]:
            frame, mask = shown[index]
            for sigma in SIGMAS_PX:
                yield _soft_object(shot, frame, mask, ground, sigma, number)


def soft_runs(footage: Sequence[Footage], sigmas: Sequence[float] = RUN_SIGMAS_PX) -> Iterator[list[Composite]]:
    """Frames in a row from the middle of every sequence, over one picture, with every softness. Raises InputError."""
    for number, shot in enumerate(footage):
        ground = middle_picture(footage[(number + 1) % len(footage)])
        shown = [(frame, mask) for frame, mask in shot.masks(TRUE) if mask.any() and shot.has_picture(frame)]
        run = shown[len(shown) // 2 :][:RUN_FRAMES]
        for sigma in sigmas:
            yield [
                _soft_object(shot, frame, mask, ground, sigma, number * RUN_FRAMES + place)
                for place, (frame, mask) in enumerate(run)
            ]


def hair(folder: Path, footage: Sequence[Footage]) -> Iterator[Composite]:
    """Every still with an alpha in ``folder``, over a frame of each sequence."""
    for path in sorted(folder.rglob("*_alpha.png")):
        stem = path.name.removesuffix("_alpha.png")
        foreground = _read(path.with_name(f"{stem}_foreground.png")).astype(np.float32)
        alpha = _read(path)[..., 0].astype(np.float32) / np.float32(255)
        for number, shot in enumerate(footage):
            yield _compose(f"{stem} over {shot.name}", "hair", foreground, middle_picture(shot), alpha, number)


def tracked_mask(alpha: Mask, seed: int) -> Mask:
    """What a tracker makes of an alpha: its middle line, wobbling, with an edge of about a pixel."""
    inside = (cv2.GaussianBlur(alpha, (0, 0), 2) > 0.5).astype(np.uint8)
    within, beyond = (cv2.distanceTransform(side, cv2.DIST_L2, 5) for side in (inside, 1 - inside))
    waves = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=alpha.shape), (0, 0), 12)
    distance = cv2.GaussianBlur(within - beyond, (0, 0), 1) + waves * (WOBBLE_PX / waves.std())
    return (1 / (1 + np.exp(-distance))).astype(np.float32)


def _soft_object(
    shot: Footage, frame: int, mask: NDArray[np.bool_], ground: Image, sigma: float, seed: int
) -> Composite:
    foreground = colours_beyond(shot.picture(frame), mask)
    alpha = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma), np.float32)
    return _compose(f"{shot.name}.{frame} σ {sigma:g}", f"σ {sigma:g} px", foreground, ground, alpha, seed)


def _compose(name: str, kind: str, foreground: Floats, ground: Image, alpha: Mask, seed: int) -> Composite:
    height, width = alpha.shape
    behind = cv2.resize(ground, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    light = alpha[..., None] * foreground + (1 - alpha[..., None]) * behind
    return Composite(name, kind, grained(light, seed), alpha, tracked_mask(alpha, seed))


def grained(light: NDArray[np.floating], seed: int) -> Image:
    """Colours (height, width, 3), steps of 8 bits, as a picture with grain."""
    grain = np.random.default_rng(seed).normal(0, NOISE, light.shape)
    return np.clip(np.rint(light + grain), 0, 255).astype(np.uint8)


def colours_beyond(picture: Image, mask: NDArray[np.bool_]) -> Floats:
    """The object's colours (height, width, 3), which go on outside of it as those of its nearest pixel."""
    kernel = np.ones((2 * MARGIN_PX + 1,) * 2, np.uint8)
    core = cv2.erode(mask.astype(np.uint8), kernel)
    core = core if core.any() else mask.astype(np.uint8)
    nearest, _ = nearest_values(core > 0, picture)
    beyond = cv2.GaussianBlur(nearest.astype(np.float32), (0, 0), 1.5)
    return np.where(core[..., None] > 0, picture, beyond).astype(np.float32)


def middle_picture(shot: Footage) -> Image:
    """The picture of the middle one of a sequence's masks. Raises InputError where none has one."""
    frames = [frame for frame, _ in shot.masks(TRUE) if shot.has_picture(frame)]
    if not frames:
        raise InputError(f"{shot.folder / 'frames'} has no pictures for its masks.", "Give sequences with frames.")
    return shot.picture(frames[len(frames) // 2])


def _read(path: Path) -> Image:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise InputError(f"{path} cannot be read.", "Every NAME_alpha.png needs a NAME_foreground.png beside it.")
    return np.ascontiguousarray(picture[..., ::-1], np.uint8)
