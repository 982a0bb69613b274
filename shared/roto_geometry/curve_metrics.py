"""How good keyed shapes are against the masks they came from: one definition of each figure.

Every frame is scored, whether it is keyed or not, on what a host would draw. Boundaries are compared at sub-pixel
precision: the iso-line at one half of the drawn matte against that of the mask, both sampled at most 1 px apart and
pooled; what lies on the picture's border is no boundary. Distances are px, areas px².
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from roto_shared.errors import InputError
from roto_shared.placement import placed_shapes
from roto_shared.shapes import Element, KeyedShape, Layer, Matrix, ShapeDocument, opacity_at

from .arclength import Contour
from .bezier import Array, flatten, polygon_area
from .contour import soft_mask, trace
from .guards import count_crossings
from .mask_metrics import boundary_f, jaccard
from .raster import rasterise, shape_outline

SHAPE_AREA_PX2 = 300.0
SLIDE_AREA_PX2 = 200.0
BORDER_PX = 0.75
SAMPLE_PX = 0.5

Flow = Callable[[int], NDArray[np.float32]]


@dataclass(frozen=True)
class CurveFigures:
    """Means over frames unless said otherwise. ``key_ratio`` is Σ(knots·keys) / Σ(knots·life).

    Slide is None without a flow; boundary figures are 0 where nothing is drawn.
    """

    frames: int
    iou: float
    iou_min: float
    worst_frame: int
    f2: float
    f1: float
    boundary_mean_px: float
    boundary_p95_px: float
    boundary_max_px: float
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
    """A closed Bézier outline (n, 6) of a shape on one frame, in plate px."""

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
    agreement, distances, placed = [], [np.zeros(0)], {}
    for frame, mask in masks:
        if mask.shape[:2] != (document.height, document.width):
            raise InputError(f"The mask of frame {frame} is {mask.shape[1]}×{mask.shape[0]}.", "Give the plate's size.")
        truth = soft_mask(mask)
        matte = rasterise(document, frame, within)
        inside, true = matte >= 0.5, truth >= 0.5
        agreement.append((frame, jaccard(inside, true), boundary_f(inside, true, 2), boundary_f(inside, true, 1)))
        distances.append(boundary_distances(matte, truth))
        placed[frame] = list(_outlines(document, frame, within))
    if not agreement:
        raise InputError("There are no masks to compare with.", "Give at least one frame.")
    shapes = list(_shapes_of(document, within))
    return _figures(np.array(agreement), np.concatenate(distances), placed, shapes, _transform_values(document), flow)


def boundary_distances(matte: NDArray[np.float32], truth: NDArray[np.float32]) -> Array:
    """Distances, px, of both iso-lines' samples to the other one; empty where one of them is."""
    mine, true = (_boundary_samples(picture) for picture in (matte, truth))
    if not len(mine) or not len(true):
        return np.zeros(0)
    return np.concatenate([KDTree(true).query(mine)[0], KDTree(mine).query(true)[0]])


def _boundary_samples(picture: NDArray[np.float32]) -> Array:
    """Points every ``SAMPLE_PX`` along the iso-line at one half, those on the picture's border left out."""
    samples = [np.zeros((0, 2))]
    for points in trace(picture):
        contour = Contour(points)
        samples.append(contour.at(np.arange(0.0, contour.length, SAMPLE_PX)))
    every = np.concatenate(samples)
    size = np.array([picture.shape[1], picture.shape[0]])
    return every[((every > BORDER_PX) & (every < size - BORDER_PX)).all(axis=1)]


def _outlines(document: ShapeDocument, frame: int, within: Element | None) -> Iterable[_Placed]:
    wanted = {id(shape) for shape in _shapes_of(document, within)}
    for shape, matrix in placed_shapes(document, frame):
        if id(shape) in wanted and shape.closed and opacity_at(shape, frame) > 0:
            yield _placed(shape, frame, matrix)


def _placed(shape: KeyedShape, frame: int, matrix: Matrix) -> _Placed:
    outline = shape_outline(shape, frame, matrix)
    return _Placed(shape, outline, polygon_area(flatten(outline)))


def _shapes_of(document: ShapeDocument, within: Element | None) -> Iterable[KeyedShape]:
    if isinstance(within, KeyedShape):
        return [within]
    return ShapeDocument(1, 1, within.children).shapes() if isinstance(within, Layer) else document.shapes()


def _transform_values(document: ShapeDocument) -> int:
    """Six numbers for every transform key of layers and shapes."""

    def count(element: Element) -> int:
        own = 6 * len(element.transform) if isinstance(element, (Layer, KeyedShape)) else 0
        return own + (sum(count(child) for child in element.children) if isinstance(element, Layer) else 0)

    return sum(count(child) for child in document.children)


def _figures(
    agreement: Array,
    distances: Array,
    placed: Mapping[int, Sequence[_Placed]],
    shapes: Sequence[KeyedShape],
    transform_values: int,
    flow: Flow | None,
) -> CurveFigures:
    lives = {id(shape): _life(shape, placed) for shape in shapes}
    keyed = sum(shape.knot_count * len(shape.keys) for shape in shapes)
    lived = sum(shape.knot_count * max(1, len(lives[id(shape)])) for shape in shapes)
    mean, p95, most = (distances.mean(), np.quantile(distances, 0.95), distances.max()) if len(distances) else (0, 0, 0)
    areas = {key: np.abs([item.area for item in life]) for key, life in lives.items()}
    slides = _slides(lives.values(), placed, flow) if flow else None
    worst = int(np.argmin(agreement[:, 1]))
    return CurveFigures(
        frames=len(agreement),
        iou=float(agreement[:, 1].mean()),
        iou_min=float(agreement[worst, 1]),
        worst_frame=int(agreement[worst, 0]),
        f2=float(agreement[:, 2].mean()),
        f1=float(agreement[:, 3].mean()),
        boundary_mean_px=float(mean),
        boundary_p95_px=float(p95),
        boundary_max_px=float(most),
        points_per_frame=float(np.mean([sum(len(item.outline) for item in items) for items in placed.values()])),
        stored_values=6 * keyed + transform_values,
        key_ratio=keyed / lived if lived else 0.0,
        shapes=len(shapes),
        shapes_above_300=sum(bool(len(area)) and float(area.mean()) > SHAPE_AREA_PX2 for area in areas.values()),
        median_life=_weighted_median([(len(area), float(area.sum())) for area in areas.values() if len(area)]),
        point_count_changes=sum(len({len(key.knots) for key in shape.keys}) - 1 for shape in shapes),
        self_intersections=sum(count_crossings(item.outline) > 0 for life in lives.values() for item in life),
        orientation_flips=sum(item.area * life[0].area <= 0 for life in lives.values() for item in life),
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
    here = outline[:, :2]
    column = np.clip(here[:, 0], 0, motion.shape[1] - 1).astype(int)
    row = np.clip(here[:, 1], 0, motion.shape[0] - 1).astype(int)
    along = outline[:, 4:6] - outline[:, 2:4]
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    return np.abs(np.einsum("ij,ij->i", after[:, :2] - here - motion[row, column], along))
