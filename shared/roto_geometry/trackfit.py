"""One outline over its life, from contours to keyed shapes.

Correspondence, spans, knots, fit, soundness and keys in this order; see the modules of these names for what each
guarantees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from roto_shared.shapes import Blend, KeyedShape, Layer, Lifetime, ShapeKey

from .arclength import Contour
from .bezier import Array, flatten, outline_knots, stroke_band
from .correspondence import link_contours
from .curvefit import fit_outlines
from .flicker import calm
from .guards import is_sound, mend
from .keys import PlacedKeys
from .knots import CORNER_DEGREES, corner_angles
from .motion import cheapest_keys
from .outlines import OutlineTrack
from .settings import FitSettings
from .spans import Span, choose_spans
from .steadiness import steady
from .transforms import transform_keys
from .wanted import Wanted

THICK_PX = 32.0
LEAST_CARE = 0.2
LEAST_CLOSENESS = 0.25


@dataclass(frozen=True, eq=False)
class FittedShape:
    """A shape on all frames of its life.

    ``drawn`` (frames, n, 6) is what a host draws on each of them, ``keys`` what it is stored as. ``width_px`` is that
    of a stroke, which is open; 0 for a closed outline.
    """

    hole: bool
    frames: list[int]
    drawn: Array
    keys: PlacedKeys
    width_px: float = 0.0

    @property
    def kind(self) -> str:
        """What an artist would call it."""
        return "hole" if self.hole else "strand" if self.width_px else "shape"

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
    islands = {id(shape) for shape in matter if any(_lies_in(shape, hole) for hole in holes)}
    lower = [shape for shape in matter if id(shape) not in islands]
    return strokes + [shape for shape in matter if id(shape) in islands] + holes + lower


def _lies_in(shape: FittedShape, hole: FittedShape) -> bool:
    """Whether the shape's knots lie within the extent of the hole's on the first frame that both live on."""
    common = sorted(set(shape.frames) & set(hole.frames))
    if not common:
        return False
    inner, outer = (item.drawn[item.frames.index(common[0]), :, :2] for item in (shape, hole))
    return bool((inner.min(axis=0) > outer.min(axis=0)).all() and (inner.max(axis=0) < outer.max(axis=0)).all())


def fit_track(track: OutlineTrack, settings: FitSettings, size: tuple[int, int]) -> Iterator[FittedShape]:
    """Fit one outline by shapes that follow one another; ``size`` is the picture's (width, height) in px."""
    carriers = [link_contours(a, b) for a, b in pairwise(track.contours)]
    price = settings.knot_price_px3 * _care(track.contours)
    for span in choose_spans(track.contours, carriers, price, settings.span_price):
        yield _fit_span(track.part(span.start, span.stop), span, settings, size)


def _care(contours: Sequence[Contour]) -> float:
    """How much less a knot costs on a thin outline, where the same distance is a larger share of the area."""
    return float(np.clip((_thickness(contours) / THICK_PX) ** 2, LEAST_CARE, 1.0))


def closeness(contours: Sequence[Contour]) -> float:
    """The share of the tolerance that a thin outline may use, for the same reason."""
    return float(np.clip(_thickness(contours) / THICK_PX, LEAST_CLOSENESS, 1.0))


def _thickness(contours: Sequence[Contour]) -> float:
    """Twice the area over the length, px: the width of a long band."""
    return float(np.mean([2 * contour.area / contour.length for contour in contours]))


def _fit_span(track: OutlineTrack, span: Span, settings: FitSettings, size: tuple[int, int]) -> FittedShape:
    positions = steady(track.contours, span.positions)
    corners = np.abs(corner_angles(track.contours, positions)) > CORNER_DEGREES
    outlines = fit_outlines(track.contours, positions, corners, size)
    outlines = sound_outlines(outlines, track.contours, positions)
    outlines = _calm_outlines(outlines, settings.smoothness)
    tolerance = settings.key_tolerance_px * closeness(track.contours)
    keys = cheapest_keys(
        Wanted(outlines, track.frames, tolerance, interpolation=settings.interpolation), settings.track
    )
    return FittedShape(track.hole, track.frames, keys.drawn(np.asarray(track.frames, dtype=float)), keys)


def _calm_outlines(outlines: Array, smoothness: float) -> Array:
    """Without flicker, but as they were where they would cross themselves."""
    calmed = calm(outlines, smoothness)
    sound = np.array([is_sound(outline) for outline in calmed])
    return np.where(sound[:, None, None], calmed, outlines)


def sound_outlines(outlines: Array, contours: Sequence[Contour], positions: Array) -> Array:
    """Mend what is not sound, from a sound neighbour where nothing else helps."""
    sound = np.array([is_sound(outline) for outline in outlines])
    mended = outlines.copy()
    near = np.flatnonzero(sound)
    for index in np.flatnonzero(~sound).tolist():
        nearest = mended[near[np.argmin(np.abs(near - index))]] if len(near) else None
        mended[index] = mend(outlines[index], contours[index].at(positions[index]), nearest)
    return mended
