"""Versions and notes, in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from roto_hub.api.schemas.base import Frame, In, Out, Point, Text, with_example

Drawing = Annotated[list[list[Point]], Field(max_length=1000)]
"""Strokes of points, in plate pixels."""


class VersionOut(Out):
    """A result of a shot."""

    id: str
    shot_id: str
    job_id: str
    number: int
    status: str
    objects: list[str]
    created_at: datetime
    revision: int


class JudgementIn(In):
    """Approve a version, or ask for a retake with a reason, to which something may be drawn on a frame."""

    model_config = with_example(
        {
            "status": "retake",
            "text": "The left hand slides from 1040 on.",
            "frame": 1040,
            "drawing": [[[905, 410], [960, 470]]],
        }
    )

    status: Literal["approved", "retake"]
    text: Text = ""
    frame: Frame | None = None
    drawing: Drawing | None = None


class NoteIn(In):
    """A note on a version; ``drawing`` holds strokes of points in plate pixels."""

    model_config = with_example(
        {
            "text": "The edge boils",
            "frame": 1040,
            "region": [900, 400, 1010, 560],
            "drawing": [[[905, 410], [960, 470]]],
        }
    )

    text: Text = Field(min_length=1)
    frame: Frame | None = None
    region: tuple[float, float, float, float] | None = None
    drawing: Drawing | None = None
    answers: str | None = Field(default=None, max_length=32)


class NoteOut(Out):
    """A note."""

    id: str
    version_id: str
    user_id: str | None
    by: str
    text: str
    frame: int | None
    region: dict[str, Any] | None
    drawing: dict[str, Any] | None
    answers: str | None
    status: str
    created_at: datetime
