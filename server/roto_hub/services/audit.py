"""Who did what: appended, never changed."""

from typing import Any

from sqlalchemy.orm import Session

from roto_hub.db.models import AuditEntry


def note_action(
    session: Session, user_id: str | None, action: str, subject: str, project_id: str | None = None, **details: Any
) -> None:
    """Note what somebody did; None is the hub itself, or somebody unknown."""
    session.add(AuditEntry(user_id=user_id, action=action, subject=subject, project_id=project_id, details=details))
