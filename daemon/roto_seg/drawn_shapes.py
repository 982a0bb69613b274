"""Shapes of a file as their host draws them, for commands that draw them themselves."""

from pathlib import Path
from typing import TYPE_CHECKING

from roto_seg.output import note

if TYPE_CHECKING:
    from roto_shared.shapes import ShapeDocument


def read_to_draw(path: Path) -> "ShapeDocument":
    """The shapes of a file with all that their layers lay on them; tells what cannot be drawn. Raises FormatError."""
    from roto_formats.registry import document_as_drawn, read_document

    document, lost = document_as_drawn(read_document(path))
    for told in lost:
        note(told)
    return document
