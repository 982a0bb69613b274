"""Our own stored form: the schema of :mod:`roto_shared.schema` as JSON that people can read and compare."""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isfinite
from typing import Any, NoReturn

from roto_shared.errors import FormatError
from roto_shared.schema import document_from_plain, document_to_plain
from roto_shared.shapes import Element, Foreign, KeyedShape, Layer, Native, ShapeDocument

from .notes import Note
from .nuke.interpret import HOST as NUKE
from .nuke.tree import is_one_list
from .settings import FormatSettings

LONGEST_WHOLE = 300
"""Characters of a whole number that is still finite."""


def read_json(text: str, _settings: FormatSettings) -> ShapeDocument:
    """A document of this or any older schema version. Raises FormatError, naming the line or field."""
    try:
        plain = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise FormatError(
            f"Line {error.lineno}: {error.msg}.", "The file is damaged or cut off; export it again."
        ) from error
    document = document_from_plain(plain)
    _check(document)
    return document


def write_json(document: ShapeDocument, _settings: FormatSettings) -> tuple[str, list[Note]]:
    """The document's text, a line for every key; nothing is ever lost."""
    return _text(document_to_plain(document), "\n") + "\n", []


def _refuse(word: str) -> NoReturn:
    raise FormatError(f"The file holds {word[:40]}.", "Shapes need finite numbers; repair the shape.")


def _finite(word: str) -> float:
    value = float(word)
    return value if isfinite(value) else _refuse(word)


def _whole(word: str) -> int:
    return int(word) if len(word) <= LONGEST_WHOLE else _refuse(word)


def _check(document: ShapeDocument) -> None:
    """What the schema alone does not see. Raises FormatError."""
    for name, native in ((document.name, document.native), *_natives(document.children)):
        if native is not None and native.host == NUKE and not is_one_list(native.text):
            raise FormatError(f"What “{name}” keeps of Nuke's own text is damaged.", "Take its field “native” out.")
    for name, frames in _tracks(document.children):
        if any(after <= before for before, after in pairwise(frames)):
            raise FormatError(f"“{name}” has keys that do not ascend.", "Sort them by frame, one on each.")
    for shape in document.shapes():
        _check_counts(shape)


def _natives(elements: Iterable[Element]) -> Iterator[tuple[str, Native | None]]:
    """What elements keep of their hosts' texts: it goes into scripts as it is, and must not end more than itself."""
    for element in elements:
        yield element.name, element.native
        if isinstance(element, Layer):
            yield from _natives(element.children)


def _tracks(elements: Iterable[Element]) -> Iterator[tuple[str, list[float]]]:
    """Frames of the keys of every transform and opacity; those of shapes are checked as they are made."""
    for element in elements:
        if isinstance(element, Foreign):
            continue
        yield element.name, [key.frame for key in element.transform]
        if isinstance(element, KeyedShape):
            yield element.name, [key.frame for key in element.opacity]
        else:
            yield from _tracks(element.children)


def _check_counts(shape: KeyedShape) -> None:
    parts = [part for key in shape.keys for part in (key.slope_in, key.slope_out, key.feather) if part is not None]
    if any(len(part) != shape.knot_count for part in parts):
        raise FormatError(f"“{shape.name}” has slopes or a feather for other knots than its own.", "Correct the keys.")
    tracked = [part for key in shape.opacity for part in (key.values, key.slope_in, key.slope_out) if part is not None]
    if any(len(part) != 1 for part in tracked):
        raise FormatError(f"The opacity of “{shape.name}” is not one number on each key.", "Correct its keys.")


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
