"""Jobs and workers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from sqlalchemy.orm import Session

from roto_hub.api.schemas.base import plain
from roto_hub.api.schemas.jobs import JobChange, JobOut, LineOut, PlaceOut, QueuedJobOut, WorkerOut
from roto_hub.auth.guards import HubDep, JobGuard, SessionDep, UserDep
from roto_hub.auth.permissions import Permission, may
from roto_hub.db.models import Job, User
from roto_hub.problems import NotFoundError
from roto_hub.services import jobs, workers
from roto_hub.services.forecast import starts_in
from roto_hub.services.jobs import FLEETING, WAITING, JobFilter
from roto_hub.services.users import projects_of, role_in

router = APIRouter(tags=["jobs"])
Seen = Annotated[Job, Depends(JobGuard(Permission.SEE))]
Worked = Annotated[Job, Depends(JobGuard(Permission.WORK))]
Managed = Annotated[Job, Depends(JobGuard(Permission.MANAGE_PROJECT))]


def job_out(job: Job) -> JobOut:
    """A job as it goes out."""
    return JobOut.model_validate(job).model_copy(update={"remaining_s": jobs.remaining_s(job)})


def queued_out(session: Session, user: User, found: list[Job], silent_s: float) -> list[QueuedJobOut]:
    """Jobs as they go out to somebody who may do something to them."""
    roles = {project: role_in(session, user, project) for project in {job.project_id for job in found}}
    is_forecast = any(job.state == WAITING and job.kind not in FLEETING for job in found)
    starts = starts_in(session, silent_s) if is_forecast else {}
    return [
        QueuedJobOut(
            **job_out(job).model_dump(),
            starts_in_s=starts.get(job.id),
            may_work=may(roles[job.project_id], Permission.WORK),
            may_manage=may(roles[job.project_id], Permission.MANAGE_PROJECT),
        )
        for job in found
    ]


@router.get("/jobs")
def list_jobs(
    session: SessionDep,
    user: UserDep,
    hub: HubDep,
    project: Annotated[str, Query(max_length=32)] = "",
    shot: Annotated[str, Query(max_length=32)] = "",
    state: Annotated[list[str], Query(max_length=20, description="Any of these.")] = [],  # noqa: B006
    kind: Annotated[str, Query(max_length=20)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> list[QueuedJobOut]:
    """A page of the jobs that one may see: what is to be done first in front, then what ended, the latest first."""
    projects = projects_of(session, user)
    if project:
        projects = [plain(project)] if projects is None or project in projects else []
    wanted = JobFilter(projects, tuple(plain(one) for one in state if one), plain(kind), plain(shot))
    return queued_out(session, user, jobs.list_jobs(session, wanted, limit, offset), hub.settings.lease_s)


@router.get("/jobs/{job_id}")
def read_job(job: Seen, session: SessionDep, user: UserDep, hub: HubDep) -> QueuedJobOut:
    """A job."""
    return queued_out(session, user, [job], hub.settings.lease_s)[0]


@router.get("/jobs/{job_id}/log")
def read_log(job: Seen, session: SessionDep) -> list[LineOut]:
    """A job's log."""
    return [LineOut.model_validate(line) for line in jobs.lines_of(session, job)]


@router.patch("/jobs/{job_id}")
def change_job(body: JobChange, job: Managed, session: SessionDep, user: UserDep) -> JobOut:
    """Make a job more or less urgent."""
    jobs.prioritise(session, user, job, body.priority)
    return job_out(job)


@router.post("/jobs/{job_id}/cancel")
def cancel_job(job: Worked, session: SessionDep, user: UserDep) -> JobOut:
    """Stop a job; one that runs stops between two frames."""
    jobs.cancel(session, user, job)
    return job_out(job)


@router.post("/jobs/{job_id}/retry")
def retry_job(job: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Try a job again that failed or was cancelled."""
    jobs.retry(session, user, job)
    hub.wake_dispatcher()
    return job_out(job)


@router.get("/jobs/{job_id}/files/{name:path}", response_class=FileResponse)
def read_file(job: Seen, hub: HubDep, name: str) -> FileResponse:
    """A file that a job wrote."""
    result = job.result or {}
    if name not in result.get("files", ()):
        raise NotFoundError("The job wrote no such file.")
    return FileResponse(hub.storage.existing(result["folder"], name))


@router.get("/jobs/{job_id}/place")
def read_place(job: Seen, hub: HubDep) -> PlaceOut:
    """Where a job's files lie as the hub sees it, for programs that share its storage."""
    if not job.result or "folder" not in job.result:
        raise NotFoundError("The job wrote no files.")
    return PlaceOut(path=str(hub.storage.place(job.result["folder"])))


@router.get("/workers")
def list_workers(session: SessionDep, _user: UserDep, hub: HubDep) -> list[WorkerOut]:
    """The workers, what they can do and how busy they are."""
    busy, since = workers.busy_slots(session), workers.alive_since(session, hub.settings.lease_s)
    return [
        WorkerOut.model_validate(one).model_copy(
            update={"busy": busy.get(one.name, 0), "is_alive": one.seen_at > since}
        )
        for one in workers.list_workers(session)
    ]
