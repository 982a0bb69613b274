"""What happened, who is to know, and who did it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from roto_hub.db.models.base import Base, Id, new_id, now


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
