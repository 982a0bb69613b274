"""A prompt book as text, to be kept in the host's script with the shot."""

from dataclasses import dataclass, replace
from typing import Tuple

from roto_panel.book import PanelObject, PromptBook
from roto_panel.kept import from_text, to_text
from roto_shared.protocol.data import ObjectPrompt

SCHEMA = "roto.prompts/1"

PROMPTS = "prompts"
"""The name under which the host keeps what was said."""


@dataclass(frozen=True)
class _Said:
    frame: int
    prompt: ObjectPrompt


@dataclass(frozen=True)
class _SavedBook:
    objects: Tuple[PanelObject, ...]
    said: Tuple[_Said, ...]


def book_text(book: PromptBook) -> str:
    """The book as text; supplied masks' pixels are left out."""
    said = tuple(_Said(frame, replace(prompt, mask=None)) for frame, prompt in book.said)
    return to_text(_SavedBook(book.objects, said), SCHEMA)


def book_from_text(text: str) -> PromptBook:
    """The book of a text, an empty one for an empty text. Raises FormatError for any other text."""
    if not text.strip():
        return PromptBook()
    saved = from_text(text, SCHEMA, _SavedBook, "prompts")
    objects = tuple(replace(one, identity=one.identity or one.name) for one in saved.objects)  # older ones have none
    return PromptBook(objects, tuple((one.frame, one.prompt) for one in saved.said))
