"""Projects."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from roto_hub.db.models import Membership, Project, User
from roto_hub.problems import ConflictError
from roto_hub.services.audit import note_action
from roto_hub.services.events import append_event
from roto_hub.services.revisions import change_row
from roto_hub.services.users import projects_of


def create_project(session: Session, by: User, name: str) -> Project:
    """A new project, its maker its supervisor. Raises ConflictError for a name that is taken."""
    _check_name(session, name, None)
    project = Project(name=name)
    session.add(project)
    session.flush()
    session.add(Membership(project_id=project.id, user_id=by.id, role="supervisor"))
    note_action(session, by.id, "project.create", project.id, project.id, name=name)
    append_event(session, "project.created", project.id, project.id, name=name)
    return project


def list_projects(session: Session, user: User) -> list[Project]:
    """The projects that a user may see, by name."""
    wanted, visible = select(Project).order_by(Project.name), projects_of(session, user)
    if visible is not None:
        wanted = wanted.where(Project.id.in_(visible))
    return list(session.scalars(wanted))


def change_project(session: Session, by: User, project: Project, revision: int, **fields: Any) -> Project:
    """Change a project. Raises ChangedError for an old copy, ConflictError for a name that another has."""
    if "name" in fields:
        _check_name(session, fields["name"], project.id)
    change_row(session, project, revision, fields)
    note_action(session, by.id, "project.change", project.id, project.id, **fields)
    append_event(session, "project.changed", project.id, project.id)
    return project


def members_of(session: Session, project: Project) -> list[Membership]:
    """Who is in a project, by name."""
    wanted = select(Membership).where(Membership.project_id == project.id).join(Membership.user).order_by(User.name)
    return list(session.scalars(wanted.options(contains_eager(Membership.user))))


def _check_name(session: Session, name: str, own: str | None) -> None:
    if session.scalar(select(Project.id).where(Project.name == name)) not in (None, own):
        raise ConflictError(f"There is a project “{name}” already.", "Use another name.")
