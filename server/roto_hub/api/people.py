"""Who works in a project, by name: for everything that names somebody."""

from typing import Annotated

from fastapi import APIRouter, Depends

from roto_hub.api.schemas.people import PersonOut
from roto_hub.auth.guards import ProjectGuard, SessionDep
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Project
from roto_hub.services.people import people_of

router = APIRouter(tags=["projects"])
Seen = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]


@router.get("/projects/{project_id}/people")
def list_people(project: Seen, session: SessionDep) -> list[PersonOut]:
    """Everybody in a project, by themselves or by a team, and the most that they are there."""
    return [PersonOut.model_validate(one) for one in people_of(session, project)]
