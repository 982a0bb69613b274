"""What was said and chosen of each plate of a scene: the open one's is in the scene's own texts, that of others aside.

A plate is known by its files; the number of a version (``v001``) in their names does not count.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Dict, Optional, Tuple

from roto_panel.book import PromptBook
from roto_panel.choices import CHOICES, Choices, choices_from_text, choices_text
from roto_panel.kept import from_text, to_text
from roto_panel.saved import PROMPTS, book_from_text, book_text

SCHEMA = "roto.plates/1"

PLATES = "plates"
"""The name under which the host keeps which plate its scene's prompts are of, and what was put aside."""

KEY = "key"
"""The name under which the host keeps what tells its scene's sessions from those of others."""

KEPT = (PROMPTS, CHOICES, PLATES, KEY)
"""The names of all that a host keeps with a scene."""

_VERSION = re.compile(r"(?<![a-z])v\d+(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class PlateWork:
    """What was said of a plate, and those of the choices that are not for every plate."""

    name: str
    first: Optional[int] = None
    last: Optional[int] = None
    target: str = ""
    folder: str = ""
    book: PromptBook = field(default_factory=PromptBook)


@dataclass(frozen=True)
class _Plates:
    """``open`` is empty in a scene that was kept by a panel which knew of one plate alone."""

    open: str = ""
    aside: Tuple[PlateWork, ...] = ()


def with_plate(kept: Dict[str, str], new: PlateWork) -> Dict[str, str]:
    """A scene's texts as they are with a plate open; ``new`` is what it begins with the first time.

    Raises FormatError for texts that cannot be read.
    """
    text = kept.get(PLATES, "")
    plates = from_text(text, SCHEMA, _Plates, "plates") if text.strip() else _Plates()
    if not plates.open or is_same_plate(plates.open, new.name):
        return {**kept, PLATES: to_text(replace(plates, open=new.name), SCHEMA)}
    choices, book = choices_in(kept, new), book_from_text(kept.get(PROMPTS, ""))
    before = PlateWork(plates.open, choices.first, choices.last, choices.target, choices.folder, book)
    now = next((one for one in plates.aside if is_same_plate(one.name, new.name)), new)
    aside = (*(one for one in plates.aside if one is not now), before)
    chosen = replace(choices, first=now.first, last=now.last, target=now.target, folder=now.folder)
    return {
        **kept,
        PROMPTS: book_text(now.book),
        CHOICES: choices_text(chosen),
        PLATES: to_text(_Plates(new.name, aside), SCHEMA),
    }


def choices_in(kept: Dict[str, str], new: PlateWork) -> Choices:
    """The choices in a scene's texts; with the range of ``new`` where nothing was chosen. Raises FormatError."""
    return choices_from_text(kept[CHOICES]) if kept.get(CHOICES) else Choices(first=new.first, last=new.last)


def is_same_plate(name: str, other: str) -> bool:
    """Whether two names are of one plate, in versions that may differ."""
    return _VERSION.sub("v", name) == _VERSION.sub("v", other)
