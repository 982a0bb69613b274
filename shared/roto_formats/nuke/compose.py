"""From the model to the text of a ``curves`` knob, laid out as Nuke lays it out.

What nobody changed goes back in Nuke's own words; of what was changed, the parts that were not (points, transform, each
attribute) keep theirs. New shapes carry the attributes that Nuke writes for a plain Bézier [seen].
"""

from collections.abc import Sequence

from roto_formats.notes import Fate, Note
from roto_formats.number_text import hex_float, hex_floats
from roto_shared.drawing import ShapeSink
from roto_shared.shapes import Foreign, KeyedShape, Layer, ShapeDocument, ShapeKey, TransformKey
from roto_shared.space import NukeSpace

from .attributes import Attributes, attributes_of, attributes_text, layer_attributes, shape_attributes
from .contour import contour_text, feather_track, main_track
from .curve import has_expression
from .frame import ROOT, centre_pivot, frame_of
from .interpret import HOST, LOCKED, NO_FEATHER, points_branch
from .original import Original, is_unchanged, means_same, original_of
from .pins import pins_move, without_pins
from .placement import placements_text
from .tree import Branch, part, quote
from .unsaid import EXPRESSIONS

RENDERABLE, RELATIVE_TANGENT = 512, 8192
OPEN_SHAPE, OPEN_CONTOUR = 1049088, 1056800
"""Flags as Nuke writes them [seen]."""

TOOL_NUMBER = 4.0
"""``tt`` of the Bézier tool [seen]."""

DEFAULT_OPEN_WIDTH_PX = 10.0
"""``osw`` that Nuke writes on closed shapes too, where it draws nothing [seen]."""


class NukeSink(ShapeSink):
    """Gathers a document into :attr:`curves`, as ``fromScript`` takes it, with :attr:`notes` on what it cost."""

    def __init__(self) -> None:
        self.curves = ""
        self.notes: list[Note] = []
        self._open: list[list[str]] = [[]]
        self._document = ShapeDocument(1, 1)
        self._space = NukeSpace(1)

    def begin_document(self, document: ShapeDocument) -> None:
        self._document, self._space = document, NukeSpace(document.height)

    def begin_layer(self, layer: Layer) -> None:  # noqa: ARG002
        self._open.append([])

    def draw_shape(self, shape: KeyedShape) -> None:
        original = original_of(shape, self._space)
        if original and is_unchanged(shape, original):
            self._open[-1].append(original.text)
        else:
            self._open[-1].append(self._shape_text(shape, original))

    def draw_foreign(self, element: Foreign) -> None:
        if element.native.host == HOST:
            self._open[-1].append(element.native.text)
        else:
            reason = f"a {element.kind} of {element.native.host} has no counterpart in Nuke"
            self.notes.append(Note(element.name, Fate.LOST, reason))

    def end_layer(self, layer: Layer) -> None:
        children = self._open.pop()
        self._open[-1].append(_with_children(self._layer_head(layer), children, self._indent + " "))

    def end_document(self, document: ShapeDocument) -> None:
        elements, frame = self._open.pop(), frame_of(document)
        root = elements[0] if _is_root(document.children) else _with_children(frame.root, elements, "\n    ")
        self.curves = frame.before + root + frame.after

    @property
    def _indent(self) -> str:
        """Line end and blanks of what stands in the innermost open layer; the root layer may be one of them."""
        return "\n" + " " * (len(self._open) + (2 if _is_root(self._document.children) else 3))

    def _layer_head(self, layer: Layer) -> str:
        original = original_of(layer, self._space)
        if original and is_unchanged(layer, original):
            return original.text
        attributes = layer_attributes(layer)
        if original:
            attributes = _merged(original, layer_attributes(original.element), attributes)  # type: ignore[arg-type]
        indent = self._indent + " "
        placement = self._placement(layer, original) or centre_pivot(self._document)
        flags = RENDERABLE | (LOCKED if layer.locked else 0)
        parts = (f"{{layer {quote(layer.name)}", f"{{f {flags}}}", placement, attributes_text(attributes))
        return indent.join(parts) + "}"

    def _shape_text(self, shape: KeyedShape, original: Original | None) -> str:
        indent = self._indent + " "
        parts = [
            self._points(shape, original, indent),
            self._placement(shape, original) or self._shape_pivot(shape),
            attributes_text(self._attributes(shape, original)),
        ]
        flags = (RENDERABLE if shape.closed else OPEN_SHAPE) | (LOCKED if shape.locked else 0)
        return f"{{curvegroup {quote(shape.name)} {flags} {shape.kind.value}{indent}{indent.join(parts)}}}"

    def _points(self, shape: KeyedShape, original: Original | None, indent: str) -> str:
        if original and isinstance(original.element, KeyedShape) and _same_points(shape, original.element):
            return _text_of(original, points_branch(original.branch))
        self._tell_expressions(shape, original and points_branch(original.branch))
        flags = RELATIVE_TANGENT if shape.closed else OPEN_CONTOUR
        main = contour_text(main_track(shape, self._space), flags, indent + " ")
        if not any(key.feather for key in shape.keys):
            return f"{{{main} {NO_FEATHER}}}"
        return f"{{{main}{indent} {contour_text(feather_track(shape), flags, indent + ' ')}}}"

    def _placement(self, element: KeyedShape | Layer, original: Original | None) -> str:
        keys = element.transform
        if original and means_same(keys, original.element.transform, tuple[TransformKey, ...]):
            return _text_of(original, part(original.branch, "t", "tx"))
        self._tell_expressions(element, original and part(original.branch, "t", "tx"))
        if not keys:
            return ""
        if any(key.transform.pins for key in keys) and pins_move(keys):
            self.notes.append(Note(element.name, Fate.BAKED, "moving corner pins became a matrix key on every frame"))
        return placements_text(without_pins(keys, self._document.width, self._document.height), self._space)

    def _tell_expressions(self, element: KeyedShape | Layer, replaced: Branch | None) -> None:
        if replaced and has_expression(replaced):
            self.notes.append(Note(element.name, Fate.LOST, EXPRESSIONS))

    def _shape_pivot(self, shape: KeyedShape) -> str:
        """Nuke puts a shape's pivot at its centroid on its first key [seen]."""
        first, count = shape.keys[0], max(1, shape.knot_count)
        x, y = self._space.point(sum(k.x for k in first.knots) / count, sum(k.y for k in first.knots) / count)
        return "{tx " + " ".join(hex_floats((first.frame, x, y))) + "}"

    def _attributes(self, shape: KeyedShape, original: Original | None) -> Attributes:
        frame = shape.keys[0].frame
        new = shape_attributes(shape, frame)
        if original and isinstance(original.element, KeyedShape):
            return _merged(original, shape_attributes(original.element, frame), new)
        centre_x, centre_y = hex_floats((self._document.width / 2, self._document.height / 2))
        plain = {"osw": hex_float(DEFAULT_OPEN_WIDTH_PX), "osf": "0", "str": "1", "spx": centre_x, "spy": centre_y}
        return {**plain, "sb": "1", **new, "tt": hex_float(TOOL_NUMBER)}


def _is_root(children: Sequence[object]) -> bool:
    """A document whose only element is a layer called Root has Nuke's own root layer, moved or hidden by an artist."""
    return len(children) == 1 and isinstance(children[0], Layer) and children[0].name == ROOT


def _with_children(head: str, children: Sequence[str], indent: str) -> str:
    return head[:-1].rstrip() + "".join(indent + child for child in children) + "}"


def _same_points(one: KeyedShape, other: KeyedShape) -> bool:
    same_sort = (one.kind, one.closed) == (other.kind, other.closed)
    return same_sort and means_same(one.keys, other.keys, tuple[ShapeKey, ...])


def _text_of(original: Original, branch: Branch | None) -> str:
    return original.text[branch.start : branch.end] if branch else ""


def _merged(original: Original, before: Attributes, after: Attributes) -> Attributes:
    """The original's own list with only those attributes replaced whose meaning changed."""
    own = part(original.branch, "a")
    kept = attributes_of(own) if own else {}
    for name in {**before, **after}:
        if before.get(name) == after.get(name):
            continue
        if name in after:
            kept[name] = after[name]
        else:
            kept.pop(name, None)
    return kept
