"""What supervisors have to look at: the newest versions of the shots that they review."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from roto_hub.auth.permissions import ROLES, Permission, may
from roto_hub.db.models import Job, Membership, Project, Shot, TeamMember, TeamRole, User, Version
from roto_hub.services.reviews import PENDING

REVIEWERS = tuple(role for role in ROLES if may(role, Permission.REVIEW))


@dataclass(frozen=True)
class QueueFilter:
    """Which versions are wanted; an empty project is all of them."""

    status: str = PENDING
    project_id: str = ""


class Queued(NamedTuple):
    """A version, its shot, its project, and the name of who asked for it."""

    version: Version
    shot: Shot
    project: Project
    by: str | None


def reviewed_projects(session: Session, user: User) -> list[Project]:
    """The projects, without archived ones, whose versions a user may judge, by name."""
    wanted = select(Project).where(~Project.is_archived).order_by(Project.name)
    if not user.is_admin:
        own = select(Membership.project_id).where(Membership.user_id == user.id, Membership.role.in_(REVIEWERS))
        by_team = select(TeamRole.project_id).join(TeamMember, TeamMember.team_id == TeamRole.team_id)
        by_team = by_team.where(TeamMember.user_id == user.id, TeamRole.role.in_(REVIEWERS))
        wanted = wanted.where(Project.id.in_(own.union(by_team)))
    return list(session.scalars(wanted))


def review_queue(
    session: Session, projects: list[Project], wanted: QueueFilter, limit: int
) -> tuple[list[Queued], int]:
    """The newest versions of these projects' shots that have a status, the oldest first, and how many there are."""
    ids = [one.id for one in projects if wanted.project_id in ("", one.id)]
    conditions = (Shot.project_id.in_(ids), Shot.deleted_at.is_(None), Version.status == wanted.status, is_newest())
    counted = select(func.count()).select_from(Version).join(Shot, Shot.id == Version.shot_id).where(*conditions)
    found = (
        select(Version, Shot, Project, User.name)
        .join(Shot, Shot.id == Version.shot_id)
        .join(Project, Project.id == Shot.project_id)
        .join(Job, Job.id == Version.job_id)
        .outerjoin(User, User.id == Job.user_id)
        .where(*conditions)
        .order_by(Version.created_at, Version.id)
        .limit(limit)
    )
    return [Queued(*row) for row in session.execute(found)], session.scalar(counted) or 0


def is_newest() -> ColumnElement[bool]:
    """Of versions: those after which their shot has no other."""
    later = aliased(Version)
    after = select(later.id).where(
        later.shot_id == Version.shot_id, later.number > Version.number, later.deleted_at.is_(None)
    )
    return Version.deleted_at.is_(None) & ~after.exists()
