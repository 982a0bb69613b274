"""Shapes of all objects into a host's own text: fitted, or where they hold edits, brought up to the masks."""

from collections.abc import Collection, Generator, Mapping
from dataclasses import replace

from roto_daemon.pipelines.edit import stored_masks
from roto_daemon.pipelines.fit import fit, fit_settings, settings_for
from roto_daemon.pipelines.host_shapes import Compared, compared, host_settings, with_times_of
from roto_daemon.sessions.given import Digests, GivenShapes, key_frames
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_of_text, document_text
from roto_geometry.edits.changes import Changes, altered_objects, remembering
from roto_geometry.edits.edited import Edit, Edited, edit_layer
from roto_geometry.edits.renew import renew
from roto_geometry.edits.settings import EditSettings
from roto_geometry.measure.cuts import cut_objects
from roto_shared.errors import InputError
from roto_shared.protocol.messages import CurveSettings, Export, Exported, Progress
from roto_shared.shapes import Layer, ShapeDocument


def commit(session: Session, kind: str, request: Export) -> Generator[Progress, None, Exported]:
    """The text of ``request.into`` with the objects' layers in place of those of their names, or on top.

    A layer that holds edits which were sent stays, and only what differs from the masks is fitted anew around these.
    Raises InputError where a layer was edited or put into another since it was given, or is the artist's own.
    """
    settings, there = settings_for(kind, request.settings), host_settings(session, request.clock)
    held = _held(session, document_of_text(request.into, f".{kind}", there))
    masks = session.standing.digests()
    fresh = [name for name in masks if name not in held.edited]
    fitted = (yield from fit(session, fresh, settings)) if fresh or not held.edited else None
    renewed = yield from _renewed(session, held, masks, settings)
    answer = renewed.document if fitted is None else _with_layers(renewed.document, fitted.document)
    ours = replace(answer, children=tuple(child for child in answer.children if child.name in masks), native=None)
    session.given.keep(replace(held, document=ours, masks=masks, former={}))
    told, notes = document_text(answer, f".{kind}", there)
    return Exported((), {kind: told}, (*renewed.notes, *cut_objects(ours), *map(str, notes)), key_frames(ours))


def _held(session: Session, text: ShapeDocument) -> GivenShapes:
    """What the host holds, with what is known of it. Raises InputError where that must not be replaced."""
    objects = session.standing.objects
    _check_not_moved_into_layers(session, text, objects)
    nearest = compared(text, session.given.shapes)
    if nearest is None or not any(child.name in objects for child in nearest.document.children):
        nearest = Compared(text, GivenShapes(replace(text, children=())), Changes({}))
    text, given = nearest.document, nearest.given
    in_place = [child.name for child in text.children if child.name in objects]
    known, altered = {child.name for child in given.document.children}, altered_objects(text, given.document)
    for name in in_place:
        if name not in known:
            raise InputError(f"There is a layer “{name}” of your own.", "Rename it, or choose a new node.")
        if name in altered:
            raise InputError(
                f"“{name}” was edited since it was committed.", "Send your edits first, or choose a new node."
            )
    marked = remembering(with_times_of(given.document, text), given.document)
    edited = tuple(name for name in in_place if name in given.edited)
    return replace(given, document=marked, edited=edited)


def _check_not_moved_into_layers(session: Session, text: ShapeDocument, names: Collection[str]) -> None:
    """Shapes that lie in a layer of the artist's, as in a root that was moved, would be drawn twice."""
    given = {child.name for one in session.given.shapes for child in one.document.children}
    for layer in text.children:
        if isinstance(layer, Layer) and layer.name not in names:
            for child in layer.children:
                if child.name in given.intersection(names):
                    raise InputError(
                        f"“{child.name}” lies in the layer “{layer.name}” since it was committed.",
                        f"Take it out of “{layer.name}”, or reset that if it is the root; or choose a new node.",
                    )


def _with_layers(held: ShapeDocument, fitted: ShapeDocument) -> ShapeDocument:
    """What is held with the fitted layers in place of those of their names, or on top."""
    ours = {child.name: child for child in fitted.children}
    there = {child.name for child in held.children}
    added = tuple(child for name, child in ours.items() if name not in there)
    children = (*added, *(ours.get(child.name, child) for child in held.children))
    first, last = min(held.first_frame, fitted.first_frame), max(held.last_frame, fitted.last_frame)
    return replace(held, children=children, first_frame=first, last_frame=last)


def _renewed(
    session: Session, held: GivenShapes, masks: Digests, settings: CurveSettings
) -> Generator[Progress, None, Edited]:
    """The layers that hold edits as their masks are now."""
    done = Edited(held.document)
    for count, name in enumerate(held.edited):
        yield Progress(count, len(held.edited), f"curves around your edits of {name}")
        layer = edit_layer(done.document, name, _renewal(session, held, name, masks[name], settings))
        done = Edited(layer.document, (*done.notes, *layer.notes))
    return done


def _renewal(session: Session, held: GivenShapes, name: str, now: Mapping[int, str], settings: CurveSettings) -> Edit:
    masks, were = stored_masks(session, name), held.masks.get(name, {})
    changed = {frame for frame, digest in now.items() if were.get(frame) != digest}
    chosen = EditSettings(fit=fit_settings(settings))
    return lambda layer: renew(layer, masks, changed, chosen, held.own)
