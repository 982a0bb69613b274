"""Shapes that a fit left off on some frames, switched on where the masks have come to show what they draw.

An artist would not draw a second shape for that. Guarantees: what somebody switched off though the masks showed it
stays off, and so does all on other frames. Limit: what moved on by half of its size is not known again.
"""

from collections.abc import Collection

from roto_geometry.bezier import flatten
from roto_geometry.measure.coverage import coverage
from roto_shared.shapes import Blend, ShapeDocument
from roto_shared.sites import with_elements

from .absence import lives_on, switched
from .edited import Edited
from .mask_change import MaskChange
from .refit import why_not
from .sites import Site, lived, sites
from .targets import SAY

KNOWN_SHARE = 0.5
"""What of a shape the masks must have come to show."""


def woken(document: ShapeDocument, change: MaskChange, own: Collection[str]) -> Edited:
    """The document with shapes on where masks changed to show them; ``own`` are names of those that an artist drew."""
    life = lived(document)
    shapes, notes = {}, []
    for site in sites(document):
        off = [f for f in change.doubted if site.shape.lifetime.covers(f) and not lives_on(site.shape, f)]
        is_shown = any(map(site.is_drawn, range(life[0], life[1] + 1)))
        can_be_on = off and is_shown and site.name not in own and not why_not(site)
        on = {frame for frame in off if _has_come(site, frame, document, change)} if can_be_on else ()
        if on:
            shapes[site.path] = switched(site.shape, life, on=on)
            notes.append(f"{site.name}: on again where the masks show it now, on {len(on)} frames from {min(on)} on.")
    return Edited(with_elements(document, shapes), tuple(notes))


def _has_come(site: Site, frame: int, document: ShapeDocument, change: MaskChange) -> bool:
    had = change.shown_before(document, frame)
    if had is None:
        return False
    now = change.shown(document, frame)
    come = had & ~now if site.shape.blend is Blend.SUBTRACT else now & ~had
    inside = coverage([flatten(site.outline(frame))], *site.size) >= SAY
    return bool((come & inside).sum() > KNOWN_SHARE * inside.sum())
