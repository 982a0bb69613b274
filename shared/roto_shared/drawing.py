"""One drawing protocol: a document is drawn into a sink, and every format, raster and recorder is such a sink."""

from typing import Tuple

from .shapes import Element, Foreign, KeyedShape, Layer, ShapeDocument


class ShapeSink:
    """What is told of a document, in the order of its list (topmost first); every begin has its end.

    Each call does nothing here: a sink overrides those it cares about.
    """

    def begin_document(self, document: ShapeDocument) -> None:
        """Size, rate and range are known from here on."""

    def begin_layer(self, layer: Layer) -> None:
        """Children follow until the matching end."""

    def draw_shape(self, shape: KeyedShape) -> None:
        """One shape of the innermost open layer."""

    def draw_foreign(self, element: Foreign) -> None:
        """Something of another host; sinks that do not know it pass over it."""

    def end_layer(self, layer: Layer) -> None:
        """The layer's children are complete."""

    def end_document(self, document: ShapeDocument) -> None:
        """Nothing follows."""


def draw(document: ShapeDocument, sink: ShapeSink) -> None:
    """Draw ``document`` into ``sink``."""
    sink.begin_document(document)
    _draw_children(document.children, sink)
    sink.end_document(document)


def _draw_children(children: Tuple[Element, ...], sink: ShapeSink) -> None:
    for child in children:
        if isinstance(child, Layer):
            sink.begin_layer(child)
            _draw_children(child.children, sink)
            sink.end_layer(child)
        elif isinstance(child, KeyedShape):
            sink.draw_shape(child)
        else:
            sink.draw_foreign(child)
