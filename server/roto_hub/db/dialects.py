"""What the two databases say differently."""

from datetime import UTC, datetime

from sqlalchemy import TableValuedAlias, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from roto_hub.db.models import now


def entries_of(session: Session, column: InstrumentedAttribute[list[str]]) -> TableValuedAlias:
    """The entries of a column that holds lists, as rows with a ``value``."""
    entries = func.json_array_elements_text if _is_postgresql(session) else func.json_each
    return entries(column).table_valued("value")


def take_turn(session: Session, lock: int) -> None:
    """Wait for others that took the same turn, until their transactions end. SQLite has one writer at a time anyway."""
    if _is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def clock(session: Session) -> datetime:
    """This moment by the database's clock, which is one for all machines; SQLite is on one machine."""
    return session.scalars(select(func.clock_timestamp())).one().astimezone(UTC) if _is_postgresql(session) else now()


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
