"""Who did what: appended, never changed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import AuditEntry

SUBJECT = 200
"""The most characters of what an entry is about."""


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted; None is any. ``before`` is the number before which the page begins."""

    project_id: str | None = None
    user_id: str | None = None
    action: str = ""
    before: int | None = None


def note_action(
    session: Session, user_id: str | None, action: str, subject: str, project_id: str | None = None, **details: Any
) -> None:
    """Note what somebody did; None is the hub itself, or somebody unknown."""
    session.add(AuditEntry(user_id=user_id, action=action, subject=subject, project_id=project_id, details=details))


def list_entries(session: Session, wanted: AuditFilter, limit: int) -> list[AuditEntry]:
    """A page of entries, newest first; an ``action`` names all that begin with it, as “shot” does “shot.create”."""
    found = select(AuditEntry)
    if wanted.project_id is not None:
        found = found.where(AuditEntry.project_id == wanted.project_id)
    if wanted.user_id is not None:
        found = found.where(AuditEntry.user_id == wanted.user_id)
    if wanted.action:
        found = found.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.before is not None:
        found = found.where(AuditEntry.id < wanted.before)
    return list(session.scalars(found.order_by(AuditEntry.id.desc()).limit(limit)))
