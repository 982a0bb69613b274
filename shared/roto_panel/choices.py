"""What an artist chose for a shot, beside the prompts; kept with the scene as text."""

from dataclasses import dataclass
from typing import Optional, Tuple

from roto_panel.kept import from_text, to_text
from roto_shared.protocol.data import CurveSettings, EdgeSettings, FinishSettings

SCHEMA = "roto.choices/1"

CHOICES = "choices"
"""The name under which the host keeps what was chosen."""


@dataclass(frozen=True)
class Choices:
    """``engine`` empty is the daemon's own choice; ``first`` and ``last`` bound what is tracked, refined and committed.

    ``target`` is the node that takes shapes, empty for a new one. With ``live`` it is filled while tracking.
    """

    engine: str = ""
    first: Optional[int] = None
    last: Optional[int] = None
    curves: CurveSettings = CurveSettings()
    edges: EdgeSettings = EdgeSettings()
    finish: FinishSettings = FinishSettings()
    target: str = ""
    live: bool = False
    folder: str = ""
    formats: Tuple[str, ...] = ("exr",)


def choices_text(choices: Choices) -> str:
    """The choices as text."""
    return to_text(choices, SCHEMA)


def choices_from_text(text: str) -> Choices:
    """The choices of a text, the usual ones for an empty text. Raises FormatError for any other text."""
    return from_text(text, SCHEMA, Choices, "choices") if text.strip() else Choices()
