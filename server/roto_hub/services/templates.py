"""Templates: what is asked of many shots alike."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from roto_hub.db.models import Project, Template, User
from roto_hub.problems import ConflictError, NotFoundError
from roto_hub.services.audit import note_action
from roto_hub.services.revisions import change_row


def create_template(session: Session, by: User, project: Project, name: str, content: dict[str, Any]) -> Template:
    """A new template. Raises ConflictError for a name that the project has."""
    _check_name(session, project.id, name, None)
    template = Template(project_id=project.id, name=name, content=content)
    session.add(template)
    session.flush()
    note_action(session, by.id, "template.create", template.id, project.id, name=name)
    return template


def list_templates(session: Session, project: Project) -> list[Template]:
    """A project's templates, by name."""
    return list(session.scalars(select(Template).where(Template.project_id == project.id).order_by(Template.name)))


def template_of(session: Session, project: Project, template_id: str) -> Template:
    """A project's template. Raises NotFoundError."""
    template = session.get(Template, template_id)
    if template is None or template.project_id != project.id:
        raise NotFoundError("The project has no such template.")
    return template


def change_template(
    session: Session, by: User, template: Template, revision: int, name: str, content: dict[str, Any]
) -> Template:
    """Change a template. Raises ChangedError for an old copy, ConflictError for a name that is taken."""
    _check_name(session, template.project_id, name, template.id)
    change_row(session, template, revision, {"name": name, "content": content})
    note_action(session, by.id, "template.change", template.id, template.project_id, name=name, content=content)
    return template


def delete_template(session: Session, by: User, template: Template) -> None:
    """Forget a template; what it was stays in the audit log."""
    said = {"name": template.name, "content": template.content}
    note_action(session, by.id, "template.delete", template.id, template.project_id, **said)
    session.delete(template)


def _check_name(session: Session, project_id: str, name: str, own: str | None) -> None:
    taken = session.scalar(select(Template.id).where(Template.project_id == project_id, Template.name == name))
    if taken not in (None, own):
        raise ConflictError(f"The project has a template “{name}” already.", "Use another name.")
