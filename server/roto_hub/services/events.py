"""What happened, for live clients, in the order in which it did."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from roto_hub.db.connect import APPENDED
from roto_hub.db.dialects import take_turn
from roto_hub.db.models import Event, now

ORDER_LOCK = 0x726F746F
"""Events are appended one transaction after the other, so that no smaller number appears after a larger one."""


def append_event(session: Session, kind: str, subject: str, project_id: str | None, **data: Any) -> Event:
    """Note that something happened."""
    take_turn(session, ORDER_LOCK)
    event = Event(kind=kind, subject=subject, project_id=project_id, data=data)
    session.add(event)
    session.flush()
    session.info[APPENDED] = True
    return event


def events_after(session: Session, number: int, projects: list[str] | None, limit: int = 500) -> list[Event]:
    """Events after a number, oldest first, of these projects and of none; None is all projects."""
    return list(session.scalars(_after(number, projects).limit(limit)))


def are_more_than(session: Session, many: int, number: int, projects: list[str] | None) -> bool:
    """Whether :func:`events_after` has more than so many to give."""
    return session.scalar(_after(number, projects).offset(many).limit(1)) is not None


def prune_events(session: Session, older_than: timedelta) -> None:
    """Forget what happened long ago; nobody comes back for it. The latest stays: SQLite would count from one again, and
    readers that have come further would pass over what follows."""
    session.execute(delete(Event).where(Event.at < now() - older_than, Event.id < last_number(session)))


def last_number(session: Session) -> int:
    """The number of the latest event; 0 before the first."""
    return session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0


def _after(number: int, projects: list[str] | None) -> Select[Event]:
    wanted = select(Event).where(Event.id > number).order_by(Event.id)
    if projects is None:
        return wanted
    return wanted.where(Event.project_id.is_(None) | Event.project_id.in_(projects))
