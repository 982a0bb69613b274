"""A shape with its keys on all frames of its life, and the order in which hosts draw several."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from roto_shared.shapes import Blend, KeyedShape, Layer, Lifetime, ShapeKey

from .bezier import Array, flatten, outline_knots, stroke_band
from .keys.placed import PlacedKeys
from .keys.transforms import transform_keys


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
            blend=Blend.SUBTRACT if self.hole else Blend.ADD,
            closed=not self.width_px,
            width_px=self.width_px,
        )
        if self.keys.placement is None:
            return shape
        pivot = self.keys.values[..., :2].mean(axis=(0, 1))
        return Layer(f"{name} track", (shape,), transform_keys(self.keys.placement, self.frames, pivot))

    def _keys(self) -> Iterator[ShapeKey]:
        for number, index in enumerate(self.keys.chosen):
            slope = None if self.keys.slopes is None else outline_knots(self.keys.slopes[number])
            knots = outline_knots(self.keys.values[number])
            yield ShapeKey(float(self.frames[index]), knots, self.keys.interpolation, slope, slope)


def in_drawing_order(shapes: Sequence[FittedShape]) -> list[FittedShape]:
    """Topmost first: strokes, matter inside of a hole, then the holes, then all other matter."""
    strokes = [shape for shape in shapes if shape.width_px]
    holes = [shape for shape in shapes if shape.hole]
    matter = [shape for shape in shapes if not shape.hole and not shape.width_px]
    islands = {id(shape) for shape in matter if not shape.part and any(_lies_in(shape, hole) for hole in holes)}
    lower = [shape for shape in matter if id(shape) not in islands]
    return strokes + [shape for shape in matter if id(shape) in islands] + holes + lower


def _lies_in(shape: FittedShape, hole: FittedShape) -> bool:
    """Whether the shape's knots lie within the extent of the hole's on the first frame that both live on."""
    common = sorted(set(shape.frames) & set(hole.frames))
    if not common:
        return False
    inner, outer = (item.drawn[item.frames.index(common[0]), :, :2] for item in (shape, hole))
    return bool((inner.min(axis=0) > outer.min(axis=0)).all() and (inner.max(axis=0) < outer.max(axis=0)).all())
