"""The people of a project, whether they are in it themselves or by a team."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.auth.permissions import ROLES
from roto_hub.db.models import Membership, Project, TeamMember, TeamRole, User


class Person(NamedTuple):
    """Somebody in a project, and the most that they are there."""

    id: str
    name: str
    role: str


def people_of(session: Session, project: Project) -> list[Person]:
    """Everybody in a project who can log in, by name."""
    own = select(Membership.user_id, Membership.role).where(Membership.project_id == project.id)
    by_team = select(TeamMember.user_id, TeamRole.role).join(TeamRole, TeamRole.team_id == TeamMember.team_id)
    roles = own.union_all(by_team.where(TeamRole.project_id == project.id)).subquery()
    wanted = select(User.id, User.name, roles.c.role).join(roles, roles.c.user_id == User.id).where(User.is_active)
    most: dict[str, Person] = {}
    for row in session.execute(wanted.order_by(User.name, User.id)):
        person = Person(*row)
        known = most.get(person.id)
        if known is None or ROLES.index(person.role) > ROLES.index(known.role):
            most[person.id] = person
    return list(most.values())
