"""Kinds of fields that several have, and the two kinds of bodies."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from roto_hub.db.models import LONGEST_NAME

Point = tuple[float, float]


def plain(text: str) -> str:
    """A text that any database takes."""
    return text.replace("\x00", "")


def _shown(text: str) -> str:
    """A name as it is kept: without spaces around it, which nobody sees."""
    if any(ord(letter) < 32 for letter in text) or not text.strip():
        raise ValueError("it is empty, or holds characters that cannot be shown")
    return text.strip()


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_shown)]
Email = Annotated[str, Field(max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Password = Annotated[str, Field(max_length=1000)]
Frame = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(plain)]
Role = Literal["viewer", "artist", "supervisor"]


class In(BaseModel):
    """What comes in: no fields that are not known, no numbers that are none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def with_example(example: dict[str, Any]) -> ConfigDict:
    """The settings of a body that is shown with an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class Out(BaseModel):
    """What goes out, read off a row."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)
