"""A finished shot, gone on with on new frames, before or after, and not touched where it was finished.

Every shape alive at the end goes on with the same knots on the new masks until it is gone; so does the transform track
of its layer, with a key on every new frame. What the masks show and nothing covers becomes a layer of new shapes; what
is drawn that they do not show, one of new holes. Lines drawn as strokes end, and are new shapes on new frames.
Guarantees: on old frames nothing is drawn differently by the least bit, and no old key of a shape or layer is moved;
a key that an artist set on a new frame already is held.
Limits: as of :mod:`.refit`; what cannot be followed rests where its last key put it, and is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

import numpy as np

from roto_geometry.arclength import Contour
from roto_geometry.bezier import Array
from roto_geometry.measure.raster import Matte
from roto_geometry.trace.strands import part_strands
from roto_geometry.trackfit import closeness
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, Lifetime, ShapeDocument
from roto_shared.sites import with_elements

from .advance import Pose, advance, placement_between
from .cover import cover_differences
from .edited import Edited
from .follow import follow
from .keying import fit_goals, keys_between
from .refit import why_not
from .settings import EditSettings
from .sites import Site, Span, lived, sites
from .splice import refilled, way_after, with_key_at
from .targets import MaskedShape, Masks, rasterise_opaque, said
from .tracks import with_tracks_gone_on


def extend(
    document: ShapeDocument,
    masks: Masks,
    settings: EditSettings | None = None,
    finished: Span | None = None,
) -> Edited:
    """The document gone on with on those frames of ``masks`` that lie before or after the ``finished`` ones.

    These are the first and the last that any shape lives on, unless they are told. Raises InputError where there are no
    such frames, or masks have another size than the document.
    """
    settings = settings or EditSettings()
    first, last = finished or lived(document)
    after = [frame for frame in masks.frames if frame > last]
    before = [frame for frame in masks.frames if frame < first][::-1]
    if not after and not before:
        raise InputError(f"No mask lies outside of the frames {first}-{last}.", "Give masks of new frames.")
    notes: list[str] = []
    for frames, edge in ((after, last), (before, first)):
        if frames:
            document, told = _extended(document, _without_strands(masks, document, edge), frames, edge, settings)
            notes += told
    covered = cover_differences(document, _as_said(masks, document, sorted(after + before)), settings.fit)
    return Edited(covered.document, (*notes, *covered.notes))


def _without_strands(masks: Masks, document: ShapeDocument, edge: int) -> Masks:
    """What closed shapes go on by: where strokes draw the lines of the masks, the masks without them."""
    strokes = [site.shape for site in sites(document) if not site.shape.closed and site.shape.lifetime.covers(edge)]
    return replace(masks, read=lambda frame: part_strands(masks.read(frame))[0]) if strokes else masks


def _as_said(masks: Masks, document: ShapeDocument, frames: Sequence[int]) -> Masks:
    """The masks of ``frames``, showing what is drawn where an artist's keys say it."""

    def read(frame: int) -> Matte:
        mask, held = masks.soft(frame, document), said(document, frame)
        return np.where(held, rasterise_opaque(document, frame), mask) if held.any() else mask

    return Masks(frames, read)


@dataclass(frozen=True, eq=False)
class _Life:
    """A shape beyond the finished frame: clockwise outlines (n, 6) in plate px by ascending frame, that one too.

    ``held`` are the frames whose keys stay: that one, and those that an artist set beyond it. ``closeness`` is the
    share of the tolerance that it may use; ``is_gone`` says that the masks lost it.
    """

    subject: MaskedShape
    drawn: Mapping[float, Array]
    held: Sequence[float]
    closeness: float
    is_gone: bool

    def between(self, one: float, other: float) -> dict[float, Array]:
        """What is drawn on those of its frames that do not lie beyond these two."""
        first, last = sorted((one, other))
        return {frame: outline for frame, outline in self.drawn.items() if first <= frame <= last}


def _extended(
    document: ShapeDocument, masks: Masks, frames: Sequence[int], edge: int, settings: EditSettings
) -> tuple[ShapeDocument, list[str]]:
    """The shapes of ``document`` on further ``frames``, given in order from ``edge`` on."""
    alive = [site for site in sites(document) if site.is_drawn(edge)]
    reasons = {site.path: why_not(site) for site in alive}
    subjects = {s.path: MaskedShape(document, s, masks, settings.fit) for s in alive if not reasons[s.path]}
    way = 1 if frames[0] > edge else -1
    poses = {path: _pose(subject, edge, way) for path, subject in subjects.items()}
    seen = list(advance(document, poses, masks, frames, settings.fit))
    lives = {}
    for path, subject in subjects.items():
        contours = {frame: found[path] for frame, found in seen if path in found}
        lives[path] = _life(subject, contours, edge, way, is_gone=len(contours) < len(frames))
    drawn = {path: life.between(edge, frames[-1]) for path, life in lives.items()}
    document = with_tracks_gone_on(document, drawn, alive, edge)
    shapes = {
        site.path: _gone_on(site, lives[site.path], edge, frames[-1], settings)
        for site in sites(document)
        if site.path in lives
    }
    document = replace(
        with_elements(document, shapes),
        first_frame=min(document.first_frame, frames[-1]),
        last_frame=max(document.last_frame, frames[-1]),
    )
    names = {site.path: site.name for site in alive}
    return document, [
        *(f"{names[path]}: {reason}" for path, reason in reasons.items() if reason),
        *(f"{names[path]}: goes on to frame {_end(life, edge):g}." for path, life in lives.items()),
    ]


def _pose(subject: MaskedShape, edge: int, way: int) -> Pose:
    """The shape as it is drawn on ``edge``, and how it came there."""
    outline, before = subject.outline(edge), subject.outline(edge - way)
    return Pose(subject.site, outline, placement_between([before], [outline]), edge)


def _life(subject: MaskedShape, contours: Mapping[int, Contour], edge: int, way: int, is_gone: bool) -> _Life:
    held = sorted((float(edge), *_set_beyond(subject.site.shape, edge, way)))
    pins = [subject.pin(frame) for frame in held]
    drawn = {pin.frame: pin.outline for pin in pins}
    for before, after in pairwise((*pins, None) if way > 0 else (None, *pins)):
        gap = (before.frame if before else -inf, after.frame if after else inf)
        frames = [frame for frame in sorted(contours) if gap[0] < frame < gap[1]]
        if frames:
            goals = follow(frames, [contours[frame] for frame in frames], before, after)
            drawn |= zip(map(float, frames), fit_goals(goals, subject.site.size), strict=True)
    close = closeness(list(contours.values())) if contours else 1.0
    return _Life(subject, dict(sorted(drawn.items())), held, close, is_gone)


def _set_beyond(shape: KeyedShape, edge: int, way: int) -> list[float]:
    """Frames of the keys that an artist set beyond the finished frame, while the shape lives."""
    keyed = (key.frame for key in shape.keys if key.frame in shape.edited and shape.lifetime.covers(key.frame))
    return [frame for frame in keyed if way * (frame - edge) > 0]


def _gone_on(site: Site, life: _Life, edge: int, last: int, settings: EditSettings) -> KeyedShape:
    """The shape with keys beyond ``edge``; ``site`` has the placements of the new frames."""
    shape = site.shape
    if len(life.drawn) > 1:
        gap = (edge, inf) if last > edge else (-inf, edge)
        resting = with_key_at(shape, edge)
        own = {frame: life.subject.as_drawn(outline) for frame, outline in life.drawn.items()}
        way = way_after(shape, edge)
        fresh = keys_between(replace(site, shape=resting), own, life.held, settings.fit, life.closeness, way)
        shape = refilled(resting, gap, fresh, way)
    return replace(shape, lifetime=_lifetime(shape.lifetime, life, edge, last))


def _lifetime(lifetime: Lifetime, life: _Life, edge: int, last: int) -> Lifetime:
    """The lifetime moved on to the last frame that shows the shape; an open one stays open while it is seen."""
    end = _end(life, edge)
    if last > edge:
        is_open = lifetime.last is None and not life.is_gone
        return replace(lifetime, last=None if is_open else end)
    is_open = lifetime.first is None and not life.is_gone
    return replace(lifetime, first=None if is_open else end)


def _end(life: _Life, edge: int) -> float:
    """The frame furthest from ``edge`` on which the shape was followed."""
    return max(life.drawn, key=lambda frame: abs(frame - edge))
