"""Frames around changed keys, fitted anew to their masks while those keys are held exactly.

From every changed key on, both ways, up to the next key that is protected (changed by an artist, now or before) or far
enough away, a shape is fitted to the masks with the same knots; where there is no such key, up to the end of its life.
Guarantees: held keys keep their knots to the last bit; frames beyond, other shapes, names, placements and the number of
knots stay as they are; locked shapes are never touched. Limits: closed Bézier shapes of at least three knots.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from roto_geometry.fit.knots import FEWEST_KNOTS
from roto_geometry.trackfit import closeness
from roto_shared.shapes import KeyedShape, ShapeDocument, ShapeKey, ShapeKind
from roto_shared.sites import with_elements
from roto_shared.timeline import Interpolation

from .absence import lives_on
from .changes import Changes
from .edited import Edited
from .follow import Pin, follow
from .keying import PEAK, fit_goals, keys_between
from .settings import EditSettings
from .sites import Site, sites
from .splice import refilled, way_after
from .targets import MaskedShape, Masks


@dataclass(frozen=True)
class Stretch:
    """Frames between two held keys of a shape; None where its life ends before there is one."""

    start: float | None
    end: float | None

    @property
    def gap(self) -> tuple[float, float]:
        """Start and end as numbers."""
        return (-inf if self.start is None else self.start, inf if self.end is None else self.end)


def refit(document: ShapeDocument, masks: Masks, changes: Changes, settings: EditSettings | None = None) -> Edited:
    """Fit the frames around changed keys anew. Raises InputError where masks have another size than the document."""
    settings = settings or EditSettings()
    notes = list(changes.notes)
    for site in sites(document):
        if site.path not in changes.frames:
            continue
        reason = why_not(site)
        if reason:
            notes.append(f"{site.name}: {reason}")
            continue
        changed = changes.frames[site.path]
        held = {*changed, *site.shape.edited, *changes.held.get(site.path, ())}
        marked = replace(site, shape=replace(site.shape, edited=tuple(sorted(held))))
        before = replace(site, shape=changes.before.get(site.path) or without_keys(site.shape, changed))
        subject, former = (MaskedShape(document, each, masks, settings.fit) for each in (marked, before))
        stretches = stretches_around(marked.shape, changed, settings.reach_frames)
        shape = refit_stretches(Change(subject, changed, former, settings), stretches)
        notes.append(_told(site, shape, changed))
        document = with_elements(document, {site.path: shape})
    return Edited(document, tuple(notes))


def why_not(site: Site) -> str:
    """Why a shape cannot be fitted to masks; empty where it can."""
    shape = site.shape
    if site.is_locked:
        return "it is locked and stays as it is."
    if shape.kind is ShapeKind.BSPLINE:
        return "it is a B-spline, whose points lie off its edge; only Bézier shapes can be fitted."
    if not shape.closed:
        return "it is open; only closed shapes can be fitted to masks."
    if shape.knot_count < FEWEST_KNOTS:
        return f"it has fewer than {FEWEST_KNOTS} knots."
    return ""


def stretches_around(shape: KeyedShape, changed: Sequence[float], reach_frames: float) -> list[Stretch]:
    """The stretches to fit anew around ``changed`` keys; all of ``shape.edited`` are held."""
    frames = [key.frame for key in shape.keys]
    found = set()
    for frame in changed:
        after = [f for f in frames if f > frame and (f in shape.edited or f - frame >= reach_frames)]
        before = [f for f in frames if f < frame and (f in shape.edited or frame - f >= reach_frames)]
        found |= {Stretch(frame, min(after, default=None)), Stretch(max(before, default=None), frame)}
    return _merged(sorted(found, key=lambda stretch: stretch.gap))


def _merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches, in order, with those that overlap as one: each is fitted once, and its ends stay."""
    merged: list[Stretch] = []
    for one in stretches:
        if merged and one.gap[0] < merged[-1].gap[1]:
            merged[-1] = Stretch(merged[-1].start, one.end)
        else:
            merged.append(one)
    return merged


@dataclass(frozen=True)
class Change:
    """A shape with keys changed on ``frames``, beside the masks, and what it is believed to have been ``before``."""

    subject: MaskedShape
    frames: Sequence[float]
    before: MaskedShape
    settings: EditSettings

    def pin(self, frame: float) -> Pin:
        """A held key; what one that was ever changed says against the masks is believed for a while, beyond other keys
        too."""
        pin = self.subject.pin(frame)
        if frame in {*self.frames, *self.subject.site.shape.edited}:
            return replace(pin, fade_frames=self.settings.fade_frames, guide=self.before.outline(frame))
        away = min((abs(frame - changed) for changed in self.frames), default=inf)
        return replace(pin, fade_frames=max(0.0, self.settings.fade_frames - away))

    @property
    def watched(self) -> NDArray[np.bool_]:
        """The segments (n,) that were changed by more than drowns in the tolerance."""
        pairs = [[each.site.outline(frame) for each in (self.subject, self.before)] for frame in self.frames]
        moved = np.max([np.abs(now - was).max(axis=1) for now, was in pairs], axis=0, initial=0.0)
        knots = moved > PEAK * self.settings.fit.key_tolerance_px
        return knots | np.roll(knots, -1)


def refit_stretches(change: Change, stretches: Sequence[Stretch]) -> KeyedShape:
    """The shape with new keys in ``stretches``, by ascending frame; the very same where no mask shows it there."""
    shape = change.subject.site.shape
    for stretch in stretches:
        way = way_after(shape, stretch.gap[0])
        fresh = _keys_of(change, stretch, way)
        shape = refilled(shape, stretch.gap, fresh, way) if fresh else shape
    return shape


def _keys_of(change: Change, stretch: Stretch, way: Interpolation) -> list[ShapeKey]:
    """Keys of a stretch, fitted to the masks; none where there are no masks. Old keys on other frames are held."""
    subject, (start, end) = change.subject, stretch.gap
    shape = subject.site.shape
    frames = [frame for frame in subject.masks.frames if start < frame < end and lives_on(shape, frame)]
    wanted = {frame: contour for frame in frames if (contour := subject.contour(frame)) is not None}
    if not wanted:
        return []
    before, after = (None if frame is None else change.pin(frame) for frame in (stretch.start, stretch.end))
    guides = [change.before.outline(frame) for frame in wanted]
    goals = follow(list(wanted), list(wanted.values()), before, after, guides)
    held = [key.frame for key in shape.keys if start <= key.frame <= end and key.frame not in wanted]
    drawn = {frame: subject.outline(frame) for frame in held}
    drawn |= zip(wanted, fit_goals(goals, subject.site.size), strict=True)
    own = {frame: subject.as_drawn(drawn[frame]) for frame in sorted(drawn)}
    close = closeness(list(wanted.values()))
    return keys_between(subject.site, own, held, change.settings.fit, close, way, change.watched)


def without_keys(shape: KeyedShape, frames: Sequence[float]) -> KeyedShape:
    """The shape as its other keys draw it; as it is where there are none."""
    others = tuple(key for key in shape.keys if key.frame not in frames)
    return replace(shape, keys=others or shape.keys)


def _told(site: Site, shape: KeyedShape, changed: Sequence[float]) -> str:
    frames = ", ".join(f"{frame:g}" for frame in changed)
    if shape.keys is site.shape.keys:
        return f"{site.name}: no mask shows it around {frames}; it stays as it is."
    return f"{site.name}: fitted anew around {frames}; {len(shape.keys)} keys, {len(site.shape.keys)} before."
