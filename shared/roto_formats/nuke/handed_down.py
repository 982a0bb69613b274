"""What Nuke's layers lay on all that they hold, put into the shapes themselves, for formats whose layers cannot say it.

A layer's lifetime and opacity count for everything in it [inferred: a file of the corpus fades a whole node by its root
layer]. Whether an opacity fades each shape or what they draw together is [?]: the two differ where shapes overlap. So
it goes into the shapes where that makes no difference, and is told as lost elsewhere.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, pairwise

from roto_formats.notes import Fate, Note
from roto_shared.shapes import Element, KeyedShape, Layer, Lifetime, ShapeDocument
from roto_shared.timeline import Interpolation, Track

from .attributes import look_of
from .frame import ROOT
from .interpret import attributes_within
from .original import own_branch, root_branch
from .tree import Branch

Told = tuple[tuple[Element, ...], list[Note]]


def handed_down(document: ShapeDocument) -> tuple[ShapeDocument, list[Note]]:
    """The document with its layers' lifetimes and opacities in its shapes, and a note for each; itself without any."""
    children, notes = _handed_to(document.children, ROOT, root_branch(document))
    return (replace(document, children=children), notes) if notes else (document, notes)


def _handed_to(elements: tuple[Element, ...], name: str, layer: Branch | None) -> Told:
    """``elements`` of the layer ``name`` with what its text and those of the layers in it hand down."""
    inner = [_handed_within(element) for element in elements]
    children, notes = tuple(element for element, _ in inner), list(chain.from_iterable(told for _, told in inner))
    shapes = list(ShapeDocument(1, 1, children).shapes())
    look = look_of(attributes_within(layer) if layer else {})
    if look.opacity and shapes:
        hindrance = _hindrance(shapes, look.opacity)
        if hindrance:
            notes.insert(0, Note(name, Fate.LOST, f"its opacity: {hindrance}"))
        else:
            children = _each_shape(children, lambda shape: _faded(shape, look.opacity))
            notes.insert(0, Note(name, Fate.BAKED, "its opacity went into its shapes"))
    if look.lifetime != Lifetime() and shapes:
        children = _each_shape(children, lambda shape: _living(shape, look.lifetime))
        notes.insert(0, Note(name, Fate.BAKED, "its lifetime went into its shapes"))
    return children, notes


def _handed_within(element: Element) -> tuple[Element, list[Note]]:
    if not isinstance(element, Layer):
        return element, []
    children, notes = _handed_to(element.children, element.name, own_branch(element))
    return replace(element, children=children), notes


def _each_shape(elements: tuple[Element, ...], change: Callable[[KeyedShape], KeyedShape]) -> tuple[Element, ...]:
    return tuple(_changed(element, change) for element in elements)


def _changed(element: Element, change: Callable[[KeyedShape], KeyedShape]) -> Element:
    if isinstance(element, KeyedShape):
        return change(element)
    return replace(element, children=_each_shape(element.children, change)) if isinstance(element, Layer) else element


def _living(shape: KeyedShape, within: Lifetime) -> KeyedShape:
    """The shape on those of its frames that are in ``within``."""
    own = shape.lifetime
    first = max((frame for frame in (own.first, within.first) if frame is not None), default=None)
    last = min((frame for frame in (own.last, within.last) if frame is not None), default=None)
    return replace(shape, lifetime=Lifetime(first, last))


def _hindrance(shapes: list[KeyedShape], opacity: Track) -> str:
    """What keeps a layer's opacity from going into its shapes; nothing where fading each is fading them together."""
    if len(shapes) > 1 and not _only_switches(opacity):
        return "only shapes can have one, and these may overlap [?]"
    if not (_is_constant(opacity) or all(_is_constant(shape.opacity) for shape in shapes)):
        return "its shapes have one that moves, too"
    return ""


def _only_switches(opacity: Track) -> bool:
    """Whether it is all or nothing on every whole frame."""
    return all(key.values[0] in (0.0, 1.0) for key in opacity) and all(
        after.frame - key.frame <= 1 or (key.values == after.values and key.interpolation is not Interpolation.SMOOTH)
        for key, after in pairwise(opacity)
    )


def _is_constant(opacity: Track) -> bool:
    is_smooth = any(key.interpolation is Interpolation.SMOOTH for key in opacity)
    return len({key.values for key in opacity}) <= 1 and not is_smooth


def _faded(shape: KeyedShape, by: Track) -> KeyedShape:
    """The shape under another opacity; one of the two tracks is constant."""
    own = shape.opacity
    if not own:
        return replace(shape, opacity=by)
    return replace(shape, opacity=_scaled(own, by[0].values[0]) if _is_constant(by) else _scaled(by, own[0].values[0]))


def _scaled(track: Track, factor: float) -> Track:
    return tuple(
        replace(
            key,
            values=(key.values[0] * factor,),
            slope_in=key.slope_in and (key.slope_in[0] * factor,),
            slope_out=key.slope_out and (key.slope_out[0] * factor,),
        )
        for key in track
    )
