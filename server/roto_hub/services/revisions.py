"""Changing a row that somebody else may have changed meanwhile."""

from typing import Any

from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Shot, Template, User, Version
from roto_hub.problems import ChangedError

Row = User | Project | Shot | Version | Template


def change_row(session: Session, row: Row, revision: int, fields: dict[str, Any]) -> None:
    """Set fields of a row of which a client saw ``revision``; whoever changes it at the same moment waits, and then has
    an old one. Raises ChangedError for that."""
    session.refresh(row, with_for_update=True)
    if row.revision != revision:
        raise ChangedError("It was changed meanwhile.", "Read it again, and repeat your change.")
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision += 1
