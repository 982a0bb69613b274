"""How far knots stray from the place on the object where they began, under motion that is known exactly.

An outline of a true mask is bent over ``STEPS`` frames by a smooth warp: an affine one, a sinusoidal one and a local
twist, all growing evenly with time. Points of the outline are warped by the formula itself and drawn with exact area
coverage, so masks have no error of their own. The shapes fitted to them are asked where their knots of the first frame
are on the last frame of their life; the same warp of their first places is the truth. Distances are px. They hold the
fit's own error on both frames and the sliding along featureless edges, which a mask alone cannot tell. A shape that
ends early is measured on its last frame: ``lived`` says how often none did.

With a picture, the object's own texture goes with the warp over a ground that stands still (the same picture upside
down), and the fit sees it: then the truth along the edge is in the pictures, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.motion.points import PlateMotion
from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.fitting import fit_shapes, fitted_document
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.raster import Matte, shape_outline
from roto_geometry.settings import FitSettings
from roto_geometry.trace.contour import trace
from roto_shared.errors import InputError
from roto_shared.placement import placed_shapes
from roto_shared.shapes import ShapeDocument, opacity_at

from .footage import Image, Mask

STEPS = 24
SEEDS = (1, 2, 3)
SPACING_PX = 0.5
ROOM = 0.5
SOURCE_GRID_PX, SOURCE_ROUNDS = 8, 30

MOST_SHIFT, MOST_TURN, MOST_GROWTH, MOST_SHEAR = 0.15, np.radians(12), 0.12, 0.08
WAVE, WAVES = 0.02, 2.0
TWIST, TWIST_REACH = np.radians(20), 0.25
"""Extents as shares of the outline's size (the larger side of its box), angles in radians, all over the whole warp."""


@dataclass(frozen=True)
class Drift:
    """Mean and 95th percentile, px, over the knots of all warps; the share of knots whose shape lived throughout."""

    mean_px: float
    p95_px: float
    knots: int
    lived: float


@dataclass(frozen=True, eq=False)
class Warp:
    """A smooth motion of the plane with ``at(points, 0)`` the points themselves."""

    centre: Array
    affine: Array
    shift: Array
    wave: Array
    waves: Array
    phase: Array
    pivot: Array
    twist: float
    reach: float

    @classmethod
    def random(cls, points: Array, seed: int) -> Warp:
        """A warp of an outline (m, 2), no larger than the extents above, and no fold in it."""
        random = np.random.default_rng(seed)
        low, high = points.min(axis=0), points.max(axis=0)
        size = float((high - low).max())
        angle = random.uniform(-MOST_TURN, MOST_TURN)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        stretch = np.diag(1 + random.uniform(-MOST_GROWTH, MOST_GROWTH, 2))
        stretch[0, 1] = random.uniform(-MOST_SHEAR, MOST_SHEAR)
        return cls(
            centre=(low + high) / 2,
            affine=turn @ stretch - np.eye(2),
            shift=random.uniform(-MOST_SHIFT, MOST_SHIFT, 2) * size,
            wave=random.uniform(-WAVE, WAVE, 2) * size,
            waves=random.uniform(-1, 1, (2, 2)) * (2 * np.pi * WAVES / size),
            phase=random.uniform(0, 2 * np.pi, 2),
            pivot=points[random.integers(len(points))],
            twist=float(random.choice([-1, 1]) * random.uniform(0.5, 1) * TWIST),
            reach=TWIST_REACH * size,
        )

    def at(self, points: Array, share: float) -> Array:
        """Where points (m, 2) of the first frame are after this share, 0..1, of the warp."""
        away = points - self.pivot
        angle = share * self.twist * np.exp(-(away**2).sum(axis=1) / (2 * self.reach**2))
        across = np.column_stack([-away[:, 1], away[:, 0]])
        twisted = self.pivot + away * np.cos(angle)[:, None] + across * np.sin(angle)[:, None]
        still, now = np.sin(self.phase), np.sin(twisted @ self.waves.T + self.phase)
        waved = twisted + share * self.wave * (now - still)
        return waved + share * ((waved - self.centre) @ self.affine.T + self.shift)


def measure_drift(
    mask: Mask, settings: FitSettings, seeds: Sequence[int] = SEEDS, picture: Image | None = None
) -> Drift:
    """Drift of the fit on the largest outline of a mask, once for each seed. Raises InputError on an empty mask.

    ``picture`` is that of the mask's frame; without one the fit sees masks alone.
    """
    outline, corner = _placed_outline(mask)
    placed = None if picture is None else _placed_picture(picture, corner, _size(outline))
    found = [_strays(outline, Warp.random(outline, seed), settings, placed) for seed in seeds]
    strays = np.concatenate([stray for stray, _ in found])
    lived = np.concatenate([lived for _, lived in found])
    return Drift(float(strays.mean()), float(np.quantile(strays, 0.95)), len(strays), float(lived.mean()))


def warped_masks(outline: Array, warp: Warp, size: tuple[int, int]) -> Iterator[tuple[int, Matte]]:
    """Soft masks of frames 0 to ``STEPS`` of an outline under a warp; ``size`` is (width, height)."""
    for frame in range(STEPS + 1):
        yield frame, coverage([warp.at(outline, frame / STEPS)], *size)


def warped_picture(picture: Image, outline: Array, warp: Warp, frame: int) -> Image:
    """``picture`` (height, width, 3) inside of the ``outline`` under a warp on ``frame``, upside down around it."""
    height, width = picture.shape[:2]
    sources = _sources(warp, frame / STEPS, (width, height))
    moved = cv2.remap(picture, sources[..., 0], sources[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    matte = coverage([warp.at(outline, frame / STEPS)], width, height)[..., None]
    return np.asarray(np.clip(moved * matte + picture[::-1] * (1 - matte) + 0.5, 0, 255), np.uint8)


def _sources(warp: Warp, share: float, size: tuple[int, int]) -> NDArray[np.float32]:
    """Where the pixels of a picture come from, (height, width, 2) with whole numbers at pixel centres.

    The warp is turned round by fixed points on a grid, and read between these: it is smooth.
    """
    columns, rows = (np.arange(0, extent + SOURCE_GRID_PX, SOURCE_GRID_PX, dtype=np.float64) for extent in size)
    goal = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    source = goal
    for _ in range(SOURCE_ROUNDS):
        source = source + (goal - warp.at(source, share))
    shift = (source - goal).reshape(len(rows), len(columns), 2)
    x, y = np.meshgrid(*((np.arange(extent, dtype=np.float32) + 0.5) for extent in size))
    between = cv2.remap(shift.astype(np.float32), x / SOURCE_GRID_PX, y / SOURCE_GRID_PX, cv2.INTER_LINEAR)
    return np.asarray(between + np.stack([x, y], axis=-1) - 0.5, np.float32)


def strays_of(document: ShapeDocument, warp: Warp) -> tuple[Array, Array]:
    """Distances, px, of the knots that are there on frame 0 from their true places on their shape's last frame.

    The second array says of each knot whether its shape lived on to frame ``STEPS``.
    """
    outlines: dict[int, list[tuple[int, Array]]] = {}
    for frame in range(STEPS + 1):
        for shape, matrix in placed_shapes(document, frame):
            if opacity_at(shape, frame) > 0:
                outlines.setdefault(id(shape), []).append((frame, shape_outline(shape, frame, matrix)[:, :2]))
    strays, lived = [np.zeros(0)], [np.zeros(0)]
    for life in outlines.values():
        (start, first), (end, last) = life[0], life[-1]
        if start == 0 and end > 0:
            strays.append(np.linalg.norm(last - warp.at(first, end / STEPS), axis=1))
            lived.append(np.full(len(first), float(end == STEPS)))
    return np.concatenate(strays), np.concatenate(lived)


def _strays(outline: Array, warp: Warp, settings: FitSettings, picture: Image | None) -> tuple[Array, Array]:
    size = _size(outline)
    motion = None if picture is None else PlateMotion(lambda frame: warped_picture(picture, outline, warp, frame))
    result = fit_shapes(warped_masks(outline, warp, size), settings, motion=motion)
    return strays_of(fitted_document([result], size, (0, STEPS)), warp)


def _placed_picture(picture: Image, corner: Array, size: tuple[int, int]) -> Image:
    """The part of ``size`` of a picture whose upper left corner is at ``corner``; past its border it is mirrored."""
    x, y = np.meshgrid(*(np.arange(extent) + start for extent, start in zip(size, corner, strict=True)))
    columns, rows = x.astype(np.float32), y.astype(np.float32)
    return np.asarray(cv2.remap(picture, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.uint8)


def _placed_outline(mask: Mask) -> tuple[Array, Array]:
    """The mask's largest outline, finely sampled, with room around it to move in, and where its new corner was."""
    outlines = trace(mask, overscan_px=0)
    contour = Contour(outlines[0]) if outlines else None
    if contour is None or contour.area <= 0:
        raise InputError("The mask is empty.", "Take a frame that shows the object.")
    points = contour.at(np.arange(0.0, contour.length, SPACING_PX))
    low, high = points.min(axis=0), points.max(axis=0)
    corner = low - ROOM * (high - low).max()
    return points - corner, corner


def _size(outline: Array) -> tuple[int, int]:
    """Width and height of a picture with as much room after the outline as before it."""
    width, height = np.ceil(outline.max(axis=0) + outline.min(axis=0)).astype(int).tolist()
    return width, height
