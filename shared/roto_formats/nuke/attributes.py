"""The ``{a name value …}`` list: what this model has words for, both ways; every other attribute is kept as it came.

Names as in Nuke's files [seen]; defaults are omitted there and here. Meanings with their marks:
``vis`` visible · ``opc`` opacity · ``ro go bo ao`` overlay (outline) colour and whether it is set [inferred] · ``bm``
blend mode, table [told] · ``inv`` inverted · ``fo fx fy`` feather on and its px [inferred] · ``mbo mb mbs mbsot mbso``
motion blur: on, samples, shutter, offset type (3 custom [?]), offset · ``ltt ltn ltm`` lifetime: type, from, to ·
``osw`` width of an open spline, px · ``r g b a`` fill colour: kept, not interpreted [?].
"""

from collections.abc import Mapping
from dataclasses import dataclass

from roto_formats.number_text import hex_float
from roto_shared.shapes import Blend, Colour, KeyedShape, Layer, Lifetime, MotionBlur
from roto_shared.timeline import Track

from .curve import Curve, curve_of
from .curve_text import keyed_text
from .track import hermite_keys, track_of
from .tree import Branch, Node, unparse

Attributes = dict[str, Node]

SUBTRACT_NUMBER = 12
"""``bm`` of a hole: the shape takes its coverage out of what it cuts. [told]"""

BLEND_NUMBERS = {
    Blend.ADD: 0,  # over [seen]: coverages join as 1 - (1 - a)(1 - b)
    Blend.MULTIPLY: 2,  # [seen]
    Blend.MAX: 4,  # [told]
    Blend.MIN: 5,  # "min-like" [told]
    Blend.SUBTRACT: SUBTRACT_NUMBER,
    Blend.DIFFERENCE: 13,  # [told]
}
BLENDS = {number: blend for blend, number in BLEND_NUMBERS.items()}

CUSTOM_SHUTTER_OFFSET = 3
"""``mbsot`` that makes ``mbso`` count. [?]: the table is to be confirmed on the first licensed seat."""

ALL_FRAMES, TO_FRAME, ONE_FRAME, FROM_FRAME, FRAME_RANGE = range(5)
"""``ltt`` [seen]."""

WHITE: Colour = (1.0, 1.0, 1.0)


def attributes_of(branch: Branch) -> Attributes:
    """Names and values of an ``{a …}`` list in their order."""
    pairs = branch.items[1:]
    return {name: value for name, value in zip(pairs[0::2], pairs[1::2], strict=False) if isinstance(name, str)}


def attributes_text(attributes: Mapping[str, Node]) -> str:
    """The ``{a …}`` list."""
    return " ".join(("{a", *(f"{name} {unparse(value)}" for name, value in attributes.items()))) + "}"


def number(attributes: Attributes, name: str, default: float) -> float:
    """An attribute's value; of a keyed one the first key's."""
    return curve_of(attributes[name]).values[0] if name in attributes else default


@dataclass(frozen=True)
class Look:
    """Everything about a shape that Nuke keeps as attributes."""

    lifetime: Lifetime
    opacity: Track
    blend: Blend
    inverted: bool
    colour: Colour
    feather_px: float
    motion_blur: MotionBlur | None
    visible: bool


def look_of(attributes: Attributes) -> Look:
    """What an ``{a …}`` list says in the model's words."""
    return Look(
        lifetime=_lifetime(attributes),
        opacity=_opacity(attributes),
        blend=BLENDS.get(round(number(attributes, "bm", 0)), Blend.ADD),
        inverted=number(attributes, "inv", 0) != 0,
        colour=_overlay(attributes),
        feather_px=number(attributes, "fx", 0) if number(attributes, "fo", 1) else 0.0,
        motion_blur=_motion_blur(attributes),
        visible=is_visible(attributes),
    )


def is_visible(attributes: Attributes) -> bool:
    """Whether the eye is open; a keyed eye counts as open when it ever is."""
    return any(curve_of(attributes["vis"]).values) if "vis" in attributes else True


def _opacity(attributes: Attributes) -> Track:
    curve: Curve | None = curve_of(attributes["opc"]) if "opc" in attributes else None
    return () if curve is None or (not curve.frames and curve.values[0] == 1.0) else track_of([curve])


def _overlay(attributes: Attributes) -> Colour:
    if not number(attributes, "ao", 0):
        return WHITE
    return (number(attributes, "ro", 0), number(attributes, "go", 0), number(attributes, "bo", 0))


def _lifetime(attributes: Attributes) -> Lifetime:
    kind = round(number(attributes, "ltt", ALL_FRAMES))
    first, last = number(attributes, "ltn", 0), number(attributes, "ltm", 0)
    if kind == ONE_FRAME:
        return Lifetime(first, first)
    return Lifetime(
        first if kind in (FROM_FRAME, FRAME_RANGE) else None, last if kind in (TO_FRAME, FRAME_RANGE) else None
    )


def _motion_blur(attributes: Attributes) -> MotionBlur | None:
    if not number(attributes, "mbo", 0):
        return None
    custom = round(number(attributes, "mbsot", 0)) == CUSTOM_SHUTTER_OFFSET
    return MotionBlur(
        samples=number(attributes, "mb", 1),
        shutter=number(attributes, "mbs", 0.5),
        shutter_offset=number(attributes, "mbso", 0) if custom else 0.0,
    )


def shape_attributes(shape: KeyedShape, frame: float) -> Attributes:
    """Attributes of a shape in Nuke's order; ``frame`` is what an open-ended lifetime shows, as Nuke writes it."""
    found: dict[str, float | str] = {}
    if not shape.visible:
        found["vis"] = 0
    if shape.opacity:
        found["opc"] = _opacity_text(shape.opacity)
    if shape.colour != WHITE:
        found.update(zip(("ro", "go", "bo", "ao"), (*shape.colour, 1), strict=True))
    if shape.blend is not Blend.ADD:
        found["bm"] = BLEND_NUMBERS[shape.blend]
    if shape.inverted:
        found["inv"] = 1
    if shape.feather_px:
        found.update(fo=1, fx=shape.feather_px, fy=shape.feather_px)
    if shape.motion_blur:
        found.update(_motion_blur_numbers(shape.motion_blur))
    found.update(_lifetime_numbers(shape.lifetime, frame))
    if not shape.closed:
        found["osw"] = shape.width_px
    return {name: value if isinstance(value, str) else hex_float(value) for name, value in found.items()}


def layer_attributes(layer: Layer) -> Attributes:
    """Attributes of a layer that differ from Nuke's defaults."""
    return {} if layer.visible else {"vis": "0"}


def _opacity_text(track: Track) -> str:
    return keyed_text(hermite_keys(track))[0]


def _motion_blur_numbers(blur: MotionBlur) -> dict[str, float]:
    numbers = {"mbo": 1.0, "mb": blur.samples, "mbs": blur.shutter}
    return {**numbers, "mbsot": CUSTOM_SHUTTER_OFFSET, "mbso": blur.shutter_offset} if blur.shutter_offset else numbers


def _lifetime_numbers(lifetime: Lifetime, frame: float) -> dict[str, float]:
    first, last = lifetime.first, lifetime.last
    if first is None and last is None:
        return {"ltn": frame, "ltm": frame}
    if first is not None and last is not None:
        return {"ltt": ONE_FRAME if first == last else FRAME_RANGE, "ltn": first, "ltm": last}
    if first is None:
        return {"ltt": TO_FRAME, "ltn": last or 0.0, "ltm": last or 0.0}
    return {"ltt": FROM_FRAME, "ltn": first, "ltm": first}
