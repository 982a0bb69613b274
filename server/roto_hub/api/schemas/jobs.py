"""Jobs and workers, in and out."""

from datetime import datetime
from typing import Any

from pydantic import Field

from roto_hub.api.schemas.base import In, Out, with_example


class JobOut(Out):
    """A job; ``remaining_s`` comes from its measured speed."""

    id: str
    project_id: str
    shot_id: str
    shot_name: str
    kind: str
    state: str
    priority: int
    request: dict[str, Any]
    worker: str | None
    done_frames: int
    total_frames: int
    frames_a_second: float | None
    remaining_s: float | None = None
    depends_on: list[str]
    not_before: datetime | None
    error: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class QueuedJobOut(JobOut):
    """A job in the queue, and what may be done to it by who asked."""

    starts_in_s: float | None = Field(description="About how long one that waits still will; none where nothing tells.")
    may_work: bool = Field(description="Cancel it, or try it again.")
    may_manage: bool = Field(description="Make it more or less urgent.")


class JobChange(In):
    """How urgent a job is, from 0 to 100."""

    model_config = with_example({"priority": 90})

    priority: int = Field(ge=0, le=100)


class LineOut(Out):
    """A line of a job's log."""

    at: datetime
    text: str


class PlaceOut(Out):
    """A folder as the hub's machine sees it."""

    path: str


class WorkerOut(Out):
    """A worker; ``busy`` of its ``slots`` are taken."""

    name: str
    slots: int
    busy: int = 0
    is_alive: bool = True
    engines: list[str]
    tasks: list[str]
    gpu: str
    vram_mb: int
    vram_used_mb: int | None = Field(description="By all programs together; none where its daemon does not answer.")
    seen_at: datetime
