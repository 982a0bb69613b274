"""A document as one SVG that a browser plays: every frame in its time, by SMIL path animation."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from roto_shared.drawing import ShapeSink, draw
from roto_shared.placement import matrix_at, placed_knots_at
from roto_shared.shapes import (
    IDENTITY,
    Blend,
    KeyedShape,
    Knot,
    Knots,
    Layer,
    Matrix,
    ShapeDocument,
    ShapeKind,
    opacity_at,
)
from roto_shared.space import multiply

from .notes import Note
from .number_text import short_text
from .settings import FormatSettings
from .tracks import whole_frames_between
from .xml_tree import printable

DECIMALS = 3
BACKGROUND = "#202020"
"""What shows where no shape is, and through holes."""


class SvgSink(ShapeSink):
    """Gathers a document into :attr:`text`: groups for layers, a path for each shape, one value for each frame."""

    def __init__(self) -> None:
        self.text = ""
        self._document = ShapeDocument(1, 1)
        self._groups: list[tuple[Layer | None, list[str]]] = [(None, [])]

    def begin_document(self, document: ShapeDocument) -> None:
        self._document = document

    def begin_layer(self, layer: Layer) -> None:
        self._groups.append((layer, []))

    def draw_shape(self, shape: KeyedShape) -> None:
        if shape.knot_count:
            self._groups[-1][1].append(self._path(shape))

    def end_layer(self, layer: Layer) -> None:
        children = self._groups.pop()[1]
        display = "" if layer.visible else ' display="none"'
        body = "\n".join(reversed(children))
        self._groups[-1][1].append(f"<g data-name={quoteattr(printable(layer.name))}{display}>\n{body}\n</g>")

    def end_document(self, document: ShapeDocument) -> None:
        width, height = document.width, document.height
        body = "\n".join(reversed(self._groups.pop()[1]))
        stretch = short_text(width * document.pixel_aspect)
        self.text = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{stretch}" height="{height}" '
            f'viewBox="0 0 {width} {height}" preserveAspectRatio="none">\n'
            f"<title>{escape(printable(document.name))}</title>\n"
            f'<rect width="{width}" height="{height}" fill="{BACKGROUND}"/>\n{body}\n</svg>\n'
        )

    def _path(self, shape: KeyedShape) -> str:
        frames = whole_frames_between(self._document.first_frame - 1, self._document.last_frame + 1)
        outlines = [self._outline(shape, frame) for frame in frames]
        opacities = [short_text(opacity_at(shape, frame), DECIMALS) for frame in frames]
        animations = self._animation("d", outlines) + self._animation("opacity", opacities)
        look = f'fill="{_paint(shape)}" fill-rule="{"evenodd" if shape.inverted else "nonzero"}"'
        if not shape.closed:
            look = f'fill="none" stroke="{_paint(shape)}" stroke-width="{short_text(shape.width_px)}"'
        start = f'{look} opacity="{opacities[0]}" d="{outlines[0]}"'
        return f"<path data-name={quoteattr(printable(shape.name))} {start}>{animations}</path>"

    def _outline(self, shape: KeyedShape, frame: int) -> str:
        matrix = self._matrix(shape, frame)
        knots = placed_knots_at(shape, matrix, frame)
        path = (
            bspline_path(knots, shape.closed) if shape.kind is ShapeKind.BSPLINE else bezier_path(knots, shape.closed)
        )
        picture = f"M0 0H{self._document.width}V{self._document.height}H0Z "
        return picture + path if shape.inverted else path

    def _matrix(self, shape: KeyedShape, frame: int) -> Matrix:
        matrix = IDENTITY
        width, height = self._document.width, self._document.height
        for layer, _ in self._groups[1:]:
            if layer and layer.transform:
                matrix = multiply(matrix, matrix_at(layer.transform, frame, width, height))
        return multiply(matrix, matrix_at(shape.transform, frame, width, height)) if shape.transform else matrix

    def _animation(self, name: str, values: Sequence[str]) -> str:
        """A value for each frame, held for its time; nothing where it never changes. Equal neighbours are told once."""
        changes = [i for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
        if len(changes) == 1:
            return ""
        times = ";".join(short_text(i / len(values), 6) for i in changes)
        seconds = short_text(len(values) / self._document.fps)
        told = ";".join(values[i] for i in changes)
        timing = f'dur="{seconds}s" repeatCount="indefinite" calcMode="discrete" keyTimes="{times}"'
        return f'<animate attributeName="{name}" {timing} values="{told}"/>'


def bezier_path(knots: Knots, closed: bool) -> str:
    """SVG path data of a Bézier contour."""
    pairs = list(zip(knots, (*knots[1:], knots[0]), strict=True))
    parts = [f"M{_pair(knots[0].x, knots[0].y)}"]
    for a, b in pairs if closed else pairs[:-1]:
        ends = ((a.x + a.out_x, a.y + a.out_y), (b.x + b.in_x, b.y + b.in_y), (b.x, b.y))
        parts.append("C" + " ".join(_pair(*end) for end in ends))
    return "".join(parts) + ("Z" if closed else "")


def bspline_path(points: Knots, closed: bool) -> str:
    """SVG path data of a uniform cubic B-spline's control points; an open one counts its ends three times."""
    first, last = points[0], points[-1]
    around = (last, *points, first) if closed else (first, first, *points, last, last)
    return bezier_path(_bspline_knots(around), closed)


def _bspline_knots(points: Knots) -> Knots:
    """The Bézier knot at every inner control point: a sixth, two thirds and a sixth of it and its neighbours."""
    triples = zip(points, points[1:], points[2:], strict=False)
    return tuple(
        Knot(
            (a.x + 4 * b.x + c.x) / 6, (a.y + 4 * b.y + c.y) / 6,
            (a.x - c.x) / 6, (a.y - c.y) / 6, (c.x - a.x) / 6, (c.y - a.y) / 6,
        )
        for a, b, c in triples
    )  # fmt: skip


def _pair(x: float, y: float) -> str:
    return f"{short_text(x, DECIMALS)} {short_text(y, DECIMALS)}"


def _paint(shape: KeyedShape) -> str:
    if shape.blend is Blend.SUBTRACT:
        return BACKGROUND
    return "rgb(" + ",".join(str(round(255 * min(1.0, max(0.0, part)))) for part in shape.colour) + ")"


def write_svg(document: ShapeDocument, _settings: FormatSettings) -> tuple[str, list[Note]]:
    """The text of the file; it is a picture of the shapes, so that nothing counts as lost."""
    sink = SvgSink()
    draw(document, sink)
    return sink.text, []
