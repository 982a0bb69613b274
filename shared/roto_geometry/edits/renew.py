"""A layer that an artist edited, brought up to masks that have changed.

On frames whose masks changed, every shape beside which something else is drawn than the masks show is fitted anew with
the same knots, between the nearest keys that are held: those that the artist edited, and those beside which nothing
differs. A shape without such a key drew nothing right: new shapes take its place, and draw what no other can follow; so
they do for those frames on which knots that nobody edited cannot follow. On new frames shapes go on as in
:mod:`.extend`.
Guarantees: held keys keep their knots to the last bit, what is drawn outside of the stretches between them stays, and
so do the artist's own shapes; where an edited shape still fades to its mask, nothing is laid over it.
Limits: as of :mod:`.refit`.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from roto_geometry.bezier import flatten
from roto_geometry.measure.coverage import coverage
from roto_geometry.measure.raster import rasterise
from roto_shared.shapes import KeyedShape, Layer, ShapeDocument
from roto_shared.sites import Path, with_elements

from .cover import cover_differences
from .edited import Edited
from .ending import Span, ended, gaps
from .extend import extend
from .keying import PEAK
from .refit import Change, Stretch, refit_stretches, why_not, without_keys
from .settings import EditSettings
from .sites import Site, lived, sites
from .targets import SAY, MaskedShape, Masks

LOST_SHARE = 0.02
"""What of a shape and its surroundings may differ before it ends (measured: of .01 to .04, the fewest knots)."""


def renew(
    document: ShapeDocument,
    masks: Masks,
    changed: Collection[int],
    settings: EditSettings | None = None,
    own: Collection[str] = (),
) -> Edited:
    """The document, which draws one object, as ``masks`` show that now.

    Those of the frames ``changed`` are others than it was fitted to. ``own`` are whole names of shapes that the artist
    drew. Raises InputError where masks have another size than the document.
    """
    settings = settings or EditSettings()
    first, last = lived(document)
    doubted = [frame for frame in masks.frames if first <= frame <= last and frame in changed]
    shapes: dict[Path, KeyedShape | None] = {}
    notes = []
    for site, frames in _beside_differences(document, masks, doubted, settings):
        if site.name not in own:
            shapes[site.path], note = _renewed(document, site, masks, frames, settings)
            notes.append(f"{site.name}: {note}")
    document = with_elements(document, shapes)
    spare = [f for f in doubted if not any(_fades(site.shape, f, settings) for site in sites(document))]
    left_out = _gaps(document, masks, spare, settings, own)
    notes += [_told(site, left_out[site.path]) for site in sites(document) if site.path in left_out]
    done = _covered(ended(document, left_out), masks, spare, settings)
    notes += done.notes
    if masks.frames[0] < first or masks.frames[-1] > last:
        done = extend(done.document, masks, settings)
        notes += done.notes
    return Edited(_in_one_layer(done.document), tuple(notes))


def _beside_differences(
    document: ShapeDocument, masks: Masks, frames: Sequence[int], settings: EditSettings
) -> list[tuple[Site, list[int]]]:
    """Shapes that draw something else than the masks show, and on which of ``frames``."""
    beside: dict[Path, list[int]] = defaultdict(list)
    for frame in frames:
        differs = _differs(document, masks, frame, settings)
        shown = [site for site in sites(document) if site.shape.visible and site.shape.lifetime.covers(frame)]
        for site in shown if differs.any() else ():
            if (_around(site, frame, settings) & differs).any():
                beside[site.path].append(frame)
    return [(site, beside[site.path]) for site in sites(document) if site.path in beside]


def _differs(document: ShapeDocument, masks: Masks, frame: int, settings: EditSettings) -> NDArray[np.bool_]:
    """Pixels (height, width) that are either drawn or in the mask, where that is more than shapes may stray."""
    other = (rasterise(document, frame) >= SAY) != (masks.soft(frame, document) >= SAY)
    return cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_OPEN, _disc(settings)).astype(bool)


def _around(site: Site, frame: int, settings: EditSettings) -> NDArray[np.bool_]:
    """Pixels of a shape and of its surroundings."""
    width, height = site.size
    filled = (coverage([flatten(site.outline(frame))], width, height) >= SAY).astype(np.uint8)
    return cv2.dilate(filled, _disc(settings)).astype(bool)


def _disc(settings: EditSettings) -> NDArray[np.uint8]:
    across = ceil(PEAK * settings.fit.key_tolerance_px)
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)).astype(np.uint8)


def _renewed(
    document: ShapeDocument, site: Site, masks: Masks, frames: Sequence[int], settings: EditSettings
) -> tuple[KeyedShape | None, str]:
    """The shape fitted anew where ``frames`` lie between held keys, None for one without; what is to be said of it."""
    shape = site.shape
    reason = why_not(site)
    if reason:
        return shape, reason
    held = [key.frame for key in shape.keys if key.frame in shape.edited or key.frame not in frames]
    if not held:
        return None, "drawn anew, since the masks show something else on all of its keys."
    before = replace(site, shape=without_keys(shape, shape.edited))
    subject, former = (MaskedShape(document, each, masks, settings.fit) for each in (site, before))
    renewed = refit_stretches(Change(subject, shape.edited, former, settings), _stretches(held, frames))
    return renewed, f"fitted to the masks of now; {len(renewed.keys)} keys, {len(shape.keys)} before."


def _stretches(held: Sequence[float], frames: Sequence[int]) -> list[Stretch]:
    """The stretches between ``held`` keys that any of ``frames`` lies in."""
    stretches = (Stretch(start, end) for start, end in pairwise((None, *held, None)))
    return [one for one in stretches if any(one.gap[0] < frame < one.gap[1] for frame in frames)]


def _gaps(
    document: ShapeDocument, masks: Masks, frames: Sequence[int], settings: EditSettings, own: Collection[str]
) -> dict[Path, list[Span]]:
    """Where, of ``frames``, shapes that hold no word of the artist's miss more than should be patched."""
    ours = [site for site in sites(document) if site.name not in own and not site.shape.edited and not why_not(site)]
    lost: dict[Path, list[int]] = defaultdict(list)
    for frame in frames:
        differs = _differs(document, masks, frame, settings)
        for site in ours if differs.any() else ():
            around = _around(site, frame, settings)
            if site.shape.lifetime.covers(frame) and (around & differs).sum() > LOST_SHARE * around.sum():
                lost[site.path].append(frame)
    life = (document.first_frame, document.last_frame)
    found = {site.path: gaps(site.shape, lost[site.path], frames, life) for site in ours if site.path in lost}
    return {path: spans for path, spans in found.items() if spans}


def _told(site: Site, spans: Sequence[Span]) -> str:
    frames = ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in spans)
    return f"{site.name}: drawn anew on {frames}, where its knots cannot follow the masks."


def _covered(document: ShapeDocument, masks: Masks, frames: Sequence[int], settings: EditSettings) -> Edited:
    """The document with new shapes and holes for what still differs on ``frames``."""
    left = [frame for frame in frames if _differs(document, masks, frame, settings).any()]
    return cover_differences(document, replace(masks, frames=left), settings.fit) if left else Edited(document)


def _fades(shape: KeyedShape, frame: int, settings: EditSettings) -> bool:
    """Whether the artist's word against the mask still counts on a frame."""
    return shape.lifetime.covers(frame) and any(abs(frame - own) <= settings.fade_frames for own in shape.edited)


def _in_one_layer(document: ShapeDocument) -> ShapeDocument:
    """The document with what was laid upon its one layer inside of that, where it is placed by nothing."""
    *added, layer = document.children
    if not added or not isinstance(layer, Layer) or layer.transform:
        return document
    return replace(document, children=(replace(layer, children=(*added, *layer.children)),))
