"""Shots: made by upload or by a path, segmented, looked at, exported."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Depends, File, Form, Query, Response, UploadFile
from sqlalchemy.orm import Session

from roto_hub.api.jobs import job_out
from roto_hub.api.schemas.base import Name, plain
from roto_hub.api.schemas.jobs import JobOut
from roto_hub.api.schemas.reviews import NoteOut, VersionOut
from roto_hub.api.schemas.shots import (
    ExportIn,
    NewShotOut,
    OpenUploadOut,
    PlatesIn,
    RestoreIn,
    ShotChange,
    ShotOut,
    ShotPage,
    StatusOut,
    UploadOut,
)
from roto_hub.api.schemas.statistics import StatisticsOut
from roto_hub.auth.guards import (
    AnyShotGuard,
    HubDep,
    ProjectGuard,
    RevisionDep,
    SessionDep,
    ShotGuard,
    UploadGuard,
    UserDep,
)
from roto_hub.auth.permissions import Permission
from roto_hub.db.models import Project, Shot, Upload, User
from roto_hub.hub import Hub
from roto_hub.problems import RefusedError
from roto_hub.services import jobs, restoring, shot_list, shots, uploads
from roto_hub.services.reviews import history_of
from roto_hub.services.shot_list import Listed, Order, ShotFilter
from roto_hub.services.statistics import statistics_of

router = APIRouter(tags=["shots"])
SeenProject = Annotated[Project, Depends(ProjectGuard(Permission.SEE))]
Seen = Annotated[Shot, Depends(ShotGuard(Permission.SEE))]
Worked = Annotated[Shot, Depends(ShotGuard(Permission.WORK))]
Managed = Annotated[Shot, Depends(ShotGuard(Permission.MANAGE_PROJECT))]
Restorable = Annotated[Shot, Depends(AnyShotGuard(Permission.MANAGE_PROJECT))]
WorkedProject = Annotated[Project, Depends(ProjectGuard(Permission.WORK))]
WorkedUpload = Annotated[Upload, Depends(UploadGuard(Permission.WORK))]

PIECE = 16 * 2**20
"""The most bytes of one piece."""

WHOLE = 512 * 2**20
"""The most bytes of a file that comes in one request."""


@router.get("/projects/{project_id}/shots")
def list_shots(
    project: SeenProject,
    session: SessionDep,
    state: Annotated[str, Query(max_length=20)] = "",
    assignee: Annotated[str, Query(max_length=32, description="An id, or “none” for nobody.")] = "",
    review: Annotated[
        Literal["", "pending", "approved", "retake", "none"],
        Query(description="The newest version's status; “none” is no version yet."),
    ] = "",
    search: Annotated[str, Query(max_length=200)] = "",
    sort: Annotated[Order, Query(description="What the list goes by; with a minus the last first.")] = "name",
    after: Annotated[str, Query(max_length=300, description="The “next” of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ShotPage:
    """A page of a project's shots, with each one's newest version and who works on it."""
    wanted = ShotFilter(
        plain(state) or None, plain(assignee) or None, plain(search), plain(after), review or None, sort
    )
    found, total, following = shot_list.list_shots(session, project, wanted, limit)
    return ShotPage(shots=[_out(one) for one in found], total=total, next=following)


@router.post("/projects/{project_id}/shots", status_code=201)
def create_shot(
    project: WorkedProject,
    session: SessionDep,
    user: UserDep,
    hub: HubDep,
    name: Annotated[Name, Form()],
    file: Annotated[UploadFile | None, File(description="The plate: a video, a still, or a zip of frames.")] = None,
    path: Annotated[str, Form(max_length=4000, description="Or its path on shared storage.")] = "",
    file_name: Annotated[str, Form(max_length=255, description="Or its name and size, to be sent in pieces.")] = "",
    size: Annotated[int, Form(ge=0, lt=2**62)] = 0,
) -> NewShotOut:
    """A new shot, with its plate, with a path to it, or with an upload to be gone on with."""
    if [bool(file), bool(path), bool(file_name)].count(True) != 1:
        raise RefusedError("Say where the plate is, in one way.", "Send file, path, or file_name with size.")
    shot = shots.create_shot(session, user, project, name, hub.storage.check_shared(path) if path else "")
    upload = None
    if not path:
        named = (file_name, size) if file is None else (file.filename or "", file.size or 0)
        upload = uploads.create_upload(session, user, shot, *named, hub.settings, hub.storage)
        if file is not None:
            _take_whole(session, hub, user, shot, upload, file)
    hub.wake_dispatcher()
    upload_out = None if upload is None else UploadOut.model_validate(upload)
    return NewShotOut(shot=_read(session, shot), upload=upload_out)


@router.post("/projects/{project_id}/shots/by-path", status_code=201)
def create_shots(
    body: PlatesIn, project: WorkedProject, session: SessionDep, user: UserDep, hub: HubDep
) -> list[ShotOut]:
    """Many shots by their paths on shared storage: all of them, or none where one cannot be."""
    plates = [(one.name, hub.storage.check_shared(one.path)) for one in body.plates]
    made = [shots.create_shot(session, user, project, name, path) for name, path in plates]
    hub.wake_dispatcher()
    return [_read(session, shot) for shot in made]


@router.get("/projects/{project_id}/uploads")
def list_uploads(project: WorkedProject, session: SessionDep) -> list[OpenUploadOut]:
    """The uploads that were begun and have not ended; who has the same file can go on with it."""
    return [
        OpenUploadOut(**UploadOut.model_validate(upload).model_dump(), shot_name=name, created_at=upload.created_at)
        for upload, name in uploads.open_uploads(session, project)
    ]


@router.get("/uploads/{upload_id}")
def read_upload(upload: WorkedUpload) -> UploadOut:
    """How much of a file is here."""
    return UploadOut.model_validate(upload)


@router.patch("/uploads/{upload_id}")
def send_piece(
    upload: WorkedUpload,
    session: SessionDep,
    user: UserDep,
    hub: HubDep,
    piece: Annotated[bytes, Body(media_type="application/octet-stream", max_length=PIECE)],
    offset: Annotated[int, Query(ge=0, lt=2**62)],
) -> UploadOut:
    """The next piece of a file, at most 16 MiB, as the request's body. After a lost connection, ask where to go on."""
    uploads.take_piece(session, hub.storage, upload, offset, piece)
    if upload.received == upload.size:
        shot = session.get(Shot, upload.shot_id)
        assert shot is not None
        uploads.finish_upload(session, user, upload, shot, hub.storage)
        hub.wake_dispatcher()
    return UploadOut.model_validate(upload)


@router.get("/shots/{shot_id}")
def read_shot(shot: Seen, session: SessionDep, response: Response) -> ShotOut:
    """A shot."""
    response.headers["ETag"] = f'"{shot.revision}"'
    return _read(session, shot)


@router.patch("/shots/{shot_id}")
def change_shot(body: ShotChange, shot: Managed, session: SessionDep, user: UserDep, revision: RevisionDep) -> ShotOut:
    """Change a shot's name, or who works on it (an empty id is nobody)."""
    if body.assignee_id is not None:
        shots.assign(session, user, shot, body.assignee_id or None)
    named = {} if body.name is None else {"name": body.name}
    return _read(session, shots.change_shot(session, user, shot, revision, **named))


@router.delete("/shots/{shot_id}", status_code=204)
def delete_shot(shot: Managed, session: SessionDep, user: UserDep, revision: RevisionDep, hub: HubDep) -> None:
    """Take a shot out of its project; its files lie in the trash for 30 days, a plate given by path stays."""
    shots.delete_shot(session, user, shot, revision, hub.storage)


@router.post("/shots/{shot_id}/restore")
def restore_shot(
    shot: Restorable, session: SessionDep, user: UserDep, hub: HubDep, body: RestoreIn | None = None
) -> ShotOut:
    """Bring a deleted shot back while its files are in the trash, under its old name or another."""
    restoring.restore_shot(session, user, shot, body.name if body else None, hub.storage)
    return _read(session, shot)


@router.get("/shots/{shot_id}/status")
def read_status(shot: Seen, session: SessionDep) -> StatusOut:
    """How a shot fares."""
    newest = next(iter(shots.versions_of(session, shot)), None)
    return StatusOut(
        shot=_read(session, shot),
        jobs=[job_out(job) for job in jobs.open_jobs_of(session, shot)],
        version=None if newest is None else VersionOut.model_validate(newest),
    )


@router.get("/shots/{shot_id}/statistics")
def read_statistics(shot: Seen, session: SessionDep) -> StatisticsOut:
    """A shot's numbers: its jobs, versions, retakes and times."""
    return StatisticsOut.model_validate(statistics_of(session, shot))


@router.get("/shots/{shot_id}/history")
def read_history(shot: Seen, session: SessionDep) -> list[NoteOut]:
    """All that was said and judged of all versions of a shot, oldest first."""
    return [NoteOut.model_validate(note) for note in history_of(session, shot)]


@router.get("/shots/{shot_id}/versions")
def list_versions(shot: Seen, session: SessionDep) -> list[VersionOut]:
    """A shot's results, newest first."""
    return [VersionOut.model_validate(one) for one in shots.versions_of(session, shot)]


@router.post("/shots/{shot_id}/export", status_code=202)
def export(body: ExportIn, shot: Worked, session: SessionDep, user: UserDep, hub: HubDep) -> JobOut:
    """Write the version that is the shot's newest when the job begins in other formats; the files are the job's."""
    shots.version_of(session, shot)  # where there is none, nothing can be written
    request = body.model_dump(exclude={"priority"}, exclude_none=True)
    job = jobs.create_job(session, shot, user, "export", request, body.priority)
    hub.wake_dispatcher()
    return job_out(job)


def _read(session: Session, shot: Shot) -> ShotOut:
    return _out(shot_list.listed(session, shot))


def _out(one: Listed) -> ShotOut:
    more = {"version": one.version, "review": one.review or "", "assignee": one.assignee or ""}
    return ShotOut.model_validate(one.shot).model_copy(update=more)


def _take_whole(session: Session, hub: Hub, user: User, shot: Shot, upload: Upload, file: UploadFile) -> None:
    """A small file that came with the request itself."""
    if upload.size > WHOLE:
        raise RefusedError("The file is too large for one request.", "Send file_name and size, then its pieces.")
    while piece := file.file.read(PIECE):
        uploads.take_piece(session, hub.storage, upload, upload.received, piece)
    uploads.finish_upload(session, user, upload, shot, hub.storage)
