"""Shapes of all objects into a host's own text: fitted, or where they hold edits, brought up to the masks."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from roto_daemon.backends.base import Mask
from roto_daemon.pipelines.edit import stored_masks
from roto_daemon.pipelines.fit import fit, fit_settings, settings_for
from roto_daemon.pipelines.host_shapes import compared, host_settings, kept_masks, with_children, with_times_of
from roto_daemon.sessions.given import GivenShapes, MaskNames, key_frames
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_of_text, document_text
from roto_geometry.edits.changes import altered_objects, remembering
from roto_geometry.edits.edited import Edit, Edited, edit_layer
from roto_geometry.edits.mask_change import MaskChange
from roto_geometry.edits.renew import renew
from roto_geometry.edits.settings import EditSettings
from roto_geometry.measure.cuts import cut_objects
from roto_shared.errors import InputError
from roto_shared.protocol.messages import CurveSettings, Export, Exported, Progress
from roto_shared.shapes import Layer, ShapeDocument

STAYS = "was deleted or merged, and its layer holds edits of yours: it stays until you delete it."
"""What is said of a layer that is not taken out."""


@dataclass(frozen=True)
class _Held:
    """All that a host's text holds, and what is ``known`` of it, with layers called as their objects are now.

    ``kept`` are layers of ours that stay, though this session has no object to them; ``notes`` say where it had one.
    """

    known: GivenShapes
    kept: tuple[str, ...]
    notes: tuple[str, ...]


def commit(session: Session, kind: str, request: Export) -> Generator[Progress, None, Exported]:
    """The text of ``request.into`` with the objects' layers in place of those of their names, or on top.

    A layer that holds edits which were sent stays, and only what differs from the masks is fitted anew around these.
    One without edits whose object was deleted, or went into another, is taken out.
    Raises InputError where a layer was edited or put into another since it was given, or is the artist's own.
    """
    settings, there = settings_for(kind, request.settings), host_settings(session, request.clock)
    held = _held(session, document_of_text(request.into, f".{kind}", there))
    with session.given.masks.held():
        masks = kept_masks(session)
        edited = [name for name in held.known.edited if name in masks]
        fresh = [name for name in masks if name not in edited]
        fitted = (yield from fit(session, fresh, settings)) if fresh or not edited else None
        renewed = yield from _renewed(session, held.known, edited, masks, settings)
    answer = renewed.document if fitted is None else _with_layers(renewed.document, fitted.document)
    ours = replace(with_children(answer, {*masks, *held.kept}), native=None)
    session.given.keep(replace(held.known, document=ours, masks={**held.known.masks, **masks}))
    told, notes = document_text(answer, f".{kind}", there)
    said = (*held.notes, *renewed.notes, *cut_objects(ours), *map(str, notes))
    return Exported((), {kind: told}, said, key_frames(with_children(ours, masks)))


def _held(session: Session, text: ShapeDocument) -> _Held:
    """What the host holds, with what is known of it. Raises InputError where that must not be replaced."""
    _check_not_moved_into_layers(session, text)
    given = _nearest(session, text)
    there = {child.name for child in text.children}
    ours = {layer: of for layer, of in given.objects.items() if layer in there}
    live = {layer: of for layer, of in ours.items() if of in session.standing.objects}
    altered = altered_objects(text, given.document)
    edited = altered.union(given.edited)
    gone = {layer for layer, of in ours.items() if layer not in live and _is_gone(session, given, layer, of)}
    left = [child.name for child in text.children if child.name not in gone.difference(edited)]
    for name in left:
        if name in session.standing.objects and name not in live:
            raise InputError(f"There is a layer “{name}” of your own.", "Rename it, or choose a new node.")
        if name in live and name in altered:
            raise InputError(
                f"“{name}” was edited since it was committed.", "Send your edits first, or choose a new node."
            )
    marked = remembering(with_times_of(given.document, text), given.document)
    known = replace(given, document=with_children(marked, left), edited=tuple(sorted(edited)))
    kept = tuple(layer for layer in ours if layer in left and layer not in live)
    notes = tuple(f"“{layer}” {STAYS}" for layer in kept if layer in gone)
    return _Held(known.narrowed(live, kept), kept, notes)


def _nearest(session: Session, text: ShapeDocument) -> GivenShapes:
    """What the host's shapes were given as; nothing where none of them was."""
    nearest = compared(text, session.given.shapes)
    if nearest is None or not any(child.name in nearest.given.objects for child in text.children):
        return GivenShapes(replace(text, children=()))
    return nearest.given


def _is_gone(session: Session, given: GivenShapes, layer: str, name: str) -> bool:
    """Whether a layer's object was deleted or went into another; else it may be one of another session's."""
    return layer in given.deleted or name in session.recipes.taken_in


def _check_not_moved_into_layers(session: Session, text: ShapeDocument) -> None:
    """Shapes that lie in a layer of the artist's, as in a root that was moved, would be drawn twice."""
    objects = session.standing.objects
    given = {layer for one in session.given.shapes for layer, of in one.objects.items() if of in objects}
    others = (child for child in text.children if isinstance(child, Layer) and child.name not in given)
    moved = next((pair for layer in others for pair in _held_names(layer) if pair[1] in given), None)
    if moved is not None:
        holder, name = moved
        raise InputError(
            f"“{name}” lies in the layer “{holder}” since it was committed.",
            f"Take it out of “{holder}”, or reset that if it is the root; or choose a new node.",
        )


def _held_names(layer: Layer) -> Iterator[tuple[str, str]]:
    """Names of what lies in a layer, however deep, after that of the layer that holds it."""
    for child in layer.children:
        yield layer.name, child.name
        if isinstance(child, Layer):
            yield from _held_names(child)


def _with_layers(held: ShapeDocument, fitted: ShapeDocument) -> ShapeDocument:
    """What is held with the fitted layers in place of those of their names, or on top."""
    ours = {child.name: child for child in fitted.children}
    there = {child.name for child in held.children}
    added = tuple(child for name, child in ours.items() if name not in there)
    children = (*added, *(ours.get(child.name, child) for child in held.children))
    first, last = min(held.first_frame, fitted.first_frame), max(held.last_frame, fitted.last_frame)
    return replace(held, children=children, first_frame=first, last_frame=last)


def _renewed(
    session: Session, held: GivenShapes, names: Sequence[str], masks: MaskNames, settings: CurveSettings
) -> Generator[Progress, None, Edited]:
    """What is held, with the layers ``names``, which hold edits, as their masks are now."""
    done = Edited(held.document)
    for count, name in enumerate(names):
        yield Progress(count, len(names), f"curves around your edits of {name}")
        layer = edit_layer(done.document, name, _renewal(session, held, name, masks[name], settings))
        done = Edited(layer.document, (*done.notes, *layer.notes))
    return done


def _renewal(session: Session, held: GivenShapes, name: str, now: Mapping[int, str], settings: CurveSettings) -> Edit:
    masks, were = stored_masks(session, name), held.masks.get(name, {})

    def before(frame: int) -> Mask | None:
        return session.given.masks.read(were[frame]) if frame in were else None

    frames = {frame for frame, mask in now.items() if were.get(frame) != mask}
    change = MaskChange(masks, frames, were or masks.frames, before)
    chosen = EditSettings(fit=fit_settings(settings))
    return lambda layer: renew(layer, change, chosen, held.own)
