"""How a held outline goes on along the contours of neighbouring frames: where its knots lie, and how far off the mask.

Where the shape was drawn on those frames already, its own knots say which place continues which, and a knot that was
slid along the edge on the held frame is slid as far on the others. Where it was not, the held outline is linked to its
own frame's contour and from there from frame to frame. Where it leaves the mask, the way from the contour to it is kept
as a vector for every place on the outline, turned and scaled as the contour turns and grows, and fades out over time.
Between two held outlines places run from those of the one to those of the other. Guarantee: knots keep their cyclic
order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array, sample
from roto_geometry.follow.correspondence import Carrier, link_contours

PER_SEGMENT = 24
LEAST_GAP = 0.02
"""Share of the mean gap that two neighbouring samples keep."""


@dataclass(frozen=True, eq=False)
class Pin:
    """A held outline (n, 6), clockwise in plate px, on ``frame``, and the contour that it stands for there.

    ``fade_frames``: how long it is believed against the masks of other frames; 0 for not at all. ``guide`` is the
    outline before an artist changed it; None where nobody did.
    """

    frame: float
    outline: Array
    contour: Contour
    fade_frames: float = 0.0
    guide: Array | None = None


@dataclass(frozen=True, eq=False)
class Carried:
    """A pin on another frame's contour: positions of its knots (n,), and of its samples (m + 1,) with their offsets."""

    knots: Array
    samples: Array
    offsets: Array


@dataclass(frozen=True, eq=False)
class Goal:
    """The contour to fit on a frame, and where on it the knots belong, (n,) ascending over less than a turn.

    ``shown`` is the same by the mask alone; None where nothing leads off it.
    """

    contour: Contour
    positions: Array
    shown: "Goal | None" = None


def follow(
    frames: Sequence[float],
    contours: Sequence[Contour],
    before: Pin | None,
    after: Pin | None,
    guides: Sequence[Array] | None = None,
) -> list[Goal]:
    """Goals on ``frames``, which lie between the pins, of which there is at least one.

    ``guides`` are the shape's outlines (n, 6) on these frames, clockwise in plate px, where it was drawn before.
    """

    def carried(pin: Pin | None, way: int) -> list[Carried]:
        if pin is None:
            return []
        targets = contours[::way]
        places = _linked(pin, targets) if guides is None else _guided(pin, targets, guides[::way])
        return list(_carried(pin, targets, places))[::way]

    forward, backward = carried(before, 1), carried(after, -1)
    goals = []
    for index, (frame, contour) in enumerate(zip(frames, contours, strict=True)):
        pinned = [(pin, way[index]) for pin, way in ((before, forward), (after, backward)) if pin]
        shown = Goal(contour, _places(frame, contour, pinned))
        goals.append(_displaced(shown, [(_belief(pin, frame, before, after), told) for pin, told in pinned]))
    return goals


def _linked(pin: Pin, contours: Sequence[Contour]) -> Iterator[Array]:
    """Places (m + 1,) of the pin's samples on its own contour, and then on every other, each the next one's source."""
    places = _places_on(pin.contour, pin.outline)
    yield places
    for source, target in pairwise((pin.contour, *contours)):
        places = link_contours(source, target).carry(places)
        yield places


def _guided(pin: Pin, contours: Sequence[Contour], guides: Sequence[Array]) -> Iterator[Array]:
    """As :func:`_linked`, by the shape's own outlines, all places slid as they were slid on the pin's frame."""
    places = _places_on(pin.contour, pin.outline)
    yield places
    slid = np.zeros(len(places)) if pin.guide is None else places - _places_on(pin.contour, pin.guide)
    slid -= np.rint(np.mean(slid) / pin.contour.length) * pin.contour.length
    for contour, guide in zip(contours, guides, strict=True):
        own = _places_on(contour, guide)
        yield _in_order(own + slid * contour.length / pin.contour.length)


def _places_on(contour: Contour, outline: Array) -> Array:
    """Where the samples of an outline lie on a contour next to it, the first one again a turn further at last."""
    drawn = Contour(sample(outline, PER_SEGMENT))
    return link_contours(drawn, contour).carry(drawn.arc)


def _in_order(places: Array) -> Array:
    """Places over one turn that ascend, as near to the given ones as a least gap allows."""
    turn = places[-1] - places[0]
    gaps = np.maximum(np.diff(places), LEAST_GAP * turn / len(places))
    return places[0] + np.concatenate([[0.0], np.cumsum(gaps)]) * (turn / gaps.sum())


def _carried(pin: Pin, contours: Sequence[Contour], places: Iterator[Array]) -> Iterator[Carried]:
    drawn = sample(pin.outline, PER_SEGMENT)
    origin = pin.contour.at(next(places))
    offsets = np.vstack([drawn, drawn[:1]]) - origin
    for contour, own in zip(contours, places, strict=True):
        yield Carried(own[:-1:PER_SEGMENT], own, turned(offsets, origin, contour.at(own)))


def turned(vectors: Array, source: Array, goal: Array) -> Array:
    """Vectors (…, 2) turned and scaled as ``source`` (m, 2) must be to lie best on ``goal``, after both are centred."""
    a, b = ((points - points.mean(axis=0)) @ (1, 1j) for points in (source, goal))
    spin = np.vdot(a, b) / max(np.vdot(a, a).real, 1e-9)
    moved = (vectors @ (1, 1j)) * spin
    return np.stack([moved.real, moved.imag], axis=-1)


def _belief(pin: Pin, frame: float, before: Pin | None, after: Pin | None) -> float:
    """How much of a pin's offset is left on ``frame``: none on the frame of another pin."""
    fade = min(pin.fade_frames, after.frame - before.frame) if before and after else pin.fade_frames
    return max(0.0, 1 - abs(frame - pin.frame) / fade) if fade > 0 else 0.0


def _displaced(shown: Goal, offsets: Sequence[tuple[float, Carried]]) -> Goal:
    """The goal with its contour moved by its share of every pin's offsets."""
    contour, offsets = shown.contour, [(share, told) for share, told in offsets if share > 0]
    if not offsets:
        return shown
    places = np.unique(
        np.concatenate([contour.arc[:-1], *(np.mod(told.samples, contour.length) for _, told in offsets)])
    )
    moved = contour.at(places) + sum(share * _offsets_at(told, places, contour.length) for share, told in offsets)
    target = Contour(moved)
    carrier = Carrier(np.append(places, places[0] + contour.length), target.arc)
    return Goal(target, carrier.carry(shown.positions), shown)


def _offsets_at(told: Carried, places: Array, length: float) -> Array:
    start = told.samples[0]
    along = np.mod(places - start, length) + start
    return np.stack([np.interp(along, told.samples, told.offsets[:, axis]) for axis in (0, 1)], axis=-1)


def _places(frame: float, contour: Contour, pinned: Sequence[tuple[Pin, Carried]]) -> Array:
    """Places of the knots between those of one pin and those of the other, by the time between them."""
    (first, told), *rest = pinned
    if not rest:
        return told.knots
    last, other = rest[0]
    share = (frame - first.frame) / (last.frame - first.frame)
    turns = np.rint(np.mean(other.knots - told.knots) / contour.length)
    return told.knots + share * (other.knots - turns * contour.length - told.knots)
