"""The supervisors' queue: what waits for their review, over all their projects."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from roto_hub.api.schemas.base import plain
from roto_hub.api.schemas.review_queue import QueuedOut, ReviewedProjectOut, ReviewQueueOut
from roto_hub.auth.guards import SessionDep, UserDep
from roto_hub.services.review_queue import Queued, QueueFilter, review_queue, reviewed_projects

router = APIRouter(tags=["reviews"])


@router.get("/review-queue")
def read_review_queue(
    session: SessionDep,
    user: UserDep,
    status: Literal["pending", "approved", "retake"] = "pending",
    project: Annotated[str, Query(max_length=32)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> ReviewQueueOut:
    """The newest versions that have a status, the oldest first, in the projects where one may review; archived projects
    are left out."""
    projects = reviewed_projects(session, user)
    found, total = review_queue(session, projects, QueueFilter(status, plain(project)), limit)
    named = [ReviewedProjectOut.model_validate(one) for one in projects]
    return ReviewQueueOut(versions=[_out(one) for one in found], total=total, projects=named)


def _out(one: Queued) -> QueuedOut:
    version, shot = one.version, one.shot
    return QueuedOut(
        id=version.id,
        number=version.number,
        status=version.status,
        objects=version.objects,
        created_at=version.created_at,
        shot_id=shot.id,
        shot_name=shot.name,
        frames=shot.frames,
        project_id=one.project.id,
        project_name=one.project.name,
        by=one.by or "",
    )
