"""What all tables are made of."""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase


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


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar = {dict[str, Any]: JSON, list[str]: JSON, datetime: Utc}


LONGEST_NAME = 200
"""The most characters of a name, whatever bears it."""

Id = String(32)
Name = String(LONGEST_NAME)
