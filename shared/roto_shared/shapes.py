"""The interchange model: what an artist would have drawn, as frozen data.

Coordinates are plate pixels from the top left, y down; integers are pixel corners, so pixel (0, 0) covers [0, 1]².
Children are listed as hosts list them: the first one is drawn on top. A shape keeps the same number of knots on every
key; that is checked when it is made.
"""

from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from typing import Iterator, NamedTuple, Optional, Tuple, Union

from .errors import InputError
from .timeline import Interpolation, Key, Track, Values, evaluate

Point = Tuple[float, float]
Colour = Tuple[float, float, float]
Matrix = Tuple[float, float, float, float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Knot(NamedTuple):
    """A point of a shape, px, with its incoming and outgoing tangent relative to it.

    A plain tuple of six numbers, so that the knots of a key flatten into an array in one call. For a B-spline the
    tangents are zero and (x, y) is the control point.
    """

    x: float
    y: float
    in_x: float = 0.0
    in_y: float = 0.0
    out_x: float = 0.0
    out_y: float = 0.0


Knots = Tuple[Knot, ...]


def knots_from_values(values: Tuple[float, ...]) -> Knots:
    """Six numbers a knot, as :class:`Knot` orders them, back into knots."""
    return tuple(Knot(*values[i : i + 6]) for i in range(0, len(values), 6))


@dataclass(frozen=True)
class ShapeKey:
    """All knots of a shape on one frame.

    ``feather`` holds the soft edge, a knot each: (x, y) is the offset from the main knot, tangents are relative to the
    feather point. Slopes are px per frame, laid out as the knots are; None leaves them to the host's automatic rule.
    """

    frame: float
    knots: Knots
    interpolation: Interpolation = Interpolation.LINEAR
    slope_in: Optional[Knots] = None
    slope_out: Optional[Knots] = None
    feather: Optional[Knots] = None


class ShapeKind(str, Enum):
    """What the knots mean: Bézier points, or control points of a uniform cubic B-spline."""

    BEZIER = "bezier"
    BSPLINE = "bspline"


class Blend(str, Enum):
    """How a shape's coverage joins what lies below it."""

    ADD = "add"
    SUBTRACT = "subtract"
    MAX = "max"
    MIN = "min"
    MULTIPLY = "multiply"
    DIFFERENCE = "difference"


@dataclass(frozen=True)
class Lifetime:
    """First and last frame on which a shape exists, both included; None is open-ended."""

    first: Optional[float] = None
    last: Optional[float] = None

    def covers(self, frame: float) -> bool:
        """Whether the shape exists on ``frame``."""
        return (self.first is None or frame >= self.first) and (self.last is None or frame <= self.last)


@dataclass(frozen=True)
class MotionBlur:
    """Motion blur a host should draw: samples per frame, shutter length and offset in frames."""

    samples: float = 1.0
    shutter: float = 0.5
    shutter_offset: float = 0.0


@dataclass(frozen=True)
class Transform:
    """One placement of a layer or shape, px and degrees (positive is clockwise on screen, since y points down).

    p' = matrix · pins · translate · pivot · rotate · skew_x · scale · pivot⁻¹ · p. ``skew_x`` is the shear factor.
    ``pins`` says where the picture's upper-left, upper-right, lower-right and lower-left corner go; ``matrix`` is
    row-major 3×3.
    """

    translate: Point = (0.0, 0.0)
    rotate: float = 0.0
    scale: Point = (1.0, 1.0)
    skew_x: float = 0.0
    pivot: Point = (0.0, 0.0)
    pins: Optional[Tuple[Point, Point, Point, Point]] = None
    matrix: Matrix = IDENTITY


@dataclass(frozen=True)
class TransformKey:
    """A layer's placement on one frame. Between keys every component runs on its own, as in the hosts.

    Slopes are per frame and laid out as :func:`roto_shared.placement.placement_values` does.
    """

    frame: float
    transform: Transform
    interpolation: Interpolation = Interpolation.LINEAR
    slope_in: Optional[Values] = None
    slope_out: Optional[Values] = None


@dataclass(frozen=True)
class Native:
    """The host's own text of an element, kept so that what nobody changed is handed back as it came.

    A writer of the same ``host`` uses it verbatim while it still means what the element says.
    """

    host: str
    text: str


@dataclass(frozen=True)
class KeyedShape:
    """A shape with the same knots on every key.

    ``opacity`` is a track of one number (0..1); empty means 1. ``feather_px`` is the uniform soft edge outwards.
    ``width_px`` is the stroke of an open shape. ``edited`` names the frames an artist touched.
    """

    name: str
    keys: Tuple[ShapeKey, ...]
    kind: ShapeKind = ShapeKind.BEZIER
    closed: bool = True
    lifetime: Lifetime = Lifetime()
    opacity: Track = ()
    blend: Blend = Blend.ADD
    inverted: bool = False
    colour: Colour = (1.0, 1.0, 1.0)
    feather_px: float = 0.0
    width_px: float = 0.0
    motion_blur: Optional[MotionBlur] = None
    transform: Tuple[TransformKey, ...] = ()
    visible: bool = True
    locked: bool = False
    edited: Tuple[float, ...] = ()
    native: Optional[Native] = None

    def __post_init__(self) -> None:
        if not self.keys:
            raise InputError(f"The shape “{self.name}” has no keys.", "Give it at least one.")
        if len({len(key.knots) for key in self.keys}) > 1:
            raise InputError(
                f"The shape “{self.name}” changes its number of knots between keys.",
                "Hosts need the same knots on every key; split it into shapes with lifetimes.",
            )
        frames = [key.frame for key in self.keys]
        if any(b <= a for a, b in zip(frames, frames[1:])):
            raise InputError(f"The keys of “{self.name}” are not in ascending order of frames.", "Sort them.")

    @property
    def knot_count(self) -> int:
        """Knots on every key."""
        return len(self.keys[0].knots)


@dataclass(frozen=True)
class Foreign:
    """An element this model has no words for (a paint stroke, say); kept for its own host, drawn by nobody else."""

    name: str
    kind: str
    native: Native


@dataclass(frozen=True)
class Layer:
    """A named group that places its children; ``transform`` is a track of keys, empty for none."""

    name: str
    children: Tuple["Element", ...] = ()
    transform: Tuple[TransformKey, ...] = ()
    visible: bool = True
    locked: bool = False
    colour: Colour = (1.0, 1.0, 1.0)
    native: Optional[Native] = None


Element = Union[Layer, KeyedShape, Foreign]


@dataclass(frozen=True)
class Provenance:
    """Where shapes come from, so that they can be made again: engine, model, release and what was asked."""

    engine: str = ""
    model: str = ""
    version: str = ""
    prompts: str = ""


@dataclass(frozen=True)
class ShapeDocument:
    """Everything drawn over one plate. ``fps`` is frames per second; the frame range is inclusive."""

    width: int
    height: int
    children: Tuple[Element, ...] = ()
    first_frame: int = 1
    last_frame: int = 1
    fps: float = 24.0
    pixel_aspect: float = 1.0
    name: str = "roto"
    provenance: Provenance = Provenance()
    native: Optional[Native] = None

    def shapes(self) -> Iterator[KeyedShape]:
        """Every shape in the order of the list, through all layers."""
        return _shapes(self.children)


def _shapes(children: Tuple[Element, ...]) -> Iterator[KeyedShape]:
    for child in children:
        if isinstance(child, KeyedShape):
            yield child
        elif isinstance(child, Layer):
            yield from _shapes(child.children)


def knots_at(shape: KeyedShape, frame: float) -> Knots:
    """The shape's knots on ``frame`` as a host interpolates them, before any transform."""
    return knots_from_values(evaluate(key_track(shape), frame))


def feather_at(shape: KeyedShape, frame: float) -> Optional[Knots]:
    """The soft edge on ``frame``; None for a shape that has none. A key without one has it on the shape itself."""
    if not any(key.feather for key in shape.keys):
        return None
    track = [Key(key.frame, _flat(key.feather or feather_on_shape(key.knots)), key.interpolation) for key in shape.keys]
    return knots_from_values(evaluate(track, frame))


def feather_on_shape(knots: Knots) -> Knots:
    """A soft edge that does not leave the shape."""
    return tuple(Knot(0.0, 0.0, *knot[2:]) for knot in knots)


def opacity_at(shape: KeyedShape, frame: float) -> float:
    """Opacity on ``frame``, 0..1; 0 outside the lifetime or when hidden."""
    if not shape.visible or not shape.lifetime.covers(frame):
        return 0.0
    return evaluate(shape.opacity, frame)[0] if shape.opacity else 1.0


def key_track(shape: KeyedShape) -> Track:
    """The shape's keys as a track of flat numbers, six a knot."""
    return tuple(
        Key(key.frame, _flat(key.knots), key.interpolation, _flat_or_none(key.slope_in), _flat_or_none(key.slope_out))
        for key in shape.keys
    )


def _flat(knots: Knots) -> Tuple[float, ...]:
    return tuple(chain.from_iterable(knots))


def _flat_or_none(knots: Optional[Knots]) -> Optional[Tuple[float, ...]]:
    return None if knots is None else _flat(knots)


def without_natives(element: Element) -> Element:
    """The same element with the hosts' own texts taken out of it and its children; compare with it what was read."""
    if isinstance(element, Foreign):
        return element
    if isinstance(element, Layer):
        return replace(element, native=None, children=tuple(without_natives(child) for child in element.children))
    return replace(element, native=None)
