"""From the model to a ``.fxs``, in words that are known to be understood; the rest is baked into points or reported.

One top ``<Layer>``, ``<Object>`` below it, labels unique among siblings, shapes of fewer than two points left out
[code]. An element that came from Silhouette goes back as it came while it still means the same; of a changed one every
property and attribute that is not ours is kept.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace

from lxml import etree

from roto_formats.bake import Placements, baked_shape
from roto_formats.notes import Fate, Note
from roto_formats.number_text import fixed_text
from roto_formats.settings import DEFAULT_SETTINGS, FormatSettings
from roto_formats.strokes import is_stroke, outlined_stroke
from roto_formats.tracks import is_smooth, without_smooth
from roto_formats.xml_tree import Element, indented_text, parse_xml, printable
from roto_shared.drawing import ShapeSink, draw
from roto_shared.errors import FormatError
from roto_shared.shapes import Blend, Colour, Foreign, KeyedShape, Layer, MotionBlur, ShapeDocument, without_natives
from roto_shared.structure import to_plain

from .opacity import per_cent_track
from .path import KIND_NAMES, path_element
from .placement import written_placement
from .properties import MODES, properties_of, property_element, track_element
from .read import FIRST_IS_BOTTOM, ROOT, interpret
from .session import HOST, TAG, Session, session_attributes, session_for

HEADER = "<!-- Silhouette Shape File -->\n"
MODE_NAMES = {**{blend: name for name, blend in MODES.items()}, Blend.MULTIPLY: "Inside"}
OBJECTS = {"id": "objects", "constant": "True", "expanded": "True"}
FEWEST_POINTS = 2
HIDDEN_UNSAID = "the file hides shapes, not layers [?]; its shapes are hidden instead"
LOCKED_UNSAID = "the file locks shapes, not layers [?]; its shapes are locked instead"


@dataclass
class _Level:
    """An open layer: its own unchanged text if any, where its children go, and what of the transforms above and in it
    went into points instead."""

    own: Element | None = None

    objects: list[Element] = field(default_factory=list)
    baked: tuple[Placements, ...] = ()
    is_hidden: bool = False
    is_locked: bool = False
    labels: set[str] = field(default_factory=set)
    uuids: set[str] = field(default_factory=set)

    def add(self, element: Element, name: str) -> None:
        """Take an object, under a name that no sibling has; of pieces of one shape only the first stays that one."""
        label = name = printable(name) or "shape"
        number = 2
        while label in self.labels:
            label, number = f"{name} {number}", number + 1
        self.labels.add(label)
        element.set("label", label)
        uuid = element.get("uuid", "")
        if uuid in self.uuids:
            del element.attrib["uuid"]
            element.attrib.pop("id", "")
        elif uuid:
            self.uuids.add(uuid)
        self.objects.append(element)


class SilhouetteSink(ShapeSink):
    """Gathers a document into :attr:`text`, with :attr:`notes` on what was baked or lost."""

    def __init__(self, settings: FormatSettings = DEFAULT_SETTINGS) -> None:
        self.text = ""
        self.notes: list[Note] = []
        self._settings = settings
        self._session = Session(1, 1, 1.0, 0.0, 0)
        self._levels = [_Level()]

    def begin_document(self, document: ShapeDocument) -> None:
        self._session = session_for(document, self._settings)
        if document.fps != ShapeDocument.fps:
            self._note(document.name, Fate.LOST, f"{document.fps:g} frames a second: the file says no rate")

    def begin_layer(self, layer: Layer) -> None:
        outer = self._levels[-1]
        baked = outer.baked
        own = None if baked else self._unchanged(layer)
        if own is None and layer.transform and (baked or not written_placement(layer.transform, self._session)):
            baked = (*baked, layer.transform)
            self._note(layer.name, Fate.BAKED, "a transform that Silhouette's layers cannot hold went into its points")
        hides_shapes = not layer.visible and own is None  # its own words say it by themselves
        if hides_shapes:
            self._note(layer.name, Fate.LOST, HIDDEN_UNSAID)
        locks_shapes = layer.locked and own is None
        if locks_shapes:
            self._note(layer.name, Fate.LOST, LOCKED_UNSAID)
        hidden, locked = outer.is_hidden or hides_shapes, outer.is_locked or locks_shapes
        self._levels.append(_Level(own, baked=baked, is_hidden=hidden, is_locked=locked))

    def end_layer(self, layer: Layer) -> None:
        level = self._levels.pop()
        element = self._layer_element(layer, bool(level.baked)) if level.own is None else level.own
        _fill(element, level.objects)
        self._levels[-1].add(element, layer.name)

    def draw_shape(self, shape: KeyedShape) -> None:
        level = self._levels[-1]
        if shape.knot_count < FEWEST_POINTS:
            self._note(shape.name, Fate.LOST, "Silhouette takes no shape of a single point")
            return
        element = None if level.baked else self._unchanged(shape)
        if element is None:
            element = self._shape_element(shape, level.baked)
        if level.is_hidden:
            element.set("hidden", "True")
        if level.is_locked:
            element.set("locked", "True")
        level.add(element, shape.name)

    def draw_foreign(self, element: Foreign) -> None:
        if element.native.host == HOST:
            found = parse_xml(element.native.text)
            found.tag = "Object"
            self._levels[-1].add(found, element.name)
        else:
            reason = f"a {element.kind} of {element.native.host} has no counterpart in Silhouette"
            self._note(element.name, Fate.LOST, reason)

    def end_document(self, document: ShapeDocument) -> None:
        objects = self._levels.pop().objects
        root = etree.Element(TAG, session_attributes(document, self._session))
        if not (len(objects) == 1 and objects[0].get("type") == "Layer"):
            objects = [_fill(_layer_shell(Layer(ROOT), ()), objects)]
            objects[0].set("label", ROOT)
        objects[0].tag = "Layer"
        root.append(objects[0])
        self.text = HEADER + indented_text(root)

    def _note(self, name: str, fate: Fate, reason: str) -> None:
        self.notes.append(Note(name, fate, reason))

    def _native(self, element: KeyedShape | Layer) -> Element | None:
        if element.native is None or element.native.host != HOST:
            return None
        try:
            return parse_xml(element.native.text)
        except FormatError:
            return None

    def _unchanged(self, element: KeyedShape | Layer) -> Element | None:
        """The element's own XML if it still says all of it that Silhouette can."""
        own = self._native(element)
        if own is None:
            return None
        try:
            found = interpret(own, self._session)
        except FormatError:
            return None
        own.tag = "Object"
        return own if isinstance(found, type(element)) and _same(element, found) else None

    def _layer_element(self, layer: Layer, is_baked: bool) -> Element:
        placement = written_placement(layer.transform, self._session) if layer.transform and not is_baked else None
        if placement and placement.is_baked:
            self._note(
                layer.name, Fate.BAKED, "a smooth, scaling or off-centre turning transform has a key on every frame"
            )
        return _with_unknown(_layer_shell(layer, placement.elements if placement else ()), self._native(layer))

    def _shape_element(self, shape: KeyedShape, baked: Sequence[Placements]) -> Element:
        whole = baked_shape(shape, baked, self._session.width, self._session.height)
        self._report(shape, whole)
        whole = outlined_stroke(whole) if is_stroke(whole) else whole
        opacity = replace(whole, opacity=without_smooth(whole.opacity))
        attributes = {"type": "Shape", "shape_type": KIND_NAMES[shape.kind]}
        flags = {"hidden": str(not shape.visible), "locked": str(shape.locked)}
        element = etree.Element("Object", {**attributes, **flags})
        properties = etree.SubElement(element, "Properties")
        properties.append(track_element("opacity", per_cent_track(opacity), self._session))
        properties.append(property_element("motionBlur", _boolean(shape.motion_blur is not None)))
        properties.append(property_element("outlineColor", _colour_text(shape.colour)))
        properties.append(property_element("mode", MODE_NAMES[shape.blend]))
        properties.append(property_element("invert", _boolean(shape.inverted)))
        properties.append(path_element(whole.keys, whole.kind, whole.closed, self._session))
        return _with_unknown(element, self._native(shape))

    def _report(self, shape: KeyedShape, whole: KeyedShape) -> None:
        losses = {
            "per-point feather [?]": any(key.feather for key in shape.keys),
            "feather": bool(shape.feather_px),
            "stroke width [?]": not shape.closed and bool(shape.width_px) and not is_stroke(shape),
            "samples and shutter of the motion blur": shape.motion_blur not in (None, MotionBlur()),
        }
        for what, is_lost in losses.items():
            if is_lost:
                self._note(shape.name, Fate.LOST, f"{what}: the file has no known words for it")
        if is_stroke(shape):
            self._note(shape.name, Fate.BAKED, "a stroke became the closed outline that it draws")
        if shape.blend is Blend.MULTIPLY:
            self._note(shape.name, Fate.LOST, "multiply became Inside")
        if len(whole.keys) != len(shape.keys):
            self._note(shape.name, Fate.BAKED, "it has a key on every frame where smooth keys or transforms move it")
        if is_smooth(shape.opacity):
            self._note(shape.name, Fate.BAKED, "its smooth opacity has a key on every frame")


def write_silhouette(document: ShapeDocument, settings: FormatSettings = DEFAULT_SETTINGS) -> tuple[str, list[Note]]:
    """The text of a Silhouette shape file, and what was baked or lost for it."""
    sink = SilhouetteSink(settings)
    draw(document, sink)
    return sink.text, sink.notes


def _same(element: KeyedShape | Layer, found: KeyedShape | Layer) -> bool:
    one, other = _sayable(element), _sayable(found)
    return one == other or to_plain(one, type(one)) == to_plain(other, type(other))


def _sayable(element: KeyedShape | Layer) -> KeyedShape | Layer:
    """The element without what only our own files hold."""
    if isinstance(element, Layer):
        return replace(element, children=(), native=None)
    bare = without_natives(element)
    assert isinstance(bare, KeyedShape)
    return replace(bare, edited=())


def _layer_shell(layer: Layer, placement: Sequence[Element]) -> Element:
    element = etree.Element("Object", {"type": "Layer", "expanded": "True"})
    properties = etree.SubElement(element, "Properties")
    properties.append(property_element("color", _colour_text(layer.colour)))
    properties.extend(placement)
    etree.SubElement(properties, "Property", OBJECTS)
    return element


def _fill(layer: Element, objects: Sequence[Element]) -> Element:
    if objects:
        _objects_of(layer).extend(reversed(objects) if FIRST_IS_BOTTOM else objects)
    return layer


def _objects_of(layer: Element) -> Element:
    """Where a layer's objects go; one that came from a file without any may lack it."""
    found = properties_of(layer).get("objects")
    if found is not None:
        return found
    properties = layer.find("Properties")
    properties = etree.SubElement(layer, "Properties") if properties is None else properties
    return etree.SubElement(properties, "Property", OBJECTS)


def _with_unknown(element: Element, own: Element | None) -> Element:
    """``element`` with every attribute and property of its own former text that is not ours to write."""
    if own is None:
        return element
    for name, value in own.attrib.items():
        if name not in element.attrib:
            element.set(name, value)
    written, properties = properties_of(element), element.find("Properties")
    assert properties is not None
    for name, found in properties_of(own).items():
        if name not in written and not name.startswith("transform."):
            properties.insert(0, deepcopy(found))
    return element


def _colour_text(colour: Colour) -> str:
    return "(" + ",".join(fixed_text(part) for part in colour) + ")"


def _boolean(value: bool) -> str:
    return "true" if value else "false"
