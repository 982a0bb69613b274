"""Teams, and the projects that they were given."""

from typing import Annotated

from fastapi import APIRouter, Depends

from roto_hub.api.schemas.teams import TeamIn, TeamOut, TeamRoleIn, TeamRoleOut
from roto_hub.auth.guards import ProjectGuard, SessionDep, StudioGuard, UserDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Project, Team, User
from roto_hub.services import teams

router = APIRouter(tags=["teams"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]
Seen = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]
Managed = Annotated[Project, Depends(ProjectGuard(Permission.MANAGE_PROJECT))]


@router.get("/teams")
def list_teams(session: SessionDep, _user: UserDep) -> list[TeamOut]:
    """All teams."""
    return [_out(session, team) for team in teams.list_teams(session)]


@router.post("/teams", status_code=201)
def create_team(body: TeamIn, session: SessionDep, admin: Admin) -> TeamOut:
    """A new team."""
    return _out(session, teams.create_team(session, admin, body.name))


@router.delete("/teams/{team_id}", status_code=204)
def delete_team(team_id: str, session: SessionDep, admin: Admin) -> None:
    """Take a team apart."""
    teams.delete_team(session, admin, team_id)


@router.put("/teams/{team_id}/members/{user_id}", status_code=204)
def add_member(team_id: str, user_id: str, session: SessionDep, admin: Admin) -> None:
    """Take somebody into a team."""
    teams.set_member(session, admin, team_id, user_id, is_in=True)


@router.delete("/teams/{team_id}/members/{user_id}", status_code=204)
def remove_member(team_id: str, user_id: str, session: SessionDep, admin: Admin) -> None:
    """Take somebody out of a team."""
    teams.set_member(session, admin, team_id, user_id, is_in=False)


@router.get("/projects/{project_id}/teams")
def list_project_teams(project: Seen, session: SessionDep) -> list[TeamRoleOut]:
    """The teams in a project, and what they are there."""
    return [TeamRoleOut.model_validate(one) for one in teams.teams_in(session, project)]


@router.put("/projects/{project_id}/teams/{team_id}", status_code=204)
def set_project_team(team_id: str, body: TeamRoleIn, project: Managed, session: SessionDep, user: UserDep) -> None:
    """Give a project to a team, as something else, or take it away."""
    teams.set_team_role(session, user, project, team_id, body.role)


def _out(session: SessionDep, team: Team) -> TeamOut:
    return TeamOut(id=team.id, name=team.name, members=teams.members_of(session, team))
