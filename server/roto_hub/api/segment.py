"""Segmenting shots: one, many alike, and by templates."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from roto_hub.api.jobs import job_out
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.segment import ApplyIn, SegmentIn, SegmentManyIn, TemplateIn, TemplateOut
from roto_hub.auth.guards import HubDep, ProjectGuard, RevisionDep, SessionDep, ShotGuard, UserDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Job, Project, Shot, Template
from roto_hub.services import templates
from roto_hub.services.orders import order, shot_of

router = APIRouter(tags=["segment"])
Worked = Annotated[Shot, Depends(ShotGuard(Permission.WORK))]
SeenProject = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]
WorkedProject = Annotated[Project, Depends(ProjectGuard(Permission.WORK))]


@router.post("/shots/{shot_id}/segment", status_code=202)
def segment(body: SegmentIn, shot: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Segment what is said and follow it; the job's result is the shot's next version."""
    job = order(session, user, shot, body.model_dump(exclude_none=True), hub.storage)
    hub.wake_dispatcher()
    return job_out(job)


@router.post("/projects/{project_id}/segment", status_code=202)
def segment_many(
    body: SegmentManyIn, project: WorkedProject, session: SessionDep, user: UserDep, hub: HubDep
) -> list[JobOut]:
    """The same for many shots with the same settings: all of them, or none where one cannot be."""
    alike = body.model_dump(exclude={"shots"}, exclude_none=True)
    made: list[Job] = []
    for one in body.shots:
        own = one.model_dump(exclude={"shot_id"}, exclude_none=True)
        made.append(order(session, user, shot_of(session, project, one.shot_id), {**alike, **own}, hub.storage))
    hub.wake_dispatcher()
    return [job_out(job) for job in made]


@router.get("/projects/{project_id}/templates")
def list_templates(project: SeenProject, session: SessionDep) -> list[TemplateOut]:
    """A project's templates, by name."""
    return [TemplateOut.model_validate(one) for one in templates.list_templates(session, project)]


@router.post("/projects/{project_id}/templates", status_code=201)
def create_template(body: TemplateIn, project: WorkedProject, session: SessionDep, user: UserDep) -> TemplateOut:
    """Keep prompts, words and settings for shots to come."""
    content = body.model_dump(mode="json", exclude={"name"}, exclude_none=True)
    return TemplateOut.model_validate(templates.create_template(session, user, project, body.name, content))


@router.put("/projects/{project_id}/templates/{template_id}")
def change_template(
    template_id: str,
    body: TemplateIn,
    project: WorkedProject,
    session: SessionDep,
    user: UserDep,
    revision: RevisionDep,
    response: Response,
) -> TemplateOut:
    """Change a template; jobs that were made by it stay as they are."""
    content = body.model_dump(mode="json", exclude={"name"}, exclude_none=True)
    template = templates.template_of(session, project, template_id)
    changed = templates.change_template(session, user, template, revision, body.name, content)
    response.headers["ETag"] = f'"{changed.revision}"'
    return TemplateOut.model_validate(changed)


@router.delete("/projects/{project_id}/templates/{template_id}", status_code=204)
def delete_template(template_id: str, project: WorkedProject, session: SessionDep, user: UserDep) -> None:
    """Forget a template; the audit log keeps what it was."""
    templates.delete_template(session, user, templates.template_of(session, project, template_id))


@router.post("/projects/{project_id}/templates/{template_id}/apply", status_code=202)
def apply_template(
    template_id: str, body: ApplyIn, project: WorkedProject, session: SessionDep, user: UserDep, hub: HubDep
) -> list[JobOut]:
    """Segment shots as a template says: all of them, or none where one cannot be."""
    template: Template = templates.template_of(session, project, template_id)
    made = [order(session, user, shot_of(session, project, shot), template.content, hub.storage) for shot in body.shots]
    hub.wake_dispatcher()
    return [job_out(job) for job in made]
