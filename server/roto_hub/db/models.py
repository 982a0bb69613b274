"""The hub's tables. Every id is 32 hexadecimal digits; times are UTC; ``revision`` counts changes for If-Match."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Utc(TypeDecorator[datetime]):
    """A moment; databases that keep no zone keep UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Say the zone."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """An id that nobody can guess."""
    return uuid.uuid4().hex


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


ATTEMPTS = 3
"""So often a job is tried where machines fail."""


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar = {dict[str, Any]: JSON, list[str]: JSON, datetime: Utc}


Id = String(32)


class User(Base):
    """Somebody who can log in. An administrator may do everything everywhere."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str] = mapped_column(String(400), default="")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)


class Identity(Base):
    """A user as an OpenID provider knows them: what it calls them never changes, their address may."""

    __tablename__ = "identities"
    issuer: Mapped[str] = mapped_column(String(500), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship()


class RefreshToken(Base):
    """One link of a chain of refresh tokens; ``family`` is the log-in that began it."""

    __tablename__ = "refresh_tokens"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    family: Mapped[str] = mapped_column(Id, index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class ApiKey(Base):
    """A key for programs; what it may do is ``scopes``, and never more than its user."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class LogInAttempt(Base):
    """A log-in that failed, by whom it was tried for."""

    __tablename__ = "log_in_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class Project(Base):
    """A show, or part of one."""

    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    is_archived: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)


class Membership(Base):
    """What a user is in a project."""

    __tablename__ = "memberships"
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))
    user: Mapped[User] = relationship()


class Team(Base):
    """People who are given projects together."""

    __tablename__ = "teams"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class TeamMember(Base):
    """Somebody in a team."""

    __tablename__ = "team_members"
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)


class TeamRole(Base):
    """What everybody of a team is in a project, at least."""

    __tablename__ = "team_roles"
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))


class Template(Base):
    """What is asked of many shots alike: prompts, words, model and curves, as a segmentation's request holds them."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("project_id", "name"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)


class Invitation(Base):
    """Somebody who was asked into a project."""

    __tablename__ = "invitations"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(320))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Shot(Base):
    """A plate that is worked on. ``plate`` is its files as a worker opens them; its numbers are there once checked.
    ``proxy`` is the folder of its frames as small pictures, once they are made.

    One that was deleted stays, with its name set free: what was done to it can still be told.
    """

    __tablename__ = "shots"
    __table_args__ = (UniqueConstraint("project_id", "name"), Index("shots_by_project", "project_id", "name"))
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
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


class Upload(Base):
    """A file on its way in; it can go on after a lost connection."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    shot_id: Mapped[str] = mapped_column(ForeignKey("shots.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Worker(Base):
    """Takes jobs; ``slots`` at once. ``engines`` are the models that it can run, ``tasks`` what those do."""

    __tablename__ = "workers"
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
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
    worker: Mapped[str | None] = mapped_column(String(200))
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


class Event(Base):
    """Something that happened, in the order in which it did; live clients go on from the number that they saw."""

    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    kind: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[str | None] = mapped_column(Id, index=True)
    subject: Mapped[str] = mapped_column(Id)
    data: Mapped[dict[str, Any]]


class Notice(Base):
    """Something that a user is to know, shown in the page until it was read."""

    __tablename__ = "notices"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[str | None] = mapped_column(Id)
    shot_id: Mapped[str | None] = mapped_column(Id)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


class Webhook(Base):
    """An address that is told what happens. ``secret`` signs; ``format`` is the hub's own, or Slack's."""

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    project_id: Mapped[str | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(10))
    kinds: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(Base):
    """A letter or a webhook's call on its way out, until it arrived or was given up."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str | None] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(default=now, index=True)
    arrived_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Bookmark(Base):
    """How far a reader of the events has come."""

    __tablename__ = "bookmarks"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    event_id: Mapped[int] = mapped_column(default=0)


class AuditEntry(Base):
    """Who did what. Nothing here is ever changed or taken out."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[str | None] = mapped_column(Id, index=True)
    action: Mapped[str] = mapped_column(String(60))
    project_id: Mapped[str | None] = mapped_column(Id, index=True)
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]]
