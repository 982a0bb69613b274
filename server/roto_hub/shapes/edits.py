"""What somebody does to a version's shapes in the browser, done to the document. Knots are plate pixels."""

from collections.abc import Sequence
from dataclasses import replace

from roto_shared.errors import InputError
from roto_shared.placement import matrix_at, place_knot
from roto_shared.shapes import KeyedShape, Knot, Knots, Layer, Matrix, ShapeDocument, ShapeKey, knots_at
from roto_shared.sites import Site, find_open_site, with_elements
from roto_shared.space import invert
from roto_shared.timeline import Interpolation

Points = Sequence[Sequence[float]]
"""Knots as they come: x, y, and both tangents relative to it."""


def with_moved_knots(document: ShapeDocument, name: str, frame: int, knots: Points) -> ShapeDocument:
    """A key on ``frame`` with these knots, which is remembered as an artist's. Raises InputError for another number."""
    site = find_open_site(document, name)
    if len(knots) != site.shape.knot_count:
        raise InputError(
            f"“{name}” has {site.shape.knot_count} knots, not {len(knots)}.", "Add or remove knots as such."
        )
    shape = _keyed(site.shape, frame, _unplaced(site, frame, knots))
    return with_elements(document, {site.path: shape})


def without_shape(document: ShapeDocument, name: str) -> ShapeDocument:
    """The document without a shape."""
    return with_elements(document, {find_open_site(document, name).path: None})


def with_new_shape(document: ShapeDocument, object: str, name: str, frame: int, knots: Points) -> ShapeDocument:
    """A closed shape more in an object's layer, on top and the same on every frame; a layer for a new object."""
    drawn = tuple(Knot(*map(float, knot)) for knot in knots)
    if len(drawn) < 3:
        raise InputError("A shape has three knots at least.", "Draw more of it.")
    layers = [child for child in document.children if isinstance(child, Layer) and child.name == object]
    layer = layers[0] if layers else Layer(object)
    matrix = matrix_at(layer.transform, frame, document.width, document.height) if layer.transform else None
    own = drawn if matrix is None else _through(drawn, _inverse(matrix, object, frame))
    shape = KeyedShape(name, (ShapeKey(float(frame), own),), colour=layer.colour, edited=(float(frame),))
    grown = replace(layer, children=(shape, *layer.children))
    if layers:
        return replace(document, children=tuple(grown if child is layer else child for child in document.children))
    return replace(document, children=(grown, *document.children))


def _keyed(shape: KeyedShape, frame: float, knots: Knots) -> KeyedShape:
    """The shape with a key there; what runs between keys goes on as it did."""
    before = [key for key in shape.keys if key.frame <= frame]
    beside = before[-1] if before else shape.keys[0]
    kind = Interpolation.LINEAR if beside.interpolation is Interpolation.HOLD else beside.interpolation
    key = ShapeKey(float(frame), knots, kind, feather=beside.feather)
    others = [one for one in shape.keys if one.frame != frame]
    keys = tuple(sorted([*others, key], key=lambda one: one.frame))
    return replace(shape, keys=keys, edited=tuple(sorted({*shape.edited, float(frame)})), native=None)


def _unplaced(site: Site, frame: float, knots: Points) -> Knots:
    """Knots of plate pixels in the shape's own coordinates; those that were not moved stay to the last bit."""
    shown, own = site.knots(frame), knots_at(site.shape, frame)
    came = tuple(Knot(*map(float, knot)) for knot in knots)
    if came == shown:
        return own
    back = _through(came, _inverse(site.matrix(frame), site.name, frame))
    return tuple(old if new == was else moved for old, was, new, moved in zip(own, shown, came, back, strict=True))


def _inverse(matrix: Matrix, name: str, frame: float) -> Matrix:
    try:
        return invert(matrix)
    except ZeroDivisionError:
        raise InputError(f"“{name}” is placed flat on frame {frame:g}.", "Change another frame.") from None


def _through(knots: Knots, matrix: Matrix) -> Knots:
    return tuple(place_knot(knot, matrix) for knot in knots)
