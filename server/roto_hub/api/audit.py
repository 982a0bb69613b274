"""The audit log: the studio's for administrators, a project's for its supervisors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from roto_hub.api.schemas.audit import AuditOut
from roto_hub.api.schemas.base import plain
from roto_hub.auth.guards import ProjectGuard, SessionDep, StudioGuard
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Project, User
from roto_hub.services.audit import AuditFilter, list_entries

router = APIRouter(tags=["audit"])
Admin = Annotated[User, Depends(StudioGuard(Permission.MANAGE_STUDIO))]
Managed = Annotated[Project, Depends(ProjectGuard(Permission.MANAGE_PROJECT))]
By = Annotated[str | None, Query(max_length=32, description="A user's id.")]
Action = Annotated[str, Query(max_length=60, description="How the action begins, as “shot”.")]
Before = Annotated[int | None, Query(ge=0, lt=2**31, description="The number before which the page begins.")]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/audit")
def read_audit(
    session: SessionDep, _admin: Admin, user: By = None, action: Action = "", before: Before = None, limit: Limit = 100
) -> list[AuditOut]:
    """Who did what in the studio, newest first."""
    wanted = AuditFilter(None, user, plain(action), before)
    return [AuditOut.model_validate(entry) for entry in list_entries(session, wanted, limit)]


@router.get("/projects/{project_id}/audit")
def read_project_audit(
    project: Managed,
    session: SessionDep,
    user: By = None,
    action: Action = "",
    before: Before = None,
    limit: Limit = 100,
) -> list[AuditOut]:
    """Who did what in a project, newest first."""
    wanted = AuditFilter(project.id, user, plain(action), before)
    return [AuditOut.model_validate(entry) for entry in list_entries(session, wanted, limit)]
