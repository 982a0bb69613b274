"""A shape with its keys on all frames of its life, and the order in which hosts draw several."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from roto_shared.shapes import Blend, KeyedShape, Layer, Lifetime, ShapeKey
from roto_shared.timeline import Track, hold_keys

from .bezier import Array, bernstein, control_points, flatten, outline_knots, stroke_band
from .keys.placed import PlacedKeys
from .keys.transforms import transform_keys

SAMPLES = 8
"""Places a segment at which its extent is taken: within a hundredth of its length."""


@dataclass(frozen=True, eq=False)
class FittedShape:
    """A shape on all frames of its life.

    ``drawn`` (frames, n, 6) is what a host draws on each of them, ``keys`` what it is stored as. ``width_px`` is that
    of a stroke, which is open; 0 for a closed outline. ``part`` names the part of an outline that it is, “body” or
    “upper left limb”; empty for a whole outline.
    """

    hole: bool
    frames: list[int]
    drawn: Array
    keys: PlacedKeys
    width_px: float = 0.0
    part: str = ""
    returns: Collection[int] = ()

    @property
    def kind(self) -> str:
        """What an artist would call it."""
        return self.part or ("hole" if self.hole else "strand" if self.width_px else "shape")

    @property
    def to_edit(self) -> int:
        """What it leaves to edit: knots on all keys. Nobody edits a track by hand."""
        return self.keys.values.shape[0] * self.keys.values.shape[1]

    def within(self, frames: Collection[int]) -> "FittedShape | None":
        """The same shape on those of its frames that are among ``frames``, a run of them; None without any."""
        lived = [index for index, frame in enumerate(self.frames) if frame in frames]
        if not lived:
            return None
        start, stop = lived[0], lived[-1] + 1
        keys = self.keys.between(np.asarray(self.frames, dtype=float), start, stop)
        return replace(self, frames=self.frames[start:stop], drawn=self.drawn[start:stop], keys=keys)

    def polygon(self, index: int, tolerance_px: float) -> Array:
        """What it covers on frame number ``index`` of its life, (m, 2)."""
        path = flatten(self.drawn[index], tolerance_px, closed=not self.width_px)
        return stroke_band(path, self.width_px) if self.width_px else path

    def named(self, name: str) -> KeyedShape | Layer:
        """The shape as the model's, in a layer of its own where it is placed; holes take away from what lies below."""
        shape = KeyedShape(
            name,
            tuple(self._keys()),
            lifetime=Lifetime(float(self.frames[0]), float(self.frames[-1])),
            opacity=self._opacity(),
            blend=Blend.SUBTRACT if self.hole else Blend.ADD,
            closed=not self.width_px,
            width_px=self.width_px,
        )
        if self.keys.placement is None:
            return shape
        pivot = self.keys.values[..., :2].mean(axis=(0, 1))
        return Layer(f"{name} track", (shape,), transform_keys(self.keys.placement, self.frames, pivot))

    def _opacity(self) -> Track:
        """Off while it is away, on when it comes back; nothing where it is never away."""
        away = (range(last + 1, frame) for last, frame in pairwise(self.frames) if frame in self.returns)
        off = dict.fromkeys(chain.from_iterable(away), 0.0)
        return hold_keys((dict.fromkeys(self.frames, 1.0) | off).items()) if off else ()

    def _keys(self) -> Iterator[ShapeKey]:
        for number, index in enumerate(self.keys.chosen):
            slope = None if self.keys.slopes is None else outline_knots(self.keys.slopes[number])
            knots = outline_knots(self.keys.values[number])
            yield ShapeKey(float(self.frames[index]), knots, self.keys.interpolation, slope, slope)


def in_drawing_order(shapes: Sequence[FittedShape]) -> list[FittedShape]:
    """Topmost first: strokes, then what lies deepest: an island's holes, islands in holes, holes, all other matter.

    Parts are never islands. Where nesting changes over time, the order is right on most frames.
    """
    strokes = [shape for shape in shapes if shape.width_px]
    outlines = [shape for shape in shapes if not shape.width_px]
    return strokes + [outlines[index] for index in np.argsort(-_depths(outlines), kind="stable")]


def _depths(outlines: Sequence[FittedShape]) -> NDArray[np.int64]:
    """How many outlines each lies in, (outlines,): even for matter, odd for holes."""
    depths = np.array([int(shape.hole) for shape in outlines], dtype=np.int64)
    extents = [_extents(shape) for shape in outlines]
    pairs = [(i, j) for i, j in permutations(range(len(outlines)), 2) if outlines[i].hole != outlines[j].hole]
    nested = [(i, j) for i, j in pairs if not outlines[i].part and _lies_in(extents[i], extents[j])]
    for _ in outlines:
        for inner, outer in nested:
            depths[inner] = max(depths[inner], depths[outer] + 1)
    return depths


def _extents(shape: FittedShape) -> tuple[list[int], Array]:
    """Frames, and on each of them least x and y and the greatest ones' negatives, (frames, 4) px: greater is within."""
    points = np.einsum("mk,tnkc->tnmc", bernstein(np.arange(SAMPLES) / SAMPLES), control_points(shape.drawn))
    return shape.frames, np.concatenate([points.min(axis=(1, 2)), -points.max(axis=(1, 2))], axis=1)


def _lies_in(inner: tuple[list[int], Array], outer: tuple[list[int], Array]) -> bool:
    """Whether the one's extent is within the other's on more of the frames that both live on than the reverse."""
    _, here, there = np.intersect1d(inner[0], outer[0], assume_unique=True, return_indices=True)
    within = inner[1][here] - outer[1][there]
    return bool((within > 0).all(axis=1).sum() > (within < 0).all(axis=1).sum())
