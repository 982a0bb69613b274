"""From the tree of a ``curves`` knob to the model. Every element keeps its own text, see :class:`Native`.

Structure and flags [seen]: ``{layer NAME {f N} {t …} {a …} children…}``, ``{curvegroup NAME N bezier|bspline
{{cc …} {cc …}|idem} {t …} {a …}}``, ``{cubiccurve …}`` for paint strokes. Bézier points come in triples: in tangent,
centre, out tangent; the second ``cc`` is the feather, its centres are offsets from the main ones.
"""

from dataclasses import dataclass

from roto_formats.number_text import hex_float_value
from roto_shared.errors import FormatError, InputError
from roto_shared.shapes import Element, Foreign, KeyedShape, Layer, Native, ShapeKind
from roto_shared.space import NukeSpace

from .attributes import Attributes, attributes_of, is_visible, look_of, number
from .contour import shape_keys
from .placement import placements_of
from .tree import Branch, Node, line_of, part, unquote

HOST = "nuke"
OPEN = 32
LOCKED = 1024
"""Flag bits (NDK ``CurveI.h`` [doc])."""

NO_FEATHER = "idem"


@dataclass(frozen=True)
class Source:
    """The text that a tree was made from, and where its picture's top is."""

    text: str
    space: NukeSpace

    def native(self, branch: Branch) -> Native:
        """An element's own words."""
        return Native(HOST, self.text[branch.start : branch.end])

    def error(self, branch: Branch, what: str) -> FormatError:
        """A sentence that names the line and the element."""
        name = branch.items[1] if len(branch.items) > 1 and isinstance(branch.items[1], str) else branch.head
        line = line_of(self.text, branch.start)
        return FormatError(f"Line {line}: “{unquote(name)}” {what}.", "The text is damaged; export it again.")


def interpret_element(branch: Branch, source: Source) -> Element:
    """A layer, shape or stroke. Raises FormatError, naming line and element, where the text does not hold one."""
    try:
        if branch.head == "layer":
            return interpret_layer(branch, source)
        if branch.head == "curvegroup" and len(branch.items) > 4 and branch.items[3] in ("bezier", "bspline"):
            return _shape(branch, source)
    except InputError as error:
        if error.message.startswith("Line "):  # an element inside has told its place
            raise
        reason = error.message.rstrip(".")
        raise source.error(branch, f"cannot be read: {reason}") from error
    name = branch.items[1] if len(branch.items) > 1 and isinstance(branch.items[1], str) else branch.head
    return Foreign(unquote(name), branch.head, source.native(branch))


def interpret_layer(branch: Branch, source: Source) -> Layer:
    """A layer with its children; its native text is its head without them."""
    attributes = attributes_within(branch)
    transform = part(branch, "t", "tx")
    return Layer(
        name=_name(branch, source),
        children=tuple(interpret_element(child, source) for child in element_branches(branch)),
        transform=placements_of(transform, source.space) if transform else (),
        visible=is_visible(attributes),
        locked=bool(_flags(branch) & LOCKED),
        native=Native(HOST, header_text(branch, source.text)),
    )


def element_branches(branch: Branch) -> list[Branch]:
    """The elements among a layer's parts."""
    return [item for item in branch.items if isinstance(item, Branch) and item.head not in ("", "f", "t", "tx", "a")]


def header_text(branch: Branch, text: str) -> str:
    """A layer's own text with its children left out."""
    children = element_branches(branch)
    if not children:
        return text[branch.start : branch.end]
    return text[branch.start : children[0].start].rstrip() + text[children[-1].end : branch.end]


def _name(branch: Branch, source: Source) -> str:
    if len(branch.items) < 2 or not isinstance(branch.items[1], str):
        raise source.error(branch, "has no name")
    return unquote(branch.items[1])


def attributes_within(branch: Branch) -> Attributes:
    """What an element's ``{a …}`` list says; nothing where it has none."""
    found = part(branch, "a")
    return attributes_of(found) if found else {}


def _integer(node: Node) -> int:
    return round(hex_float_value(node)) if isinstance(node, str) else 0


def _shape(branch: Branch, source: Source) -> Element:
    contours = _contours(branch)
    if not contours:
        raise source.error(branch, "has no points")
    attributes, transform = attributes_within(branch), part(branch, "t", "tx")
    look, flags = look_of(attributes), _integer(branch.items[2])
    kind, closed = ShapeKind(branch.items[3]), not (flags & OPEN or _flags(contours[0]) & OPEN)
    keys = shape_keys(contours, kind, source.space)
    if not keys[0].knots:
        return Foreign(_name(branch, source), "empty shape", source.native(branch))
    return KeyedShape(
        name=_name(branch, source),
        keys=keys,
        kind=kind,
        closed=closed,
        width_px=0.0 if closed else number(attributes, "osw", 0),
        transform=placements_of(transform, source.space) if transform else (),
        locked=bool(flags & LOCKED),
        native=source.native(branch),
        **vars(look),
    )


def points_branch(branch: Branch) -> Branch | None:
    """A shape's group of contours, ``{{cc …} idem}`` or ``{{cc …} {cc …}}``: the one part without a name."""
    return next((item for item in branch.items if isinstance(item, Branch) and not item.head), None)


def _contours(branch: Branch) -> list[Branch]:
    group = points_branch(branch)
    return [item for item in group.items if isinstance(item, Branch) and item.head == "cc"] if group else []


def _flags(branch: Branch) -> int:
    flags = part(branch, "f")
    return _integer(flags.items[1]) if flags and len(flags.items) > 1 else 0
