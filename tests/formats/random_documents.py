"""Random documents that no artist would draw but every format has to carry, and what two of them must share."""

import math

from hypothesis import strategies as st

from roto_shared.placement import placed_knots_at, placed_shapes
from roto_shared.shapes import (
    Blend,
    KeyedShape,
    Knot,
    Layer,
    Lifetime,
    ShapeDocument,
    ShapeKey,
    ShapeKind,
    Transform,
    TransformKey,
    opacity_at,
)
from roto_shared.timeline import Interpolation, Key

NAMES = st.sampled_from(["arm", "left leg", 'a "b" {c}', "Zoë\\x", "R&D <1>", "$x[1]", "arm"])
INTERPOLATIONS = st.sampled_from(list(Interpolation))
BLENDS = st.sampled_from([Blend.ADD, Blend.SUBTRACT, Blend.MAX, Blend.MIN, Blend.DIFFERENCE])


def reals(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_subnormal=False)


@st.composite
def frames(draw, first: int, last: int, most: int = 4) -> list[float]:
    """Ascending frames, some of them fractional."""
    whole = draw(st.lists(st.integers(first - 2, last + 2), min_size=1, max_size=most, unique=True))
    shift = draw(st.sampled_from([0.0, 0.0, 0.0, 0.5, 0.25]))
    return sorted(frame + (shift if i % 2 else 0.0) for i, frame in enumerate(whole))


@st.composite
def knots(draw, count: int, width: int, height: int) -> tuple[Knot, ...]:
    x, y = reals(-0.2 * width, 1.2 * width), reals(-0.2 * height, 1.2 * height)
    arm = reals(-60, 60)
    return tuple(Knot(*(draw(part) for part in (x, y, arm, arm, arm, arm))) for _ in range(count))


@st.composite
def shapes(draw, width: int, height: int, first: int, last: int) -> KeyedShape:
    count = draw(st.integers(2, 4))
    kind = draw(st.sampled_from(list(ShapeKind)))
    picture = knots(count, width, height)
    keys = []
    for frame in draw(frames(first, last)):
        slopes = draw(st.booleans())
        slope = knots(count, 20, 20) if slopes else st.none()
        keys.append(ShapeKey(frame, draw(picture), draw(INTERPOLATIONS), draw(slope), draw(slope)))
    if kind is ShapeKind.BSPLINE:
        keys = [_without_tangents(key) for key in keys]
    bounds = sorted(draw(st.lists(st.integers(first, last), min_size=2, max_size=2)))
    lifetime = Lifetime(*(draw(st.sampled_from([float(bound), None])) for bound in bounds))
    return KeyedShape(
        draw(NAMES),
        tuple(keys),
        kind,
        closed=draw(st.booleans()),
        lifetime=lifetime,
        opacity=draw(opacities(first, last)),
        blend=draw(BLENDS),
        inverted=draw(st.booleans()),
        transform=draw(st.one_of(st.just(()), transforms(width, height, first, last))),
        visible=draw(st.sampled_from([True, True, True, False])),
        locked=draw(st.booleans()),
    )


def _without_tangents(key: ShapeKey) -> ShapeKey:
    def points(given):
        return None if given is None else tuple(Knot(knot.x, knot.y) for knot in given)

    return ShapeKey(key.frame, points(key.knots), key.interpolation, points(key.slope_in), points(key.slope_out))


@st.composite
def opacities(draw, first: int, last: int):
    if draw(st.booleans()):
        return ()
    return tuple(Key(frame, (draw(reals(0.125, 1)),), draw(INTERPOLATIONS)) for frame in draw(frames(first, last, 3)))


@st.composite
def transforms(draw, width: int, height: int, first: int, last: int) -> tuple[TransformKey, ...]:
    """A layer's placement: a plain move, turn and pin, or anything that Nuke's layers hold as well."""
    rich, pinned, centred = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    pivot = (width / 2, height / 2) if centred else (draw(reals(0, width)), draw(reals(0, height)))
    keys = []
    for frame in draw(frames(first, last, 3)):
        scale = (draw(reals(0.75, 1.5)), draw(reals(0.75, 1.5))) if rich else (1.0, 1.0)
        transform = Transform(
            translate=(draw(reals(-0.2, 0.2)) * width, draw(reals(-0.2, 0.2)) * height),
            rotate=draw(reals(-180, 180)),
            scale=scale,
            skew_x=draw(reals(-0.5, 0.5)) if rich else 0.0,
            pivot=pivot,
            pins=draw(pins(width, height)) if pinned else None,
            matrix=(1.0, draw(reals(-0.25, 0.25)), 5.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
            if rich and not pinned
            else Transform().matrix,
        )
        keys.append(TransformKey(frame, transform, draw(INTERPOLATIONS)))
    return tuple(keys)


@st.composite
def pins(draw, width: int, height: int):
    near = reals(-0.04, 0.04)
    corners = ((0, 0), (1, 0), (1, 1), (0, 1))
    return tuple(((x + draw(near)) * width, (y + draw(near)) * height) for x, y in corners)


@st.composite
def layers(draw, width: int, height: int, first: int, last: int, depth: int = 2) -> Layer:
    inner = shapes(width, height, first, last)
    if depth > 1:
        inner = st.one_of(inner, layers(width, height, first, last, depth - 1))
    return Layer(
        draw(NAMES),
        tuple(draw(st.lists(inner, max_size=2))),
        draw(st.one_of(st.just(()), transforms(width, height, first, last))),
        visible=draw(st.sampled_from([True, True, True, False])),
    )


@st.composite
def documents(draw) -> ShapeDocument:
    width = draw(st.integers(96, 4097))
    height = draw(st.integers(width // 3, min(width, 2161)))
    first = draw(st.integers(-12, 1001))
    last = first + draw(st.integers(0, 9))
    element = st.one_of(shapes(width, height, first, last), layers(width, height, first, last))
    return ShapeDocument(
        width,
        height,
        tuple(draw(st.lists(element, min_size=1, max_size=2))),
        first,
        last,
        fps=draw(st.sampled_from([24.0, 23.976, 25.0])),
        pixel_aspect=draw(st.sampled_from([1.0, 1.0, 2.0, 0.9091])),
    )


def drawn(document: ShapeDocument, frame: float):
    """What shows on ``frame``, topmost first: shape, opacity and placed knots."""
    return [
        (shape, opacity_at(shape, frame), placed_knots_at(shape, matrix, frame))
        for shape, matrix in placed_shapes(document, frame)
        if opacity_at(shape, frame) > 0
    ]


def distance_px(one: ShapeDocument, other: ShapeDocument, frame: float) -> float:
    """The furthest that any knot or tangent end of one lies from the other's, px; everything else must be the same."""
    furthest = 0.0
    for (a, a_opacity, a_knots), (b, b_opacity, b_knots) in zip(drawn(one, frame), drawn(other, frame), strict=True):
        assert (a.kind, a.closed, a.blend, a.inverted) == (b.kind, b.closed, b.blend, b.inverted)
        assert math.isclose(a_opacity, b_opacity, abs_tol=1e-4), (a.name, frame, a_opacity, b_opacity)
        for p, q in zip(a_knots, b_knots, strict=True):
            for i in (0, 2, 4):
                furthest = max(furthest, math.hypot(p[i] - q[i], p[i + 1] - q[i + 1]))
    return furthest


def whole_frames(document: ShapeDocument) -> range:
    return range(document.first_frame - 4, document.last_frame + 5)
