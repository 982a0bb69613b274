"""A version's shapes, read from the file that a job wrote."""

import json
from functools import lru_cache
from pathlib import Path

from roto_hub.problems import NotFoundError
from roto_shared.schema import document_from_plain
from roto_shared.shapes import ShapeDocument

SHAPES = "shapes.json"
"""Where a version's folder has them."""

HELD_DOCUMENTS = 8
"""Read files that are held: a document of a long shot is some megabytes of text."""


def document_of(path: Path) -> ShapeDocument:
    """The shapes of a file, which is never written again. Raises NotFoundError for none."""
    if not path.is_file():
        raise NotFoundError("The version has no shapes.")
    return _read(path)


@lru_cache(HELD_DOCUMENTS)
def _read(path: Path) -> ShapeDocument:
    return document_from_plain(json.loads(path.read_text(encoding="utf-8")))
