"""A project's shots in any order, a page at a time, with each one's newest version and who works on it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from roto_hub.db.models import Project, Shot, User, Version
from roto_hub.problems import RefusedError

Order = Literal["name", "-name", "created", "-created", "state", "-state", "frames", "-frames"]
"""What a list goes by; with a minus the last first. Shots that are alike in it go by name."""

NONE = "none"
"""As a filter: who nobody works on, what has no version."""

MOST = 2**31 - 1
"""So many frames no shot has."""

Key = ColumnElement[Any] | InstrumentedAttribute[Any]
FRAMES = func.coalesce(Shot.last_frame - Shot.first_frame + 1, 0)
KEYS: dict[str, Key] = {
    "name": Shot.name,
    "created": Shot.created_at,
    "state": Shot.state,
    "frames": FRAMES,
}


@dataclass(frozen=True)
class ShotFilter:
    """Which shots are wanted; None is any. ``after`` is where the page begins, as the one before it said."""

    state: str | None = None
    assignee_id: str | None = None
    search: str = ""
    after: str = ""
    review: str | None = None
    sort: Order = "name"


class Listed(NamedTuple):
    """A shot, the number and the status of its newest version, and the name of who works on it."""

    shot: Shot
    version: int | None
    review: str | None
    assignee: str | None


def list_shots(
    session: Session, project: Project, wanted: ShotFilter, limit: int
) -> tuple[list[Listed], int, str | None]:
    """A page of a project's shots, how many there are in all, and where the following page begins.

    Raises RefusedError for an ``after`` that no page of this order said.
    """
    conditions = _conditions(project, wanted)
    total = session.scalar(select(func.count()).select_from(Shot).where(*conditions)) or 0
    column, is_last_first = _order(wanted)
    order = (column.desc() if is_last_first else column.asc(), Shot.name)
    page = _listed().add_columns(column).where(*conditions, *_beyond(wanted)).order_by(*order)
    found = session.execute(page.limit(limit + 1)).all()
    rows = found[:limit]
    following = _place(wanted, rows[-1][-1], rows[-1][0]) if len(found) > limit else None
    return [Listed(*row[:-1]) for row in rows], total, following


def listed(session: Session, shot: Shot) -> Listed:
    """A shot as lists show it."""
    return Listed(*session.execute(_listed().where(Shot.id == shot.id)).one())


def _order(wanted: ShotFilter) -> tuple[Key, bool]:
    return KEYS[wanted.sort.removeprefix("-")], wanted.sort.startswith("-")


def _listed() -> Select[Shot, Any, Any, str]:
    columns = (Shot, _newest(Version.number), _newest(Version.status), User.name)
    return select(*columns).outerjoin(User, User.id == Shot.assignee_id)


def _newest(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """A column of a shot's newest version."""
    wanted = select(column).where(Version.shot_id == Shot.id, Version.deleted_at.is_(None))
    return wanted.order_by(Version.number.desc()).limit(1).correlate(Shot).scalar_subquery()


def _conditions(project: Project, wanted: ShotFilter) -> list[ColumnElement[bool]]:
    found = [Shot.project_id == project.id, Shot.deleted_at.is_(None)]
    if wanted.state is not None:
        found.append(Shot.state == wanted.state)
    if wanted.assignee_id is not None:
        found.append(Shot.assignee_id == (None if wanted.assignee_id == NONE else wanted.assignee_id))
    if wanted.review is not None:
        found.append(_newest(Version.status) == (None if wanted.review == NONE else wanted.review))
    if wanted.search:
        found.append(Shot.name.icontains(wanted.search, autoescape=True))
    return found


def _beyond(wanted: ShotFilter) -> list[ColumnElement[bool]]:
    """What comes after the last shot of the page before: by what the list goes by, and by name among those alike."""
    if not wanted.after:
        return []
    column, is_last_first = _order(wanted)
    if column is Shot.name:
        return [column < wanted.after if is_last_first else column > wanted.after]
    said, _, name = wanted.after.partition(" ")
    value = _value(column, said)
    farther = column < value if is_last_first else column > value
    return [or_(farther, (column == value) & (Shot.name > name))]


def _value(column: Key, said: str) -> Any:
    try:
        if column is Shot.created_at:
            return datetime.fromisoformat(said).astimezone(UTC)
        return max(-MOST, min(int(said), MOST)) if column is FRAMES else said
    except (ValueError, OverflowError):
        remedy = "Send the “next” of the page before as “after”."
        raise RefusedError("No page of this order ends there.", remedy) from None


def _place(wanted: ShotFilter, value: Any, shot: Shot) -> str:
    """What ``_beyond`` reads."""
    if _order(wanted)[0] is Shot.name:
        return shot.name
    return f"{value.isoformat() if isinstance(value, datetime) else value} {shot.name}"
