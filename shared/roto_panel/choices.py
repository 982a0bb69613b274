"""What an artist chose for a shot, beside the prompts; kept with the scene as text."""

import json
from dataclasses import dataclass
from typing import Any, Optional, Tuple

from roto_shared.errors import FormatError, InputError
from roto_shared.protocol.data import CurveSettings, EdgeSettings, FinishSettings
from roto_shared.structure import from_plain, to_plain

SCHEMA = "roto.choices/1"


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
    """The choices as JSON on one line."""
    return json.dumps({"schema": SCHEMA, **to_plain(choices, Choices)}, sort_keys=True)


def choices_from_text(text: str) -> Choices:
    """The choices of a text, the usual ones for an empty text. Raises FormatError for any other text."""
    if not text.strip():
        return Choices()
    try:
        plain: Any = json.loads(text)
        if not isinstance(plain, dict) or plain.pop("schema", None) != SCHEMA:
            raise FormatError("These are no choices of a version that is known.", "Update the plugin.")
        choices: Choices = from_plain(Choices, plain)
    except (ValueError, InputError) as error:
        raise FormatError("The choices in the script are damaged: {}".format(error), "Choose anew.") from error
    return choices
