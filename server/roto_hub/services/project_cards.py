"""Projects as their overview shows them: how far each one is, and a picture of it."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Shot, Version
from roto_hub.services.review_queue import is_newest
from roto_hub.services.reviews import APPROVED, PENDING
from roto_hub.services.shots import READY


class Card(NamedTuple):
    """How many shots a project has, how many of them wait for review or are approved, and the one that it shows."""

    shots: int
    to_review: int
    approved: int
    cover: str | None


def cards_of(session: Session, projects: list[Project]) -> dict[str, Card]:
    """Each project's card, by its id."""
    there = (Shot.project_id.in_([one.id for one in projects]), Shot.deleted_at.is_(None))
    shots = select(Shot.project_id, func.count()).where(*there).group_by(Shot.project_id)
    newest = select(Shot.project_id, Version.status, func.count()).join(Version, Version.shot_id == Shot.id)
    newest = newest.where(*there, is_newest()).group_by(Shot.project_id, Version.status)
    counts: dict[str, int] = dict(session.execute(shots).all())
    reviews = {(project, status): number for project, status, number in session.execute(newest)}
    covers = _covers(session)
    return {
        one.id: Card(
            counts.get(one.id, 0),
            reviews.get((one.id, PENDING), 0),
            reviews.get((one.id, APPROVED), 0),
            covers.get(one.id),
        )
        for one in projects
    }


def _covers(session: Session) -> dict[str, str | None]:
    """Of each project the first shot, by name, that has a picture."""
    ready = select(Shot.id).where(Shot.project_id == Project.id, Shot.state == READY, Shot.deleted_at.is_(None))
    first = ready.order_by(Shot.name).limit(1).correlate(Project).scalar_subquery()
    return dict(session.execute(select(Project.id, first)).all())
