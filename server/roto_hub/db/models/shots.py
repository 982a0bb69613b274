"""Shots, their plates on the way in, and their results."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roto_hub.db.models.base import Base, Id, Name, new_id, now
from roto_hub.db.models.people import User

UPLOADING, CHECKING, READY, REFUSED = "uploading", "checking", "ready", "refused"
"""What a shot's ``state`` is, by how far its plate is."""


class Shot(Base):
    """A plate that is worked on. ``plate`` is its files as a worker opens them; its numbers are there once checked.
    ``proxy`` is the folder of its frames as small pictures, once they are made.

    One that was deleted stays, with its name set free: what was done to it can still be told.
    """

    __tablename__ = "shots"
    __table_args__ = (UniqueConstraint("project_id", "name"), Index("shots_by_project", "project_id", "name"))
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Name)
    state: Mapped[str] = mapped_column(String(20), index=True)
    plate: Mapped[str] = mapped_column(Text, default="")
    proxy: Mapped[str] = mapped_column(Text, default="")
    first_frame: Mapped[int | None]
    last_frame: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    fps: Mapped[float | None]
    fault: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    @property
    def frames(self) -> int:
        """How many it has; none before its plate was opened."""
        return 0 if self.first_frame is None or self.last_frame is None else self.last_frame - self.first_frame + 1


class Upload(Base):
    """A file on its way in; it can go on after a lost connection."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    shot_id: Mapped[str] = mapped_column(ForeignKey("shots.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Version(Base):
    """A shot's result, made by one job exactly once."""

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("shot_id", "number"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    shot_id: Mapped[str] = mapped_column(ForeignKey("shots.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), default="pending")
    folder: Mapped[str] = mapped_column(Text)
    objects: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)


class Note(Base):
    """What somebody says of a version: of all of it, of a frame, of a region of a frame; or an answer to that."""

    __tablename__ = "notes"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    version_id: Mapped[str] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answers: Mapped[str | None] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    frame: Mapped[int | None]
    region: Mapped[dict[str, Any] | None]
    drawing: Mapped[dict[str, Any] | None]
    status: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User | None] = relationship()

    @property
    def by(self) -> str:
        """Who says it; empty where they are gone."""
        return self.user.name if self.user else ""
