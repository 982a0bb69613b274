"""The shapes that a session's host was given: what an artist's edits are compared with, and what panels draw.

The last few are kept, for an answer may come too late for a host to take it: what it holds is one of them.
"""

import threading
from pathlib import Path

from roto_daemon.sessions.stored import read_stored
from roto_shared.placement import placed_knots_at, placed_shapes
from roto_shared.schema import document_from_plain, document_to_plain
from roto_shared.shapes import KeyedShape, Layer, Matrix, ShapeDocument, ShapeKey, opacity_at
from roto_shared.whole_file import write_json

KEPT = 3


class Given:
    """Documents in the file ``path``, read when they are first asked for. May be used from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._held: tuple[ShapeDocument, ...] | None = None

    @property
    def documents(self) -> tuple[ShapeDocument, ...]:
        """The documents, the latest first."""
        with self._lock:
            return self._read()

    def keep(self, document: ShapeDocument) -> None:
        """Remember one more document. Raises StorageError."""
        with self._lock:
            kept = (document, *self._read())[:KEPT]
            write_json(self._path, [document_to_plain(one) for one in kept])
            self._held = kept

    def _read(self) -> tuple[ShapeDocument, ...]:
        if self._held is None:
            self._held = read_stored(self._path, lambda plain: tuple(map(document_from_plain, plain)), ())
        return self._held

    def shapes_on(self, name: str, frame: int) -> Layer | None:
        """The shapes of an object's layer as they are on ``frame``, in plate px; None where it is not covered."""
        document = next(iter(self.documents), None)
        if document is None or not document.first_frame <= frame <= document.last_frame:
            return None
        layer = next((child for child in document.children if isinstance(child, Layer) and child.name == name), None)
        if layer is None:
            return None
        alone = ShapeDocument(document.width, document.height, (layer,))
        shown = [placed for placed in placed_shapes(alone, frame) if opacity_at(placed[0], frame) > 0]
        return Layer(name, tuple(_on_frame(shape, matrix, frame) for shape, matrix in shown))


def key_frames(document: ShapeDocument) -> dict[str, tuple[int, ...]]:
    """Frames with a key by outermost layer, ascending; keys of a layer's own transform count."""
    return {layer.name: tuple(sorted(_keys_of(layer))) for layer in document.children if isinstance(layer, Layer)}


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
