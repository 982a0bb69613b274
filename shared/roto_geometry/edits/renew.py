"""A layer that an artist edited, brought up to masks that have changed.

Only where masks changed is anything done (:mod:`.mask_change`). Where a shape lies beside something that is drawn
wrong there, it is fitted anew with the same knots, between the frames before and after that stay as they are; keys
that the artist edited are held, with nothing cut out of them on their frames, and said to be right for a while as in
:mod:`.refit`. What was off is on where the masks show it now (:mod:`.waking`). A shape without the artist's word is off
or ends where its knots cannot follow, and any does where the masks show nothing of it (:mod:`.ending`). New shapes draw
what is missing then. On new frames shapes go on as in :mod:`.extend`.
Guarantees: what is drawn on frames whose masks are the same stays to rounding, and so do edited keys, the artist's own
shapes, what is hidden, looks, and how the layer is placed. Limits: as of :mod:`.refit`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from roto_geometry.measure.raster import Matte, rasterise
from roto_shared.shapes import Element, KeyedShape, Layer, Lifetime, ShapeDocument
from roto_shared.sites import Path, with_elements
from roto_shared.timeline import hold_keys

from .absence import is_off
from .cover import cover_differences, free_name
from .edited import Edited
from .ending import ended, gaps, runs
from .extend import extend
from .mask_change import MaskChange, Region, difference, grown
from .refit import Change, Stretch, refit_stretches, why_not, without_keys
from .settings import EditSettings
from .sites import Site, Span, sites
from .splice import with_key_at
from .targets import SAY, MaskedShape, Masks, inside, meant, said
from .waking import woken

LOST_SHARE = 0.02
"""What of a shape and its surroundings may be wrong before it ends (measured: of .01 to .04, the fewest knots)."""
GONE_SHARE = 0.1
"""A shape of whose area the mask shows less is gone."""


class _Job(NamedTuple):
    """What all steps are given."""

    change: MaskChange
    settings: EditSettings
    own: Collection[str]


def renew(
    document: ShapeDocument, change: MaskChange, settings: EditSettings | None = None, own: Collection[str] = ()
) -> Edited:
    """The document, which draws one object, as the masks show that now.

    ``own`` are whole names of shapes that the artist drew. Raises InputError where masks have another size than the
    document.
    """
    job = _Job(change, settings or EditSettings(), own)
    plain = _unplaced(document)
    awake = woken(plain, change, own)
    renewed, notes = _refitted(awake.document, job)
    left_out = _left_out(plain, renewed, job)
    notes += [_told(site, left_out[site.path]) for site in sites(renewed) if site.path in left_out]
    covered = _covered(plain, ended(renewed, left_out), job)
    gone_on = _gone_on(covered.document, job)
    return Edited(_placed_as(gone_on.document, document), (*awake.notes, *notes, *covered.notes, *gone_on.notes))


def _refitted(document: ShapeDocument, job: _Job) -> tuple[ShapeDocument, list[str]]:
    shapes: dict[Path, KeyedShape] = {}
    notes = []
    for site, frames in _beside_errors(document, job):
        reason = why_not(site)
        shape = site.shape if reason else _fitted_on(document, site, frames, job)
        shapes[site.path] = shape
        told = f"fitted to the masks of now; {len(shape.keys)} keys, {len(site.shape.keys)} before."
        notes += [f"{site.name}: {reason or told}"] if reason or shape is not site.shape else []
    return with_elements(document, shapes), notes


def _beside_errors(document: ShapeDocument, job: _Job) -> list[tuple[Site, list[int]]]:
    """Shapes that lie beside what is wrong, and on which frames."""
    beside: dict[Path, list[int]] = defaultdict(list)
    drawn = _as_matter(document, job.own)
    for frame in job.change.doubted:
        errors = job.change.errors(drawn, drawn, frame, job.settings)
        for site in _fitted_ones(document, frame, job.own) if errors.any() else ():
            if (_around(site, frame, job.settings) & errors).any():
                beside[site.path].append(frame)
    return [(site, beside[site.path]) for site in sites(document) if site.path in beside]


def _fitted_ones(document: ShapeDocument, frame: int, own: Collection[str]) -> list[Site]:
    """Shapes of a fit that are shown on ``frame``."""
    return [s for s in sites(document) if s.name not in own and s.is_drawn(frame) and s.shape.lifetime.covers(frame)]


def _fitted_on(document: ShapeDocument, site: Site, frames: Sequence[int], job: _Job) -> KeyedShape:
    """The shape fitted anew on ``frames`` and the few between them whose masks changed as well."""
    spans = runs(frames, job.change.frames)
    shape = site.shape
    for edge in (edge for first, last in spans for edge in (first - 1, last + 1)):
        shape = with_key_at(shape, edge) if site.shape.lifetime.covers(edge) else shape
    free = {frame for first, last in spans for frame in range(first, last + 1)} - set(shape.edited)
    held = [key.frame for key in shape.keys if key.frame not in free]
    if not held:
        return site.shape
    now, was = replace(site, shape=shape), replace(site, shape=without_keys(shape, shape.edited))
    subject, former = (MaskedShape(document, each, job.change.now, job.settings.fit) for each in (now, was))
    fitted = refit_stretches(Change(subject, shape.edited, former, job.settings), _stretches(held, free))
    return site.shape if fitted is shape else fitted


def _stretches(held: Sequence[float], free: Collection[int]) -> list[Stretch]:
    """The stretches between ``held`` keys that any of the frames ``free`` to change lies in."""
    stretches = (Stretch(start, end) for start, end in pairwise((None, *held, None)))
    return [one for one in stretches if any(one.gap[0] < frame < one.gap[1] for frame in free)]


def _left_out(was: ShapeDocument, document: ShapeDocument, job: _Job) -> dict[Path, list[Span]]:
    """Where shapes end: where masks show nothing of them; those that nobody edited, also where they are wrong."""
    lost: dict[Path, dict[int, bool]] = defaultdict(dict)
    was_drawn, drawn = _as_matter(was, job.own), _as_matter(document, job.own)
    for frame in job.change.doubted:
        errors = job.change.errors(was_drawn, drawn, frame, job.settings)
        if not errors.any():
            continue
        free = [s for s in _fitted_ones(document, frame, job.own) if not why_not(s) and frame not in s.shape.edited]
        around = {site.path: _around(site, frame, job.settings) for site in free}
        shown = job.change.shown(document, frame)
        gone = {s.path: s for s in free if (around[s.path] & errors).any() and _is_gone(s, frame, shown)}
        if gone:  # what lies around a hole that is filled is not to blame for it
            left = _as_matter(_unseen(document, gone.values()), job.own)
            errors = job.change.errors(was_drawn, left, frame, job.settings)
        for site in free:
            where = around[site.path]
            is_wrong = not site.shape.edited and (where & errors).sum() > LOST_SHARE * where.sum()
            if site.path in gone or is_wrong:
                lost[site.path][frame] = site.path in gone
    life = (document.first_frame, document.last_frame)
    found = {}
    for site in sites(document):
        if site.path in lost:
            spare = set(job.change.doubted).difference(site.shape.edited)
            found[site.path] = gaps(site.shape, lost[site.path], spare, life)
    return {path: spans for path, spans in found.items() if spans}


def _unseen(document: ShapeDocument, gone: Iterable[Site]) -> ShapeDocument:
    """The document without what ``gone`` shapes draw, each in its place."""
    never = Lifetime(inf, inf)
    return with_elements(document, {site.path: replace(site.shape, lifetime=never) for site in gone})


def _is_gone(site: Site, frame: int, shown: Region) -> bool:
    """Whether the mask shows nothing of a shape: of a hole, that it is filled."""
    covered = inside(site, frame)
    return bool((meant(site, shown) & covered).sum() < GONE_SHARE * covered.sum())


def _told(site: Site, spans: Sequence[Span]) -> str:
    frames = ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in spans)
    return f"{site.name}: off on {frames}, where the masks do not show it or its knots cannot follow them."


def _covered(before: ShapeDocument, after: ShapeDocument, job: _Job) -> Edited:
    """``after`` with new shapes and holes for what is wrong where masks, or what is drawn since ``before``, changed."""
    matter, ended_too = (_as_matter(each, job.own) for each in (before, after))

    def goal(frame: int) -> tuple[Matte, Matte]:
        """What is drawn, and what should be."""
        drawn = rasterise(ended_too, frame)
        open_to = job.change.region(after, frame, job.settings) | (np.abs(rasterise(matter, frame) - drawn) >= SAY)
        free = grown(open_to, job.settings) & ~said(after, frame, job.own)
        return drawn, np.where(free, job.change.now.soft(frame, after), drawn)

    def is_wrong(frame: int) -> bool:
        drawn, wanted = (each >= SAY for each in goal(frame))
        return bool(difference(drawn, wanted, job.settings).any())

    wrong = {frame for frame in job.change.doubted if is_wrong(frame)}
    if not wrong:
        return Edited(after)
    edited = {frame for site in sites(after) for frame in site.shape.edited}  # else they would be bridged
    left = [frame for frame in job.change.doubted if frame in wrong | edited]
    done = cover_differences(ended_too, Masks(left, lambda frame: goal(frame)[1]), job.settings.fit)
    return replace(done, document=_with_added(after, _laid_on(after, done.document), job.own))


def _gone_on(document: ShapeDocument, job: _Job) -> Edited:
    """The document on frames beyond those that it was fitted to; the artist's own shapes have no say in what is new."""
    if not job.change.beyond.frames:
        return Edited(document)
    own = {s.path: s.shape for s in sites(document) if s.name in job.own}
    hidden = with_elements(document, {path: replace(shape, visible=False) for path, shape in own.items()})
    done = extend(hidden, job.change.beyond, job.settings, job.change.span)
    added = _laid_on(document, done.document)
    kept = replace(done.document, children=done.document.children[len(added) :])
    return replace(done, document=_with_added(with_elements(kept, own), added, job.own))


def _as_matter(document: ShapeDocument, own: Collection[str]) -> ShapeDocument:
    """What the fitted shapes say is the object: shown, opaque and hard, without what the artist drew."""
    matter = {site.path: None if site.name in own else _opaque(site.shape) for site in sites(document)}
    return replace(document, children=tuple(map(_shown, with_elements(document, matter).children)))


def _opaque(shape: KeyedShape) -> KeyedShape:
    """The shape as hard matter wherever it lives."""
    switches = {frame for key in shape.opacity for frame in (key.frame, key.frame + 1)}
    opacity = hold_keys((frame, float(not is_off(shape, frame))) for frame in switches)
    return replace(shape, visible=True, opacity=opacity, feather_px=0.0)


def _shown(element: Element) -> Element:
    if not isinstance(element, Layer):
        return element
    return replace(element, visible=True, children=tuple(map(_shown, element.children)))


def _around(site: Site, frame: int, settings: EditSettings) -> Region:
    return grown(inside(site, frame), settings)


def _unplaced(document: ShapeDocument) -> ShapeDocument:
    """The document with its layers as a fit puts them: placed by nothing, whatever the artist did with the object."""
    children = (replace(c, transform=()) if isinstance(c, Layer) and c.transform else c for c in document.children)
    return replace(document, children=tuple(children))


def _placed_as(document: ShapeDocument, was: ShapeDocument) -> ShapeDocument:
    placed = {child.name: child.transform for child in was.children if isinstance(child, Layer)}
    children = (
        replace(child, transform=placed.get(child.name, ())) if isinstance(child, Layer) else child
        for child in document.children
    )
    return replace(document, children=tuple(children))


def _laid_on(document: ShapeDocument, grown_one: ShapeDocument) -> Sequence[Element]:
    """The layers that an edit laid on top of those of ``document``."""
    return grown_one.children[: len(grown_one.children) - len(document.children)]


def _with_added(document: ShapeDocument, added: Sequence[Element], own: Collection[str]) -> ShapeDocument:
    """The document with new layers inside of its one layer, below what the artist laid on top."""
    (layer, *others) = document.children
    if not added or others or not isinstance(layer, Layer):
        return replace(document, children=(*added, *document.children))
    on_top = 0
    while on_top < len(layer.children) and f"{layer.name}/{layer.children[on_top].name}" in own:
        on_top += 1
    taken = {child.name for child in layer.children}
    named = (replace(each, name=free_name(taken, each.name)) for each in added)
    children = (*layer.children[:on_top], *named, *layer.children[on_top:])
    return replace(document, children=(replace(layer, children=children),))
