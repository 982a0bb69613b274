"""Changing a row that somebody else may have changed meanwhile."""

from typing import Any

from roto_hub.db.models import Project, Shot, Template, User, Version
from roto_hub.problems import ChangedError


def change_row(row: User | Project | Shot | Version | Template, revision: int, fields: dict[str, Any]) -> None:
    """Set fields of a row of which a client saw ``revision``. Raises ChangedError where that is an old one."""
    if row.revision != revision:
        raise ChangedError("It was changed meanwhile.", "Read it again, and repeat your change.")
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision += 1
