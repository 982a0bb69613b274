"""Shots, uploads and what is asked of them, in and out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from roto_hub.api.schemas.base import Frame, In, Name, Out, Point
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.reviews import VersionOut


class ShotChange(In):
    """What of a shot is to change."""

    name: Name | None = None
    assignee_id: str | None = Field(default=None, max_length=32)


class ShotOut(Out):
    """A shot; its numbers are there once a worker opened the plate."""

    id: str
    project_id: str
    name: str
    state: str
    first_frame: int | None
    last_frame: int | None
    width: int | None
    height: int | None
    fps: float | None
    fault: str
    assignee_id: str | None
    created_at: datetime
    revision: int


class ShotPage(Out):
    """A page of shots; ``next`` is what to send as ``after`` for the following one."""

    shots: list[ShotOut]
    total: int
    next: str | None


class UploadOut(Out):
    """A file on its way in: ``received`` of ``size`` bytes are here."""

    id: str
    shot_id: str
    file_name: str
    size: int
    received: int


class NewShotOut(Out):
    """A new shot, and the upload that brings its plate, if one is to come."""

    shot: ShotOut
    upload: UploadOut | None


class PromptIn(In):
    """What is said of an object on a frame, in plate pixels from the top left."""

    frame: Frame = Field(examples=[1001])
    object: Name = Field(examples=["hero"])
    positive: list[Point] = Field(default_factory=list, examples=[[[960, 540]]], max_length=1000)
    negative: list[Point] = Field(default_factory=list, max_length=1000)
    box: tuple[float, float, float, float] | None = None


class CurvesIn(In):
    """How masks become shapes."""

    preset: Literal["tight", "balanced", "loose"] = "balanced"
    tolerance_px: float | None = Field(default=None, gt=0, le=100)
    key_density: float | None = Field(default=None, gt=0, le=100)
    detail: float | None = Field(default=None, gt=0, le=100)
    track: bool | None = None


class SegmentSettings(In):
    """How to segment and follow."""

    engine: str = Field(default="", max_length=100)
    first: Frame | None = None
    last: Frame | None = None
    direction: Literal["both", "forward", "backward"] = "both"
    curves: CurvesIn = CurvesIn()
    priority: int = Field(default=50, ge=0, le=100)
    depends_on: list[str] = Field(default_factory=list, max_length=100)
    vram_mb: int = Field(default=0, ge=0, le=10_000_000)


class SegmentIn(SegmentSettings):
    """Segment and follow; answered by a job whose result is the shot's next version."""

    prompts: list[PromptIn] = Field(min_length=1, max_length=10_000)


class PromptedShot(In):
    """A shot, and what is said of it."""

    shot_id: str = Field(max_length=32)
    prompts: list[PromptIn] = Field(min_length=1, max_length=10_000)


class SegmentManyIn(SegmentSettings):
    """The same settings for many shots, each with prompts of its own."""

    shots: list[PromptedShot] = Field(min_length=1, max_length=500)


class PlateIn(In):
    """A shot's name, and its plate on shared storage."""

    name: Name = Field(examples=["sh010"])
    path: str = Field(min_length=1, max_length=4000, examples=["/show/sh010/plate.####.exr"])


class PlatesIn(In):
    """Many shots."""

    plates: list[PlateIn] = Field(min_length=1, max_length=1000)


class ExportIn(In):
    """Write a shot's results in other formats; answered by a job."""

    formats: list[Literal["nk", "fxs", "json", "svg", "png", "exr", "cryptomatte", "prores", "report"]] = Field(
        min_length=1, examples=[["nk", "exr"]]
    )
    curves: CurvesIn = CurvesIn()
    priority: int = Field(default=50, ge=0, le=100)


class StatusOut(Out):
    """How a shot fares: itself, its jobs that have not ended, its newest version."""

    shot: ShotOut
    jobs: list[JobOut]
    version: VersionOut | None


class MasksOut(Out):
    """The masks of a version: for each object the frames that have one."""

    version: VersionOut
    frames: dict[str, list[int]]
