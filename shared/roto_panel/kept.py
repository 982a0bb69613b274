"""Frozen values as text that a host keeps with its scene: JSON on one line, which every host's knob takes."""

import json
from typing import Any, Type, TypeVar

from roto_shared.errors import FormatError, InputError
from roto_shared.structure import from_plain, to_plain

T = TypeVar("T")


def to_text(value: Any, schema: str) -> str:
    """A frozen dataclass as text that names its schema."""
    return json.dumps({"schema": schema, **to_plain(value, type(value))}, sort_keys=True)


def from_text(text: str, schema: str, cls: Type[T], what: str) -> T:
    """The value of a text. Raises FormatError, which calls it ``what``, for any other text."""
    try:
        plain: Any = json.loads(text)
        if not isinstance(plain, dict) or plain.pop("schema", None) != schema:
            raise FormatError(
                "The {} that were kept are of no version that is known.".format(what), "Update the plugin."
            )
        value: T = from_plain(cls, plain)
    except FormatError:
        raise
    except (ValueError, InputError) as error:
        raise FormatError("The {} that were kept are damaged: {}".format(what, error), "Make them anew.") from error
    return value
