"""From a ``.fxs`` to the model. Every element keeps its own text, so that what is [?] goes back as it came.

Top level is ``<Layer>`` or ``<Shape>``, everything nested is ``<Object type="Layer|Shape">`` in a layer's ``objects``
[code]. Attribute booleans are ``True``/``False``, value booleans ``true``/``false`` [code].
"""

from copy import deepcopy

from lxml import etree

from roto_formats.settings import DEFAULT_SETTINGS, FormatSettings
from roto_formats.xml_tree import Element, parse_xml, xml_text
from roto_shared.errors import FormatError, InputError
from roto_shared.shapes import Blend, Colour, Foreign, KeyedShape, Layer, MotionBlur, Native, ShapeDocument
from roto_shared.shapes import Element as ModelElement

from .opacity import opacity_of
from .path import KINDS, is_closed, path_keys
from .placement import placements_of
from .properties import MODES, properties_of, track_of, word_of
from .session import HOST, Session, session_of, work_range
from .unsaid import layer_unsaid

FIRST_IS_BOTTOM = True
"""Whether a file lists the lowest object first. [inferred]: the one exporter that is known to work reverses Nuke's
list, whose first is on top; never seen in Silhouette."""

WHITE: Colour = (1.0, 1.0, 1.0)
ROOT = "Root"


def read_silhouette(text: str, settings: FormatSettings = DEFAULT_SETTINGS) -> ShapeDocument:
    """A document from a Silhouette shape file. Raises FormatError, naming the line."""
    root = parse_xml(text)
    session = session_of(root, settings)
    first, last = work_range(root, session)
    children = _unwrapped(_in_our_order([interpret(child, session) for child in root if _is_element(child)]))
    return ShapeDocument(
        session.width,
        session.height,
        children,
        first,
        last,
        pixel_aspect=session.pixel_aspect,
        native=Native(HOST, xml_text(_empty(root))),
    )


def interpret(element: Element, session: Session) -> ModelElement:
    """A layer, shape, or something unknown, each with its own text. Raises FormatError, naming the line."""
    kind = element.get("type", str(element.tag))
    label = element.get("label", kind)
    try:
        if kind == "Layer":
            return _layer(element, label, session)
        if kind == "Shape" and element.get("shape_type") in KINDS:
            return _shape(element, label, session)
    except InputError as error:
        where = error.message if error.message.startswith("Line ") else f"Line {element.sourceline}: {error.message}"
        raise FormatError(where, error.remedy) from error
    return Foreign(label, element.get("shape_type", kind), Native(HOST, xml_text(element)))


def _layer(element: Element, label: str, session: Session) -> Layer:
    properties = properties_of(element)
    objects = properties.get("objects")
    nested = [] if objects is None else [child for child in objects if _is_element(child)]
    return Layer(
        name=label,
        children=_in_our_order([interpret(child, session) for child in nested]),
        transform=placements_of(properties, session),
        visible=element.get("hidden", "False") != "True",
        locked=element.get("locked", "False") == "True",
        colour=_colour(properties.get("color"), session),
        native=Native(HOST, xml_text(_without_nested(element))),
    )


def _shape(element: Element, label: str, session: Session) -> ModelElement:
    properties = properties_of(element)
    native, kind = Native(HOST, xml_text(element)), KINDS[element.get("shape_type", "")]
    path = properties.get("path")
    keys = () if path is None else path_keys(path, kind, session)
    if path is None or not keys or not keys[0].knots:
        return Foreign(label, "empty shape", native)
    opacity, lifetime = opacity_of(track_of(properties.get("opacity"), session, 1))
    return KeyedShape(
        name=label,
        keys=keys,
        kind=kind,
        closed=is_closed(path),
        lifetime=lifetime,
        opacity=opacity,
        blend=MODES.get(word_of(properties.get("mode"), "Add"), Blend.ADD),
        inverted=word_of(properties.get("invert"), "false") == "true",
        colour=_colour(properties.get("outlineColor"), session),
        motion_blur=MotionBlur() if word_of(properties.get("motionBlur"), "false") == "true" else None,
        visible=element.get("hidden", "False") != "True",
        locked=element.get("locked", "False") == "True",
        native=native,
    )


def _colour(found: Element | None, session: Session) -> Colour:
    track = track_of(found, session, 3)
    return track[0].values if track else WHITE  # type: ignore[return-value]


def _in_our_order(elements: list[ModelElement]) -> tuple[ModelElement, ...]:
    return tuple(reversed(elements)) if FIRST_IS_BOTTOM else tuple(elements)


def _unwrapped(children: tuple[ModelElement, ...]) -> tuple[ModelElement, ...]:
    """The children of a lone plain layer called Root, which exporters put around everything."""
    root = children[0] if len(children) == 1 else None
    return root.children if isinstance(root, Layer) and root.name == ROOT and _is_plain(root) else children


def _is_plain(layer: Layer) -> bool:
    """Whether a layer that was read does nothing to what it holds."""
    assert layer.native is not None
    moves = layer.transform or next(layer_unsaid(parse_xml(layer.native.text)), None)
    return layer.visible and not layer.locked and not moves


def _is_element(node: Element) -> bool:
    return isinstance(node.tag, str)


def _empty(root: Element) -> Element:
    copy = etree.Element(root.tag)
    copy.attrib.update(root.attrib)
    return copy


def _without_nested(element: Element) -> Element:
    objects = properties_of(element).get("objects")
    nested = [] if objects is None else list(objects)
    if objects is not None:
        objects[:] = []
    copy = deepcopy(element)
    if objects is not None:
        objects[:] = nested
    return copy
