"""One correction carried to other frames: what an artist changed on one key, done to the keys before or after it.

The correction is a vector for every knot and tangent end, in the shape's own coordinates, where the layer's motion is
gone already; it turns and grows with what motion the shape has left. It goes on for a number of frames, fading or not,
and ends before the next key that an artist changed. Guarantees: no frame outside of that stretch changes by the least
bit (keys are set where it ends), and a correction of nothing gives the very same shape. Where it fades out before the
next key, the changed key draws nothing after it either: up to that key everything is as it was before.
"""

from dataclasses import dataclass, replace
from math import copysign, inf, isfinite

from roto_geometry.bezier import Array, outline_array, outline_knots, sample
from roto_shared.errors import InputError
from roto_shared.shapes import KeyedShape, ShapeDocument, ShapeKey, knots_at
from roto_shared.sites import with_elements

from .changes import Changes
from .edited import Edited
from .follow import PER_SEGMENT, turned
from .sites import sites
from .splice import with_key_at, with_keys, with_stored_slopes


@dataclass(frozen=True)
class Carriage:
    """How far a correction is carried: ``frames`` forward, or backward where negative; infinite to the end of life.

    ``fading`` lets it grow less until nothing is left of it at the end.
    """

    frames: float = inf
    fading: bool = False


def carry_changes(document: ShapeDocument, changes: Changes, carriage: Carriage) -> Edited:
    """Carry every changed key's correction on. Needs to know what was before: see :func:`.changes.found_changes`."""
    notes = list(changes.notes)
    for site in sites(document):
        frames = changes.frames.get(site.path, ())
        if not frames:
            continue
        if site.is_locked:
            notes.append(f"{site.name}: it is locked and stays as it is.")
            continue
        if site.path not in changes.before:
            notes.append(f"{site.name}: what it was before is not known, so that nothing was carried.")
            continue
        held = {*frames, *site.shape.edited, *changes.held.get(site.path, ())}
        shape = replace(site.shape, edited=tuple(sorted(held)))
        for frame in frames:
            shape = carry_correction(shape, changes.before[site.path], frame, carriage)
        document = with_elements(document, {site.path: shape})
        notes.append(f"{site.name}: what was changed on {', '.join(f'{f:g}' for f in frames)} was carried on.")
    return Edited(document, tuple(notes))


def carry_correction(shape: KeyedShape, before: KeyedShape, frame: float, carriage: Carriage) -> KeyedShape:
    """Do what was changed on the key at ``frame`` to the keys around it, as far as ``carriage`` says.

    ``before`` is the shape as it was, with the same knots; ``shape.edited`` keys end the way and stay as they are.
    Raises InputError where there is no key at ``frame``, or knots were added or taken out.
    """
    if shape.knot_count != before.knot_count:
        raise InputError(f"“{shape.name}” has other knots than before.", "Carry corrections before changing knots.")
    key = next((key for key in shape.keys if key.frame == frame), None)
    if key is None:
        raise InputError(f"“{shape.name}” has no key on frame {frame:g}.", "Name a frame that was keyed.")
    origin = outline_array(knots_at(before, frame))
    correction = outline_array(key.knots) - origin
    if not correction.any():
        return shape
    if _ends_before_a_key(shape, frame, carriage):
        return _between_keys(shape, before, frame, carriage, correction)
    shape, end = _with_end(shape, frame, carriage)
    gap = (min(frame, end), max(frame, end))
    inside = [other for other in shape.keys if gap[0] < other.frame < gap[1]]
    until = end if isfinite(end) else max((other.frame for other in inside), key=lambda f: abs(f - frame), default=end)
    fresh = [
        _corrected(other, origin, correction * (1 - abs(other.frame - frame) / abs(until - frame) * carriage.fading))
        for other in inside
    ]
    return with_keys(shape, [gap], fresh) if fresh else shape


def _ends_before_a_key(shape: KeyedShape, frame: float, carriage: Carriage) -> bool:
    """Whether the way from the changed key ends before the next one: then that key alone draws all of it."""
    ahead = _ahead(shape, frame, carriage)
    return isfinite(carriage.frames) and (not ahead or abs(ahead[0] - frame) > abs(carriage.frames))


def _ahead(shape: KeyedShape, frame: float, carriage: Carriage) -> list[float]:
    """Frames of the keys on the way, the nearest first."""
    way = copysign(1.0, carriage.frames)
    return sorted((key.frame for key in shape.keys if way * (key.frame - frame) > 0), key=lambda f: way * f)


def _between_keys(
    shape: KeyedShape, before: KeyedShape, frame: float, carriage: Carriage, correction: Array
) -> KeyedShape:
    """The shape with a key where the way ends: what it was before there, corrected unless nothing is left of that."""
    last, way = frame + carriage.frames, copysign(1.0, carriage.frames)
    following = next(iter(_ahead(shape, frame, carriage)), None)
    if following is None and not carriage.fading:
        return shape  # the changed key goes on by itself
    was = {key.frame: key for key in with_stored_slopes(with_key_at(with_key_at(before, frame), last))}
    end = was[last]
    shape = with_key_at(shape, last)
    if carriage.fading:
        near, knots = following, end.knots
    else:
        near, knots = frame, _corrected(end, outline_array(was[frame].knots), correction).knots
        shape = with_key_at(shape, last + way)
    keys = []
    for key in with_stored_slopes(shape):
        if key.frame == last:
            key = replace(key, knots=knots, slope_in=end.slope_in, slope_out=end.slope_out)
        elif key.frame == near and near in was:
            side = "slope_in" if last < near else "slope_out"
            key = replace(key, **{side: getattr(was[near], side)})
        keys.append(key)
    return replace(shape, keys=tuple(keys))


def _with_end(shape: KeyedShape, frame: float, carriage: Carriage) -> tuple[KeyedShape, float]:
    """The frame that is the first not to be corrected, keyed if the shape's life goes on from it; else an infinite one.

    A fading correction has nothing left on its last frame; one that does not fade is whole there.
    """
    way = copysign(1.0, carriage.frames)
    last = frame + carriage.frames
    held = [
        other for other in _ahead(shape, frame, carriage) if other in shape.edited and way * other <= way * (last + way)
    ]
    if held:
        return shape, held[0]
    death = shape.lifetime.last if way > 0 else shape.lifetime.first
    if not isfinite(last) or (death is not None and way * last >= way * death):
        return shape, way * inf
    if not carriage.fading:
        shape, last = with_key_at(shape, last), last + way
    return with_key_at(shape, last), last


def _corrected(key: ShapeKey, origin: Array, correction: Array) -> ShapeKey:
    """A key moved by a correction (n, 6) of the outline ``origin``, turned and scaled as the key is against that."""
    outline = outline_array(key.knots)
    vectors = correction.reshape(-1, 3, 2)
    moved = turned(vectors, sample(origin, PER_SEGMENT), sample(outline, PER_SEGMENT))
    return replace(key, knots=outline_knots(outline + moved.reshape(-1, 6)))
