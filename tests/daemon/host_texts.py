"""Texts of a host's shapes, changed as an artist would."""

from dataclasses import replace

from roto_formats.registry import document_text
from roto_formats.settings import FormatSettings
from roto_shared.protocol.messages import CurveSettings
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument

DENSE = CurveSettings(track=False, key_density=8.0)
PLATE_SIZE = FormatSettings(size=(97, 63))


def text_of(document: ShapeDocument, kind: str = "curves") -> str:
    return document_text(document, f".{kind}")[0]


def pulled(document: ShapeDocument, key: int = 0, px: float = 4.0) -> ShapeDocument:
    """The document with the first knot of a key moved to the right, as an artist would."""
    layer = document.children[0]
    assert isinstance(layer, Layer)
    shape = layer.children[0]
    assert isinstance(shape, KeyedShape)
    changed = shape.keys[key]
    knots = (changed.knots[0]._replace(x=changed.knots[0].x + px), *changed.knots[1:])
    keys = (*shape.keys[:key], replace(changed, knots=knots), *shape.keys[key + 1 :])
    return replace(document, children=(replace(layer, children=(replace(shape, keys=keys),)),))
