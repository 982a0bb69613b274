"""Shapes that come back from a host: an artist's corrections, and shapes that say what an object is."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from roto_daemon.backends.base import Backend, Mask
from roto_daemon.outputs.masks import encode_png
from roto_daemon.pipelines.edit import stored_masks
from roto_daemon.pipelines.fit import fit_settings
from roto_daemon.pipelines.segment import check_frame, segment
from roto_daemon.sessions.given import GivenShapes, MaskNames, key_frames
from roto_daemon.sessions.session import Session
from roto_formats.registry import document_as_drawn, document_of_text, document_text
from roto_formats.settings import FormatSettings
from roto_geometry.edits.changes import (
    Changes,
    added_shapes,
    altered_objects,
    choose_changes,
    found_changes,
    remembering,
)
from roto_geometry.edits.edited import Edited, edit_layer
from roto_geometry.edits.refit import refit
from roto_geometry.edits.settings import EditSettings
from roto_geometry.edits.targets import Masks
from roto_geometry.measure.raster import rasterise
from roto_shared.errors import InputError
from roto_shared.protocol import messages
from roto_shared.protocol.data import HostClock, ObjectPrompt, Picture
from roto_shared.protocol.messages import Exported
from roto_shared.schema import document_to_plain
from roto_shared.shapes import Element, Layer, ShapeDocument
from roto_shared.whole_file import write_json

CORRECTIONS = "corrections"
SCHEMA = "roto.correction/1"


def take_edits(session: Session, message: messages.TakeEdits) -> Exported:
    """Fit around an artist's changes, and keep the pair. Raises InputError where nothing was changed."""
    settings_there = host_settings(session, message.clock)
    came = document_of_text(message.text, f".{message.format}", settings_there)
    nearest = compared(came, session.given.shapes if message.was is None else (GivenShapes(message.was),))
    if nearest is None:
        raise InputError("No shapes of this plate were given to the host yet.", "Commit shapes first.")
    given, found, was = nearest.given, nearest.changes, nearest.given.document
    came = remembering(with_times_of(was, came), was)
    altered = altered_objects(came, was)
    if not found.frames and not altered:
        raise InputError("Nothing was changed that could be taken over.", " ".join(found.notes) or "Edit a key first.")
    settings = EditSettings(message.reach_frames, message.fade_frames, fit_settings(message.settings))
    done = Edited(came, found.notes)
    for layer, name in _changed_layers(session, came, given, found).items():
        done = _refit_layer(done, layer, stored_masks(session, name), was, settings)
    _keep_pair(session, was, came, found)
    edited, own = altered.union(given.edited), added_shapes(came, was).union(given.own)
    ours = with_children(done.document, given.objects)
    session.given.keep(replace(given, document=ours, edited=tuple(sorted(edited)), own=tuple(sorted(own))))
    text, notes = document_text(done.document, f".{message.format}", settings_there)
    keyed = key_frames(done.document)
    keys = {name: keyed[layer] for layer, name in given.objects.items() if name and layer in keyed}
    return Exported((), {message.format: text}, (*done.notes, *map(str, notes)), keys)


def prompted_by_shapes(
    session: Session, load: Callable[[], Backend], message: messages.PromptShapes
) -> Iterator[tuple[int, list[str]]]:
    """Take what shapes draw as prompts, a frame at a time; answers the frame and the objects. Raises InputError."""
    document, _ = document_as_drawn(
        document_of_text(message.text, f".{message.format}", host_settings(session, message.clock))
    )
    for frame in message.frames:
        check_frame(frame, session.plate)
    for frame in message.frames:
        masks = {name: mask for name, mask in _drawn(document, frame, message.object).items() if mask.max() >= 0.5}
        prompts = [ObjectPrompt(name, mask=_picture(mask)) for name, mask in masks.items()]
        yield frame, list(segment(session, load, frame, prompts)) if prompts else []


def host_settings(session: Session, clock: HostClock) -> FormatSettings:
    """What a host's texts do not say themselves: the plate's size, and how frames are counted."""
    plate = session.plate
    start = plate.frames[0] if clock.start is None else clock.start
    return FormatSettings((plate.width, plate.height), plate.pixel_aspect, clock.offset, start)


def kept_masks(session: Session) -> MaskNames:
    """Names of all masks that stand, each kept for the next commit, by object and frame."""

    def name_of(name: str, frame: int) -> str:
        return session.given.masks.keep(session.masks.read_png(session.standing.delivered(name, frame)))

    standing = session.standing
    return {name: {frame: name_of(name, frame) for frame in standing.frames(name)} for name in standing.objects}


def with_times_of(given: ShapeDocument, came: ShapeDocument) -> ShapeDocument:
    """A host's shapes with the frame range and rate of what it was given, which texts of hosts do not say."""
    return replace(came, first_frame=given.first_frame, last_frame=given.last_frame, fps=given.fps)


def with_children(document: ShapeDocument, names: Collection[str]) -> ShapeDocument:
    """The document with those of its outermost elements alone."""
    return replace(document, children=tuple(child for child in document.children if child.name in names))


@dataclass(frozen=True)
class Compared:
    """What a host's shapes were ``given`` as, what was changed since, and how many shapes cannot be compared."""

    given: GivenShapes
    changes: Changes
    alone: int

    @property
    def distance(self) -> tuple[int, int]:
        """Shapes that cannot be compared, as only one side has them or their knots are others, and keys that differ."""
        return len(self.changes.notes) + self.alone, sum(map(len, self.changes.frames.values()))


def compared(came: ShapeDocument, given: Sequence[GivenShapes]) -> Compared | None:
    """A host's shapes beside what differs least of all that it was given; None where that is nothing."""
    found = [_compare(came, was) for was in given]
    return min(found, key=lambda one: one.distance, default=None)


def _compare(came: ShapeDocument, given: GivenShapes) -> Compared:
    alone = added_shapes(came, given.document) | added_shapes(given.document, came)
    return Compared(given, found_changes(came, given.document), len(alone))


def _changed_layers(session: Session, document: ShapeDocument, given: GivenShapes, found: Changes) -> dict[str, str]:
    """Layers that hold a changed shape of an object with masks, and the object."""
    touched = {
        document.children[path[0]].name for path in found.frames if isinstance(document.children[path[0]], Layer)
    }
    objects = {layer: name for layer, name in given.objects.items() if layer in touched}
    return {
        layer: name
        for layer, name in objects.items()
        if name in session.standing.objects and session.standing.frames(name)
    }


def _refit_layer(so_far: Edited, name: str, masks: Masks, was: ShapeDocument, settings: EditSettings) -> Edited:
    done = edit_layer(
        so_far.document, name, lambda layer: refit(layer, masks, choose_changes(layer, was=was), settings)
    )
    return Edited(done.document, (*so_far.notes, *done.notes))


def _keep_pair(session: Session, was: ShapeDocument, came: ShapeDocument, found: Changes) -> Path:
    folder = session.folder / CORRECTIONS
    number = 1 + max((int(path.stem) for path in folder.glob("[0-9]*.json")), default=0)
    path = folder / f"{number:04}.json"
    frames = sorted({frame for keyed in found.frames.values() for frame in keyed})
    pair = {"was": document_to_plain(was), "edited": document_to_plain(came)}
    write_json(path, {"schema": SCHEMA, "engine": session.head.engine, "frames": frames, **pair})
    return path


def _drawn(document: ShapeDocument, frame: int, name: str) -> dict[str, Mask]:
    """Masks by object: of each outermost element, or of all for ``name``."""
    if name:
        return {name: rasterise(document, frame)}
    together: dict[str, list[Element]] = {}
    for child in document.children:
        together.setdefault(child.name, []).append(child)
    return {of: rasterise(replace(document, children=tuple(parts)), frame) for of, parts in together.items()}


def _picture(mask: Mask) -> Picture:
    return Picture("image/png", mask.shape[1], mask.shape[0], encode_png(mask))
