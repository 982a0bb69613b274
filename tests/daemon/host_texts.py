"""Texts of a host's shapes, changed as an artist would."""

from dataclasses import replace

from roto_formats.registry import document_text
from roto_formats.settings import FormatSettings
from roto_geometry.edits.sites import sites
from roto_shared.protocol.messages import CurveSettings
from roto_shared.shapes import ShapeDocument
from roto_shared.sites import with_elements

DENSE = CurveSettings(track=False, key_density=8.0)
PLATE_SIZE = FormatSettings(size=(97, 63))


def text_of(document: ShapeDocument, kind: str = "curves") -> str:
    return document_text(document, f".{kind}")[0]


def pulled(document: ShapeDocument, key: int = 0, px: float = 4.0, layer: str = "") -> ShapeDocument:
    """The document with the first knot of a key moved to the right, as an artist would.

    It is that of its first shape, or of the first of a layer.
    """
    site = next(site for site in sites(document) if layer in ("", site.object))
    keys = list(site.shape.keys)
    first, *others = keys[key].knots
    keys[key] = replace(keys[key], knots=(first._replace(x=first.x + px), *others))
    return with_elements(document, {site.path: replace(site.shape, keys=tuple(keys))})
