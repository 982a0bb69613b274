"""Teams: people who are given projects together. A team's role in a project counts for everybody in it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Team, TeamMember, TeamRole, User
from roto_hub.problems import ConflictError, NotFoundError
from roto_hub.services.audit import note_action


def create_team(session: Session, by: User, name: str) -> Team:
    """A new team, nobody in it yet. Raises ConflictError for a name that is taken."""
    if session.scalar(select(Team).where(Team.name == name)) is not None:
        raise ConflictError(f"There is a team “{name}” already.", "Use another name.")
    team = Team(name=name)
    session.add(team)
    session.flush()
    note_action(session, by.id, "team.create", team.id, name=name)
    return team


def list_teams(session: Session) -> list[Team]:
    """All teams, by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def delete_team(session: Session, by: User, team_id: str) -> None:
    """Take a team apart; its people lose what they had by it alone. Raises NotFoundError."""
    team = _team(session, team_id)
    note_action(session, by.id, "team.delete", team.id, name=team.name, members=members_of(session, team))
    session.delete(team)


def members_of(session: Session, team: Team) -> list[str]:
    """Ids of the users in a team."""
    return list(session.scalars(select(TeamMember.user_id).where(TeamMember.team_id == team.id)))


def set_member(session: Session, by: User, team_id: str, user_id: str, is_in: bool) -> None:
    """Take somebody in, or out. Raises NotFoundError."""
    team, member = _team(session, team_id), session.get(TeamMember, (team_id, user_id))
    if session.get(User, user_id) is None:
        raise NotFoundError("There is no such user.")
    if is_in and member is None:
        session.add(TeamMember(team_id=team.id, user_id=user_id))
    elif not is_in and member is not None:
        session.delete(member)
    note_action(session, by.id, "team.member", team.id, user=user_id, is_in=is_in)


def teams_in(session: Session, project: Project) -> list[TeamRole]:
    """The teams that a project was given to."""
    return list(session.scalars(select(TeamRole).where(TeamRole.project_id == project.id)))


def set_team_role(session: Session, by: User, project: Project, team_id: str, role: str | None) -> None:
    """What a team is in a project; None takes it out. Raises NotFoundError."""
    team, given = _team(session, team_id), session.get(TeamRole, (project.id, team_id))
    if role is None:
        if given is not None:
            session.delete(given)
    elif given is None:
        session.add(TeamRole(project_id=project.id, team_id=team.id, role=role))
    else:
        given.role = role
    note_action(session, by.id, "team.set", team.id, project.id, role=role)


def _team(session: Session, team_id: str) -> Team:
    team = session.get(Team, team_id)
    if team is None:
        raise NotFoundError("There is no such team.")
    return team
