"""Shapes that a fit left off on some frames, switched on where the masks have come to show what they draw.

An artist would not draw a second shape for that. Guarantees: what somebody switched off though the masks showed it
stays off, and so does all on other frames. Limit: what moved on by half of its size is not known again.
"""

from collections import defaultdict
from collections.abc import Collection

from roto_shared.shapes import ShapeDocument
from roto_shared.sites import Path, with_elements

from .absence import is_off, switched
from .edited import Edited
from .mask_change import MaskChange
from .refit import why_not
from .sites import Site, Span, lived, sites
from .targets import inside, meant

KNOWN_SHARE = 0.5
"""What of a shape the masks must have come to show."""


def woken(document: ShapeDocument, change: MaskChange, own: Collection[str]) -> Edited:
    """The document with shapes on where masks changed to show them; ``own`` are names of those that an artist drew."""
    life = lived(document)
    free = [site for site in sites(document) if site.name not in own and not why_not(site) and _is_shown(site, life)]
    on: defaultdict[Path, set[int]] = defaultdict(set)
    for frame in change.doubted:
        off = [site for site in free if site.shape.lifetime.covers(frame) and is_off(site.shape, frame)]
        had = change.shown_before(document, frame) if off else None
        if had is None:
            continue
        now = change.shown(document, frame)
        for site in off:
            come, covered = meant(site, now) & ~meant(site, had), inside(site, frame)
            if (come & covered).sum() > KNOWN_SHARE * covered.sum():
                on[site.path].add(frame)
    woken_ones = [site for site in free if site.path in on]
    shapes = {site.path: switched(site.shape, life, on=on[site.path]) for site in woken_ones}
    return Edited(with_elements(document, shapes), tuple(_told(site, on[site.path]) for site in woken_ones))


def _is_shown(site: Site, life: Span) -> bool:
    """Whether a shape is drawn at any time."""
    return any(map(site.is_drawn, range(life[0], life[1] + 1)))


def _told(site: Site, on: Collection[int]) -> str:
    return f"{site.name}: on again where the masks show it now, on {len(on)} frames from {min(on)} on."
