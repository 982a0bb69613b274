"""What the two databases say differently."""

from sqlalchemy import TableValuedAlias, func, text
from sqlalchemy.orm import InstrumentedAttribute, Session


def entries_of(session: Session, column: InstrumentedAttribute[list[str]]) -> TableValuedAlias:
    """The entries of a column that holds lists, as rows with a ``value``."""
    entries = func.json_array_elements_text if _is_postgresql(session) else func.json_each
    return entries(column).table_valued("value")


def take_turn(session: Session, lock: int) -> None:
    """Wait for others that took the same turn, until their transactions end. SQLite has one writer at a time anyway."""
    if _is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
