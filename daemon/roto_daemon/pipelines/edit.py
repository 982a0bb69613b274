"""An artist's shapes edited: what each message asks for, on the session's stored masks where it needs any."""

from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any

from roto_daemon.pipelines.fit import fit_settings
from roto_daemon.sessions.session import Session
from roto_geometry.edits.carry import Carriage, carry_changes
from roto_geometry.edits.changes import choose_changes
from roto_geometry.edits.cover import add_part
from roto_geometry.edits.edited import Edit, Edited, edit_layer, edit_shape
from roto_geometry.edits.extend import extend
from roto_geometry.edits.knots import add_knot_near, remove_knot_near
from roto_geometry.edits.refit import refit
from roto_geometry.edits.settings import EditSettings
from roto_geometry.edits.targets import Masks
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.messages import Fitted
from roto_shared.shapes import ShapeDocument


def edit_on_masks(session: Session, message: messages.Refit | messages.AddPart | messages.Extend) -> Fitted:
    """Edit the layer of an object, or all where no layer is called so, on its masks. Raises InputError."""
    masks = stored_masks(session, message.object)
    edit = _ON_MASKS[type(message)](message, masks)
    named = any(child.name == message.object for child in message.document.children)
    return _answer(edit_layer(message.document, message.object if named else "", edit))


def edit_shapes(message: messages.CarryChange | messages.AddKnot | messages.RemoveKnot) -> Fitted:
    """Edit shapes without masks. Raises InputError."""
    return _answer(_WITHOUT_MASKS[type(message)](message))


def _answer(done: Edited) -> Fitted:
    return Fitted(done.document, {}, done.notes)


def stored_masks(session: Session, name: str) -> Masks:
    """An object's masks as they stand, read one by one. Raises InputError where there are none."""
    frames: Sequence[int] = session.standing.frames(name)
    if not frames:
        raise InputError(f"There are no masks of “{name}”.", "Prompt and track it first.")
    return Masks(frames, partial(session.standing.read, name))


def _refit(message: messages.Refit, masks: Masks) -> Edit:
    settings = EditSettings(message.reach_frames, message.fade_frames, fit_settings(message.settings))

    def edit(document: ShapeDocument) -> Edited:
        return refit(document, masks, choose_changes(document, message.frames, message.shape, message.was), settings)

    return edit


def _add_part(message: messages.AddPart, masks: Masks) -> Edit:
    settings = fit_settings(message.settings)
    return lambda document: add_part(document, masks, message.name, settings, message.whole)


def _extend(message: messages.Extend, masks: Masks) -> Edit:
    settings = EditSettings(fit=fit_settings(message.settings))
    return lambda document: extend(document, masks, settings)


def _carry(message: messages.CarryChange) -> Edited:
    far = inf if message.reach_frames is None else message.reach_frames
    changes = choose_changes(message.document, message.frames, message.shape, message.was)
    return carry_changes(message.document, changes, Carriage(-far if message.backward else far, message.fading))


def _change_knots(message: messages.AddKnot | messages.RemoveKnot) -> Edited:
    change = add_knot_near if isinstance(message, messages.AddKnot) else remove_knot_near
    return edit_shape(message.document, message.shape, message.frame, message.point, change)


_ON_MASKS: dict[type, Callable[[Any, Masks], Edit]] = {
    messages.Refit: _refit,
    messages.AddPart: _add_part,
    messages.Extend: _extend,
}
_WITHOUT_MASKS: dict[type, Callable[[Any], Edited]] = {
    messages.CarryChange: _carry,
    messages.AddKnot: _change_knots,
    messages.RemoveKnot: _change_knots,
}
