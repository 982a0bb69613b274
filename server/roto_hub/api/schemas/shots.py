"""Shots, uploads and what is asked of them, in and out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from roto_hub.api.schemas.base import In, Name, Out, with_example
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.reviews import VersionOut
from roto_hub.api.schemas.segment import CurvesIn


class ShotChange(In):
    """What of a shot is to change."""

    model_config = with_example({"name": "sh010_plate2"})

    name: Name | None = None
    assignee_id: str | None = Field(default=None, max_length=32)


class RestoreIn(In):
    """What a shot that comes back is called; its old name where nothing is said, which another may have now."""

    model_config = with_example({"name": "sh010_again"})

    name: Name | None = None


class ShotOut(Out):
    """A shot; its numbers are there once a worker opened the plate. ``version`` and ``review`` are the number and the
    status of its newest version, ``assignee`` is the name of who works on it."""

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
    version: int | None = None
    review: str = ""
    assignee: str = ""


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


class OpenUploadOut(UploadOut):
    """An upload that was begun and has not ended, and the shot that waits for it."""

    shot_name: str
    created_at: datetime


class NewShotOut(Out):
    """A new shot, and the upload that brings its plate, if one is to come."""

    shot: ShotOut
    upload: UploadOut | None


class PlateIn(In):
    """A shot's name, and its plate on shared storage."""

    name: Name
    path: str = Field(min_length=1, max_length=4000)


class PlatesIn(In):
    """Many shots."""

    model_config = with_example({"plates": [{"name": "sh010", "path": "/show/sh010/plate.####.exr"}]})

    plates: list[PlateIn] = Field(min_length=1, max_length=1000)


class ExportIn(In):
    """Write a shot's results in other formats; answered by a job."""

    model_config = with_example({"formats": ["nk", "exr"], "curves": {"preset": "balanced"}})

    formats: list[Literal["nk", "fxs", "json", "svg", "png", "exr", "cryptomatte", "prores", "report"]] = Field(
        min_length=1
    )
    curves: CurvesIn | None = Field(default=None, description="None takes the newest version's shapes as they are.")
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
