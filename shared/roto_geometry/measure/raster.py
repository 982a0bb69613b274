"""Shape documents as mattes, drawn as a host would: exact area coverage, host blending, placement by layers.

Limits, stated: a uniform feather is a linear ramp over the distance outside of the shape's half-covered pixels
(within half a pixel); feather stored per knot is not drawn; strokes are flat-ended bands whose joints are mitred.
Motion blur is not drawn. ``ADD`` is the hosts' "over" of a white shape: a + b - a·b.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import (
    SHAPE_TOLERANCE_PX,
    Array,
    bspline_segments,
    flatten,
    outline_array,
    outline_of_segments,
    stroke_band,
)
from roto_shared.drawing import ShapeSink, draw
from roto_shared.placement import matrix_at, placed_knots_at
from roto_shared.shapes import (
    IDENTITY,
    Blend,
    Element,
    KeyedShape,
    Layer,
    Matrix,
    ShapeDocument,
    ShapeKind,
    opacity_at,
)
from roto_shared.space import multiply

from .coverage import coverage

Matte = NDArray[np.float32]


def rasterise(document: ShapeDocument, frame: float, within: Element | None = None) -> Matte:
    """The document's matte on ``frame``, (height, width) float32 0..1; only what ``within`` holds where given."""
    sink = CoverageSink(frame, within)
    draw(document, sink)
    return sink.matte


class CoverageSink(ShapeSink):
    """Collects the shapes drawn into it and holds their ``matte`` when the document ends."""

    def __init__(self, frame: float, within: Element | None = None) -> None:
        self.frame = frame
        self.matte: Matte = np.zeros((0, 0), np.float32)
        self._within = within
        self._size = (0, 0)
        self._levels: list[tuple[Matrix, bool, bool]] = []
        self._drawn: list[tuple[KeyedShape, Matrix]] = []

    def begin_document(self, document: ShapeDocument) -> None:
        """Take the picture's size."""
        self._size = (document.width, document.height)
        self._levels = [(IDENTITY, True, self._within is None)]
        self._drawn = []

    def begin_layer(self, layer: Layer) -> None:
        """Place the children by the layer's transform on top of the outer one."""
        matrix, visible, wanted = self._levels[-1]
        if layer.transform:
            matrix = multiply(matrix, matrix_at(layer.transform, self.frame, *self._size))
        self._levels.append((matrix, visible and layer.visible, wanted or layer is self._within))

    def end_layer(self, layer: Layer) -> None:  # noqa: ARG002
        """Back to the outer placement."""
        self._levels.pop()

    def draw_shape(self, shape: KeyedShape) -> None:
        """Remember the shape with its placement."""
        matrix, visible, wanted = self._levels[-1]
        if visible and (wanted or shape is self._within) and opacity_at(shape, self.frame) > 0:
            if shape.transform:
                matrix = multiply(matrix, matrix_at(shape.transform, self.frame, *self._size))
            self._drawn.append((shape, matrix))

    def end_document(self, document: ShapeDocument) -> None:  # noqa: ARG002
        """Lay the shapes over one another, the last of the list lowest."""
        width, height = self._size
        matte = np.zeros((height, width), np.float32)
        for shape, matrix in reversed(self._drawn):
            matte = _blend(matte, shape_coverage(shape, self.frame, width, height, matrix), shape, self.frame)
        self.matte = matte


def shape_outline(shape: KeyedShape, frame: float, matrix: Matrix = IDENTITY) -> Array:
    """The shape's Bézier outline (n, 6) on ``frame`` in plate px; a B-spline is turned into its exact Bézier form."""
    outline = outline_array(placed_knots_at(shape, matrix, frame))
    if shape.kind is ShapeKind.BSPLINE:
        return outline_of_segments(bspline_segments(outline[:, :2], shape.closed), shape.closed)
    return outline


def shape_polygon(
    shape: KeyedShape, frame: float, matrix: Matrix = IDENTITY, tolerance_px: float = SHAPE_TOLERANCE_PX
) -> Array:
    """Polygon (m, 2) that a shape covers on ``frame``; the band of its stroke for an open one."""
    path = flatten(shape_outline(shape, frame, matrix), tolerance_px, shape.closed)
    return path if shape.closed else stroke_band(path, shape.width_px)


def shape_coverage(shape: KeyedShape, frame: float, width: int, height: int, matrix: Matrix = IDENTITY) -> Matte:
    """Coverage of one shape alone, with its feather and inversion, without opacity; (height, width) float32."""
    matte = coverage([shape_polygon(shape, frame, matrix)], width, height)
    if shape.feather_px > 0:
        outside = cv2.distanceTransform((matte < 0.5).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        ramp = np.clip(1 - np.asarray(outside) / shape.feather_px, 0, 1)
        matte = np.maximum(matte, ramp.astype(np.float32))
    return 1 - matte if shape.inverted else matte


def _blend(below: Matte, matte: Matte, shape: KeyedShape, frame: float) -> NDArray[Any]:
    opacity = np.float32(opacity_at(shape, frame))
    above: NDArray[Any] = matte * opacity
    match shape.blend:
        case Blend.ADD:
            return below + above - below * above
        case Blend.SUBTRACT:
            return np.clip(below - above, 0, 1)
        case Blend.MAX:
            return np.maximum(below, above)
        case Blend.MIN:
            return below + opacity * (np.minimum(below, matte) - below)
        case Blend.MULTIPLY:
            return below + opacity * (below * matte - below)
        case Blend.DIFFERENCE:
            return np.abs(below - above)
