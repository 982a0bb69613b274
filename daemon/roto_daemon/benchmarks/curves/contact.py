"""A contact sheet of a keyed shot: some frames with outlines and knots, and the life and keys of every shape.

Frames are evenly spread and cut out around the object, all at one scale. A filled knot is keyed on that frame, a hollow
one stands between keys. Below, a bar is a shape's life, a mark a key, a thin line under it a track of its layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from roto_geometry.bezier import Array, flatten
from roto_geometry.measure.raster import shape_outline
from roto_shared.placement import placed_shapes
from roto_shared.shapes import Element, KeyedShape, Layer, Matrix, ShapeDocument, opacity_at

from .footage import Footage, Image, Mask
from .style import FAINT, GRID, SHAPES, TEXT, figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS, COLUMNS = 2, 4
ASPECT = 4 / 3
ROOM = 1.25
STRIPS = 14
DIMMED, MASK_GREY = 0.72, 90
WIDTH_IN, PICTURE_IN, STRIP_IN, LEGEND_IN = 14.0, 2.75, 0.21, 0.9


class Window(NamedTuple):
    """A part of the picture, px."""

    left: float
    top: float
    width: float
    height: float


def write_contact_sheet(
    path: Path, document: ShapeDocument, footage: Footage, masks: Sequence[tuple[int, Mask]]
) -> None:
    """Draw the sheet of one fitted shot to ``path``; the masks stand in for pictures that are not there."""
    shown = [masks[i] for i in sorted(set(np.linspace(0, len(masks) - 1, ROWS * COLUMNS).astype(int).tolist()))]
    shapes = _by_weight(document, [frame for frame, _ in masks])
    colours = {id(shape): SHAPES[i % len(SHAPES)] for i, shape in enumerate(shapes)}
    strips = min(len(shapes), STRIPS)
    heights = [PICTURE_IN * ROWS, LEGEND_IN + STRIP_IN * strips]
    with figure(WIDTH_IN, sum(heights), path) as drawn:
        (above,), (below,) = drawn.subfigures(2, 1, squeeze=False, height_ratios=heights)
        panels = above.subplots(ROWS, COLUMNS, squeeze=False).ravel()
        extent = _extent([mask for _, mask in shown])
        for axes, (frame, mask) in zip(panels, shown, strict=False):
            picture = footage.picture(frame) if footage.has_picture(frame) else _grey(mask)
            _draw_frame(axes, document, frame, picture, _window(mask, extent), colours)
        for axes in panels[len(shown) :]:
            axes.set_axis_off()
        _draw_strips(below.subplots(), shapes[:strips], len(shapes), document, [f for f, _ in shown], colours)


def _draw_frame(
    axes: Axes, document: ShapeDocument, frame: int, picture: Image, window: Window, colours: Mapping[int, str]
) -> None:
    height, width = picture.shape[:2]
    axes.imshow((picture * DIMMED).astype(np.uint8), extent=(0, width, height, 0), interpolation="bilinear")
    alive = [(shape, matrix) for shape, matrix in placed_shapes(document, frame) if opacity_at(shape, frame) > 0]
    for shape, matrix in alive:
        _draw_shape(axes, shape, frame, matrix, colours[id(shape)])
    axes.set_xlim(window.left, window.left + window.width)
    axes.set_ylim(window.top + window.height, window.top)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    keyed = sum(_is_keyed(shape, frame) for shape, _ in alive)
    axes.set_title(f"frame {frame}", fontsize=9)
    axes.set_title(f"{keyed} of {len(alive)} shapes keyed", fontsize=8, loc="right", color=FAINT)


def _draw_shape(axes: Axes, shape: KeyedShape, frame: int, matrix: Matrix, colour: str) -> None:
    outline = shape_outline(shape, frame, matrix)
    path = flatten(outline, closed=shape.closed)
    closed = np.vstack([path, path[:1]]) if shape.closed else path
    axes.plot(*closed.T, color=colour, lw=1.1)
    face = colour if _is_keyed(shape, frame) else "none"
    axes.plot(*outline[:, :2].T, "s", markersize=3.4, markerfacecolor=face, markeredgecolor=TEXT, markeredgewidth=0.6)


def _draw_strips(
    axes: Axes,
    shapes: Sequence[KeyedShape],
    count: int,
    document: ShapeDocument,
    shown: Sequence[int],
    colours: Mapping[int, str],
) -> None:
    """One row a shape: where it is there, its keys, and whether a layer carries its motion."""
    tracked = _tracked(document.children, False)
    for row, shape in enumerate(shapes):
        colour = colours[id(shape)]
        for first, last in _lives(shape, document):
            axes.barh(row, last - first + 1, left=first - 0.5, height=0.62, color=colour, alpha=0.22)
            if id(shape) in tracked:
                axes.plot([first - 0.5, last + 0.5], [row + 0.42] * 2, color=colour, lw=1.0)
        axes.plot([key.frame for key in shape.keys], [row] * len(shape.keys), "D", markersize=3.6, color=colour)
    for frame in shown:
        axes.axvline(frame, color=FAINT, lw=0.6, ls=(0, (2, 3)), zorder=0)
    axes.set_yticks(range(len(shapes)), [f"{shape.name} · {shape.knot_count} knots" for shape in shapes])
    axes.set_ylim(len(shapes) - 0.4, -0.6)
    axes.set_xlim(document.first_frame - 1, document.last_frame + 1)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=GRID)
    axes.set_xlabel("frame")
    more = f", the largest {len(shapes)} of {count} shapes" if count > len(shapes) else ""
    axes.set_title(f"Keys (marks), lives (bars) and layer tracks (lines){more}")


def _by_weight(document: ShapeDocument, frames: Sequence[int]) -> list[KeyedShape]:
    """The shapes, those first that cover most over their life."""
    weights: dict[int, float] = {}
    for frame in frames:
        for shape, matrix in placed_shapes(document, frame):
            if opacity_at(shape, frame) > 0:
                low, high = _box(shape_outline(shape, frame, matrix)[:, :2])
                weights[id(shape)] = weights.get(id(shape), 0.0) + float(np.prod(high - low))
    return sorted(document.shapes(), key=lambda shape: -weights.get(id(shape), 0.0))


def _tracked(children: Sequence[Element], placed: bool) -> set[int]:
    """The shapes whose motion a layer, or their own placement, carries."""
    found: set[int] = set()
    for child in children:
        if isinstance(child, Layer):
            found |= _tracked(child.children, placed or bool(child.transform))
        elif isinstance(child, KeyedShape) and (placed or child.transform):
            found.add(id(child))
    return found


def _lives(shape: KeyedShape, document: ShapeDocument) -> list[tuple[int, int]]:
    """First and last frames of the stretches on which a shape is there."""
    frames = range(document.first_frame, document.last_frame + 1)
    there = [frame for frame in frames if opacity_at(shape, frame) > 0]
    starts = [frame for frame in there if frame - 1 not in there]
    return list(zip(starts, [frame for frame in there if frame + 1 not in there], strict=True))


def _is_keyed(shape: KeyedShape, frame: int) -> bool:
    return any(key.frame == frame for key in shape.keys)


def _extent(masks: Sequence[Mask]) -> tuple[float, float]:
    """Width and height, px, of a window that holds the object on each of these frames."""
    sizes = [high - low for low, high in (_box(_pixels(mask)) for mask in masks if mask.any())]
    width, height = (ROOM * np.max(sizes, axis=0)) if sizes else masks[0].shape[::-1]
    return max(width, height * ASPECT), max(height, width / ASPECT)


def _window(mask: Mask, extent: tuple[float, float]) -> Window:
    """The window around the object, kept inside of the picture where it fits."""
    size = np.array(mask.shape[::-1], float)
    wanted = np.array(extent)
    low, high = _box(_pixels(mask)) if mask.any() else (np.zeros(2), size)
    corner = (low + high - wanted) / 2
    kept = np.where(wanted < size, np.clip(corner, 0, np.maximum(size - wanted, 0)), (size - wanted) / 2)
    return Window(*kept.tolist(), *wanted.tolist())


def _pixels(mask: Mask) -> Array:
    return np.argwhere(mask)[:, ::-1].astype(float)


def _box(points: Array) -> tuple[Array, Array]:
    return points.min(axis=0), points.max(axis=0)


def _grey(mask: Mask) -> Image:
    return np.repeat((mask * MASK_GREY).astype(np.uint8)[..., None], 3, axis=2)
