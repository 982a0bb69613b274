"""A prompt book as text, to be kept in the host's script with the shot."""

import json
from dataclasses import dataclass, replace
from typing import Any, Tuple

from roto_panel.book import PanelObject, PromptBook
from roto_shared.errors import FormatError, InputError
from roto_shared.protocol.data import ObjectPrompt
from roto_shared.structure import from_plain, to_plain

SCHEMA = "roto.prompts/1"


@dataclass(frozen=True)
class _Said:
    frame: int
    prompt: ObjectPrompt


@dataclass(frozen=True)
class _SavedBook:
    objects: Tuple[PanelObject, ...]
    said: Tuple[_Said, ...]


def book_text(book: PromptBook) -> str:
    """The book as JSON on one line, which every host's knob takes; supplied masks' pixels are left out."""
    said = tuple(_Said(frame, replace(prompt, mask=None)) for frame, prompt in book.said)
    return json.dumps({"schema": SCHEMA, **to_plain(_SavedBook(book.objects, said), _SavedBook)}, sort_keys=True)


def book_from_text(text: str) -> PromptBook:
    """The book of a text, an empty one for an empty text. Raises FormatError for any other text."""
    if not text.strip():
        return PromptBook()
    try:
        plain: Any = json.loads(text)
        if not isinstance(plain, dict) or plain.pop("schema", None) != SCHEMA:
            raise FormatError("These are no prompts of a version that is known.", "Update the plugin.")
        saved = from_plain(_SavedBook, plain)
    except (ValueError, InputError) as error:
        raise FormatError("The prompts in the script are damaged: {}".format(error), "Click anew.") from error
    return PromptBook(saved.objects, tuple((one.frame, one.prompt) for one in saved.said))
