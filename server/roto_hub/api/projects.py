"""Projects and who is in them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from roto_hub.api.schemas.projects import (
    MemberIn,
    MemberOut,
    ProjectCardOut,
    ProjectChange,
    ProjectIn,
    ProjectOut,
)
from roto_hub.api.schemas.statistics import StatisticsOut
from roto_hub.auth.guards import ProjectGuard, RevisionDep, SessionDep, StudioGuard, UserDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Membership, Project, User
from roto_hub.services import projects, users
from roto_hub.services.project_cards import cards_of
from roto_hub.services.statistics import statistics_of

router = APIRouter(prefix="/projects", tags=["projects"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]
Seen = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]
Managed = Annotated[Project, Depends(ProjectGuard(Permission.MANAGE_PROJECT))]


@router.get("")
def list_projects(session: SessionDep, user: UserDep) -> list[ProjectCardOut]:
    """The projects that one may see, with how many shots each has, and how many wait for review or are approved."""
    found = projects.list_projects(session, user)
    cards = cards_of(session, found)
    return [ProjectCardOut(**ProjectOut.model_validate(one).model_dump(), **cards[one.id]._asdict()) for one in found]


@router.post("", status_code=201)
def create_project(body: ProjectIn, session: SessionDep, admin: Admin) -> ProjectOut:
    """A new project."""
    return ProjectOut.model_validate(projects.create_project(session, admin, body.name))


@router.get("/{project_id}")
def read_project(project: Seen, response: Response) -> ProjectOut:
    """A project."""
    response.headers["ETag"] = f'"{project.revision}"'
    return ProjectOut.model_validate(project)


@router.patch("/{project_id}")
def change_project(
    body: ProjectChange, project: Managed, session: SessionDep, user: UserDep, revision: RevisionDep
) -> ProjectOut:
    """Change a project."""
    fields = body.model_dump(exclude_none=True)
    return ProjectOut.model_validate(projects.change_project(session, user, project, revision, **fields))


@router.get("/{project_id}/statistics")
def read_statistics(project: Seen, session: SessionDep) -> StatisticsOut:
    """How a project fares: shots, jobs and versions by state, times, and what was done each day."""
    return StatisticsOut.model_validate(statistics_of(session, project))


@router.get("/{project_id}/members")
def list_members(project: Seen, session: SessionDep) -> list[MemberOut]:
    """Who is in a project."""
    return [_out(one) for one in projects.members_of(session, project)]


@router.put("/{project_id}/members/{user_id}", status_code=204)
def set_member(user_id: str, body: MemberIn, project: Managed, session: SessionDep, user: UserDep) -> None:
    """Make somebody a member, another one, or none."""
    users.set_role(session, user, project, user_id, body.role)


def _out(member: Membership) -> MemberOut:
    user = member.user
    return MemberOut(user_id=user.id, role=member.role, name=user.name, email=user.email)
