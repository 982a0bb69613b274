"""One protocol: the order in which a sink hears of a document."""

from roto_shared.drawing import ShapeSink, draw
from roto_shared.shapes import Foreign, KeyedShape, Knot, Layer, Native, ShapeDocument, ShapeKey

SHAPE = KeyedShape("shape", (ShapeKey(1.0, (Knot(0.0, 0.0),)),))
STROKE = Foreign("stroke", "cubiccurve", Native("nuke", "{}"))
DOCUMENT = ShapeDocument(64, 48, (Layer("outer", (SHAPE, Layer("inner", (STROKE,)))), SHAPE), name="document")


class RecordingSink(ShapeSink):
    """Writes down every call."""

    def __init__(self) -> None:
        self.calls = []

    def begin_document(self, document: ShapeDocument) -> None:
        self.calls.append(("begin_document", document))

    def begin_layer(self, layer: Layer) -> None:
        self.calls.append(("begin_layer", layer))

    def draw_shape(self, shape: KeyedShape) -> None:
        self.calls.append(("draw_shape", shape))

    def draw_foreign(self, element: Foreign) -> None:
        self.calls.append(("draw_foreign", element))

    def end_layer(self, layer: Layer) -> None:
        self.calls.append(("end_layer", layer))

    def end_document(self, document: ShapeDocument) -> None:
        self.calls.append(("end_document", document))


def test_every_begin_has_its_end_and_the_topmost_comes_first():
    sink = RecordingSink()
    draw(DOCUMENT, sink)
    assert [f"{call} {element.name}" for call, element in sink.calls] == [
        "begin_document document",
        "begin_layer outer",
        "draw_shape shape",
        "begin_layer inner",
        "draw_foreign stroke",
        "end_layer inner",
        "end_layer outer",
        "draw_shape shape",
        "end_document document",
    ]


def test_a_sink_hears_only_what_it_asks_for():
    class Names(ShapeSink):
        def __init__(self) -> None:
            self.names = []

        def draw_shape(self, shape: KeyedShape) -> None:
            self.names.append(shape.name)

    sink = Names()
    draw(DOCUMENT, sink)
    assert sink.names == ["shape", "shape"]


def test_two_equal_documents_are_drawn_alike():
    one, other = RecordingSink(), RecordingSink()
    draw(DOCUMENT, one)
    draw(ShapeDocument(64, 48, DOCUMENT.children, name="document"), other)
    assert one.calls == other.calls
