"""What the commands of ``roto edit`` share: files in, an edit, a file out, and what is said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from roto_seg.mask_reach import check_masks
from roto_seg.output import finish
from roto_seg.places import check_ending, make_folder
from roto_shared.protocol.data import CurveSettings

if TYPE_CHECKING:
    from roto_geometry.edits.edited import Edit
    from roto_geometry.edits.settings import EditSettings
    from roto_geometry.edits.targets import Masks
    from roto_shared.shapes import ShapeDocument


def edit_file(source: Path, out: Path, edit: "Edit", as_json: bool, layer: str = "") -> None:
    """Apply ``edit`` to the shapes of ``source``, or to a layer of them, write ``out`` and tell what was done."""
    from roto_formats.registry import read_document, writable_endings, write_document
    from roto_geometry.edits.edited import edit_layer

    check_ending(out, writable_endings())
    document = read_document(source)
    make_folder(out.parent)  # before the long part, so that it fails early if at all
    done = edit_layer(document, layer, edit)
    notes = [*done.notes, *map(str, write_document(done.document, out))]
    shapes = list(done.document.shapes())
    keys = sum(len(shape.keys) for shape in shapes)
    text = "\n".join((f"{out}  ({len(shapes)} shapes, {keys} keys)", *notes))
    finish(as_json, {"file": str(out), "shapes": len(shapes), "keys": keys, "notes": notes}, text)


def read_shapes(path: Path | None) -> "ShapeDocument | None":
    """The shapes of a file, where one is given."""
    from roto_formats.registry import read_document

    return None if path is None else read_document(path)


@contextmanager
def open_edit_masks(reference: Path, start: int | None) -> "Iterator[Masks]":
    """Masks of a folder, pattern or video, read one by one. Raises InputError as :func:`.mask_reach.check_masks`."""
    from roto_daemon.plates import open_masks
    from roto_geometry.edits.targets import Masks

    with open_masks(reference, start) as sequence:
        check_masks(sequence, reference)
        yield Masks(sequence.frames, sequence.read)


def edit_settings(curves: CurveSettings, reach: float | None = None, fade: float | None = None) -> "EditSettings":
    """What the options say; without a number the balanced one. Raises InputError."""
    from roto_daemon.pipelines.fit import fit_settings
    from roto_geometry.edits.settings import EditSettings

    given = {"reach_frames": reach, "fade_frames": fade}
    return EditSettings(**{name: value for name, value in given.items() if value is not None}, fit=fit_settings(curves))
