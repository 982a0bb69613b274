"""What the two databases say differently."""

from sqlalchemy import TableValuedAlias, func
from sqlalchemy.orm import InstrumentedAttribute, Session


def entries_of(session: Session, column: InstrumentedAttribute[list[str]]) -> TableValuedAlias:
    """The entries of a column that holds lists, as rows with a ``value``."""
    entries = func.json_array_elements_text if _is_postgresql(session) else func.json_each
    return entries(column).table_valued("value")


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
