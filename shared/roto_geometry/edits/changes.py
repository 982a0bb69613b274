"""Which keys an artist changed: as told, as the document remembers, or found by comparing with what we wrote."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, ShapeDocument, knots_at, opacity_at
from roto_shared.sites import Path, with_elements

from .sites import Site, is_same_knots, sites

CHANGED_PX = 0.01
"""Less than a host shows or a hand does; more than what binary32 and text files round away below 16,000 px."""

CHANGED_OPACITY = 1e-3
"""Less than is seen in a matte of 8 bits; more than what files round away."""

Address = tuple[str, int]
"""A shape's whole name, and which one it is among those of this name: what survives a host's round trip."""


@dataclass(frozen=True)
class Changes:
    """Frames of changed keys by the paths of their shapes, and what could not be compared.

    ``held`` are further keys that an artist changed: not what this is about, but not to be touched either. ``before``
    are shapes as they were, where that is known.
    """

    frames: Mapping[Path, tuple[float, ...]]
    notes: tuple[str, ...] = ()
    held: Mapping[Path, tuple[float, ...]] = field(default_factory=dict)
    before: Mapping[Path, KeyedShape] = field(default_factory=dict)


def choose_changes(
    document: ShapeDocument, frames: tuple[float, ...] = (), name: str = "", was: ShapeDocument | None = None
) -> Changes:
    """The keys that an edit is about: those on ``frames``, else all that are known to be changed; of one shape or all.

    Known are those that differ from ``was`` or, without it, those that the document remembers. Raises InputError where
    there are none, or where ``was`` has another size, so that coordinates mean other places.
    """
    if was is not None and (was.width, was.height) != (document.width, document.height):
        raise InputError(
            f"The shapes before were drawn over {was.width}×{was.height}, "
            f"those to edit over {document.width}×{document.height}.",
            "Give both over the plate's own size: a script says it by its project's format.",
        )
    known = remembered_changes(document) if was is None else found_changes(document, was)
    if frames:
        told = told_changes(document, frames, name)
        return replace(told, notes=known.notes, held=known.frames, before=known.before)
    wanted = {site.path for site in sites(document) if name in ("", site.name, site.shape.name)}
    chosen = {path: keyed for path, keyed in known.frames.items() if path in wanted and keyed}
    if not chosen:
        remedy = " ".join(known.notes) or "Give the shapes as they were before, or the frames of the changed keys."
        raise InputError("No key is known to be changed.", remedy)
    return replace(known, frames=chosen, held=known.frames)


def remembered_changes(document: ShapeDocument) -> Changes:
    """The keys that the document itself says were edited."""
    return Changes({site.path: _keyed(site, site.shape.edited) for site in sites(document) if site.shape.edited})


def told_changes(document: ShapeDocument, frames: tuple[float, ...], name: str = "") -> Changes:
    """The keys on ``frames``, of the shape called ``name`` or of all. Raises InputError where a frame has no key."""
    wanted = [site for site in sites(document) if name in ("", site.name, site.shape.name)]
    found = {site.path: _keyed(site, frames) for site in wanted}
    missing = set(frames) - {frame for keyed in found.values() for frame in keyed}
    if missing:
        whose = f"“{name}”" if name else "No shape"
        raise InputError(
            f"{whose} has {'no' if name else 'a'} key on frame {min(missing):g}.", "Name frames that an artist keyed."
        )
    return Changes({path: keyed for path, keyed in found.items() if keyed})


def found_changes(document: ShapeDocument, was: ShapeDocument) -> Changes:
    """The keys that say something else than ``was`` drew on their frame; new keys count where they do.

    Shapes are known again by their names. One whose knots are others than before cannot be compared, and is told; so is
    one without a name of before that may be one of those that are gone: of their object, or of one that was not there.
    """
    before, now = dict(_addressed(was)), dict(_addressed(document))
    gone = {before[address].object for address in before.keys() - now.keys()}
    whole = {site.object for site in before.values()} - gone
    frames, former, notes = {}, {}, []
    for address, site in now.items():
        if address not in before:
            if gone and site.object not in whole:
                notes.append(f"{site.name}: no shape before has this name; undo its renaming, or name changed keys.")
            continue
        old, new = before[address].shape, site.shape
        if (old.knot_count, old.closed, old.kind) != (new.knot_count, new.closed, new.kind):
            notes.append(f"{site.name}: has other knots than before, so that changed keys cannot be found; name them.")
            continue
        changed = changed_frames(new, old)
        if changed:
            frames[site.path], former[site.path] = changed, old
    return Changes(frames, tuple(notes), before=former)


def altered_objects(document: ShapeDocument, was: ShapeDocument) -> frozenset[str]:
    """Objects of both that an artist altered in any way that is seen.

    That is other keys, shapes, names, lives or looks, or another placement; colours in the host's viewer are not.
    """
    now, before = (_by_object(each) for each in (document, was))
    return frozenset(name for name in now.keys() & before.keys() if not _is_same_object(now[name], before[name]))


def added_shapes(document: ShapeDocument, was: ShapeDocument) -> frozenset[str]:
    """Whole names of shapes that ``was`` has not."""
    return frozenset(site.name for site in sites(document)) - {site.name for site in sites(was)}


def remembering(document: ShapeDocument, was: ShapeDocument) -> ShapeDocument:
    """The document with the marks of edited keys that ``was`` had: a host's own text cannot hold them.

    Shapes are known again by their names; marks of keys that are gone go too. One that has other knots than before is
    edited on all of its keys.
    """
    before = {address: site.shape for address, site in _addressed(was)}
    marked = {}
    for address, site in _addressed(document):
        was_shape = before.get(address)
        if was_shape is not None and was_shape.knot_count != site.shape.knot_count:
            marked[site.path] = replace(site.shape, edited=tuple(key.frame for key in site.shape.keys))
        elif was_shape is not None and was_shape.edited:
            marked[site.path] = replace(site.shape, edited=_keyed(site, was_shape.edited))
    return with_elements(document, marked) if marked else document


def changed_frames(now: KeyedShape, was: KeyedShape) -> tuple[float, ...]:
    """Frames of the keys of ``now`` that differ from what ``was`` draws there; both have the same knots."""
    return tuple(k.frame for k in now.keys if not is_same_knots(k.knots, knots_at(was, k.frame), CHANGED_PX))


def _by_object(document: ShapeDocument) -> dict[str, dict[Address, Site]]:
    found: dict[str, dict[Address, Site]] = {child.name: {} for child in document.children}
    for address, site in _addressed(document):
        found[site.object][address] = site
    return found


def _is_same_object(now: Mapping[Address, Site], was: Mapping[Address, Site]) -> bool:
    return now.keys() == was.keys() and all(_is_same_site(now[address], was[address]) for address in now)


def _is_same_site(now: Site, was: Site) -> bool:
    """Whether two shapes are drawn alike, to rounding, on all frames with a key of either or of its layers."""
    if _looks(now) != _looks(was) or abs(now.shape.feather_px - was.shape.feather_px) > CHANGED_PX:
        return False
    frames = {key.frame for site in (now, was) for key in site.shape.keys}
    frames |= {key.frame for site in (now, was) for layer in site.layers for key in layer.transform}
    return all(
        np.abs(now.outline(frame) - was.outline(frame)).max(initial=0.0) <= CHANGED_PX
        and abs(opacity_at(now.shape, frame) - opacity_at(was.shape, frame)) <= CHANGED_OPACITY
        for frame in frames
    )


def _looks(site: Site) -> tuple[Any, ...]:
    """What decides how a shape is drawn, beside its numbers."""
    shape, shown = site.shape, [(layer.visible, layer.locked) for layer in site.layers]
    drawn = (shape.kind, shape.closed, shape.knot_count, shape.blend, shape.inverted, shape.lifetime)
    return (*drawn, shape.visible, shape.locked, *shown)


def _addressed(document: ShapeDocument) -> Iterator[tuple[Address, Site]]:
    seen: Counter[str] = Counter()
    for site in sites(document):
        yield (site.name, seen[site.name]), site
        seen[site.name] += 1


def _keyed(site: Site, frames: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(key.frame for key in site.shape.keys if key.frame in frames)
