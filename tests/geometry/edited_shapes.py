"""Shapes, masks and an artist's changes that the tests of edits share."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from pictures import Mask, superellipse

from roto_geometry.edits.sites import Site, sites
from roto_geometry.edits.targets import Masks
from roto_geometry.fitting import fit_shapes, fitted_document
from roto_geometry.settings import FitSettings
from roto_shared.shapes import KeyedShape, ShapeDocument, ShapeKey, knots_at
from roto_shared.sites import with_elements
from roto_shared.timeline import Interpolation

SIZE = (96, 72)
FRAMES = range(1, 22)


def rounded_box(frame: int) -> Mask:
    """A box with round corners that crosses the picture, grows and slows down."""
    return superellipse(SIZE, (26 + 4 * frame - 0.09 * frame**2, 36), (14 + 0.3 * frame, 17), 3.0)


def masks_of(pictures: Mapping[int, Mask]) -> Masks:
    return Masks(sorted(pictures), pictures.__getitem__)


def box_masks() -> Masks:
    return masks_of({frame: rounded_box(frame) for frame in FRAMES})


def fitted(masks: Masks, size: tuple[int, int] = SIZE, track: bool = True) -> ShapeDocument:
    result = fit_shapes(((frame, masks.read(frame)) for frame in masks.frames), FitSettings(track=track))
    return fitted_document([result], size, (masks.frames[0], masks.frames[-1]))


def keyed_on_thirds(document: ShapeDocument, way: Interpolation = Interpolation.LINEAR) -> ShapeDocument:
    """The document with the one shape that it has keyed on every third of the frames."""
    site = only_site(document)
    keys = tuple(ShapeKey(float(f), knots_at(site.shape, f), way) for f in FRAMES if f % 3 == 1)
    return with_elements(document, {site.path: replace(site.shape, keys=keys)})


def only_site(document: ShapeDocument) -> Site:
    (site,) = sites(document)
    return site


def with_knot_moved(site: Site, frame: float, knot: int, along: float = 0.0, aside: float = 0.0) -> KeyedShape:
    """The shape with a knot of one key moved by px along its outgoing tangent, and to the right of that."""

    def move(key):
        k = key.knots[knot]
        way = np.array([k.out_x, k.out_y]) / np.hypot(k.out_x, k.out_y)
        x, y = np.array([k.x, k.y]) + along * way + aside * np.array([-way[1], way[0]])
        knots = tuple(k._replace(x=float(x), y=float(y)) if i == knot else other for i, other in enumerate(key.knots))
        return replace(key, knots=knots)

    return replace(site.shape, keys=tuple(move(key) if key.frame == frame else key for key in site.shape.keys))


def edited(document: ShapeDocument, site: Site, frame: float, knot: int, **px: float) -> ShapeDocument:
    return with_elements(document, {site.path: with_knot_moved(site, frame, knot, **px)})


def davis_masks(davis: Path, sequence: str, count: int) -> Masks:
    paths = sorted((davis / sequence / "gt").glob("*.png"))[:count]
    if not paths:
        pytest.skip(f"no masks of {sequence} in {davis}")
    return masks_of({int(path.stem): np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)) for path in paths})
