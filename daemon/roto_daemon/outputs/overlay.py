"""A document drawn over its plate, for eyes: tinted objects, outlines, knots and a line of text.

Objects are the document's top-level elements. Knots are squares: large and white on a key frame of
their shape, small and in the object's colour between keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_daemon.backends.base import Image
from roto_geometry.bezier import flatten
from roto_geometry.measure.raster import rasterise, shape_outline
from roto_shared.placement import placed_shapes
from roto_shared.shapes import Colour, Element, Foreign, KeyedShape, Layer, ShapeDocument, opacity_at

PALETTE: tuple[Colour, ...] = (
    (0.13, 0.86, 1.00),
    (1.00, 0.62, 0.10),
    (0.55, 0.95, 0.25),
    (1.00, 0.35, 0.62),
    (0.72, 0.55, 1.00),
    (1.00, 0.92, 0.25),
)
"""Told apart by most eyes, and rare in plates; for objects that have no colour of their own."""

WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)
KEY_COLOUR = (255, 214, 64)
WARNING_COLOUR = (255, 96, 72)
DOUBT_COLOUR = (255, 160, 64)
TINT, RIM = 0.2, 0.45
"""How much of an object its colour covers, and how dark the rim of a line is."""

SUBPIXEL_BITS = 4


@dataclass(frozen=True)
class Tag:
    """A word in the corner of the picture, in an 8-bit RGB colour."""

    text: str
    colour: tuple[int, int, int] = (255, 255, 255)


KEY = Tag("KEY", KEY_COLOUR)
NEEDS_CLICK = Tag("NEEDS A CLICK", WARNING_COLOUR)
UNCERTAIN = Tag("UNCERTAIN", DOUBT_COLOUR)
UNREADABLE = Tag("PLATE UNREADABLE", WARNING_COLOUR)


def draw_frame(image: Image, document: ShapeDocument, frame: int, tags: Sequence[Tag] = ()) -> Image:
    """A copy of ``image`` (uint8 RGB of the document's size) with the document's shapes on ``frame`` drawn over it.

    The corner names the frame, tells key frames and shows ``tags``.
    """
    drawn = image.copy()
    for element, colour in coloured_objects(document):
        _blend(drawn, rasterise(document, frame, element) * np.float32(TINT), colour)
    is_key = False
    for shape, outline, colour in _outlines(document, frame):
        on_key = any(key.frame == frame for key in shape.keys)
        is_key = is_key or on_key
        _draw_outline(drawn, outline, shape.closed, colour)
        _draw_knots(drawn, outline, colour, on_key)
    _write_line(drawn, [Tag(str(frame)), *([KEY] if is_key else []), *tags])
    return drawn


def coloured_objects(document: ShapeDocument) -> Iterator[tuple[Layer | KeyedShape, Colour]]:
    """The document's objects, the lowest first, each with its own colour, or one of the palette's where it is white."""
    elements = [child for child in document.children if not isinstance(child, Foreign)]
    for index, element in reversed(list(enumerate(elements))):
        own = _own_colour(element)
        yield element, PALETTE[index % len(PALETTE)] if own == WHITE else own


def _own_colour(element: Element) -> Colour:
    if isinstance(element, Foreign) or element.colour != WHITE:
        return WHITE if isinstance(element, Foreign) else element.colour
    shapes = element.children if isinstance(element, Layer) else ()
    return next((shape.colour for shape in shapes if isinstance(shape, KeyedShape)), WHITE)


def _outlines(document: ShapeDocument, frame: int) -> Iterator[tuple[KeyedShape, NDArray[np.float64], Colour]]:
    """Shapes that show on ``frame`` with their outlines (n, 6), the lowest first, in their objects' colours."""
    owners = {id(shape): colour for element, colour in coloured_objects(document) for shape in _shapes_in(element)}
    for shape, matrix in reversed(list(placed_shapes(document, frame))):
        if opacity_at(shape, frame) > 0:
            yield shape, shape_outline(shape, frame, matrix), owners[id(shape)]


def _shapes_in(element: Element) -> Iterator[KeyedShape]:
    if isinstance(element, KeyedShape):
        yield element
    elif isinstance(element, Layer):
        for child in element.children:
            yield from _shapes_in(child)


def _blend(image: Image, share: NDArray[np.float32], colour: Colour) -> None:
    """Lay ``colour`` over the picture in place, as much of it as ``share`` (H, W) says, 0..1."""
    x, y, width, height = cv2.boundingRect((share > 0).view(np.uint8))
    box = np.s_[y : y + height, x : x + width]
    weight = share[box][..., None]
    image[box] = np.rint(image[box] * (1 - weight) + np.array(_to_bytes(colour), np.float32) * weight)


def _draw_outline(image: Image, outline: NDArray[np.float64], closed: bool, colour: Colour) -> None:
    """A thin line on a shaded rim, so that it reads on any plate and hides little of the edge."""
    path = _to_subpixels(flatten(outline, closed=closed))
    width = _unit_px(image)
    rim = np.zeros(image.shape[:2], np.uint8)
    cv2.polylines(rim, [path], closed, 255, width + 2, cv2.LINE_AA, SUBPIXEL_BITS)
    _blend(image, rim.astype(np.float32) * np.float32(RIM / 255), BLACK)
    cv2.polylines(image, [path], closed, _to_bytes(colour), width, cv2.LINE_AA, SUBPIXEL_BITS)


def _draw_knots(image: Image, outline: NDArray[np.float64], colour: Colour, on_key: bool) -> None:
    half = 0.5 + _unit_px(image) * (1.0 if on_key else 0.75)
    for x, y in outline[:, :2]:
        (start,), (end,) = _to_subpixels(np.array([(x - half, y - half), (x + half, y + half)])).tolist()
        fill = (255, 255, 255) if on_key else _to_bytes(colour)
        cv2.rectangle(image, start, end, fill, cv2.FILLED, cv2.LINE_AA, SUBPIXEL_BITS)


def _to_subpixels(points: NDArray[np.float64]) -> NDArray[np.int32]:
    """Plate px to OpenCV's fixed point, whose integers are pixel centres; (n, 1, 2)."""
    return np.rint((points - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)[:, None, :]


def _unit_px(image: Image) -> int:
    """Thickness of a line: 1 px at 480 lines, 2 at 720 and 1080, 4 at 2160."""
    return max(1, round(min(image.shape[:2]) / 480))


def _to_bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(255 * min(max(value, 0.0), 1.0)) for value in colour)
    return red, green, blue


def _write_line(image: Image, tags: Sequence[Tag]) -> None:
    """The tags side by side in the upper left corner, on darkened ground."""
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, max(0.35, min(image.shape[:2]) / 900)
    stroke = max(1, round(scale * 1.6))
    gap = round(20 * scale)
    sizes = [cv2.getTextSize(tag.text, font, scale, stroke)[0] for tag in tags]
    height = max(size[1] for size in sizes)
    ground = image[: height + 2 * gap, : sum(size[0] + gap for size in sizes) + gap]
    ground[:] = ground // 3
    x = gap
    for tag, (width, _) in zip(tags, sizes, strict=True):
        cv2.putText(image, tag.text, (x, gap + height), font, scale, tag.colour, stroke, cv2.LINE_AA)
        x += width + gap
