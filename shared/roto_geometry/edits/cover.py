"""New shapes for what the masks show and nothing covers, or for masks of their own, in a layer of their own.

What is drawn already stays as it is: slivers along edges are left to it, and new shapes reach a few pixels under what
they touch, so that no seam opens. Holes that others fill are closed. The new layer is the topmost one, since the
masks are right where it draws and other shapes' holes must not cut it. The same the other way round makes subtractive
shapes for what is drawn and the masks do not show.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import polygon_area
from roto_geometry.fitting import ShapeFitter
from roto_geometry.measure.raster import Matte, shape_polygon
from roto_geometry.settings import FitSettings
from roto_shared.errors import InputError
from roto_shared.shapes import Blend, Element, KeyedShape, Layer, ShapeDocument

from .absence import lives_on
from .edited import Edited
from .sites import sites
from .targets import Masks, distance_to, rasterise_opaque

OVERLAP_PX = 4
"""How far a new shape reaches under what is drawn already, as parts do at a joint."""
SLIVER_SHARE = 0.01
"""Matter that lies no farther than this share of the picture's height off what is drawn, and is no thicker, is an edge
that errs, not a part (5 px at 480 lines)."""


def add_part(
    document: ShapeDocument, masks: Masks, name: str, settings: FitSettings | None = None, whole: bool = False
) -> Edited:
    """The document with a layer ``name`` more, of shapes for what ``masks`` show beyond what it draws.

    ``whole``: the masks are the new part itself, whatever is drawn. Nothing is added where there is nothing worth a
    shape, and the notes say so. Raises InputError where masks have another size than the document, or there are none.
    """
    settings = settings or FitSettings()
    if not masks.frames:
        raise InputError("There are no masks of the new part.", "Give at least one frame.")

    def part(mask: Matte, frame: int) -> Matte:
        return mask if whole else _uncovered(mask, rasterise_opaque(document, frame))

    layer = _fitted(document, masks, name, settings, part, 0.0 if whole else settings.shape_price)
    if not layer.children:
        return Edited(document, ("There is nothing that the shapes do not cover already.",))
    return _with_layer(document, layer, masks.frames, "new shape")


def add_holes(document: ShapeDocument, masks: Masks, name: str, settings: FitSettings) -> Edited:
    """The document with a layer ``name`` more, of subtractive shapes for what it draws beyond ``masks``.

    It is the same, with nothing to be said, where nothing is worth a shape. Raises InputError as :func:`add_part`.
    """

    def part(mask: Matte, frame: int) -> Matte:
        return _uncovered(1 - mask, 1 - rasterise_opaque(document, frame))

    layer = _fitted(document, masks, name, settings, part, settings.shape_price)
    return _with_layer(document, _subtracted(layer), masks.frames, "new hole") if layer.children else Edited(document)


def cover_differences(document: ShapeDocument, masks: Masks, settings: FitSettings) -> Edited:
    """The document with a layer ``new holes`` for what it draws beyond ``masks``, and ``new`` for what they show more.

    It is the same, with nothing to be said, where nothing is worth a shape. Raises InputError as :func:`add_part`.
    """
    cut = add_holes(document, masks, "new holes", settings)
    found = add_part(cut.document, masks, "new", settings)
    return Edited(found.document, cut.notes + (found.notes if found.document is not cut.document else ()))


def _fitted(
    document: ShapeDocument,
    masks: Masks,
    name: str,
    settings: FitSettings,
    part: Callable[[Matte, int], Matte],
    price: float,
) -> Layer:
    """Shapes for the ``part`` of each mask, without those that are not worth ``price``."""
    fitter = ShapeFitter(free_name({child.name for child in document.children}, name), settings)
    areas = {}
    for frame in masks.frames:
        mask = masks.soft(frame, document)
        areas[frame] = float(mask.sum())
        fitter.add(frame, part(mask, frame))
    return _worthwhile(fitter.fit_unmeasured(), areas, price)


def _subtracted(layer: Layer) -> Layer:
    """The layer with all that adds taking away, and the other way round."""
    return replace(layer, children=tuple(map(_inverse, layer.children)))


def _inverse(element: Element) -> Element:
    if isinstance(element, Layer):
        return _subtracted(element)
    assert isinstance(element, KeyedShape)  # a fit makes nothing else
    return replace(element, blend=Blend.ADD if element.blend is Blend.SUBTRACT else Blend.SUBTRACT)


def _with_layer(document: ShapeDocument, layer: Layer, frames: Sequence[int], what: str) -> Edited:
    count = len(list(ShapeDocument(1, 1, (layer,)).shapes()))
    grown = replace(
        document,
        children=(layer, *document.children),
        first_frame=min(document.first_frame, frames[0]),
        last_frame=max(document.last_frame, frames[-1]),
    )
    return Edited(grown, (f"{layer.name}: {count} {what}{'s' if count > 1 else ''}.",))


def free_name(taken: Collection[str], name: str) -> str:
    """The name, with a number where it is ``taken`` already."""
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def _uncovered(mask: Matte, drawn: Matte) -> Matte:
    """What of a mask nothing covers, with a little of what is covered next to it; nothing for slivers along edges."""
    covered = drawn >= 0.5
    beyond = (mask >= 0.5) & ~covered
    sliver = max(2, round(SLIVER_SHARE * mask.shape[0]))
    thick = cv2.morphologyEx(beyond.astype(np.uint8), cv2.MORPH_OPEN, _disk(sliver // 2)).astype(bool)
    far = beyond & (distance_to(covered) > sliver)
    piece = (_grown(thick, sliver // 2 + 1) | _grown(far, sliver + 1)) & beyond
    if not piece.any():
        return np.zeros_like(mask)
    piece |= _grown(piece, OVERLAP_PX) & covered & (mask >= 0.5)
    piece |= _filled_by(covered, piece)
    return np.where(_grown(piece, 1), mask, 0).astype(np.float32)


def _disk(radius: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), dtype=np.uint8)


def _grown(inside: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    return cv2.dilate(inside.astype(np.uint8), _disk(radius)).astype(bool)


def _filled_by(covered: NDArray[np.bool_], piece: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The holes of a piece that are drawn already for the most part."""
    count, labels = cv2.connectedComponents((~piece).astype(np.uint8), connectivity=4)
    labels = np.asarray(labels)
    around = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    drawn, size = (np.bincount(labels.ravel(), weight, count) for weight in (covered.ravel(), None))
    holes = [label for label in range(1, count) if label not in around and drawn[label] > 0.5 * size[label]]
    return np.isin(labels, holes)


def _worthwhile(layer: Layer, mask_areas: Mapping[int, float], price: float) -> Layer:
    """The layer without children that cover less than ``price`` shares of the masks, summed over their lives."""
    share: defaultdict[int, float] = defaultdict(float)
    for site in sites(ShapeDocument(1, 1, layer.children)):
        for frame, area in mask_areas.items():
            if lives_on(site.shape, frame):
                polygon = shape_polygon(site.shape, frame, site.matrix(frame))
                share[site.path[0]] += abs(polygon_area(polygon)) / max(area, 1.0)
    return replace(layer, children=tuple(child for i, child in enumerate(layer.children) if share[i] >= price))
