"""Our own stored form: the schema of :mod:`roto_shared.schema` as JSON that people can read and compare."""

import json
from typing import Any

from roto_shared.errors import FormatError
from roto_shared.schema import document_from_plain, document_to_plain
from roto_shared.shapes import ShapeDocument

from .notes import Note
from .settings import FormatSettings


def read_json(text: str, _settings: FormatSettings) -> ShapeDocument:
    """A document of this or any older schema version. Raises FormatError, naming the line or field."""
    try:
        plain = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"Line {error.lineno}: {error.msg}.", "The file is damaged or cut off; export it again."
        ) from error
    return document_from_plain(plain)


def write_json(document: ShapeDocument, _settings: FormatSettings) -> tuple[str, list[Note]]:
    """The document's text, a line for every key; nothing is ever lost."""
    return _text(document_to_plain(document), "\n") + "\n", []


def _refuse(word: str) -> float:
    raise FormatError(f"The file holds {word}.", "Shapes need finite numbers; repair the shape.")


def _text(value: Any, newline: str) -> str:
    """JSON on one line where nothing inside is keyed by name, else a line for each part."""
    if not _has_maps(value):
        return json.dumps(value, ensure_ascii=False)
    inner = newline + " "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name, ensure_ascii=False)}: {_text(item, inner)}" for name, item in value.items()]
        return "{" + inner + f",{inner}".join(parts) + newline + "}"
    return "[" + inner + f",{inner}".join(_text(item, inner) for item in value) + newline + "]"


def _has_maps(value: Any) -> bool:
    """Whether a map or list holds a map; a key of a shape does not, and so takes one line."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(item, dict) or _has_maps(item) for item in items if isinstance(item, (dict, list)))
