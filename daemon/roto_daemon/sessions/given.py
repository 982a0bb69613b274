"""The shapes that a host was given: what an artist's edits are compared with, and what panels draw.

They belong to the key that panels give a scene's work on a plate, not to a session: with another model, colour space or
version of the plate the work goes on in the same node.

The last few are kept, for an answer may come too late for a host to take it: what it holds is one of them.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from roto_daemon.sessions.fitted_masks import FittedMasks
from roto_daemon.sessions.stored import read_stored
from roto_shared.errors import InputError, StorageError
from roto_shared.placement import placed_knots_at, placed_shapes
from roto_shared.schema import document_from_plain, document_to_plain
from roto_shared.shapes import KeyedShape, Layer, Matrix, ShapeDocument, ShapeKey, opacity_at
from roto_shared.whole_file import write_json

KEPT = 3

_SAID = ("masks", "edited", "own", "called", "deleted")
"""What is kept beside a document, as it is."""

MaskNames = Mapping[str, Mapping[int, str]]
"""Names of kept masks, by object and frame: another name there is another mask."""


@dataclass(frozen=True)
class GivenShapes:
    """A document with the names that its layers have in the host, and what is known of them.

    ``masks`` are those that layers were fitted to; of a layer that is not there, nobody knows. ``edited`` are layers
    that hold edits which were taken over, ``own`` whole names of shapes that the artist drew. ``called`` says what
    layers' objects are called since, empty where another object has taken the name; ``deleted`` are layers whose
    objects are gone, unless there is one of that name again.
    """

    document: ShapeDocument
    masks: MaskNames = field(default_factory=dict)
    edited: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()

    @property
    def objects(self) -> dict[str, str]:
        """What the object of each layer is called now."""
        return {child.name: self.called.get(child.name, child.name) for child in self.document.children}

    def renamed(self, name: str, new: str) -> "GivenShapes":
        """The same with another name for an object."""
        called = {layer: {name: new, new: ""}.get(of, of) for layer, of in self.objects.items()}
        return replace(self, called=called)

    def without(self, name: str) -> "GivenShapes":
        """The same after an object was deleted; the host has its layer still."""
        gone = {layer for layer, of in self.objects.items() if of == name}
        return replace(self, deleted=tuple(sorted(gone.union(self.deleted))))

    def narrowed(self, objects: Mapping[str, str], kept: Collection[str]) -> "GivenShapes":
        """What is known of these layers alone: those of ``objects`` are called as these from now on, ``kept`` stay."""
        names = {**{layer: layer for layer in kept}, **objects}
        own = (name.split("/") for name in self.own)
        return GivenShapes(
            _with_names(self.document, objects),
            {names[layer]: kept_masks for layer, kept_masks in self.masks.items() if layer in names},
            tuple(names[layer] for layer in self.edited if layer in names),
            tuple("/".join((names[layer], *rest)) for layer, *rest in own if layer in names),
            {layer: of for layer, of in self.called.items() if layer in kept},
            tuple(layer for layer in self.deleted if layer in kept),
        )


class Given:
    """What is in the file ``path``, read when it is first asked for. May be used from any thread.

    ``masks`` are those that the shapes were fitted to.
    """

    def __init__(self, path: Path) -> None:
        self.masks = FittedMasks(path.with_suffix(".masks"))
        self._path = path
        self._lock = threading.Lock()
        self._held: tuple[GivenShapes, ...] | None = None

    @property
    def shapes(self) -> tuple[GivenShapes, ...]:
        """What was given, the latest first."""
        with self._lock:
            return self._read()

    def keep(self, shapes: GivenShapes) -> None:
        """Remember one more document. Raises StorageError."""
        with self._lock:
            self._store((shapes, *self._read())[:KEPT])
            self.masks.keep_only(
                {name for one in self._read() for named in one.masks.values() for name in named.values()}
            )

    @contextmanager
    def renamed(self, name: str, new: str) -> Iterator[None]:
        """An object is called otherwise from here on, but where this ends with an error. Raises StorageError."""
        was = self.shapes
        self._change(lambda one: one.renamed(name, new))
        try:
            yield
        except StorageError:
            with self._lock:
                self._store(was)
            raise

    def delete(self, name: str) -> None:
        """An object is no more. Raises StorageError."""
        self._change(lambda one: one.without(name))

    def discard(self) -> None:
        """Delete all that was given."""
        self._path.unlink(missing_ok=True)
        self.masks.keep_only(())

    def _change(self, change: Callable[[GivenShapes], GivenShapes]) -> None:
        with self._lock:
            if self._read():
                self._store(tuple(map(change, self._read())))

    def _store(self, shapes: tuple[GivenShapes, ...]) -> None:
        write_json(self._path, [_to_plain(one) for one in shapes])
        self._held = shapes

    def _read(self) -> tuple[GivenShapes, ...]:
        if self._held is None:
            self._held = read_stored(self._path, lambda plain: tuple(map(_from_plain, plain)), ())
        return self._held

    def shapes_on(self, name: str, frame: int) -> Layer | None:
        """The shapes of an object's layer as they are on ``frame``, in plate px; None where it is not covered."""
        latest = next(iter(self.shapes), None)
        if latest is None or not latest.document.first_frame <= frame <= latest.document.last_frame:
            return None
        document, objects = latest.document, latest.objects
        layers = (child for child in document.children if isinstance(child, Layer))
        layer = next((layer for layer in layers if objects[layer.name] == name), None)
        if layer is None:
            return None
        alone = ShapeDocument(document.width, document.height, (layer,))
        shown = [placed for placed in placed_shapes(alone, frame) if opacity_at(placed[0], frame) > 0]
        return Layer(name, tuple(_on_frame(shape, matrix, frame) for shape, matrix in shown))


def key_frames(document: ShapeDocument) -> dict[str, tuple[int, ...]]:
    """Frames with a key by outermost layer, ascending; keys of a layer's own transform count."""
    return {layer.name: tuple(sorted(_keys_of(layer))) for layer in document.children if isinstance(layer, Layer)}


def _with_names(document: ShapeDocument, names: Mapping[str, str]) -> ShapeDocument:
    """The document with other names for its outermost layers."""
    children = (
        replace(child, name=names[child.name]) if isinstance(child, Layer) and child.name in names else child
        for child in document.children
    )
    return replace(document, children=tuple(children))


def _to_plain(given: GivenShapes) -> dict[str, Any]:
    said = {name: getattr(given, name) for name in _SAID}
    return {"document": document_to_plain(given.document), **said}


def _from_plain(plain: Any) -> GivenShapes:
    if not isinstance(plain, dict) or not {"document", *_SAID} <= plain.keys():
        raise InputError("These are no shapes that were given.", "Commit shapes anew.")
    masks = {name: {int(frame): mask for frame, mask in by.items()} for name, by in plain["masks"].items()}
    edited, own, deleted = (tuple(plain[name]) for name in ("edited", "own", "deleted"))
    return GivenShapes(document_from_plain(plain["document"]), masks, edited, own, plain["called"], deleted)


def _keys_of(layer: Layer) -> set[int]:
    found = {round(key.frame) for key in layer.transform}
    for child in layer.children:
        if isinstance(child, Layer):
            found |= _keys_of(child)
        elif isinstance(child, KeyedShape):
            found |= {round(key.frame) for key in (*child.keys, *child.transform)}
    return found


def _on_frame(shape: KeyedShape, matrix: Matrix, frame: int) -> KeyedShape:
    knots = placed_knots_at(shape, matrix, frame)
    return KeyedShape(shape.name, (ShapeKey(float(frame), knots),), kind=shape.kind, closed=shape.closed)
