"""How good keyed shapes are against the masks they came from: one definition of each figure.

Every frame is scored, whether it is keyed or not, on what a host would draw: mattes as :mod:`.agreement` says, knots
and keys as they are stored. Distances are px, areas px².
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import Array, flatten, polygon_area
from roto_geometry.guards import count_crossings
from roto_shared.placement import placed_shapes
from roto_shared.shapes import Element, KeyedShape, Layer, Matrix, ShapeDocument, opacity_at

from .agreement import BORDER_PX, Agreement, AgreementTally
from .raster import rasterise, shape_outline, shape_polygon

SHAPE_AREA_PX2 = 300.0
SLIDE_AREA_PX2 = 200.0

Flow = Callable[[int], NDArray[np.float32]]


@dataclass(frozen=True)
class CurveFigures(Agreement):
    """How shapes agree with masks, and what they are made of; means over frames unless said otherwise.

    ``key_ratio`` is Σ(knots·keys) / Σ(knots·life). Slide is None without a flow.
    """

    points_per_frame: float
    stored_values: int
    key_ratio: float
    shapes: int
    shapes_above_300: int
    median_life: float
    point_count_changes: int
    self_intersections: int
    orientation_flips: int
    jitter_px: float
    slide_median_px: float | None = None
    slide_p95_px: float | None = None


@dataclass(frozen=True)
class _Placed:
    """A Bézier outline (n, 6) of a shape on one frame, in plate px, and the signed area that it covers, px²."""

    shape: KeyedShape
    outline: Array
    area: float


def score_curves(
    document: ShapeDocument,
    masks: Iterable[tuple[int, NDArray[Any]]],
    within: Element | None = None,
    flow: Flow | None = None,
) -> CurveFigures:
    """Figures of a document, or of what ``within`` holds, against (frame, mask) pairs, read one at a time.

    ``flow(frame)`` gives (height, width, 2) px from a frame to the next given one. Raises InputError without masks or
    where a mask's size is not the document's.
    """
    tally, placed = AgreementTally(), {}
    for frame, mask in masks:
        tally.add(frame, rasterise(document, frame, within), mask)
        placed[frame] = list(_outlines(document, frame, within))
    shapes = list(_shapes_of(document, within))
    return _figures(tally.result(), placed, shapes, _transform_values(document), flow)


def knot_slides(document: ShapeDocument, frames: Iterable[int], flow: Flow) -> Array:
    """How far each knot runs along its outline apart from the picture's own motion, px a frame; NaN where flow is."""
    placed = {frame: list(_outlines(document, frame, None)) for frame in frames}
    lives = [_life(shape, placed) for shape in document.shapes()]
    return _slides(filter(None, lives), placed, flow)


def _outlines(document: ShapeDocument, frame: int, within: Element | None) -> Iterable[_Placed]:
    wanted = {id(shape) for shape in _shapes_of(document, within)}
    for shape, matrix in placed_shapes(document, frame):
        if id(shape) in wanted and opacity_at(shape, frame) > 0:
            yield _placed(shape, frame, matrix)


def _placed(shape: KeyedShape, frame: int, matrix: Matrix) -> _Placed:
    outline = shape_outline(shape, frame, matrix)
    polygon = flatten(outline) if shape.closed else shape_polygon(shape, frame, matrix)
    return _Placed(shape, outline, polygon_area(polygon))


def _shapes_of(document: ShapeDocument, within: Element | None) -> Iterable[KeyedShape]:
    if isinstance(within, KeyedShape):
        return [within]
    return ShapeDocument(1, 1, within.children).shapes() if isinstance(within, Layer) else document.shapes()


def stored_values(document: ShapeDocument) -> int:
    """Six numbers for every knot of every key, and for every transform key of layers and shapes."""
    return _key_values(document.shapes()) + _transform_values(document)


def _key_values(shapes: Iterable[KeyedShape]) -> int:
    return sum(6 * shape.knot_count * len(shape.keys) for shape in shapes)


def _transform_values(document: ShapeDocument) -> int:
    """Six numbers for every transform key."""

    def count(element: Element) -> int:
        own = 6 * len(element.transform) if isinstance(element, (Layer, KeyedShape)) else 0
        return own + (sum(count(child) for child in element.children) if isinstance(element, Layer) else 0)

    return sum(count(child) for child in document.children)


def _figures(
    agreement: Agreement,
    placed: Mapping[int, Sequence[_Placed]],
    shapes: Sequence[KeyedShape],
    transform_values: int,
    flow: Flow | None,
) -> CurveFigures:
    lives = {id(shape): _life(shape, placed) for shape in shapes}
    keyed = sum(shape.knot_count * len(shape.keys) for shape in shapes)
    lived = sum(shape.knot_count * max(1, len(lives[id(shape)])) for shape in shapes)
    areas = {key: np.abs([item.area for item in life]) for key, life in lives.items()}
    closed = [life for life in lives.values() if life and life[0].shape.closed]
    slides = _slides(lives.values(), placed, flow) if flow else None
    return CurveFigures(
        **vars(agreement),
        points_per_frame=float(np.mean([sum(len(item.outline) for item in items) for items in placed.values()])),
        stored_values=_key_values(shapes) + transform_values,
        key_ratio=keyed / lived if lived else 0.0,
        shapes=len(shapes),
        shapes_above_300=sum(bool(len(area)) and float(area.mean()) > SHAPE_AREA_PX2 for area in areas.values()),
        median_life=_weighted_median([(len(area), float(area.sum())) for area in areas.values() if len(area)]),
        point_count_changes=sum(len({len(key.knots) for key in shape.keys}) - 1 for shape in shapes),
        self_intersections=sum(count_crossings(item.outline) > 0 for life in closed for item in life),
        orientation_flips=sum(item.area * life[0].area <= 0 for life in closed for item in life),
        jitter_px=_jitter(lives.values()),
        slide_median_px=None if slides is None else float(np.median(slides)),
        slide_p95_px=None if slides is None else float(np.quantile(slides, 0.95)),
    )


def _life(shape: KeyedShape, placed: Mapping[int, Sequence[_Placed]]) -> list[_Placed]:
    return [item for items in placed.values() for item in items if item.shape is shape]


def _weighted_median(lives: Sequence[tuple[int, float]]) -> float:
    """Median life in frames, a shape counting by its area."""
    if not lives:
        return 0.0
    ordered = sorted(lives)
    weight = np.cumsum([area for _, area in ordered])
    return float(ordered[int(np.searchsorted(weight, weight[-1] / 2))][0])


def _jitter(lives: Iterable[Sequence[_Placed]]) -> float:
    """Mean second difference of the knots over time, the shape's mean one taken out."""
    jitters = [np.zeros(0)]
    for life in lives:
        if len(life) > 2:
            second = np.diff(np.array([item.outline[:, :2] for item in life]), n=2, axis=0)
            jitters.append(np.linalg.norm(second - second.mean(axis=1, keepdims=True), axis=-1).ravel())
    every = np.concatenate(jitters)
    return float(every.mean()) if len(every) else 0.0


def _slides(lives: Iterable[Sequence[_Placed]], placed: Mapping[int, Sequence[_Placed]], flow: Flow) -> Array:
    """How far knots run along the outline apart from the picture's own motion, px a frame."""
    wanted = {
        id(life[0].shape)
        for life in lives
        if len(life) >= 3 and float(np.mean([abs(item.area) for item in life])) >= SLIDE_AREA_PX2
    }
    slides = [np.zeros(0)]
    frames = list(placed)
    for frame, following in pairwise(frames):
        after = {id(item.shape): item.outline for item in placed[following]}
        motion = flow(frame)
        slides += [
            _slide(item.outline, after[id(item.shape)], motion)
            for item in placed[frame]
            if id(item.shape) in wanted and id(item.shape) in after
        ]
    every = np.concatenate(slides)
    return every if len(every) else np.zeros(1)


def _slide(outline: Array, after: Array, motion: NDArray[np.float32]) -> Array:
    """Slides of the knots that lie inside of the picture on both frames."""
    here, there = outline[:, :2], after[:, :2]
    size = np.array([motion.shape[1], motion.shape[0]])
    inside = [((points > BORDER_PX) & (points < size - BORDER_PX)).all(axis=1) for points in (here, there)]
    column, row = np.clip(here, 0, size - 1).astype(int).T
    away = there - here - motion[row, column]
    return np.abs(np.einsum("ij,ij->i", away, _directions(outline)))[inside[0] & inside[1]]


def _directions(outline: Array) -> Array:
    """Unit vectors along the outline at its knots: between the handles, between the neighbours without handles."""
    handles = outline[:, 4:6] - outline[:, 2:4]
    chord = np.roll(outline[:, :2], -1, axis=0) - np.roll(outline[:, :2], 1, axis=0)
    along = np.where(np.linalg.norm(handles, axis=1, keepdims=True) > 1e-6, handles, chord)
    return along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
