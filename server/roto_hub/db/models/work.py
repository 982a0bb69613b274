"""Jobs, and who does them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roto_hub.db.models.base import Base, Id, Name, new_id, now
from roto_hub.db.models.shots import Shot

ATTEMPTS = 3
"""So often a job is tried where machines fail."""


class Worker(Base):
    """Takes jobs; ``slots`` at once. ``engines`` are the models that it can run, ``tasks`` what those do."""

    __tablename__ = "workers"
    name: Mapped[str] = mapped_column(Name, primary_key=True)
    slots: Mapped[int] = mapped_column(default=1)
    engines: Mapped[list[str]]
    tasks: Mapped[list[str]]
    gpu: Mapped[str] = mapped_column(String(200), default="")
    vram_mb: Mapped[int] = mapped_column(default=0)
    vram_used_mb: Mapped[int | None]
    seen_at: Mapped[datetime] = mapped_column(default=now)


class Job(Base):
    """Something to be done by a worker. ``attempt`` fences: who holds an older one can change nothing any more.

    ``wait_s`` is from its request to its first start, ``run_s`` from its last start to its being done.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("jobs_to_do", "state", "priority", "created_at"),
        Index("jobs_by_end", "state", "ended_at"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    shot_id: Mapped[str] = mapped_column(ForeignKey("shots.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    priority: Mapped[int] = mapped_column(default=50)
    request: Mapped[dict[str, Any]]
    depends_on: Mapped[list[str]]
    engine: Mapped[str] = mapped_column(String(100), default="")
    tasks: Mapped[list[str]] = mapped_column(default=list)
    vram_mb: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=ATTEMPTS)
    worker: Mapped[str | None] = mapped_column(Name)
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    is_unwanted: Mapped[bool] = mapped_column(default=False)
    done_frames: Mapped[int] = mapped_column(default=0)
    total_frames: Mapped[int] = mapped_column(default=0)
    frames_a_second: Mapped[float | None] = mapped_column(Float)
    error: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    wait_s: Mapped[float | None]
    run_s: Mapped[float | None]
    shot: Mapped[Shot] = relationship()

    @property
    def shot_name(self) -> str:
        """As people know what it is about."""
        return self.shot.name


class JobLine(Base):
    """A line of a job's log."""

    __tablename__ = "job_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str] = mapped_column(Text)
